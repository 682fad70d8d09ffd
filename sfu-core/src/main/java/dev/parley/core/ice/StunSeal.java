package dev.parley.core.ice;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.ice4j.attribute.Attribute;

/**
 * MESSAGE-INTEGRITY and FINGERPRINT under one short-term password (RFC 8489 sections 9.1, 14.5,
 * 14.7), around attributes that ice4j encodes. ice4j's own writer is not used: it asks a {@code
 * StunStack} with threads for the key and adds a SOFTWARE attribute from its configuration. Not
 * thread-safe.
 */
final class StunSeal {
  private static final int INTEGRITY = 24;
  private static final int FINGERPRINT = 8;

  private final Mac mac;
  private final byte[] header = new byte[StunView.HEADER];

  StunSeal(String password) {
    try {
      mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(password.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HMAC-SHA1", e);
    }
  }

  /** Whether the message's integrity was made with this password. */
  boolean verifies(byte[] b, int off, StunView view) {
    int at = view.integrityOffset();
    if (at < 0) {
      return false;
    }
    byte[] computed = hmac(b, off, at);
    byte[] given = Arrays.copyOfRange(b, off + at + 4, off + at + INTEGRITY);
    return MessageDigest.isEqual(computed, given);
  }

  /** A whole message: header, attributes, integrity, fingerprint. */
  byte[] seal(int type, byte[] transaction, Attribute... attributes) {
    byte[][] encoded = new byte[attributes.length][];
    int length = StunView.HEADER + INTEGRITY + FINGERPRINT;
    for (int i = 0; i < attributes.length; i++) {
      encoded[i] = attributes[i].encode();
      length += encoded[i].length + 3 & ~3;
    }
    byte[] b = new byte[length];
    putUint16(b, 0, type);
    putUint16(b, 2, length - StunView.HEADER);
    b[4] = 0x21;
    b[5] = 0x12;
    b[6] = (byte) 0xa4;
    b[7] = 0x42;
    System.arraycopy(transaction, 0, b, 8, 12);
    int at = StunView.HEADER;
    for (byte[] attribute : encoded) {
      System.arraycopy(attribute, 0, b, at, attribute.length);
      at += attribute.length + 3 & ~3;
    }
    byte[] integrity = hmac(b, 0, at);
    putUint16(b, at, StunView.MESSAGE_INTEGRITY);
    putUint16(b, at + 2, integrity.length);
    System.arraycopy(integrity, 0, b, at + 4, integrity.length);
    at += INTEGRITY;
    int fingerprint = StunView.fingerprint(b, at);
    putUint16(b, at, StunView.FINGERPRINT);
    putUint16(b, at + 2, 4);
    putUint16(b, at + 4, fingerprint >>> 16);
    putUint16(b, at + 6, fingerprint);
    return b;
  }

  /** Over all before the attribute, with a length field that ends after it. */
  private byte[] hmac(byte[] b, int off, int integrityOffset) {
    System.arraycopy(b, off, header, 0, StunView.HEADER);
    putUint16(header, 2, integrityOffset + INTEGRITY - StunView.HEADER);
    mac.update(header);
    mac.update(b, off + StunView.HEADER, integrityOffset - StunView.HEADER);
    return mac.doFinal();
  }

  private static void putUint16(byte[] b, int at, int value) {
    b[at] = (byte) (value >>> 8);
    b[at + 1] = (byte) value;
  }
}
