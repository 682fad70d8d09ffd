package dev.parley.core.rtp;

import dev.parley.core.common.HotPath;

/** Where a subscription puts a plain RTP packet; implemented by the subscriber's transport. */
public interface RtpSink {
  /**
   * Borrows the packet until it returns.
   *
   * @return false when it was dropped; the sink has counted why
   */
  @HotPath
  boolean sendRtp(byte[] bytes, int offset, int lengthBytes, long nowNanos);
}
