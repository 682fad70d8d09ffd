package dev.parley.core.transport;

import dev.parley.core.common.HotPath;
import dev.parley.core.common.PeerAddress;
import org.jspecify.annotations.Nullable;

/** What a transport tells the participant above it. */
public interface Inbound {
  /** An authenticated RTP packet; borrows the bytes until it returns. */
  @HotPath
  void onRtp(byte[] bytes, int offset, int lengthBytes, long nowNanos);

  /** An authenticated RTCP compound packet; borrows the bytes until it returns. */
  void onRtcp(byte[] bytes, int offset, int lengthBytes, long nowNanos);

  /** A packet that was to be sent waits for its turn, and with it a timer. */
  @HotPath
  default void onWaiting() {}

  void onIceConnected(PeerAddress address);

  /** The client nominated a pair with this address, or came back there: the first, or another. */
  default void onSelected(PeerAddress address) {}

  /** DTLS is done: media may flow both ways. */
  void onConnected();

  /** The peer is silent: nothing is sent until {@link #onRecovered}. */
  void onInterrupted();

  /** The peer is back: media may flow both ways again. */
  void onRecovered();

  /**
   * The transport is closed; nothing follows.
   *
   * @param reason as in {@code MediaSession.StateDetail}
   * @param fault the broken invariant, when that was the reason
   */
  void onClosed(String reason, @Nullable Throwable fault);
}
