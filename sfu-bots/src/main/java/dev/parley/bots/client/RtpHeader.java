package dev.parley.bots.client;

import dev.parley.core.rtp.RtpPacket;
import java.nio.charset.StandardCharsets;

/** Writes the header of a published packet with its extensions in one-byte form (RFC 8285). */
public final class RtpHeader {
  /** As {@code OfferParameters.opusAndVp8WithRepair} offers them. */
  static final int AUDIO_LEVEL_ID = 1;

  static final int TRANSPORT_WIDE_ID = 3;

  static final int MID_ID = 4;
  static final int RID_ID = 10;
  static final int REPAIRED_RID_ID = 11;
  public static final int OPUS = 111;
  public static final int VP8 = 96;
  public static final int VP8_RTX = 97;
  public static final int VP9 = 98;
  public static final int VP9_RTX = 99;

  public static final int NO_LEVEL = -1;
  private static final int NO_NUMBER = -1;

  private RtpHeader() {}

  /**
   * What the extensions say.
   *
   * @param mid of the section
   * @param rid of the encoding; empty: there is one
   * @param repeats whether the packet repeats one of that encoding
   * @param level of the sound in -dBov (RFC 6464), or {@link #NO_LEVEL}
   * @param transportNumber of the packet among all of its transport
   */
  public record Extensions(
      String mid, String rid, boolean repeats, int level, int transportNumber) {}

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
    return write(
        out,
        marker,
        payloadType,
        sequence16,
        timestamp,
        ssrc,
        new Extensions(mid, "", false, level, NO_NUMBER));
  }

  /**
   * Writes the header.
   *
   * @return where the payload begins
   */
  public static int write(
      byte[] out,
      boolean marker,
      int payloadType,
      int sequence16,
      int timestamp,
      int ssrc,
      Extensions extensions) {
    RtpPacket.writeFixedHeader(out, 0, true, 0, marker, payloadType, sequence16, timestamp, ssrc);
    int begin = RtpPacket.FIXED_HEADER_BYTES + 4;
    int at = begin;
    at = text(out, at, MID_ID, extensions.mid());
    if (!extensions.rid().isEmpty()) {
      at = text(out, at, extensions.repeats() ? REPAIRED_RID_ID : RID_ID, extensions.rid());
    }
    if (extensions.level() != NO_LEVEL) {
      out[at++] = (byte) (AUDIO_LEVEL_ID << 4);
      out[at++] = (byte) extensions.level();
    }
    if (extensions.transportNumber() != NO_NUMBER) {
      out[at++] = (byte) (TRANSPORT_WIDE_ID << 4 | 1);
      out[at++] = (byte) (extensions.transportNumber() >> 8);
      out[at++] = (byte) extensions.transportNumber();
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

  private static int text(byte[] out, int at, int id, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out[at] = (byte) (id << 4 | bytes.length - 1);
    System.arraycopy(bytes, 0, out, at + 1, bytes.length);
    return at + 1 + bytes.length;
  }
}
