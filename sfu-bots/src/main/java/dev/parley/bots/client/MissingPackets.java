package dev.parley.bots.client;

import dev.parley.core.rtp.RtcpWriter;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;

/**
 * What did not arrive of one stream and may still be asked for (RFC 4585 section 6.2.1). Owner's
 * thread only.
 */
final class MissingPackets {
  /** So long a packet may be overtaken before it counts as missing. */
  private static final long REORDER_NANOS = 10_000_000;

  private static final long AGAIN_NANOS = 100_000_000;
  private static final long GIVE_UP_NANOS = 1_000_000_000;
  private static final int MOST = 256;

  private static final class Ask {
    private final long sinceNanos;
    private long nextNanos;

    Ask(long nowNanos) {
      sinceNanos = nowNanos;
      nextNanos = nowNanos + REORDER_NANOS;
    }
  }

  private final TreeMap<Long, Ask> asks = new TreeMap<>();
  private long highest = -1;
  private long nextNanos = Long.MAX_VALUE;
  private long requests;

  /**
   * Takes in the unwrapped number of what arrived.
   *
   * @return false when more is missing than can be asked for
   */
  boolean onPacket(long sequence, long nowNanos) {
    if (sequence <= highest) {
      asks.remove(sequence);
      return true;
    }
    long gap = highest < 0 ? 0 : sequence - highest - 1;
    if (gap + asks.size() > MOST) {
      asks.clear();
      highest = sequence;
      return false;
    }
    for (long missing = sequence - gap; missing < sequence; missing++) {
      asks.put(missing, new Ask(nowNanos));
      nextNanos = Math.min(nextNanos, nowNanos + REORDER_NANOS);
    }
    highest = sequence;
    return true;
  }

  /** A repetition came; whether its packet was still missing. */
  boolean repaired(long sequence) {
    return asks.remove(sequence) != null;
  }

  /** When {@link #ask} has something to do. */
  long nextTimeoutNanos() {
    return asks.isEmpty() ? Long.MAX_VALUE : nextNanos;
  }

  /**
   * Asks for what is due.
   *
   * @return whether something was given up for lost
   */
  boolean ask(RtcpWriter writer, int senderSsrc, int mediaSsrc, long nowNanos) {
    boolean lost = false;
    nextNanos = Long.MAX_VALUE;
    for (Iterator<Map.Entry<Long, Ask>> all = asks.entrySet().iterator(); all.hasNext(); ) {
      Map.Entry<Long, Ask> missing = all.next();
      Ask ask = missing.getValue();
      if (nowNanos - ask.sinceNanos >= GIVE_UP_NANOS) {
        all.remove();
        lost = true;
        continue;
      }
      if (nowNanos >= ask.nextNanos
          && writer.addNack(senderSsrc, mediaSsrc, missing.getKey().intValue() & 0xffff)) {
        requests++;
        ask.nextNanos = nowNanos + AGAIN_NANOS;
      }
      nextNanos = Math.min(nextNanos, ask.nextNanos);
    }
    return lost;
  }

  /** Packets asked for, each time counted. */
  long requests() {
    return requests;
  }
}
