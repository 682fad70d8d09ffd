package dev.parley.core.codec;

import dev.parley.core.common.HotPath;
import dev.parley.core.rtp.RtpPacket;

/** The VP8 payload descriptor and the frame tag behind it (RFC 7741 sections 4.2 and 4.3). */
final class Vp8Payload extends VideoPayload {
  private int payloadAt;
  private int pictureIdAt;
  private boolean longPictureId;
  private int pictureId;
  private int tl0At;
  private int tl0;
  private int temporalId;
  private boolean layerSync;
  private boolean frameStart;
  private boolean frameEnd;
  private boolean keyFrameStart;

  @Override
  public VideoPayload sibling() {
    return new Vp8Payload();
  }

  @Override
  @HotPath
  public boolean read(RtpPacket packet) {
    byte[] b = packet.bytes();
    payloadAt = packet.payloadOffset();
    int end = payloadAt + packet.payloadBytes();
    int at = payloadAt;
    pictureIdAt = -1;
    tl0At = -1;
    pictureId = -1;
    longPictureId = false;
    tl0 = -1;
    temporalId = 0;
    layerSync = false;
    keyFrameStart = false;
    if (at >= end) {
      return false;
    }
    int first = b[at++] & 0xff;
    if ((first & 0x80) != 0) {
      at = readExtended(b, at, end);
    }
    if (at < 0 || at >= end) {
      return false;
    }
    frameStart = (first & 0x10) != 0 && (first & 0x07) == 0;
    frameEnd = packet.marker();
    if (frameStart && (b[at] & 0x01) == 0) {
      if (end - at < 10) {
        return false;
      }
      keyFrameStart = true;
      int width = (b[at + 7] & 0x3f) << 8 | (b[at + 6] & 0xff);
      int height = (b[at + 9] & 0x3f) << 8 | (b[at + 8] & 0xff);
      size(0, width, height);
    }
    layers(1, temporalId + 1);
    return true;
  }

  /** The fields behind the first byte; where the frame goes on, or -1. */
  @HotPath
  private int readExtended(byte[] b, int from, int end) {
    int at = from;
    if (at >= end) {
      return -1;
    }
    int fields = b[at++] & 0xff;
    if ((fields & 0x80) != 0) {
      if (at >= end) {
        return -1;
      }
      pictureIdAt = at;
      longPictureId = b[at] < 0;
      if (longPictureId) {
        if (at + 1 >= end) {
          return -1;
        }
        pictureId = (b[at] & 0x7f) << 8 | (b[at + 1] & 0xff);
        at += 2;
      } else {
        pictureId = b[at++] & 0x7f;
      }
    }
    if ((fields & 0x40) != 0) {
      if (at >= end) {
        return -1;
      }
      tl0At = at;
      tl0 = b[at++] & 0xff;
    }
    if ((fields & 0x30) != 0) {
      if (at >= end) {
        return -1;
      }
      if ((fields & 0x20) != 0) {
        temporalId = (b[at] & 0xff) >> 6;
        layerSync = (b[at] & 0x20) != 0;
      }
      at++;
    }
    return at;
  }

  @Override
  @HotPath
  public boolean keyFrameStart() {
    return keyFrameStart;
  }

  @Override
  @HotPath
  public boolean frameStart() {
    return frameStart;
  }

  @Override
  @HotPath
  public boolean frameEnd() {
    return frameEnd;
  }

  @Override
  @HotPath
  public int temporalId() {
    return temporalId;
  }

  @Override
  @HotPath
  public boolean canRaiseTemporal(int spatial, int from, int to) {
    // A frame with Y refers to the lowest layer only: from it on, all above may be shown.
    return keyFrameStart || layerSync;
  }

  @Override
  @HotPath
  public int pictureId() {
    return pictureId;
  }

  @Override
  @HotPath
  public int pictureIdModulus() {
    return pictureId < 0 ? 0 : longPictureId ? 1 << 15 : 1 << 7;
  }

  @Override
  @HotPath
  public int tl0PicIdx() {
    return tl0;
  }

  @Override
  @HotPath
  public void rewrite(byte[] out, int copyOffset, int newPictureId, int newTl0) {
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
