package dev.parley.core.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.core.common.Counters;
import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.Test;

/** When a batch ends, over a socket whose every reading is scripted. */
class UdpPortTest {
  private static final long LONG_NANOS = 60_000_000_000L;

  private static final class ScriptedSocket implements BatchSocket {
    private final IntSupplier readings;

    ScriptedSocket(IntSupplier readings) {
      this.readings = readings;
    }

    @Override
    public int receive() {
      return readings.getAsInt();
    }

    @Override
    public void listener(Listener listener) {}

    @Override
    public InetSocketAddress localAddress() {
      return new InetSocketAddress(0);
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public int receiveBufferBytes() {
      return 0;
    }

    @Override
    public int sendBufferBytes() {
      return 0;
    }

    @Override
    public int lengthBytes(int datagram) {
      return 100;
    }

    @Override
    public void copy(int datagram, byte[] into) {}

    @Override
    public long addressHigh(int datagram) {
      return 0;
    }

    @Override
    public long addressLow(int datagram) {
      return 0;
    }

    @Override
    public int port(int datagram) {
      return 0;
    }

    @Override
    public long localHigh(int datagram) {
      return 0;
    }

    @Override
    public long localLow(int datagram) {
      return 0;
    }

    @Override
    public BatchSender newSender(int capacity) {
      return new BatchSender() {
        @Override
        public void send(SendBatch batch, Counters counters) {}

        @Override
        public void free() {}
      };
    }

    @Override
    public void handle(IoRegistration registration, IoEvent event) {}

    @Override
    public void close() {}
  }

  private static final class Port extends UdpPort {
    private final long openNanos;
    private final int worthWaiting;
    private final List<Integer> batches = new ArrayList<>();
    private int taken;
    private long lastTakenNanos;
    private long endNanos;

    /** Stays open for {@code openNanos} until a batch has {@code worthWaiting} datagrams. */
    Port(IntSupplier readings, long openNanos, int worthWaiting) {
      super(new ScriptedSocket(readings), 16, 1500, new Counters());
      this.openNanos = openNanos;
      this.worthWaiting = worthWaiting;
    }

    @Override
    void take(int index, byte[] bytes, int lengthBytes, long nowNanos) {
      taken++;
      lastTakenNanos = nowNanos;
    }

    @Override
    long openNanos() {
      return taken < worthWaiting ? openNanos : 0;
    }

    @Override
    void endBatch(long nowNanos) {
      batches.add(taken);
      taken = 0;
      endNanos = nowNanos;
    }
  }

  private static IntSupplier script(int... counts) {
    int[] next = {0};
    return () -> next[0] < counts.length ? counts[next[0]++] : 0;
  }

  private static Port read(Port port) throws Exception {
    port.onReadable();
    port.close();
    return port;
  }

  @Test
  void shouldKeepABatchOpenForTheRestOfABurst() throws Exception {
    Port port = read(new Port(script(1, 0, 2, 0, 5), LONG_NANOS, 8));
    assertEquals(List.of(8), port.batches);
    assertTrue(port.endNanos >= port.lastTakenNanos, "the end comes after the last datagram");
  }

  @Test
  void shouldEndABatchThatIsNotWorthWaitingFor() throws Exception {
    assertEquals(List.of(1), read(new Port(script(1, 2, 5), 0, 8)).batches);
  }

  @Test
  void shouldEndABatchWhenNothingFollows() throws Exception {
    assertEquals(List.of(3), read(new Port(script(3), 1_000_000, 8)).batches);
  }

  @Test
  void shouldEndABatchAtLastWhileMoreKeepsComing() throws Exception {
    Port port = read(new Port(() -> 1, 100_000, Integer.MAX_VALUE));
    assertEquals(1, port.batches.size());
    assertTrue(port.batches.getFirst() > 1, "what came meanwhile belongs to it");
  }
}
