package dev.parley.bots.network;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/** One direction between a bot and the server. Owner's thread only. */
public final class Link {
  /** Where datagrams come out. */
  public interface Output {
    /** Borrows the bytes, and may overwrite them. */
    void deliver(byte[] bytes, int lengthBytes, long nowNanos);
  }

  private static final int MOST_UNDER_WAY = 1 << 14;
  private static final double MOST_DEVIATIONS = 3;

  @SuppressWarnings("ArrayRecordComponent")
  private record Datagram(byte[] bytes, long dueNanos) {}

  private final LinkConditions conditions;
  private final RandomGenerator random;
  private final Output output;

  /** In the order of their times, since the order is kept. */
  private final ArrayDeque<Datagram> underWay = new ArrayDeque<>();

  private long freeNanos = Long.MIN_VALUE;
  private long lastDueNanos = Long.MIN_VALUE;
  private boolean losing;
  private long dropped;
  private long mediaDropped;

  public Link(LinkConditions conditions, RandomGenerator random, Output output) {
    this.conditions = conditions;
    this.random = random;
    this.output = output;
  }

  /** Takes a datagram. Copies the bytes. */
  public void send(byte[] bytes, int offset, int lengthBytes, long nowNanos) {
    long leaves = nowNanos;
    if (conditions.bitsPerSecond() > 0) {
      leaves = Math.max(nowNanos, freeNanos);
      if (leaves - nowNanos > conditions.queueNanos()) {
        drop(bytes, offset, lengthBytes);
        return;
      }
      leaves += lengthBytes * 8_000_000_000L / conditions.bitsPerSecond();
      freeNanos = leaves;
    }
    if (loses() || underWay.size() >= MOST_UNDER_WAY) {
      drop(bytes, offset, lengthBytes);
      return;
    }
    long due = leaves + conditions.delayNanos();
    if (conditions.jitterNanos() > 0) {
      double deviations = random.nextGaussian();
      deviations = Math.max(-MOST_DEVIATIONS, Math.min(MOST_DEVIATIONS, deviations));
      due = Math.max(leaves, due + (long) (deviations * conditions.jitterNanos()));
    }
    lastDueNanos = Math.max(due, lastDueNanos);
    underWay.add(
        new Datagram(Arrays.copyOfRange(bytes, offset, offset + lengthBytes), lastDueNanos));
  }

  /** Gilbert's model: one state loses all, the other nothing. */
  private boolean loses() {
    if (conditions.loss() <= 0) {
      return false;
    }
    double toGood = 1 / conditions.lossRun();
    double toBad = Math.min(1, conditions.loss() * toGood / Math.max(1e-9, 1 - conditions.loss()));
    losing = losing ? random.nextDouble() >= toGood : random.nextDouble() < toBad;
    return losing;
  }

  private void drop(byte[] bytes, int offset, int lengthBytes) {
    dropped++;
    if (isMedia(bytes, offset, lengthBytes)) {
      mediaDropped++;
    }
  }

  /** RFC 7983, and RFC 5761 for what is RTCP. */
  public static boolean isMedia(byte[] bytes, int offset, int lengthBytes) {
    int first = bytes[offset] & 0xff;
    int second = lengthBytes > 1 ? bytes[offset + 1] & 0xff : 0;
    return first >= 128 && first <= 191 && (second < 192 || second > 223);
  }

  /** When {@link #handleTimeout} has something to deliver; {@code Long.MAX_VALUE}: never. */
  public long nextTimeoutNanos() {
    Datagram next = underWay.peek();
    return next == null ? Long.MAX_VALUE : next.dueNanos();
  }

  /** Delivers what is due. */
  public void handleTimeout(long nowNanos) {
    for (Datagram next = underWay.peek();
        next != null && next.dueNanos() <= nowNanos;
        next = underWay.peek()) {
      underWay.remove();
      output.deliver(next.bytes(), next.bytes().length, nowNanos);
    }
  }

  /** The network is gone: what is under way is lost. */
  public void clear() {
    for (Datagram lost : underWay) {
      drop(lost.bytes(), 0, lost.bytes().length);
    }
    underWay.clear();
  }

  /** Datagrams that did not come out. */
  public long dropped() {
    return dropped;
  }

  /** Media packets among them. */
  public long mediaDropped() {
    return mediaDropped;
  }
}
