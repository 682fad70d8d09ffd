package dev.parley.core.net;

import dev.parley.core.common.PeerAddress;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Groups the datagrams of a batch into messages: a burst to the viewers of a room. */
@State(Scope.Thread)
public class GroupBenchmark {
  private static final int VIEWERS = 50;
  private static final int BURST = 8;
  private static final int DATAGRAMS = VIEWERS * BURST;
  private static final int DATAGRAM_BYTES = 1150;
  private static final int LAST_BYTES = 700;

  @Param("1")
  private long seed;

  private final SendBatch batch = new SendBatch(Arena.ofAuto(), SendBatch.CAPACITY);
  private final List<PeerAddress> viewers = new ArrayList<>();
  private final int[] lengths = new int[DATAGRAMS];
  private final PeerAddress[] destinations = new PeerAddress[DATAGRAMS];

  /** Viewers anywhere. */
  @Setup
  public void begin() {
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < VIEWERS; i++) {
      viewers.add(PeerAddress.ofV4(random.nextInt(), random.nextInt(1024, 1 << 16)));
    }
  }

  @Benchmark
  @OperationsPerInvocation(DATAGRAMS)
  public long group() {
    for (int packet = 0; packet < BURST; packet++) {
      int length = packet == BURST - 1 ? LAST_BYTES : DATAGRAM_BYTES;
      for (int i = 0; i < VIEWERS; i++) {
        batch.add(length, viewers.get(i));
      }
    }
    long sum = 0;
    for (int m = 0; m < batch.messages(); m++) {
      sum += batch.destination(m).port() + batch.segments(m);
      for (int d = batch.firstDatagram(m); d >= 0; d = batch.after(d)) {
        sum += batch.lengthBytes(d);
      }
    }
    if (batch.messages() != VIEWERS) {
      throw new IllegalStateException(batch.messages() + " messages for " + VIEWERS + " viewers");
    }
    batch.clear();
    return sum;
  }

  @Benchmark
  @OperationsPerInvocation(DATAGRAMS)
  public long floor() {
    int datagrams = 0;
    for (int packet = 0; packet < BURST; packet++) {
      int length = packet == BURST - 1 ? LAST_BYTES : DATAGRAM_BYTES;
      for (int i = 0; i < VIEWERS; i++) {
        lengths[datagrams] = length;
        destinations[datagrams] = viewers.get(i);
        datagrams++;
      }
    }
    long sum = 0;
    for (int d = 0; d < datagrams; d++) {
      sum += destinations[d].port() + lengths[d];
    }
    return sum;
  }
}
