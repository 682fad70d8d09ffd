package dev.parley.core.transport;

import dev.parley.core.common.HotPath;
import dev.parley.core.rtp.RtpSink;

/**
 * Plain RTP packets that wait for their turn: repairs first, each kind in its order. Takes memory
 * only while something waits, and gives it back when nothing has for a while. Worker's thread only.
 */
final class PacingQueue {
  /** What waits longer would be shown too late; at 500 kbit/s half this many make a second. */
  static final int MOST = 256;

  private static final int FIRST = 16;
  private static final int STRIDE_BYTES = 1536;

  private final Lane repairs = new Lane();
  private final Lane media = new Lane();

  /** In both. */
  private int size;

  /** A ring of packets. */
  private static final class Lane {
    private byte[] bytes = {};
    private int[] lengths = {};
    private int[] transportWideAt = {};
    private int first;
    private int size;

    @HotPath
    boolean add(byte[] packet, int offset, int length, int numberAt) {
      if (size == MOST || length > STRIDE_BYTES) {
        return false;
      }
      if (size == lengths.length) {
        grow();
      }
      int i = first + size & lengths.length - 1;
      System.arraycopy(packet, offset, bytes, i * STRIDE_BYTES, length);
      lengths[i] = length;
      transportWideAt[i] = numberAt < 0 ? -1 : numberAt - offset;
      size++;
      return true;
    }

    private void grow() {
      int more = Math.max(FIRST, 2 * lengths.length);
      byte[] newBytes = new byte[more * STRIDE_BYTES];
      int[] newLengths = new int[more];
      int[] newAt = new int[more];
      for (int i = 0; i < size; i++) {
        int from = first + i & lengths.length - 1;
        System.arraycopy(bytes, from * STRIDE_BYTES, newBytes, i * STRIDE_BYTES, lengths[from]);
        newLengths[i] = lengths[from];
        newAt[i] = transportWideAt[from];
      }
      bytes = newBytes;
      lengths = newLengths;
      transportWideAt = newAt;
      first = 0;
    }

    void release() {
      bytes = new byte[0];
      lengths = new int[0];
      transportWideAt = new int[0];
      first = 0;
      size = 0;
    }
  }

  /** Copies the packet in; false when the queue is full. */
  @HotPath
  boolean add(byte[] packet, int offset, int lengthBytes, int transportWideAt, RtpSink.Kind kind) {
    Lane lane = kind == RtpSink.Kind.REPAIR ? repairs : media;
    boolean added = lane.add(packet, offset, lengthBytes, transportWideAt);
    size += added ? 1 : 0;
    return added;
  }

  @HotPath
  boolean isEmpty() {
    return size == 0;
  }

  @HotPath
  int size() {
    return size;
  }

  @HotPath
  private Lane next() {
    return repairs.size > 0 ? repairs : media;
  }

  /** The next packet is in this array ... */
  @HotPath
  byte[] bytes() {
    return next().bytes;
  }

  /** ... at this position ... */
  @HotPath
  int offset() {
    Lane lane = next();
    return lane.first * STRIDE_BYTES;
  }

  @HotPath
  int lengthBytes() {
    Lane lane = next();
    return lane.lengths[lane.first];
  }

  /** ... with its transport-wide number here in the array, or -1. */
  @HotPath
  int transportWideAt() {
    Lane lane = next();
    int at = lane.transportWideAt[lane.first];
    return at < 0 ? -1 : lane.first * STRIDE_BYTES + at;
  }

  @HotPath
  void remove() {
    Lane lane = next();
    lane.first = lane.first + 1 & lane.lengths.length - 1;
    lane.size--;
    size--;
  }

  void clear() {
    repairs.release();
    media.release();
    size = 0;
  }
}
