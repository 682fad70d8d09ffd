package dev.parley.core.codec;

import dev.parley.core.common.HotPath;

/** A payload whose descriptor numbers pictures, as those of VP8 and VP9 do in the same way. */
abstract class NumberedPayload extends VideoPayload {
  private static final int SHORT_MODULUS = 1 << 7;
  private static final int LONG_MODULUS = 1 << 15;

  private int payloadAt;
  private int pictureIdAt;
  private boolean longPictureId;
  private int pictureId;
  private int tl0At;
  private int tl0;

  /** Nothing is known of the payload that begins here. */
  @HotPath
  final void begin(int newPayloadAt) {
    payloadAt = newPayloadAt;
    pictureIdAt = -1;
    longPictureId = false;
    pictureId = -1;
    tl0At = -1;
    tl0 = -1;
  }

  @Override
  @HotPath
  public void follow(VideoPayload other, byte[] copy, int shift) {
    super.follow(other, copy, shift);
    NumberedPayload like = (NumberedPayload) other;
    // Positions count from the payload's, which may stay where it was.
    payloadAt = like.payloadAt;
    pictureIdAt = like.pictureIdAt;
    longPictureId = like.longPictureId;
    pictureId = like.pictureId;
    tl0At = like.tl0At;
    tl0 = like.tl0;
  }

  /** Reads a picture id of 7 or 15 bits; returns the position behind it, or -1. */
  @HotPath
  final int readPictureId(byte[] b, int at, int end) {
    if (at >= end) {
      return -1;
    }
    longPictureId = b[at] < 0;
    if (longPictureId && at + 1 >= end) {
      return -1;
    }
    pictureIdAt = at;
    if (longPictureId) {
      pictureId = (b[at] & 0x7f) << 8 | (b[at + 1] & 0xff);
      return at + 2;
    }
    pictureId = b[at] & 0x7f;
    return at + 1;
  }

  /** Reads a TL0PICIDX; returns the position behind it, or -1. */
  @HotPath
  final int readTl0(byte[] b, int at, int end) {
    if (at >= end) {
      return -1;
    }
    tl0At = at;
    tl0 = b[at] & 0xff;
    return at + 1;
  }

  @Override
  @HotPath
  public final int pictureId() {
    return pictureId;
  }

  @Override
  @HotPath
  public final int pictureIdModulus() {
    return pictureId < 0 ? 0 : longPictureId ? LONG_MODULUS : SHORT_MODULUS;
  }

  @Override
  @HotPath
  public final int tl0PicIdx() {
    return tl0;
  }

  @Override
  @HotPath
  public final void rewrite(byte[] out, int copyOffset, int newPictureId, int newTl0) {
    int shift = copyOffset - payloadAt;
    if (pictureIdAt >= 0) {
      int at = pictureIdAt + shift;
      if (longPictureId) {
        out[at] = (byte) (0x80 | newPictureId >> 8);
        out[at + 1] = (byte) newPictureId;
      } else {
        out[at] = (byte) (newPictureId & 0x7f);
      }
    }
    if (tl0At >= 0) {
      out[tl0At + shift] = (byte) newTl0;
    }
  }
}
