package dev.parley.micro;

import dev.parley.core.bwe.Estimator;
import dev.parley.core.rtp.TransportFeedbackReader;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What congestion control costs a packet: it is numbered as it leaves, and heard of later. */
@State(Scope.Thread)
public class EstimateBenchmark implements TransportFeedbackReader.Visitor {
  private static final int PACKET_BYTES = 1150;
  private static final long ONE_WAY_NANOS = 20_000_000;

  @Param("1")
  private long seed;

  private final Estimator estimator =
      new Estimator(new Estimator.Settings(100_000, 1_000_000, 50_000_000));
  private SyntheticFeedback feedback;
  private long nowNanos = 10_000_000_000L;
  private long sum;

  /** A viewer who is to be sent more than the network takes. */
  @Setup
  public void begin() {
    feedback = new SyntheticFeedback(seed);
    estimator.allocated(18_000_000, 30_000_000, nowNanos);
  }

  @Benchmark
  @OperationsPerInvocation(SyntheticFeedback.PACKETS)
  public long estimate() {
    long sentNanos = nowNanos;
    int first16 = estimator.onSend(PACKET_BYTES, sentNanos);
    for (int i = 1; i < SyntheticFeedback.PACKETS; i++) {
      nowNanos += SyntheticFeedback.STEP_NANOS;
      sum += estimator.onSend(PACKET_BYTES, nowNanos);
    }
    nowNanos += SyntheticFeedback.STEP_NANOS;
    feedback.about(first16, sentNanos + ONE_WAY_NANOS);
    byte[] bytes = feedback.bytes();
    if (!estimator.onFeedback(bytes, 0, bytes.length, nowNanos + ONE_WAY_NANOS)) {
      throw new IllegalStateException("the feedback is malformed");
    }
    return sum + estimator.targetBitsPerSecond();
  }

  @Benchmark
  @OperationsPerInvocation(SyntheticFeedback.PACKETS)
  public long floor() {
    byte[] bytes = feedback.bytes();
    if (!TransportFeedbackReader.read(bytes, 0, bytes.length, this)) {
      throw new IllegalStateException("the feedback is malformed");
    }
    return sum;
  }

  @Override
  public void onPacket(int sequence16, boolean received, long arrivalMicros) {
    sum += sequence16 + arrivalMicros;
  }
}
