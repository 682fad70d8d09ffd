package dev.parley.core.codec;

import dev.parley.core.common.HotPath;
import dev.parley.core.rtp.RtpPacket;

/** The VP9 payload descriptor (RFC 9628 section 4.2), flexible and not. */
final class Vp9Payload extends NumberedPayload {
  private static final int LAYERS = 8;

  private boolean predicted;
  private boolean switchingUp;
  private boolean dependsOnLower;
  private boolean notForUpper;

  /** Whether the picture has begun with a key frame of its lowest layer. */
  private boolean keyPicture;

  private int keyTimestamp;

  @Override
  public VideoPayload sibling() {
    return new Vp9Payload();
  }

  @Override
  @HotPath
  public void follow(VideoPayload other, byte[] copy, int shift) {
    super.follow(other, copy, shift);
    Vp9Payload like = (Vp9Payload) other;
    switchingUp = like.switchingUp;
    notForUpper = like.notForUpper;
    keyPicture = like.keyPicture;
  }

  @Override
  @HotPath
  public boolean read(RtpPacket packet) {
    byte[] b = packet.bytes();
    int at = packet.payloadOffset();
    int end = at + packet.payloadBytes();
    begin(at);
    if (at >= end) {
      return false;
    }
    int first = b[at++] & 0xff;
    boolean layered = (first & 0x20) != 0;
    boolean flexible = (first & 0x10) != 0;
    predicted = (first & 0x40) != 0;
    frameStart = (first & 0x08) != 0;
    frameEnd = (first & 0x04) != 0;
    notForUpper = (first & 0x01) != 0;
    temporalId = 0;
    spatialId = 0;
    switchingUp = false;
    dependsOnLower = false;
    if ((first & 0x80) != 0) {
      at = readPictureId(b, at, end);
    }
    if (at >= 0 && layered) {
      at = readLayer(b, at, end, flexible);
    }
    if (at >= 0 && flexible && predicted) {
      at = skipReferences(b, at, end);
    }
    if (at >= 0 && (first & 0x02) != 0) {
      at = readStructure(b, at, end);
    }
    if (at < 0 || at >= end) {
      return false;
    }
    keyFrameStart = frameStart && !predicted && spatialId == 0 && !dependsOnLower;
    layers(Math.max(spatialLayers(), spatialId + 1), temporalId + 1);
    if (keyFrameStart) {
      keyPicture = true;
      keyTimestamp = packet.timestamp();
    } else if (packet.timestamp() != keyTimestamp) {
      keyPicture = false;
    }
    return true;
  }

  @HotPath
  private int readLayer(byte[] b, int at, int end, boolean flexible) {
    if (at >= end) {
      return -1;
    }
    int layer = b[at] & 0xff;
    temporalId = layer >> 5;
    switchingUp = (layer & 0x10) != 0;
    spatialId = layer >> 1 & 7;
    dependsOnLower = (layer & 1) != 0;
    return flexible ? at + 1 : readTl0(b, at + 1, end);
  }

  @HotPath
  private static int skipReferences(byte[] b, int from, int end) {
    int at = from;
    for (int i = 0; i < 3; i++) {
      if (at >= end) {
        return -1;
      }
      if ((b[at++] & 1) == 0) {
        break;
      }
    }
    return at;
  }

  /** The scalability structure: how many spatial layers there are, and how large. */
  @HotPath
  private int readStructure(byte[] b, int from, int end) {
    int at = from;
    if (at >= end) {
      return -1;
    }
    int head = b[at++] & 0xff;
    int count = (head >> 5) + 1;
    if ((head & 0x10) != 0) {
      if (at + 4 * count > end) {
        return -1;
      }
      for (int i = 0; i < count; i++) {
        int width = (b[at] & 0xff) << 8 | (b[at + 1] & 0xff);
        int height = (b[at + 2] & 0xff) << 8 | (b[at + 3] & 0xff);
        size(i, width, height);
        at += 4;
      }
    }
    layers(Math.min(count, LAYERS), 1);
    if ((head & 0x08) != 0) {
      if (at >= end) {
        return -1;
      }
      int pictures = b[at++] & 0xff;
      for (int i = 0; i < pictures; i++) {
        if (at >= end) {
          return -1;
        }
        int picture = b[at++] & 0xff;
        layers(spatialLayers(), (picture >> 5) + 1);
        at += picture >> 2 & 3;
      }
    }
    return at;
  }

  @Override
  @HotPath
  public boolean neededFor(int spatial, int temporal) {
    if (spatialId > spatial || temporalId > temporal) {
      return false;
    }
    // Below the layer that is shown, only what upper layers are predicted from; of a key picture
    // all.
    return spatialId == spatial || !notForUpper || keyPicture;
  }

  @Override
  @HotPath
  public boolean canRaiseTemporal(int spatial, int from, int to) {
    // U speaks of what follows; a picture that is itself above may need others that were left out.
    return keyPicture || (spatialId == 0 && switchingUp && temporalId <= from);
  }

  @Override
  @HotPath
  public boolean canChangeSpatial() {
    return keyPicture;
  }
}
