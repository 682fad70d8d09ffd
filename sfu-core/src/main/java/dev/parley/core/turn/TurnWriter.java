package dev.parley.core.turn;

import dev.parley.core.common.PeerAddress;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/** Writes one STUN message at a time into its own array; valid until the next {@link #begin}. */
final class TurnWriter {
  private static final int CAPACITY = 1024;

  private final byte[] b = new byte[CAPACITY];
  private final CRC32 crc = new CRC32();
  private int length;

  /** An answer of the request's method and transaction. */
  void begin(TurnMessage request, int kind) {
    Stun.putUint16(b, 0, request.method() | kind);
    Stun.putInt32(b, 4, Stun.MAGIC_COOKIE);
    request.copyTransaction(b, 8);
    length = Stun.HEADER_BYTES;
    sized();
  }

  private void sized() {
    Stun.putUint16(b, 2, length - Stun.HEADER_BYTES);
  }

  /** Position of the attribute's value; its padding is zero. */
  private int attribute(int type, int size) {
    int value = length + 4;
    Stun.putUint16(b, length, type);
    Stun.putUint16(b, length + 2, size);
    length = value + Stun.padded(size);
    for (int at = value + size; at < length; at++) {
      b[at] = 0;
    }
    sized();
    return value;
  }

  void number(int type, int value) {
    int at = attribute(type, 4);
    Stun.putInt32(b, at, value);
  }

  void text(int type, String text) {
    bytes(type, text.getBytes(StandardCharsets.UTF_8));
  }

  void bytes(int type, byte[] value) {
    int at = attribute(type, value.length);
    System.arraycopy(value, 0, b, at, value.length);
  }

  void error(int code, String reason) {
    byte[] phrase = reason.getBytes(StandardCharsets.UTF_8);
    int at = attribute(Stun.ERROR_CODE, 4 + phrase.length);
    Stun.putInt32(b, at, code / 100 << 8 | code % 100);
    System.arraycopy(phrase, 0, b, at + 4, phrase.length);
  }

  void unknownAttributes(char[] types) {
    int at = attribute(Stun.UNKNOWN_ATTRIBUTES, 2 * types.length);
    for (int i = 0; i < types.length; i++) {
      Stun.putUint16(b, at + 2 * i, types[i]);
    }
  }

  void address(int type, PeerAddress address) {
    length += putAddress(b, length, type, address);
    sized();
  }

  /**
   * Writes a whole XOR address attribute (RFC 8489 section 14.2) into a message whose header stands
   * at the array's beginning.
   *
   * @return its length in bytes
   */
  static int putAddress(byte[] b, int at, int type, PeerAddress address) {
    boolean v4 = address.isV4();
    Stun.putUint16(b, at, type);
    Stun.putUint16(b, at + 2, v4 ? 8 : 20);
    Stun.putUint16(b, at + 4, v4 ? Stun.FAMILY_V4 : Stun.FAMILY_V6);
    Stun.putUint16(b, at + 6, address.port() ^ Stun.MAGIC_COOKIE >>> 16);
    if (v4) {
      Stun.putInt32(b, at + 8, (int) address.low() ^ Stun.MAGIC_COOKIE);
      return 12;
    }
    Stun.putInt32(b, at + 8, (int) (address.high() >>> 32) ^ Stun.int32(b, 4));
    Stun.putInt32(b, at + 12, (int) address.high() ^ Stun.int32(b, 8));
    Stun.putInt32(b, at + 16, (int) (address.low() >>> 32) ^ Stun.int32(b, 12));
    Stun.putInt32(b, at + 20, (int) address.low() ^ Stun.int32(b, 16));
    return 24;
  }

  void integrity(Integrity with, byte[] key) {
    int before = length;
    int at = attribute(Stun.MESSAGE_INTEGRITY, Stun.INTEGRITY_BYTES);
    byte[] made = with.of(b, 0, before, key);
    System.arraycopy(made, 0, b, at, made.length);
  }

  void fingerprint() {
    int before = length;
    int at = attribute(Stun.FINGERPRINT, 4);
    crc.reset();
    crc.update(b, 0, before);
    Stun.putInt32(b, at, (int) crc.getValue() ^ Stun.FINGERPRINT_MASK);
  }

  byte[] bytes() {
    return b;
  }

  int lengthBytes() {
    return length;
  }
}
