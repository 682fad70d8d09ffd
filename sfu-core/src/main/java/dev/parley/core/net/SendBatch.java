package dev.parley.core.net;

import dev.parley.core.common.HotPath;
import dev.parley.core.common.PeerAddress;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * The datagrams of one flush, in one slab of native memory, grouped into messages: datagrams of
 * equal length to one destination form one message that can leave as a single segmented send (UDP
 * GSO); the last of them may be shorter. The order of the datagrams to each destination is kept.
 * Worker's thread only.
 */
final class SendBatch {
  /**
   * Of a worker's own port. More would wait longer, and leave the processor's cache before the
   * system reads it.
   */
  static final int CAPACITY = 1024;

  /** A multiple of the cache line that holds any Ethernet payload. */
  static final int STRIDE_BYTES = 1536;

  /** The kernel takes 64 segments, and 65 507 bytes, in one message. */
  static final int MAX_SEGMENTS = 40;

  private final MemorySegment slab;
  private final int[] lengths;
  private final int[] next;
  private int datagrams;

  private final int[] first;
  private final int[] last;
  private final int[] count;
  private final boolean[] full;
  private final @Nullable PeerAddress[] destination;
  private int messages;

  /** Destination to its newest message; entries of an older epoch count as empty. */
  private final int[] tableMessage;

  private final long[] tableEpoch;
  private final int tableMask;
  private long epoch = 1;

  /** {@code capacity}: a power of two. */
  SendBatch(Arena arena, int capacity) {
    slab = arena.allocate((long) capacity * STRIDE_BYTES, 64);
    lengths = new int[capacity];
    next = new int[capacity];
    first = new int[capacity];
    last = new int[capacity];
    count = new int[capacity];
    full = new boolean[capacity];
    destination = new PeerAddress[capacity];
    tableMessage = new int[4 * capacity];
    tableEpoch = new long[4 * capacity];
    tableMask = 4 * capacity - 1;
  }

  MemorySegment slab() {
    return slab;
  }

  @HotPath
  boolean isFull() {
    return datagrams == lengths.length;
  }

  @HotPath
  int nextOffset() {
    return datagrams * STRIDE_BYTES;
  }

  @HotPath
  void add(int lengthBytes, PeerAddress to) {
    int datagram = datagrams++;
    lengths[datagram] = lengthBytes;
    next[datagram] = -1;
    int slot = PeerAddress.hash(to.high(), to.low(), to.port()) & tableMask;
    while (tableEpoch[slot] == epoch) {
      int message = tableMessage[slot];
      PeerAddress there = destination[message];
      if (there != null
          && there.matches(to.high(), to.low(), to.port(), to.localHigh(), to.localLow())) {
        int size = lengths[first[message]];
        if (!full[message] && lengthBytes <= size) {
          next[last[message]] = datagram;
          last[message] = datagram;
          count[message]++;
          full[message] = lengthBytes < size || count[message] == MAX_SEGMENTS;
        } else {
          tableMessage[slot] = begin(datagram, to);
        }
        return;
      }
      slot = slot + 1 & tableMask;
    }
    tableEpoch[slot] = epoch;
    tableMessage[slot] = begin(datagram, to);
  }

  @HotPath
  private int begin(int datagram, PeerAddress to) {
    int message = messages++;
    first[message] = datagram;
    last[message] = datagram;
    count[message] = 1;
    full[message] = false;
    destination[message] = to;
    return message;
  }

  @HotPath
  void clear() {
    datagrams = 0;
    messages = 0;
    epoch++;
  }

  @HotPath
  int datagrams() {
    return datagrams;
  }

  @HotPath
  int messages() {
    return messages;
  }

  @HotPath
  PeerAddress destination(int message) {
    PeerAddress to = destination[message];
    if (to == null) {
      throw new IllegalStateException("a message without a destination");
    }
    return to;
  }

  @HotPath
  int segments(int message) {
    return count[message];
  }

  @HotPath
  int firstDatagram(int message) {
    return first[message];
  }

  /** The next datagram of the same message, or -1. */
  @HotPath
  int after(int datagram) {
    return next[datagram];
  }

  @HotPath
  int lengthBytes(int datagram) {
    return lengths[datagram];
  }

  @HotPath
  static long offset(int datagram) {
    return (long) datagram * STRIDE_BYTES;
  }
}
