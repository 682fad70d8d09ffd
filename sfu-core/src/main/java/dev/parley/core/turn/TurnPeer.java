package dev.parley.core.turn;

import dev.parley.core.common.HotPath;
import dev.parley.core.common.PeerAddress;
import dev.parley.core.common.PeerPath;
import org.jspecify.annotations.Nullable;

/**
 * One media address of this server as an allocation's peer. What the media engine sends back by
 * this peer's path reaches the client as coming from it. Turn thread only, but for what is final.
 */
public final class TurnPeer {

  private final TurnAllocation allocation;
  private final MediaAddresses.Entry media;
  private @Nullable PeerAddress source;
  private int channel;
  private boolean bound;
  private long channelEndsNanos;

  TurnPeer(TurnAllocation allocation, MediaAddresses.Entry media) {
    this.allocation = allocation;
    this.media = media;
  }

  void by(PeerPath path) {
    source = allocation.relayed().by(path);
  }

  /** The client as the media engine sees it: the relayed address, by this peer's path. */
  @HotPath
  public PeerAddress source() {
    PeerAddress known = source;
    if (known == null) {
      throw new IllegalStateException("a peer was used before it had a path");
    }
    return known;
  }

  /** How the client reaches the relay, as {@link TurnClient#kind}. Any thread. */
  public String clientKind() {
    return allocation.client().kind();
  }

  /** The number of the media port it was configured with. */
  @HotPath
  public int port() {
    return media.port();
  }

  @HotPath
  TurnAllocation allocation() {
    return allocation;
  }

  @HotPath
  PeerAddress address() {
    return media.address();
  }

  @HotPath
  MediaAddresses.Entry media() {
    return media;
  }

  void bind(int number, long endsNanos) {
    channel = number;
    bound = true;
    channelEndsNanos = endsNanos;
  }

  /** The channel's number, or -1 where none is bound now. */
  @HotPath
  int channel(long nowNanos) {
    return bound && channelEndsNanos - nowNanos > 0 ? channel : -1;
  }

  /** The number that no other peer may have yet (RFC 8656 section 12), or -1. */
  int reservedChannel(long nowNanos, long restNanos) {
    return bound && channelEndsNanos + restNanos - nowNanos > 0 ? channel : -1;
  }

  /** Whether data may pass. */
  @HotPath
  boolean isPermitted(long nowNanos) {
    return allocation.permissionEndsNanos(media.ip()) - nowNanos > 0;
  }
}
