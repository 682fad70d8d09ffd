package dev.parley.core.rtp;

import dev.parley.core.common.HotPath;

/** Where a subscriber's plain RTP packets go; implemented by the subscriber's transport. */
public interface RtpSink {
  /** What a packet is, in the order in which it may overtake others that wait to be sent. */
  enum Kind {
    AUDIO,
    REPAIR,
    VIDEO,
    /** Sent only to learn how much the network carries. */
    PADDING
  }

  /** Fetches what the next packet needs into the processor's cache; the value means nothing. */
  @HotPath
  default int warm() {
    return 0;
  }

  /**
   * Borrows the packet until it returns.
   *
   * @param transportWideAt where in {@code bytes} the transport-wide sequence number is to be
   *     written at the last moment, or -1 when the packet carries none
   * @return false when it was dropped; the sink has counted why
   */
  @HotPath
  boolean sendRtp(
      byte[] bytes, int offset, int lengthBytes, int transportWideAt, Kind kind, long nowNanos);
}
