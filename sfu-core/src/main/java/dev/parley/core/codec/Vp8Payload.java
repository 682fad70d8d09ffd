package dev.parley.core.codec;

import dev.parley.core.common.HotPath;
import dev.parley.core.rtp.RtpPacket;

/** The VP8 payload descriptor and the frame tag behind it (RFC 7741 sections 4.2 and 4.3). */
final class Vp8Payload extends NumberedPayload {
  private boolean layerSync;

  @Override
  public VideoPayload sibling() {
    return new Vp8Payload();
  }

  @Override
  @HotPath
  public void follow(VideoPayload other, byte[] copy, int shift) {
    super.follow(other, copy, shift);
    layerSync = ((Vp8Payload) other).layerSync;
  }

  @Override
  @HotPath
  public boolean read(RtpPacket packet) {
    byte[] b = packet.bytes();
    int at = packet.payloadOffset();
    int end = at + packet.payloadBytes();
    begin(at);
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
      at = readPictureId(b, at, end);
    }
    if (at >= 0 && (fields & 0x40) != 0) {
      at = readTl0(b, at, end);
    }
    if (at >= 0 && (fields & 0x30) != 0) {
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
  public boolean canRaiseTemporal(int spatial, int from, int to) {
    // A frame with Y refers to the lowest layer only: from it on, all above may be shown.
    return keyFrameStart || layerSync;
  }
}
