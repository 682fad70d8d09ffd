package dev.parley.core.net;

import dev.parley.core.common.PeerAddress;
import dev.parley.core.turn.TurnClient;

/** A TCP or TLS connection as the relay sees it. Turn thread only, but for what is final. */
abstract class StreamClient extends TurnClient {
  final TurnRelay relay;
  private final PeerAddress address;
  private final String kind;
  private long unprovenSinceNanos;
  private boolean isOpen;

  StreamClient(TurnRelay relay, PeerAddress address, String kind) {
    this.relay = relay;
    this.address = address;
    this.kind = kind;
  }

  /** How many bytes may wait for one who does not read what was sent. */
  static int most(boolean video) {
    return video ? TurnRelay.WRITE_VIDEO_BYTES : TurnRelay.WRITE_HIGH_BYTES;
  }

  /** Sends on what waits for the end of the batch. */
  abstract void flush();

  abstract void close();

  @Override
  public final PeerAddress address() {
    return address;
  }

  @Override
  public final String kind() {
    return kind;
  }

  @Override
  public final boolean isStream() {
    return true;
  }

  final long unprovenSinceNanos() {
    return unprovenSinceNanos;
  }

  final void unprovenSince(long nowNanos) {
    unprovenSinceNanos = nowNanos;
  }

  /** Whether it is among the connections. */
  final boolean isOpen() {
    return isOpen;
  }

  final void open(boolean open) {
    isOpen = open;
  }

  @Override
  protected final void onAllocated() {
    relay.connections().proven(this);
  }

  @Override
  protected final void onReleased() {
    relay.connections().unproven(this, System.nanoTime());
  }
}
