package dev.parley.core.transport;

import dev.parley.core.bwe.Estimator;
import dev.parley.core.bwe.Pacer;
import dev.parley.core.common.Counters;
import dev.parley.core.common.DropReason;
import dev.parley.core.common.HotPath;
import dev.parley.core.rtp.RtpSink;

/**
 * When what one peer is sent may leave: what is known of its path, and what waits for its turn.
 * Worker's thread only.
 */
final class Pacing {
  /** Of the estimate: repeating what a full queue has dropped would only keep it full. */
  private static final double REPAIR_SHARE = 0.25;

  private static final long REPAIR_BURST_NANOS = 250_000_000;
  private static final int REPAIR_BURST_BYTES = 24 * 1250;

  private final PacingQueue waiting = new PacingQueue();
  private Estimator estimator;
  private Pacer pacer = new Pacer();
  private Pacer repairs = new Pacer(REPAIR_BURST_NANOS, REPAIR_BURST_BYTES);
  private boolean paced;
  private boolean wholeBursts;

  Pacing(Estimator.Settings bandwidth) {
    this.estimator = new Estimator(bandwidth);
  }

  Estimator estimator() {
    return estimator;
  }

  PacingQueue waiting() {
    return waiting;
  }

  /** As {@link RtpSink#warm}. */
  @HotPath
  int warm() {
    return pacer.warm() + estimator.warm() + (waiting.isEmpty() ? 1 : 0);
  }

  /** Whether packets of this kind have to wait for their turn. */
  @HotPath
  boolean covers(RtpSink.Kind kind) {
    return paced && (kind == RtpSink.Kind.VIDEO || kind == RtpSink.Kind.REPAIR);
  }

  /** Whether the next packet may leave, nothing else waiting. */
  @HotPath
  boolean isOpen(long nowNanos) {
    return waiting.isEmpty() && pacer.maySend(nowNanos);
  }

  /** Whether the first that waits may leave. */
  @HotPath
  boolean isDue(long nowNanos) {
    return !waiting.isEmpty() && pacer.maySend(nowNanos);
  }

  /** Whether one more packet may be repeated now; counts it when it may. */
  @HotPath
  boolean mayRepair(int lengthBytes, long nowNanos) {
    if (!repairs.maySend(nowNanos)) {
      return false;
    }
    repairs.onSent(lengthBytes);
    return true;
  }

  /** Copies a packet, to leave later; false: it is dropped, and counted. */
  @HotPath
  boolean hold(
      byte[] bytes,
      int offset,
      int lengthBytes,
      int transportWideAt,
      RtpSink.Kind kind,
      Counters counters) {
    if (waiting.add(bytes, offset, lengthBytes, transportWideAt, kind)) {
      return true;
    }
    counters.drop(DropReason.PACER_FULL);
    return false;
  }

  /** A packet of so many bytes leaves; returns its transport-wide sequence number. */
  @HotPath
  int onSend(int sizeBytes, long nowNanos) {
    int number = estimator.onSend(sizeBytes, nowNanos);
    pacer.onSent(sizeBytes);
    return number;
  }

  /** Sends as much of {@code filler} as the estimator wants to know about, when nothing waits. */
  void probe(Filler filler, long nowNanos) {
    int bytes = waiting.isEmpty() ? estimator.probeBytes(nowNanos) : 0;
    if (bytes > 0) {
      filler.send(bytes, nowNanos);
    }
  }

  /** Lets go of what waits, and counts it. */
  void clear(Counters counters) {
    counters.drop(DropReason.NOT_CONNECTED, waiting.size());
    waiting.clear();
  }

  /**
   * Takes note of what is going to be sent.
   *
   * @param whole whether bursts may leave whole where the path has shown no queue
   */
  void rate(long bitsPerSecond, boolean whole) {
    wholeBursts = whole;
    rate(bitsPerSecond);
  }

  private void rate(long bitsPerSecond) {
    paced = estimator.known();
    long rate = estimator.pacingBitsPerSecond();
    repairs.rate((long) (REPAIR_SHARE * estimator.targetBitsPerSecond()));
    boolean open = !estimator.congestedBefore();
    long most = open ? Math.max(rate, 2 * bitsPerSecond) : rate;
    if (open && wholeBursts) {
      pacer.openRate(most);
    } else {
      pacer.rate(most);
    }
  }

  /** What was learnt of one path says nothing of another. */
  void forgetPath() {
    estimator = estimator.anew();
    pacer = new Pacer();
    repairs = new Pacer(REPAIR_BURST_NANOS, REPAIR_BURST_BYTES);
    rate(estimator.targetBitsPerSecond());
  }
}
