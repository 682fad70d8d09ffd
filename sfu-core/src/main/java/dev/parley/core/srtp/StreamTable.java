package dev.parley.core.srtp;

import dev.parley.core.common.HotPath;
import java.util.Arrays;

/**
 * The packet index and replay window of each synchronisation source (RFC 3711 section 3.3): an
 * open-addressing map from SSRC to a dense stream number, and per stream the highest index and a
 * ring of bits, bit {@code index mod windowBits} telling whether that index was seen. Grows with
 * the number of streams and never shrinks: an entry may only be forgotten together with its key.
 */
final class StreamTable {
  static final int NONE = -1;

  private final int maxStreams;
  private final int windowBits;

  /** Of a stream: its highest index, and the window. */
  private final int words;

  private int size;
  private int[] keys = new int[8];
  private int[] streams = new int[8]; // stream number + 1; 0 is free
  private long[] state;
  private int lastSsrc;
  private int lastStream = NONE;

  /** {@code windowBits} is a power of two, at least 64. */
  StreamTable(int maxStreams, int windowBits) {
    this.maxStreams = maxStreams;
    this.windowBits = windowBits;
    this.words = 1 + (windowBits >>> 6);
    this.state = new long[4 * words];
  }

  int size() {
    return size;
  }

  boolean isFull() {
    return size >= maxStreams;
  }

  /** The stream number of an SSRC, or {@link #NONE}. */
  @HotPath
  int find(int ssrc) {
    if (lastStream >= 0 && lastSsrc == ssrc) {
      return lastStream;
    }
    int mask = keys.length - 1;
    for (int i = slot(ssrc, mask); streams[i] != 0; i = (i + 1) & mask) {
      if (keys[i] == ssrc) {
        lastSsrc = ssrc;
        lastStream = streams[i] - 1;
        return lastStream;
      }
    }
    return NONE;
  }

  @HotPath
  int warm() {
    return lastSsrc + (int) state[0];
  }

  /** Adds an SSRC that {@link #find} did not find; the table must not be full. */
  int add(int ssrc, long index) {
    if (isFull()) {
      throw new IllegalStateException("at most " + maxStreams + " streams");
    }
    if (2 * (size + 1) > keys.length) {
      grow();
    }
    if (size * words == state.length) {
      state = Arrays.copyOf(state, Math.min(2 * size, maxStreams) * words);
    }
    int stream = size++;
    place(ssrc, stream);
    state[stream * words] = index;
    mark(stream, index);
    return stream;
  }

  /**
   * The index of a packet from its 16-bit sequence number: the one nearest to the highest seen (RFC
   * 3711 appendix A). Negative for a number from before the first packet's wrap.
   */
  @HotPath
  long estimate(int stream, int seq16) {
    long newest = state[stream * words];
    int newestSeq = (int) newest & 0xffff;
    long index = (newest & ~0xffffL) | seq16;
    if (newestSeq < 0x8000) {
      return seq16 - newestSeq > 0x8000 ? index - 0x1_0000 : index;
    }
    return newestSeq - 0x8000 > seq16 ? index + 0x1_0000 : index;
  }

  /** Whether this index was accepted before, or is too old to tell. */
  @HotPath
  boolean isReplay(int stream, long index) {
    long newest = state[stream * words];
    if (index > newest) {
      return false;
    }
    if (index < 0 || newest - index >= windowBits) {
      return true;
    }
    int bit = (int) index & (windowBits - 1);
    return (state[window(stream, bit)] >>> bit & 1) != 0;
  }

  /** Notes an index that {@link #isReplay} let through and that proved authentic. */
  @HotPath
  void accept(int stream, long index) {
    long newest = state[stream * words];
    if (index > newest) {
      if (index - newest >= windowBits) {
        Arrays.fill(state, stream * words + 1, (stream + 1) * words, 0);
      } else {
        for (long skipped = newest + 1; skipped < index; skipped++) {
          int bit = (int) skipped & (windowBits - 1);
          state[window(stream, bit)] &= ~(1L << bit);
        }
      }
      state[stream * words] = index;
    }
    mark(stream, index);
  }

  /** Where the word of a window's bit stands. */
  @HotPath
  private int window(int stream, int bit) {
    return stream * words + 1 + (bit >>> 6);
  }

  @HotPath
  private void mark(int stream, long index) {
    int bit = (int) index & (windowBits - 1);
    state[window(stream, bit)] |= 1L << bit;
  }

  private void grow() {
    int[] oldKeys = keys;
    int[] oldStreams = streams;
    keys = new int[2 * oldKeys.length];
    streams = new int[2 * oldKeys.length];
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldStreams[i] != 0) {
        place(oldKeys[i], oldStreams[i] - 1);
      }
    }
  }

  private void place(int ssrc, int stream) {
    int mask = keys.length - 1;
    int i = slot(ssrc, mask);
    while (streams[i] != 0) {
      i = (i + 1) & mask;
    }
    keys[i] = ssrc;
    streams[i] = stream + 1;
  }

  @HotPath
  private static int slot(int ssrc, int mask) {
    int h = ssrc * 0x9e37_79b9;
    return (h ^ h >>> 15) & mask;
  }
}
