package dev.parley.micro;

import dev.parley.core.codec.Codec;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The packets of one sender without an end: a key frame, then a ring of frames whose numbers are
 * moved on, so that a receiver sees a stream. Frames have four packets; sound has one packet each
 * 20 ms. One thread.
 */
final class SyntheticStream {
  static final int PAYLOAD_TYPE = 96;
  static final int SSRC = 0x5eed;
  static final int LEVEL_ID = 1;
  static final int MID_ID = 4;
  static final int TRANSPORT_WIDE_ID = 5;
  static final int DESCRIPTOR_ID = 13;

  /** Packets of the ring, a power of two. */
  static final int RING = 64;

  private static final int FRAME_PACKETS = 4;
  private static final int VIDEO_BYTES = 1100;
  private static final int AUDIO_BYTES = 120;
  private static final int VIDEO_STEP = 3_000;
  private static final int AUDIO_STEP = 960;
  private static final int EXTENSION_AT = 12;

  /** VP8 and VP9: which temporal layer the frames of four are in (L1T3). */
  private static final int[] TEMPORAL = {0, 2, 1, 2};

  /**
   * A structure of one spatial and two temporal layers, 320 times 180 pixels, as it follows the
   * three bytes that each descriptor has (AV1 RTP specification, appendix A).
   */
  private static final byte[] AV1_STRUCTURE = HexFormat.of().parseHex("80017a140809f80598");

  /** A sequence parameter set of the baseline profile, and a picture parameter set. */
  private static final byte[] H264_SPS = HexFormat.of().parseHex("6742e01f8c8d40501ed00f08846a");

  private static final byte[] H264_PPS = HexFormat.of().parseHex("68ce3c80");

  private final Codec codec;
  private final SplittableRandom random;
  private final byte[][] key;
  private final byte[][] ring;
  private int sent;

  /** {@code codec}: any but RED. */
  SyntheticStream(Codec codec, long seed) {
    this.codec = codec;
    this.random = new SplittableRandom(seed);
    this.key = packets(codec.hasKeyFrames() ? FRAME_PACKETS : 0, true);
    this.ring = packets(RING, false);
  }

  private byte[][] packets(int count, boolean keyFrame) {
    List<byte[]> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(packet(i, keyFrame));
    }
    return all.toArray(byte[][]::new);
  }

  /** The next packet, which the stream borrows again with as many calls as the ring has packets. */
  byte[] next() {
    int number = sent++;
    boolean begins = number < key.length;
    byte[] packet = begins ? key[number] : ring[number - key.length & RING - 1];
    int frame = codec.audio() ? number : number / FRAME_PACKETS;
    put16(packet, 2, number);
    put32(packet, 4, frame * (codec.audio() ? AUDIO_STEP : VIDEO_STEP));
    int payload = payloadOffset(packet);
    switch (codec) {
      case VP8 -> {
        put16(packet, payload + 2, 0x8000 | frame & 0x7fff);
        packet[payload + 4] = (byte) lowest(frame);
      }
      case VP9 -> {
        put16(packet, payload + 1, 0x8000 | frame & 0x7fff);
        packet[payload + 4] = (byte) lowest(frame);
      }
      case AV1 -> put16(packet, EXTENSION_AT + 4 + 2 + 3 + 2, frame);
      case H264, OPUS, RED -> {}
    }
    return packet;
  }

  /** The number of the latest frame of the lowest temporal layer. */
  private static int lowest(int frame) {
    return frame / TEMPORAL.length;
  }

  static int payloadOffset(byte[] packet) {
    return EXTENSION_AT + 4 + 4 * packet[EXTENSION_AT + 3];
  }

  private byte[] packet(int index, boolean keyFrame) {
    boolean audio = codec.audio();
    int inFrame = index % FRAME_PACKETS;
    boolean first = inFrame == 0;
    boolean last = inFrame == FRAME_PACKETS - 1;
    int temporal = keyFrame ? 0 : TEMPORAL[(index / FRAME_PACKETS + 1) % TEMPORAL.length];
    byte[] bytes = new byte[audio ? AUDIO_BYTES : VIDEO_BYTES];
    random.nextBytes(bytes);
    ByteBuffer out = ByteBuffer.wrap(bytes);
    out.put((byte) 0x90).put((byte) ((!audio && last ? 0x80 : 0) | PAYLOAD_TYPE));
    out.putShort((short) 0).putInt(0).putInt(SSRC);
    out.putShort((short) 0xbede).putShort((short) 0);
    element(out, MID_ID, (byte) '0');
    element(out, TRANSPORT_WIDE_ID, (byte) 0, (byte) 0);
    if (audio) {
      element(out, LEVEL_ID, (byte) 40);
    }
    if (codec == Codec.AV1) {
      element(out, DESCRIPTOR_ID, descriptor(first, last, temporal, keyFrame));
    }
    while ((out.position() & 3) != 0) {
      out.put((byte) 0);
    }
    bytes[EXTENSION_AT + 3] = (byte) ((out.position() - EXTENSION_AT - 4) / 4);
    switch (codec) {
      case VP8 -> vp8(out, first, keyFrame, temporal);
      case VP9 -> vp9(out, first, last, keyFrame, temporal);
      case H264 -> h264(out, first, last, keyFrame);
      case AV1 -> out.put((byte) (first && keyFrame ? 0x18 : 0x10));
      case OPUS, RED -> {}
    }
    return bytes;
  }

  private static void element(ByteBuffer out, int id, byte... value) {
    out.put((byte) (id << 4 | value.length - 1)).put(value);
  }

  /** The structure's two templates are the two temporal layers. */
  private static byte[] descriptor(boolean first, boolean last, int temporal, boolean keyFrame) {
    ByteBuffer out = ByteBuffer.allocate(3 + AV1_STRUCTURE.length);
    out.put((byte) ((first ? 0x80 : 0) | (last ? 0x40 : 0) | Math.min(temporal, 1)));
    out.putShort((short) 0);
    if (first && keyFrame) {
      out.put(AV1_STRUCTURE);
    }
    return java.util.Arrays.copyOf(out.array(), out.position());
  }

  /** RFC 7741 section 4.2 with picture id, TL0PICIDX and TID; the frame tag by RFC 6386. */
  private static void vp8(ByteBuffer out, boolean first, boolean keyFrame, int temporal) {
    out.put((byte) (0x80 | (temporal == 2 ? 0x20 : 0) | (first ? 0x10 : 0))).put((byte) 0xe0);
    out.putShort((short) 0).put((byte) 0).put((byte) (temporal << 6));
    if (first) {
      out.put((byte) (keyFrame ? 0x10 : 0x11)).putShort((short) 0);
      if (keyFrame) {
        out.put((byte) 0x9d).put((byte) 1).put((byte) 0x2a).putInt(0x8002_6801);
      }
    }
  }

  /** RFC 9628 section 4.2, not flexible; the key frame has its structure of one spatial layer. */
  private static void vp9(
      ByteBuffer out, boolean first, boolean last, boolean keyFrame, int temporal) {
    boolean structure = first && keyFrame;
    int flags = 0xa0 | (keyFrame ? 0 : 0x40) | (first ? 0x08 : 0) | (last ? 0x04 : 0);
    out.put((byte) (flags | (structure ? 0x02 : 0))).putShort((short) 0);
    out.put((byte) (temporal << 5)).put((byte) 0);
    if (structure) {
      out.put((byte) 0x10).putShort((short) 640).putShort((short) 360);
    }
  }

  /** RFC 6184 section 5: the parameter sets together (STAP-A), then a picture in parts (FU-A). */
  private static void h264(ByteBuffer out, boolean first, boolean last, boolean keyFrame) {
    if (first && keyFrame) {
      out.put((byte) 24);
      out.putShort((short) H264_SPS.length).put(H264_SPS);
      out.putShort((short) H264_PPS.length).put(H264_PPS);
      out.putShort((short) (out.remaining() - 2)).put((byte) 0x65);
    } else {
      int part = (first ? 0x80 : 0) | (last ? 0x40 : 0);
      out.put((byte) 0x7c).put((byte) (part | (keyFrame ? 5 : 1)));
    }
  }

  private static void put16(byte[] b, int at, int value) {
    b[at] = (byte) (value >> 8);
    b[at + 1] = (byte) value;
  }

  private static void put32(byte[] b, int at, int value) {
    put16(b, at, value >> 16);
    put16(b, at + 2, value);
  }
}
