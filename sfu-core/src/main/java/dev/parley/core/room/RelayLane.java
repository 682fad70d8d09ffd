package dev.parley.core.room;

import dev.parley.core.common.HotPath;
import dev.parley.core.publisher.Layer;
import dev.parley.core.rtp.RtpPacket;

/**
 * Takes packets from the thread of one wing to that of another one, in order. What it cannot take
 * it drops and counts.
 */
public interface RelayLane {
  /** What packets are for; lives on the taking wing's thread. */
  interface Taker {
    /**
     * A packet has crossed. Borrows the bytes.
     *
     * @param generation of the layer where it comes from
     * @param reportTimestamp and {@code reportNanos}: how its source's clock stands to the server's
     */
    @HotPath
    void take(
        int layer,
        int generation,
        int reportTimestamp,
        long reportNanos,
        long sequence,
        byte[] bytes,
        int offset,
        int lengthBytes,
        long nowNanos);
  }

  /**
   * Copies a packet, without its padding, and what the layer knows of its source's clock. The
   * giving wing's thread.
   *
   * @param sequence the number that the copy goes by
   */
  @HotPath
  void offer(Taker to, Layer layer, RtpPacket packet, long sequence, long nowNanos);
}
