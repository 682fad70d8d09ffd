package dev.parley.core.transport;

import dev.parley.core.common.HotPath;

/** Sees what a transport sends and receives, in the clear. Worker's thread. */
public interface PacketTap {
  /**
   * Borrows an RTP or RTCP packet.
   *
   * @param sent by this server
   */
  @HotPath
  void onPacket(boolean sent, byte[] bytes, int offset, int lengthBytes, long nowNanos);
}
