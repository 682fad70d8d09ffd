package dev.parley.bots.client;

import dev.parley.core.api.MediaKind;

/** What a client tells of its media while it goes on. Owner's thread. */
public interface ClientEvents {
  /** Nobody listens. */
  ClientEvents NONE = new ClientEvents() {};

  /** A packet of this run took so long from the publisher's thread to this client's. */
  default void onLatency(MediaKind kind, long nanos) {}

  /**
   * A whole key frame after a wait for one; the time is since the first packet of the wait, which
   * the picture stood still or was not there yet.
   */
  default void onKeyFrame(long waitedNanos) {}

  /** The picture stood still for so long, as webrtc-stats defines {@code freezeCount}. */
  default void onFreeze(long nanos) {}

  /** A slot shows another encoding than before. */
  default void onLayerChange() {}

  /** It is over; nothing follows. */
  default void onFailed(String reason) {}
}
