package dev.parley.core.net;

import dev.parley.core.common.HotPath;
import io.netty.buffer.ByteBuf;

/**
 * Packets in their order, each behind its length as RFC 4571 has it, in one ring of bytes. Knows
 * since when they wait, to a fraction of their longest time. One thread.
 */
final class FrameLane {
  static final int HEADER_BYTES = 2;

  private static final int FIRST_BYTES = 4096;

  /** A power of two. */
  private static final int MARKS = 64;

  private static final long[] NONE = {};

  private final int mostBytes;
  private byte[] ring = {};

  /** Positions in the stream of all that was ever put in. */
  private long head;

  private long tail;

  private int frames;

  /** Up to which position packets have waited since when; taken when something has to wait. */
  private long[] markPositions = NONE;

  private long[] markNanos = NONE;
  private int firstMark;
  private int marks;

  /** {@code mostBytes}: a power of two. */
  FrameLane(int mostBytes) {
    this.mostBytes = mostBytes;
  }

  @HotPath
  boolean isEmpty() {
    return frames == 0;
  }

  @HotPath
  int bytes() {
    return (int) (tail - head);
  }

  @HotPath
  boolean fits(int lengthBytes) {
    return bytes() + HEADER_BYTES + lengthBytes <= mostBytes;
  }

  /** Copies a packet in that fits. */
  @HotPath
  void add(byte[] bytes, int offset, int lengthBytes) {
    int needed = bytes() + HEADER_BYTES + lengthBytes;
    if (needed > ring.length) {
      grow(needed);
    }
    int mask = ring.length - 1;
    ring[(int) tail & mask] = (byte) (lengthBytes >>> 8);
    ring[(int) (tail + 1) & mask] = (byte) lengthBytes;
    int at = (int) (tail + HEADER_BYTES) & mask;
    int straight = Math.min(lengthBytes, ring.length - at);
    System.arraycopy(bytes, offset, ring, at, straight);
    System.arraycopy(bytes, offset + straight, ring, 0, lengthBytes - straight);
    tail += HEADER_BYTES + lengthBytes;
    frames++;
  }

  private void grow(int needed) {
    int size = Math.max(FIRST_BYTES, 2 * ring.length);
    while (size < needed) {
      size *= 2;
    }
    byte[] larger = new byte[size];
    for (long at = head; at < tail; at++) {
      larger[(int) at & size - 1] = ring[(int) at & ring.length - 1];
    }
    ring = larger;
  }

  @HotPath
  private int firstBytes() {
    int mask = ring.length - 1;
    return HEADER_BYTES
        + ((ring[(int) head & mask] & 0xff) << 8 | (ring[(int) (head + 1) & mask] & 0xff));
  }

  @HotPath
  void dropFirst() {
    head += firstBytes();
    frames--;
  }

  /** Moves whole packets into the buffer as long as they fit; returns how many. */
  int moveTo(ByteBuf out) {
    int moved = 0;
    while (frames > 0) {
      int size = firstBytes();
      if (size > out.writableBytes()) {
        break;
      }
      int at = (int) head & ring.length - 1;
      int straight = Math.min(size, ring.length - at);
      out.writeBytes(ring, at, straight);
      out.writeBytes(ring, 0, size - straight);
      dropFirst();
      moved++;
    }
    return moved;
  }

  /** What was put in since the last time waits since now. */
  void stamp(long nowNanos, long longestNanos) {
    if (frames == 0) {
      marks = 0;
      return;
    }
    if (markNanos.length == 0) {
      markPositions = new long[MARKS];
      markNanos = new long[MARKS];
    }
    int last = firstMark + marks - 1 & MARKS - 1;
    boolean near = marks > 0 && nowNanos - markNanos[last] < longestNanos / (MARKS / 2);
    if (near || marks == MARKS) {
      markPositions[last] = tail;
    } else {
      int next = firstMark + marks & MARKS - 1;
      markPositions[next] = tail;
      markNanos[next] = nowNanos;
      marks++;
    }
  }

  /** Drops what has waited for longer; returns how many packets. */
  int dropOlder(long nowNanos, long longestNanos) {
    int dropped = 0;
    while (marks > 0
        && (markPositions[firstMark] <= head || nowNanos - markNanos[firstMark] > longestNanos)) {
      while (head < markPositions[firstMark]) {
        dropFirst();
        dropped++;
      }
      firstMark = firstMark + 1 & MARKS - 1;
      marks--;
    }
    return dropped;
  }

  /** Drops everything and gives the memory back; returns how many packets. */
  int release() {
    int dropped = frames;
    ring = new byte[0];
    markPositions = NONE;
    markNanos = NONE;
    head = tail;
    frames = 0;
    marks = 0;
    return dropped;
  }
}
