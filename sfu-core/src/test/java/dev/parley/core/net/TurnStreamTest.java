package dev.parley.core.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.core.common.DropReason;
import dev.parley.core.common.PeerAddress;
import dev.parley.core.turn.TurnSettings;
import io.netty.buffer.ByteBuf;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.nio.NioIoHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TurnStreamTest {
  private static final PeerAddress CLIENT =
      PeerAddress.of(new InetSocketAddress("203.0.113.1", 10_000));
  private static final int PACKET_BYTES = 1_000;
  private static final int PACKETS = 300;

  /** What an embedded channel counts for each write beside its bytes. */
  private static final int OVERHEAD_BYTES = 96;

  private static TurnRelay relay() throws Exception {
    return new TurnRelay(
        new TurnRelay.Settings(
            new UdpPort.Settings(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                false,
                1 << 20,
                1 << 20),
            Optional.empty(),
            new TurnRelay.Limits(10, 10, 10, 60),
            TurnSettings.of("sfu", "secret of the test")),
        NioIoHandler.newFactory(),
        List.of());
  }

  /** How many wait for a client that reads nothing, of so many written. */
  private static int waiting(TurnStream.Client client, TurnRelay relay, boolean video) {
    long before = relay.counters().total(DropReason.TURN_WRITE_FULL);
    for (int i = 0; i < PACKETS; i++) {
      client.send(new byte[PACKET_BYTES], 0, PACKET_BYTES, video);
    }
    return PACKETS - (int) (relay.counters().total(DropReason.TURN_WRITE_FULL) - before);
  }

  private static void assertFull(int packets, int boundBytes) {
    int waitingBytes = packets * (PACKET_BYTES + OVERHEAD_BYTES);
    assertTrue(waitingBytes > boundBytes, packets + " packets are too few");
    assertTrue(
        waitingBytes <= boundBytes + PACKET_BYTES + OVERHEAD_BYTES,
        packets + " packets are too many");
  }

  @Test
  void shouldLetVideoFillHalfOfWhatMayWaitAndVoicesTheRest() throws Exception {
    try (TurnRelay relay = relay()) {
      TurnStream stream = new TurnStream(relay, "tcp");
      EmbeddedChannel channel = new EmbeddedChannel(stream);
      channel
          .config()
          .setWriteBufferWaterMark(new WriteBufferWaterMark(64 << 10, TurnRelay.WRITE_HIGH_BYTES));
      TurnStream.Client client = stream.new Client(CLIENT, channel);
      CompletableFuture<int[]> counted = new CompletableFuture<>();
      relay.run(() -> {
        int pictures = waiting(client, relay, true);
        counted.complete(new int[] {pictures, waiting(client, relay, false)});
      });
      int[] packets = counted.get(10, TimeUnit.SECONDS);
      assertFull(packets[0], TurnRelay.WRITE_VIDEO_BYTES);
      assertFull(packets[0] + packets[1], TurnRelay.WRITE_HIGH_BYTES);
      CompletableFuture<Integer> again = new CompletableFuture<>();
      relay.run(() -> {
        relay.flush();
        again.complete(waiting(client, relay, true));
      });
      assertEquals(packets[0], again.get(10, TimeUnit.SECONDS), "as many once they have left");
      relay.run(() -> {});
      channel.runPendingTasks();
      channel.flushOutbound();
      for (ByteBuf left = channel.readOutbound(); left != null; left = channel.readOutbound()) {
        left.release();
      }
      channel.finishAndReleaseAll();
    }
  }
}
