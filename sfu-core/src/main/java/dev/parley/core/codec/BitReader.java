package dev.parley.core.codec;

import dev.parley.core.common.HotPath;

/** Reads bits, the highest of a byte first. Behind the end it reads zeros and says so. */
final class BitReader {
  private byte[] bytes = {};
  private int at;
  private int end;
  private boolean over;

  /** Borrows {@code bytes}. */
  @HotPath
  void begin(byte[] newBytes, int fromByte, int lengthBytes) {
    bytes = newBytes;
    at = fromByte << 3;
    end = fromByte + lengthBytes << 3;
    over = false;
  }

  @HotPath
  int read(int count) {
    int value = 0;
    for (int i = 0; i < count; i++) {
      value = value << 1 | bit();
    }
    return value;
  }

  @HotPath
  private int bit() {
    if (at >= end) {
      over = true;
      return 0;
    }
    int value = bytes[at >> 3] >> 7 - (at & 7) & 1;
    at++;
    return value;
  }

  /**
   * A number below {@code count} in as few bits as it takes (AV1 specification, section 4.10.7).
   */
  @HotPath
  int readBelow(int count) {
    int width = 32 - Integer.numberOfLeadingZeros(count);
    int shorter = (1 << width) - count;
    int value = read(width - 1);
    return value < shorter ? value : (value << 1) - shorter + read(1);
  }

  /** In bits from the beginning of the array. */
  @HotPath
  int position() {
    return at;
  }

  /** Whether more was read than there is. */
  @HotPath
  boolean over() {
    return over;
  }
}
