package dev.parley.core.codec;

import dev.parley.core.common.HotPath;
import dev.parley.core.rtp.RtpPacket;

/**
 * H.264 payloads (RFC 6184 section 5): single NAL units, STAP-A and FU-A. A receiver can begin at a
 * sequence parameter set, or at an IDR picture without one.
 */
final class H264Payload extends VideoPayload {
  private static final int IDR = 5;
  private static final int SEQUENCE_PARAMETERS = 7;
  private static final int STAP_A = 24;
  private static final int FU_A = 28;

  private boolean begun;
  private int timestamp;

  /** The timestamp of the key frame whose beginning was seen. */
  private int keyTimestamp;

  private boolean keyKnown;

  @Override
  public VideoPayload sibling() {
    return new H264Payload();
  }

  @Override
  @HotPath
  public boolean read(RtpPacket packet) {
    byte[] b = packet.bytes();
    int at = packet.payloadOffset();
    int end = at + packet.payloadBytes();
    if (at >= end) {
      return false;
    }
    int type = b[at] & 0x1f;
    boolean key = false;
    boolean parameters = false;
    if (type == STAP_A) {
      at++;
      while (at + 2 <= end) {
        int length = (b[at] & 0xff) << 8 | (b[at + 1] & 0xff);
        at += 2;
        if (length == 0 || at + length > end) {
          return false;
        }
        int inner = b[at] & 0x1f;
        key |= inner == IDR;
        if (inner == SEQUENCE_PARAMETERS) {
          parameters = true;
          readSize(b, at, at + length);
        }
        at += length;
      }
      if (at != end) {
        return false;
      }
    } else if (type == FU_A) {
      if (end - at < 2) {
        return false;
      }
      key = (b[at + 1] & 0x80) != 0 && (b[at + 1] & 0x1f) == IDR;
    } else if (type == 0 || type >= STAP_A) {
      // Other aggregations and fragments are of interleaved mode, which is not negotiated.
      return false;
    } else {
      key = type == IDR;
      if (type == SEQUENCE_PARAMETERS) {
        parameters = true;
        readSize(b, at, end);
      }
    }
    frameStart = !begun || packet.timestamp() != timestamp;
    begun = true;
    timestamp = packet.timestamp();
    frameEnd = packet.marker();
    boolean continued = keyKnown && keyTimestamp == timestamp;
    keyFrameStart = (key || parameters) && !continued;
    if (keyFrameStart) {
      keyKnown = true;
      keyTimestamp = timestamp;
    }
    return true;
  }

  /**
   * Width and height of a sequence parameter set (ITU-T H.264 section 7.3.2.1.1), baseline to high.
   */
  private void readSize(byte[] b, int from, int end) {
    Bits bits = new Bits(b, from + 1, end);
    int profile = bits.read(8);
    bits.read(16);
    bits.golomb();
    if (profile == 100 || profile == 110 || profile == 122 || profile == 244 || profile == 44) {
      // Chroma and scaling of the high profiles, which are not negotiated.
      return;
    }
    bits.golomb();
    int order = bits.golomb();
    if (order == 0) {
      bits.golomb();
    } else if (order == 1) {
      bits.read(1);
      bits.golomb();
      bits.golomb();
      int count = Math.min(bits.golomb(), 255);
      for (int i = 0; i < count; i++) {
        bits.golomb();
      }
    }
    bits.golomb();
    bits.read(1);
    int width = 16 * (bits.golomb() + 1);
    int mapUnits = bits.golomb() + 1;
    int framesOnly = bits.read(1);
    int height = 16 * mapUnits * (2 - framesOnly);
    if (framesOnly == 0) {
      bits.read(1);
    }
    bits.read(1);
    if (bits.read(1) == 1) {
      width -= 2 * (bits.golomb() + bits.golomb());
      height -= 2 * (2 - framesOnly) * (bits.golomb() + bits.golomb());
    }
    if (!bits.over() && width > 0 && height > 0 && width <= 16_384 && height <= 16_384) {
      size(0, width, height);
    }
  }

  /** Bits of a NAL unit, without the bytes that prevent emulation. */
  private static final class Bits {
    private final byte[] bytes;
    private final int end;
    private int at;
    private int bit;
    private int zeros;
    private boolean over;

    Bits(byte[] bytes, int from, int end) {
      this.bytes = bytes;
      this.at = from;
      this.end = end;
    }

    int read(int count) {
      int value = 0;
      for (int i = 0; i < count; i++) {
        value = value << 1 | next();
      }
      return value;
    }

    private int next() {
      if (bit == 0 && at < end && zeros >= 2 && bytes[at] == 3) {
        at++;
        zeros = 0;
      }
      if (at >= end) {
        over = true;
        return 0;
      }
      int value = bytes[at] >> 7 - bit & 1;
      if (++bit == 8) {
        bit = 0;
        zeros = bytes[at] == 0 ? zeros + 1 : 0;
        at++;
      }
      return value;
    }

    /** An unsigned Exp-Golomb code. */
    int golomb() {
      int leading = 0;
      while (next() == 0 && !over && leading < 24) {
        leading++;
      }
      return (1 << leading) - 1 + read(leading);
    }

    boolean over() {
      return over;
    }
  }
}
