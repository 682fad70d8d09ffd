package dev.parley.core.bwe;

import dev.parley.core.common.HotPath;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Remembers when a sender's packets arrived, by their transport-wide numbers, and tells it so
 * (draft-holmer-rmcat-transport-wide-cc-extensions-01 section 3.1). Worker's thread only.
 */
public final class ArrivalRecorder {
  /**
   * As libwebrtc's receivers do at most rates: rare enough to cost little, often enough to react.
   */
  private static final long INTERVAL_NANOS = 50_000_000;

  /**
   * Numbers are remembered for as many packets; a report that is later than that leaves some out.
   */
  private static final int KEPT = 1 << 12;

  private static final int FORMAT = 15;
  private static final int TYPE = 205;
  private static final int HEADER_BYTES = 20;
  private static final int VECTOR_PACKETS = 7;
  private static final int MOST_RUN = 0x1fff;
  private static final long DELTA_NANOS = 250_000;
  private static final long REFERENCE_NANOS = 64_000_000;
  private static final long NOT_ARRIVED = Long.MIN_VALUE;

  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  private long[] arrivals = {};

  /** Unwrapped: the next number to tell of, and the highest that arrived. */
  private long next = -1;

  private long highest = -1;
  private boolean news;
  private long nextNanos = Long.MAX_VALUE;
  private int reports;

  /** Takes in a packet, in whatever order they come. */
  @HotPath
  public void onPacket(int number16, long nowNanos) {
    if (next < 0) {
      begin(number16);
      nextNanos = nowNanos + INTERVAL_NANOS;
    }
    long number = highest + (short) (number16 - (int) highest);
    if (number <= highest - KEPT) {
      return;
    }
    if (number > highest) {
      if (number - highest >= KEPT) {
        java.util.Arrays.fill(arrivals, NOT_ARRIVED);
        next = number;
      } else {
        for (long n = highest + 1; n < number; n++) {
          arrivals[(int) n & KEPT - 1] = NOT_ARRIVED;
        }
        next = Math.max(next, number - KEPT + 1);
      }
      highest = number;
    } else if (arrivals[(int) number & KEPT - 1] != NOT_ARRIVED) {
      return;
    } else if (number < next) {
      // It was told of as missing: the next report begins with it again.
      next = number;
    }
    arrivals[(int) number & KEPT - 1] = nowNanos;
    news = true;
  }

  private void begin(int number16) {
    arrivals = new long[KEPT];
    java.util.Arrays.fill(arrivals, NOT_ARRIVED);
    next = (1L << 16) + number16;
    highest = next - 1;
  }

  /** When {@link #write} has something to say; {@code Long.MAX_VALUE} while nothing arrives. */
  public long nextTimeoutNanos() {
    return news ? nextNanos : Long.MAX_VALUE;
  }

  /**
   * Writes one RTCP packet about what arrived since the last one; when it does not fit, the rest
   * comes with the next call.
   *
   * @return its length in bytes, a multiple of four; 0 when there is nothing to say
   */
  public int write(byte[] out, int at, int maxBytes, int senderSsrc, int mediaSsrc, long nowNanos) {
    if (!news) {
      return 0;
    }
    while (next <= highest && arrival(next) == NOT_ARRIVED) {
      next++;
    }
    if (next > highest) {
      news = false;
      return 0;
    }
    long reference = Math.floorDiv(arrival(next), REFERENCE_NANOS);
    long clock = reference * REFERENCE_NANOS;
    // As many packets as fit whatever their chunks: two bytes of delta, and a vector for seven.
    int most = (maxBytes - HEADER_BYTES - 4) * VECTOR_PACKETS / (2 * VECTOR_PACKETS + 2);
    int count = 0;
    while (count < most && next + count <= highest) {
      long time = arrival(next + count);
      if (time != NOT_ARRIVED) {
        long ticks = Math.floorDiv(time - clock, DELTA_NANOS);
        if (ticks < Short.MIN_VALUE || ticks > Short.MAX_VALUE) {
          break;
        }
        clock += ticks * DELTA_NANOS;
      }
      count++;
    }
    if (count <= 0) {
      return 0;
    }
    int length = writePacket(out, at, count, reference);
    out[at] = (byte) (0x80 | FORMAT);
    out[at + 1] = (byte) TYPE;
    SHORT.set(out, at + 2, (short) (length / 4 - 1));
    INT.set(out, at + 4, senderSsrc);
    INT.set(out, at + 8, mediaSsrc);
    next += count;
    news = next <= highest;
    nextNanos = news ? nowNanos : nowNanos + INTERVAL_NANOS;
    return length;
  }

  private int writePacket(byte[] out, int at, int count, long reference) {
    SHORT.set(out, at + 12, (short) next);
    SHORT.set(out, at + 14, (short) count);
    INT.set(out, at + 16, (int) reference << 8 | reports++ & 0xff);
    int end = at + HEADER_BYTES;
    for (int done = 0; done < count; end += 2) {
      int run = runLength(done, count, reference);
      if (run > VECTOR_PACKETS) {
        SHORT.set(out, end, (short) (symbol(done, reference) << 13 | run));
        done += run;
      } else {
        int chunk = 0xc000;
        for (int i = 0; i < VECTOR_PACKETS && done + i < count; i++) {
          chunk |= symbol(done + i, reference) << 12 - 2 * i;
        }
        SHORT.set(out, end, (short) chunk);
        done += VECTOR_PACKETS;
      }
    }
    long clock = reference * REFERENCE_NANOS;
    for (int i = 0; i < count; i++) {
      long time = arrival(next + i);
      if (time != NOT_ARRIVED) {
        long ticks = Math.floorDiv(time - clock, DELTA_NANOS);
        clock += ticks * DELTA_NANOS;
        if (ticks >= 0 && ticks <= 0xff) {
          out[end++] = (byte) ticks;
        } else {
          SHORT.set(out, end, (short) ticks);
          end += 2;
        }
      }
    }
    while ((end - at & 3) != 0) {
      out[end++] = 0;
    }
    return end - at;
  }

  private int runLength(int from, int count, long reference) {
    int symbol = symbol(from, reference);
    int run = 1;
    while (from + run < count && run < MOST_RUN && symbol(from + run, reference) == symbol) {
      run++;
    }
    return run;
  }

  /** The bytes of the packet's delta; 0 when it did not arrive. */
  private int symbol(int index, long reference) {
    long time = arrival(next + index);
    if (time == NOT_ARRIVED) {
      return 0;
    }
    long ticks = Math.floorDiv(time - clockBefore(index, reference), DELTA_NANOS);
    return ticks >= 0 && ticks <= 0xff ? 1 : 2;
  }

  /** What the deltas before the packet sum up to: the last arrival, rounded down step by step. */
  private long clockBefore(int index, long reference) {
    for (int i = index - 1; i >= 0; i--) {
      long time = arrival(next + i);
      if (time != NOT_ARRIVED) {
        return Math.floorDiv(time, DELTA_NANOS) * DELTA_NANOS;
      }
    }
    return reference * REFERENCE_NANOS;
  }

  private long arrival(long number) {
    return arrivals[(int) number & KEPT - 1];
  }
}
