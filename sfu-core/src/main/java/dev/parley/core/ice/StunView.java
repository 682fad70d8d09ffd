package dev.parley.core.ice;

import java.util.Arrays;
import java.util.zip.CRC32;

/**
 * Where the parts of a STUN message lie (RFC 8489 sections 5, 14), found by one bounded walk over
 * the raw bytes. Reused from message to message; borrows the bytes until the next {@link #parse}.
 */
final class StunView {
  static final int HEADER = 20;
  static final int BINDING_REQUEST = 0x0001;
  static final int BINDING_INDICATION = 0x0011;
  static final int BINDING_SUCCESS = 0x0101;
  static final int BINDING_ERROR = 0x0111;

  static final int USERNAME = 0x0006;
  static final int MESSAGE_INTEGRITY = 0x0008;
  static final int ERROR_CODE = 0x0009;
  static final int UNKNOWN_ATTRIBUTES = 0x000a;
  static final int XOR_MAPPED_ADDRESS = 0x0020;
  static final int PRIORITY = 0x0024;
  static final int USE_CANDIDATE = 0x0025;
  static final int FINGERPRINT = 0x8028;
  static final int ICE_CONTROLLED = 0x8029;
  static final int ICE_CONTROLLING = 0x802a;

  private static final int MAGIC_COOKIE = 0x2112_a442;
  private static final int FINGERPRINT_MASK = 0x5354_554e;
  private static final int MAX_UNKNOWN = 8;

  private byte[] b = new byte[0];
  private int off;
  private int type;
  private int usernameAt;
  private int usernameLength;
  private int integrityAt;
  private boolean useCandidate;
  private boolean controlled;
  private final char[] unknown = new char[MAX_UNKNOWN];
  private int unknownCount;

  /** Whether the bytes are one whole STUN message by header alone (RFC 8489 section 6.3). */
  static boolean looksLikeStun(byte[] b, int off, int len) {
    return len >= HEADER
        && (b[off] & 0xc0) == 0
        && int32(b, off + 4) == MAGIC_COOKIE
        && uint16(b, off + 2) == len - HEADER
        && (len & 3) == 0;
  }

  /** False if an attribute does not fit, or the fingerprint is wrong. */
  boolean parse(byte[] bytes, int offset, int len) {
    if (!looksLikeStun(bytes, offset, len)) {
      return false;
    }
    b = bytes;
    off = offset;
    type = uint16(b, off);
    usernameAt = -1;
    usernameLength = 0;
    integrityAt = -1;
    useCandidate = false;
    controlled = false;
    unknownCount = 0;
    int end = off + len;
    int at = off + HEADER;
    while (at < end) {
      // Everything is a multiple of four, so a header always fits.
      int attribute = uint16(b, at);
      int length = uint16(b, at + 2);
      int next = at + 4 + (length + 3 & ~3);
      if (next > end || !note(attribute, at, length, end)) {
        return false;
      }
      at = next;
    }
    return true;
  }

  private boolean note(int attribute, int at, int length, int end) {
    if (attribute == FINGERPRINT) {
      return length == 4 && at + 8 == end && isFingerprint(at);
    }
    if (integrityAt >= 0) {
      return true; // not covered by the integrity: ignored (RFC 8489 section 14.5)
    }
    switch (attribute) {
      case USERNAME -> {
        usernameAt = at + 4;
        usernameLength = length;
      }
      case MESSAGE_INTEGRITY -> {
        integrityAt = at;
        return length == 20;
      }
      case USE_CANDIDATE -> useCandidate = true;
      case ICE_CONTROLLED -> controlled = true;
      case PRIORITY -> {
        return length == 4;
      }
      default -> {
        if (attribute < 0x8000 && !isKnown(attribute) && unknownCount < MAX_UNKNOWN) {
          unknown[unknownCount++] = (char) attribute;
        }
      }
    }
    return true;
  }

  /** Attributes of RFC 8489 that a check need not carry and that change nothing. */
  private static boolean isKnown(int attribute) {
    return switch (attribute) {
      case 0x0001,
          ERROR_CODE,
          UNKNOWN_ATTRIBUTES,
          0x0014,
          0x0015,
          0x001c,
          0x001d,
          0x001e,
          XOR_MAPPED_ADDRESS ->
          true;
      default -> false;
    };
  }

  private boolean isFingerprint(int at) {
    CRC32 crc = new CRC32();
    crc.update(b, off, at - off);
    return int32(b, at + 4) == ((int) crc.getValue() ^ FINGERPRINT_MASK);
  }

  static int fingerprint(byte[] message, int length) {
    CRC32 crc = new CRC32();
    crc.update(message, 0, length);
    return (int) crc.getValue() ^ FINGERPRINT_MASK;
  }

  int type() {
    return type;
  }

  boolean useCandidate() {
    return useCandidate;
  }

  /** Whether the sender claims the controlled role, which is ours. */
  boolean controlled() {
    return controlled;
  }

  boolean hasUsername() {
    return usernameAt >= 0;
  }

  boolean usernameIs(byte[] expected) {
    return usernameAt >= 0
        && Arrays.equals(b, usernameAt, usernameAt + usernameLength, expected, 0, expected.length);
  }

  /** Position of the MESSAGE-INTEGRITY attribute from the message's start, or -1. */
  int integrityOffset() {
    return integrityAt < 0 ? -1 : integrityAt - off;
  }

  /** Comprehension-required attributes that we do not know; at most eight are told. */
  char[] unknown() {
    return Arrays.copyOf(unknown, unknownCount);
  }

  boolean hasUnknown() {
    return unknownCount > 0;
  }

  boolean transactionIs(byte[] id) {
    return Arrays.equals(b, off + 8, off + HEADER, id, 0, id.length);
  }

  static int uint16(byte[] b, int at) {
    return (b[at] & 0xff) << 8 | (b[at + 1] & 0xff);
  }

  static int int32(byte[] b, int at) {
    return uint16(b, at) << 16 | uint16(b, at + 2);
  }
}
