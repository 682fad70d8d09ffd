package dev.parley.bots.media;

import dev.parley.bots.client.RtpHeader;
import dev.parley.bots.client.VideoFormat;

/** Writes what a codec's packets begin with. Pure; any thread. */
sealed interface PayloadWriter {
  /**
   * What a packet says of its frame.
   *
   * @param begins and {@code ends}: whether the frame does so with the packet
   * @param sync whether the frame refers to the lowest temporal layer only
   */
  record Frame(
      boolean begins,
      boolean ends,
      boolean key,
      int pictureId,
      int tl0,
      int temporalId,
      boolean sync,
      int width,
      int height) {}

  /** What the longest beginning takes. */
  int mostBytes();

  int payloadType();

  int rtxPayloadType();

  /** Writes the beginning of a payload of at least {@link #mostBytes}. */
  void write(byte[] payload, Frame frame);

  /** How much of {@link #write} is the descriptor; the codec's own bytes follow. */
  int descriptorBytes(Frame frame);

  /** Puts another picture id into a payload that {@link #write} began. */
  void number(byte[] payload, int pictureId);

  static PayloadWriter of(VideoFormat format) {
    return switch (format) {
      case VP8 -> new Vp8();
      case VP9 -> new Vp9();
    };
  }

  /** RFC 7741 section 4.2 with picture id, TL0PICIDX and TID; the frame's header by RFC 6386. */
  record Vp8() implements PayloadWriter {
    private static final int DESCRIPTOR_BYTES = 6;
    private static final int KEY_HEADER_BYTES = 10;

    @Override
    public int mostBytes() {
      return DESCRIPTOR_BYTES + KEY_HEADER_BYTES;
    }

    @Override
    public int descriptorBytes(Frame frame) {
      return DESCRIPTOR_BYTES;
    }

    @Override
    public void number(byte[] payload, int pictureId) {
      payload[2] = (byte) (0x80 | pictureId >> 8);
      payload[3] = (byte) pictureId;
      // One temporal layer: every picture is one of the lowest.
      payload[4] = (byte) pictureId;
    }

    @Override
    public int payloadType() {
      return RtpHeader.VP8;
    }

    @Override
    public int rtxPayloadType() {
      return RtpHeader.VP8_RTX;
    }

    @Override
    public void write(byte[] payload, Frame frame) {
      boolean discardable = frame.temporalId() == 2;
      payload[0] = (byte) (0x80 | (discardable ? 0x20 : 0) | (frame.begins() ? 0x10 : 0));
      payload[1] = (byte) 0xe0;
      payload[2] = (byte) (0x80 | frame.pictureId() >> 8);
      payload[3] = (byte) frame.pictureId();
      payload[4] = (byte) frame.tl0();
      payload[5] = (byte) (frame.temporalId() << 6 | (frame.sync() ? 0x20 : 0));
      if (!frame.begins()) {
        return;
      }
      // Bit 0 is clear for key frames; shown; the first partition's size.
      int tag = (frame.key() ? 0 : 1) | 1 << 4 | Math.min(payload.length, 0x7ffff) << 5;
      int at = DESCRIPTOR_BYTES;
      payload[at] = (byte) tag;
      payload[at + 1] = (byte) (tag >> 8);
      payload[at + 2] = (byte) (tag >> 16);
      if (frame.key()) {
        payload[at + 3] = (byte) 0x9d;
        payload[at + 4] = 0x01;
        payload[at + 5] = 0x2a;
        payload[at + 6] = (byte) frame.width();
        payload[at + 7] = (byte) (frame.width() >> 8 & 0x3f);
        payload[at + 8] = (byte) frame.height();
        payload[at + 9] = (byte) (frame.height() >> 8 & 0x3f);
      }
    }
  }

  /**
   * RFC 9628 section 4.2, not flexible, one spatial layer; key frames begin with their size. The
   * frame's header as far as its sync code.
   */
  record Vp9() implements PayloadWriter {
    private static final int DESCRIPTOR_BYTES = 5;
    private static final int STRUCTURE_BYTES = 5;
    private static final int HEADER_BYTES = 4;

    @Override
    public int mostBytes() {
      return DESCRIPTOR_BYTES + STRUCTURE_BYTES + HEADER_BYTES;
    }

    @Override
    public int descriptorBytes(Frame frame) {
      return frame.begins() && frame.key() ? DESCRIPTOR_BYTES + STRUCTURE_BYTES : DESCRIPTOR_BYTES;
    }

    @Override
    public void number(byte[] payload, int pictureId) {
      payload[1] = (byte) (0x80 | pictureId >> 8);
      payload[2] = (byte) pictureId;
      payload[4] = (byte) pictureId;
    }

    @Override
    public int payloadType() {
      return RtpHeader.VP9;
    }

    @Override
    public int rtxPayloadType() {
      return RtpHeader.VP9_RTX;
    }

    @Override
    public void write(byte[] payload, Frame frame) {
      boolean structure = frame.begins() && frame.key();
      payload[0] =
          (byte)
              (0xa0
                  | (frame.key() ? 0 : 0x40)
                  | (frame.begins() ? 0x08 : 0)
                  | (frame.ends() ? 0x04 : 0)
                  | (structure ? 0x02 : 0));
      payload[1] = (byte) (0x80 | frame.pictureId() >> 8);
      payload[2] = (byte) frame.pictureId();
      payload[3] = (byte) (frame.temporalId() << 5 | (frame.sync() ? 0x10 : 0));
      payload[4] = (byte) frame.tl0();
      int at = DESCRIPTOR_BYTES;
      if (structure) {
        // One spatial layer, and its size.
        payload[at] = 0x10;
        payload[at + 1] = (byte) (frame.width() >> 8);
        payload[at + 2] = (byte) frame.width();
        payload[at + 3] = (byte) (frame.height() >> 8);
        payload[at + 4] = (byte) frame.height();
        at += STRUCTURE_BYTES;
      }
      if (frame.begins()) {
        // Frame marker, profile 0, shown; a key frame has the sync code.
        payload[at] = (byte) (frame.key() ? 0x82 : 0x86);
        payload[at + 1] = (byte) (frame.key() ? 0x49 : 0);
        payload[at + 2] = (byte) (frame.key() ? 0x83 : 0);
        payload[at + 3] = (byte) (frame.key() ? 0x42 : 0);
      }
    }
  }
}
