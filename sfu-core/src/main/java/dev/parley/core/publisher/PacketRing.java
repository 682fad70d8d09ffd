package dev.parley.core.publisher;

import dev.parley.core.common.HotPath;
import dev.parley.core.rtp.RtpPacket;

/**
 * The last packets of a stream as they came, without padding, for whoever asks for one again. A
 * ring of bytes that grows, at most {@value #MOST_BYTES}, until it holds a second of the stream.
 * Worker's thread only.
 */
public final class PacketRing {
  private static final int FIRST_BYTES = 1 << 16;
  private static final int MOST_BYTES = 1 << 20;
  private static final int PACKETS = 1 << 10;
  private static final long KEEP_NANOS = 1_000_000_000;

  private final long[] sequences = new long[PACKETS];

  /** Where a packet begins in the stream of all bytes ever written. */
  private final long[] positions = new long[PACKETS];

  private final int[] lengths = new int[PACKETS];
  private byte[] ring = new byte[FIRST_BYTES];
  private long written;
  private long newest = -1;
  private long secondBeganNanos = Long.MIN_VALUE / 2;
  private long secondBeganAt;

  PacketRing() {
    java.util.Arrays.fill(sequences, -1);
  }

  /** Keeps a copy of the packet under a number of 0 or more. */
  @HotPath
  void put(long sequence, RtpPacket packet, long nowNanos) {
    int length = packet.plainBytes();
    if (nowNanos - secondBeganNanos > KEEP_NANOS) {
      secondBeganNanos = nowNanos;
      secondBeganAt = written;
    } else if (written + length - secondBeganAt > ring.length && ring.length < MOST_BYTES) {
      grow();
    }
    int at = (int) written & ring.length - 1;
    int first = Math.min(length, ring.length - at);
    System.arraycopy(packet.bytes(), packet.offset(), ring, at, first);
    System.arraycopy(packet.bytes(), packet.offset() + first, ring, 0, length - first);
    int slot = (int) sequence & PACKETS - 1;
    sequences[slot] = sequence;
    positions[slot] = written;
    lengths[slot] = length;
    written += length;
    newest = Math.max(newest, sequence);
  }

  /** A few times in a stream's life. */
  private void grow() {
    byte[] larger = new byte[ring.length * 2];
    for (long p = Math.max(0, written - ring.length); p < written; p++) {
      larger[(int) p & larger.length - 1] = ring[(int) p & ring.length - 1];
    }
    ring = larger;
  }

  @HotPath
  boolean contains(long sequence) {
    int slot = (int) sequence & PACKETS - 1;
    return sequences[slot] == sequence && positions[slot] >= written - ring.length;
  }

  /**
   * Copies a packet out.
   *
   * @param out at least 1500 bytes from {@code at} on
   * @return its length in bytes, or -1 when the ring does not hold it (any more)
   */
  public int copy(long sequence, byte[] out, int at) {
    if (!contains(sequence)) {
      return -1;
    }
    int slot = (int) sequence & PACKETS - 1;
    int length = lengths[slot];
    int from = (int) positions[slot] & ring.length - 1;
    int first = Math.min(length, ring.length - from);
    System.arraycopy(ring, from, out, at, first);
    System.arraycopy(ring, 0, out, at + first, length - first);
    return length;
  }

  /** The highest number put in, or -1. */
  public long newest() {
    return newest;
  }
}
