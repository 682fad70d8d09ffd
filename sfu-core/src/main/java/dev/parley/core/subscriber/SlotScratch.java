package dev.parley.core.subscriber;

import dev.parley.core.codec.RedPayload;
import dev.parley.core.rtp.RtpPacket;

/**
 * What a worker's slots need for the packet at hand and no longer: one for all of them, so that it
 * stays in the processor's cache. Worker's thread only.
 */
public final class SlotScratch {
  private static final int BYTES = 2048;

  /** Where packets are written, from position 0 on. */
  final byte[] out = new byte[BYTES];

  final PacketLayout layout = new PacketLayout();
  final Selection selection = new Selection();
  final Rewrite rewrite = new Rewrite();

  /** For packets that show nothing. */
  final Rewrite nothing = new Rewrite();

  final RedPayload red = new RedPayload();

  /** A packet out of its source's ring, to be sent once more. */
  final byte[] original = new byte[BYTES];

  final RtpPacket packet = new RtpPacket();
  final Rewrite repeated = new Rewrite();
}
