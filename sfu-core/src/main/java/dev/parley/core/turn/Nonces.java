package dev.parley.core.turn;

import dev.parley.core.common.PeerAddress;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Nonces that need no memory: the time, and an HMAC over it and the client's address under a key of
 * this process. Sixteen characters, so that a challenge stays short. Not thread-safe.
 */
final class Nonces {
  private static final String HMAC = "HmacSHA256";
  private static final int KEY_BYTES = 32;
  private static final int TIME_BYTES = 4;
  private static final int PROOF_BYTES = 8;
  private static final long SECOND_NANOS = 1_000_000_000L;

  private final Mac mac;
  private final long lifetimeSec;
  private final long startNanos;

  Nonces(long lifetimeSec, long nowNanos) {
    this.lifetimeSec = lifetimeSec;
    this.startNanos = nowNanos;
    byte[] key = new byte[KEY_BYTES];
    new SecureRandom().nextBytes(key);
    try {
      mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(key, HMAC));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HMAC-SHA256", e);
    }
  }

  private int seconds(long nowNanos) {
    return (int) ((nowNanos - startNanos) / SECOND_NANOS);
  }

  String make(PeerAddress client, long nowNanos) {
    int time = seconds(nowNanos);
    byte[] nonce =
        ByteBuffer.allocate(TIME_BYTES + PROOF_BYTES).putInt(time).put(proof(time, client)).array();
    return Base64.getUrlEncoder().encodeToString(nonce);
  }

  /** Whether it was made for this address, and not too long ago. */
  boolean isValid(String text, PeerAddress client, long nowNanos) {
    byte[] nonce;
    try {
      nonce = Base64.getUrlDecoder().decode(text);
    } catch (IllegalArgumentException notBase64) {
      return false;
    }
    if (nonce.length != TIME_BYTES + PROOF_BYTES) {
      return false;
    }
    int time = ByteBuffer.wrap(nonce).getInt();
    byte[] given = Arrays.copyOfRange(nonce, TIME_BYTES, nonce.length);
    boolean ours = MessageDigest.isEqual(given, proof(time, client));
    int age = seconds(nowNanos) - time;
    return ours && age >= 0 && age <= lifetimeSec;
  }

  private byte[] proof(int time, PeerAddress client) {
    mac.update(
        ByteBuffer.allocate(24)
            .putInt(time)
            .putLong(client.high())
            .putLong(client.low())
            .putInt(client.port())
            .flip());
    return Arrays.copyOf(mac.doFinal(), PROOF_BYTES);
  }
}
