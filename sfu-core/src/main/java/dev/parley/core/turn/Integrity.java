package dev.parley.core.turn;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** MESSAGE-INTEGRITY under a key (RFC 8489 section 14.5). Not thread-safe. */
final class Integrity {
  private static final String HMAC_SHA1 = "HmacSHA1";
  private static final int ATTRIBUTE_BYTES = 4 + Stun.INTEGRITY_BYTES;

  private final Mac mac;
  private final byte[] header = new byte[Stun.HEADER_BYTES];

  Integrity() {
    try {
      mac = Mac.getInstance(HMAC_SHA1);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HMAC-SHA1", e);
    }
  }

  /** Compares in a time that does not depend on the bytes. */
  boolean verifies(TurnMessage message, byte[] key) {
    int offset = message.integrityOffset();
    byte[] computed = of(message.bytes(), message.offset(), offset, key);
    int at = message.offset() + offset + 4;
    return MessageDigest.isEqual(
        computed, Arrays.copyOfRange(message.bytes(), at, at + Stun.INTEGRITY_BYTES));
  }

  /** Over what stands before the attribute, with a length field that ends behind it. */
  byte[] of(byte[] b, int off, int integrityOffset, byte[] key) {
    try {
      mac.init(new SecretKeySpec(key, HMAC_SHA1));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("HMAC takes every key that is not empty", e);
    }
    System.arraycopy(b, off, header, 0, Stun.HEADER_BYTES);
    Stun.putUint16(header, 2, integrityOffset + ATTRIBUTE_BYTES - Stun.HEADER_BYTES);
    mac.update(header);
    mac.update(b, off + Stun.HEADER_BYTES, integrityOffset - Stun.HEADER_BYTES);
    return mac.doFinal();
  }
}
