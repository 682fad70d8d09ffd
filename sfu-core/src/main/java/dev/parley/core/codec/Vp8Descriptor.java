package dev.parley.core.codec;

import dev.parley.core.common.HotPath;

/**
 * The VP8 payload descriptor and the frame tag behind it (RFC 7741 sections 4.2 and 4.3). One
 * instance a worker, moved from packet to packet.
 */
public final class Vp8Descriptor {
  private int pictureIdAt;
  private boolean longPictureId;
  private int pictureId;
  private int tl0At;
  private int tl0;
  private boolean keyFrameStart;
  private int width;
  private int height;

  /**
   * Reads the descriptor at the beginning of a payload.
   *
   * @return false when the payload ends inside it
   */
  @HotPath
  public boolean read(byte[] b, int offset, int lengthBytes) {
    pictureIdAt = -1;
    tl0At = -1;
    pictureId = -1;
    longPictureId = false;
    tl0 = -1;
    keyFrameStart = false;
    int end = offset + lengthBytes;
    int at = offset;
    if (at >= end) {
      return false;
    }
    int first = b[at++] & 0xff;
    if ((first & 0x80) != 0) {
      if (at >= end) {
        return false;
      }
      int fields = b[at++] & 0xff;
      if ((fields & 0x80) != 0) {
        if (at >= end) {
          return false;
        }
        pictureIdAt = at;
        longPictureId = b[at] < 0;
        if (longPictureId) {
          if (at + 1 >= end) {
            return false;
          }
          pictureId = (b[at] & 0x7f) << 8 | (b[at + 1] & 0xff);
          at += 2;
        } else {
          pictureId = b[at++] & 0x7f;
        }
      }
      if ((fields & 0x40) != 0) {
        if (at >= end) {
          return false;
        }
        tl0At = at;
        tl0 = b[at++] & 0xff;
      }
      if ((fields & 0x30) != 0) {
        at++;
      }
    }
    if (at >= end) {
      return false;
    }
    boolean startOfFrame = (first & 0x10) != 0 && (first & 0x07) == 0;
    if (startOfFrame && (b[at] & 0x01) == 0) {
      if (end - at < 10) {
        return false;
      }
      keyFrameStart = true;
      width = ((b[at + 7] & 0x3f) << 8) | (b[at + 6] & 0xff);
      height = ((b[at + 9] & 0x3f) << 8) | (b[at + 8] & 0xff);
    }
    return true;
  }

  /** Whether this is the first packet of a key frame. */
  @HotPath
  public boolean keyFrameStart() {
    return keyFrameStart;
  }

  /** In pixels; of the key frame that begins here. */
  @HotPath
  public int width() {
    return width;
  }

  /** In pixels; of the key frame that begins here. */
  @HotPath
  public int height() {
    return height;
  }

  /** 7 or 15 bits, or -1 when there is none. */
  @HotPath
  public int pictureId() {
    return pictureId;
  }

  /** The number of values a picture id takes here: 128 or 32768. */
  @HotPath
  public int pictureIdModulus() {
    return longPictureId ? 1 << 15 : 1 << 7;
  }

  /** The running index of base-layer frames, 8 bits, or -1 when there is none. */
  @HotPath
  public int tl0PicIdx() {
    return tl0;
  }

  /**
   * Writes other numbers into a copy of this payload, in the same widths.
   *
   * @param copyOffset where the copied payload begins in {@code out}
   * @param originalOffset where the payload began that was read
   */
  @HotPath
  public void rewrite(
      byte[] out, int copyOffset, int originalOffset, int newPictureId, int newTl0) {
    int shift = copyOffset - originalOffset;
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
