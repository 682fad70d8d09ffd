package dev.parley.bots.client;

import dev.parley.core.rtp.RtpPacket;
import java.nio.charset.StandardCharsets;

/** Writes the header of a published packet with its extensions in one-byte form (RFC 8285). */
final class RtpHeader {
  /** As {@code OfferParameters.opusAndVp8} offers them. */
  static final int AUDIO_LEVEL_ID = 1;

  static final int TRANSPORT_WIDE_ID = 3;

  static final int MID_ID = 4;
  static final int OPUS = 111;
  static final int VP8 = 96;

  static final int NO_LEVEL = -1;

  private RtpHeader() {}

  /**
   * Writes the header.
   *
   * @param level of the sound in -dBov (RFC 6464), or {@link #NO_LEVEL}
   * @return where the payload begins
   */
  static int write(
      byte[] out,
      boolean marker,
      int payloadType,
      int sequence16,
      int timestamp,
      int ssrc,
      String mid,
      int level) {
    RtpPacket.writeFixedHeader(out, 0, true, 0, marker, payloadType, sequence16, timestamp, ssrc);
    int begin = RtpPacket.FIXED_HEADER_BYTES + 4;
    int at = begin;
    byte[] name = mid.getBytes(StandardCharsets.UTF_8);
    out[at++] = (byte) (MID_ID << 4 | name.length - 1);
    System.arraycopy(name, 0, out, at, name.length);
    at += name.length;
    if (level != NO_LEVEL) {
      out[at++] = (byte) (AUDIO_LEVEL_ID << 4);
      out[at++] = (byte) level;
    }
    while ((at - begin & 3) != 0) {
      out[at++] = 0;
    }
    out[begin - 4] = (byte) 0xbe;
    out[begin - 3] = (byte) 0xde;
    out[begin - 2] = 0;
    out[begin - 1] = (byte) ((at - begin) / 4);
    return at;
  }
}
