package dev.parley.core.srtp;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;

/**
 * Session keys from a master key: AES in counter mode, key derivation rate 0 (RFC 3711 section 4.3;
 * RFC 6188 for 256-bit keys; RFC 7714 section 11 for 96-bit salts, which stand left in the 112
 * bits). Used once per direction when a transport connects.
 */
final class KeyDerivation {
  static final int RTP_ENCRYPTION = 0;
  static final int RTP_AUTHENTICATION = 1;
  static final int RTP_SALT = 2;
  static final int RTCP_ENCRYPTION = 3;
  static final int RTCP_AUTHENTICATION = 4;
  static final int RTCP_SALT = 5;

  private static final int BLOCK = 16;

  private final Cipher aes;
  private final byte[] masterSalt;

  KeyDerivation(byte[] masterKey, byte[] masterSalt) {
    try {
      aes = Cipher.getInstance("AES/ECB/NoPadding");
      aes.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(masterKey, "AES"));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has AES", e);
    }
    this.masterSalt = Arrays.copyOf(masterSalt, BLOCK);
  }

  byte[] derive(int label, int lengthBytes) {
    int blocks = (lengthBytes + BLOCK - 1) / BLOCK;
    byte[] counters = new byte[blocks * BLOCK];
    for (int i = 0; i < blocks; i++) {
      System.arraycopy(masterSalt, 0, counters, i * BLOCK, BLOCK);
      counters[i * BLOCK + 7] ^= (byte) label;
      counters[i * BLOCK + 15] = (byte) i;
    }
    try {
      return Arrays.copyOf(aes.doFinal(counters), lengthBytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES of whole blocks cannot fail", e);
    }
  }
}
