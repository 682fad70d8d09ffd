package dev.parley.core.net;

import dev.parley.core.api.RelayStreams;
import dev.parley.core.common.DropReason;
import dev.parley.core.common.PeerAddress;
import dev.parley.core.turn.TurnDeframer;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A relay's connection that somebody else accepted, who has taken TLS off. The bytes come on that
 * one's thread; messages are handed to the turn thread, a bounded number at a time.
 */
final class LentStream implements RelayStreams.Stream {
  private static final int MOST_WAITING = 256;

  private final TurnRelay relay;
  private final TurnDeframer deframer = new TurnDeframer();
  private final AtomicInteger waiting = new AtomicInteger();
  private final Client client;
  private boolean broken;

  LentStream(TurnRelay relay, InetSocketAddress from, RelayStreams.Output output) {
    this.relay = relay;
    this.client = new Client(relay, PeerAddress.of(from), output);
    relay.run(() -> relay.connections().opened(client, System.nanoTime()));
  }

  @Override
  public void receive(byte[] bytes) {
    if (!broken && !deframer.take(bytes, 0, bytes.length, this::message)) {
      broken = true;
      relay.run(() -> relay.connections().broken(client));
    }
  }

  private void message(byte[] bytes, int offset, int lengthBytes) {
    if (waiting.incrementAndGet() > MOST_WAITING) {
      waiting.decrementAndGet();
      relay.run(() -> relay.counters().drop(DropReason.TURN_QUEUE_FULL));
      return;
    }
    byte[] copy = Arrays.copyOfRange(bytes, offset, offset + lengthBytes);
    relay.run(() -> {
      waiting.decrementAndGet();
      relay.handle(copy, 0, copy.length, client);
    });
  }

  @Override
  public void closed() {
    relay.run(() -> relay.closed(client));
  }

  /** The connection as the relay sees it. */
  static final class Client extends StreamClient {
    private final RelayStreams.Output output;

    Client(TurnRelay relay, PeerAddress address, RelayStreams.Output output) {
      super(relay, address, "tls");
      this.output = output;
    }

    @Override
    public void send(byte[] bytes, int offset, int lengthBytes, boolean video) {
      if (output.waitingBytes() > StreamClient.most(video)) {
        relay.counters().drop(DropReason.TURN_WRITE_FULL);
      } else {
        output.send(Arrays.copyOfRange(bytes, offset, offset + lengthBytes));
      }
    }

    @Override
    void flush() {
      // What is sent leaves at once.
    }

    @Override
    void close() {
      output.close();
    }
  }
}
