package dev.parley.core.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.parley.core.fixtures.PcapReader;
import dev.parley.core.fixtures.RtpBuilder;
import dev.parley.core.rtp.RtpPacket;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whole streams, because readers remember: a byte that chooses a viewer's layers, then RTP packets,
 * each behind two bytes of length. A viewer who is sent what is written reads the same, and a
 * sibling does not disturb the stream. See docs/fuzzing.md.
 */
class StreamFuzzTest {
  private static final int DESCRIPTOR = 13;
  private static final int BEFORE = 7;
  private static final int LAYERS = 4;

  // Of a seed.
  private static final int PACKETS = 5;
  private static final int PAYLOAD_BYTES = 48;
  private static final int SEEDS = 12;

  static List<byte[]> vp8() throws IOException {
    return streams(96, "vp8-simulcast.at-receiver", "firefox-vp8-simulcast.at-receiver");
  }

  static List<byte[]> vp9() throws IOException {
    return streams(98, "vp9-l3t3key.at-receiver", "screen-vp9.at-receiver");
  }

  static List<byte[]> h264() throws IOException {
    return streams(102, "h264.at-receiver");
  }

  static List<byte[]> av1() throws IOException {
    return streams(45, "av1-l1t3.at-receiver", "av1-l3t3.at-receiver");
  }

  /** Packets that follow each other, with as much of the payload as is looked at. */
  private static List<byte[]> streams(int payloadType, String... names) throws IOException {
    List<byte[]> all = new ArrayList<>();
    RtpPacket packet = new RtpPacket();
    for (String name : names) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      int packets = 0;
      int before = all.size();
      for (PcapReader.Recorded recorded : PcapReader.read(name)) {
        byte[] b = recorded.bytes();
        if (recorded.rtcp()
            || !packet.wrap(b, 0, b.length)
            || packet.payloadType() != payloadType
            || all.size() - before == SEEDS) {
          continue;
        }
        if (packets % PACKETS == 0) {
          out.write(all.size());
        }
        int header = packet.payloadOffset();
        int length = header + Math.min(packet.payloadBytes(), PAYLOAD_BYTES);
        out.write(length >> 8);
        out.write(length);
        out.write(b[0] & ~0x20);
        out.write(b, 1, length - 1);
        if (++packets % PACKETS == 0) {
          all.add(out.toByteArray());
          out.reset();
        }
      }
    }
    return all;
  }

  @MethodSource("vp8")
  @FuzzTest(maxDuration = "10m")
  void shouldForwardVp8(byte[] data) {
    run(Codec.VP8, data);
  }

  @MethodSource("vp9")
  @FuzzTest(maxDuration = "10m")
  void shouldForwardVp9(byte[] data) {
    run(Codec.VP9, data);
  }

  @MethodSource("h264")
  @FuzzTest(maxDuration = "10m")
  void shouldForwardH264(byte[] data) {
    run(Codec.H264, data);
  }

  @MethodSource("av1")
  @FuzzTest(maxDuration = "10m")
  void shouldForwardAv1(byte[] data) {
    run(Codec.AV1, data);
  }

  private static void run(Codec codec, byte[] data) {
    if (data.length == 0) {
      return;
    }
    Forwarding forwarding = new Forwarding(codec, data[0]);
    RtpPacket packet = new RtpPacket();
    int at = 1;
    while (at + 2 <= data.length) {
      int length = (data[at] & 0xff) << 8 | (data[at + 1] & 0xff);
      at += 2;
      int end = Math.min(data.length, at + length);
      byte[] b = new byte[BEFORE + end - at];
      System.arraycopy(data, at, b, BEFORE, end - at);
      at = end;
      if (packet.wrap(b, BEFORE, b.length - BEFORE) && !forwarding.onPacket(packet)) {
        return;
      }
    }
  }

  /** A stream, and one who views some of its layers. */
  private static final class Forwarding {
    private final VideoPayload stream;
    private final VideoPayload sibling;
    private final VideoPayload viewer;
    private final int spatial;
    private final int temporal;
    private final boolean limited;
    private int number = 0xfff8;

    Forwarding(Codec codec, int layers) {
      stream = VideoPayload.of(codec, codec == Codec.AV1 ? DESCRIPTOR : 0);
      viewer = VideoPayload.of(codec, codec == Codec.AV1 ? DESCRIPTOR : 0);
      sibling = stream.sibling();
      spatial = layers & 3;
      temporal = layers >> 2 & 3;
      limited = (layers & 0x10) != 0;
    }

    /** False when it is malformed: what was announced before may be forgotten then. */
    boolean onPacket(RtpPacket packet) {
      if (!stream.read(packet)) {
        return false;
      }
      check(stream);
      String told = tell(stream);
      assertTrue(sibling.read(packet));
      check(sibling);
      assertEquals(told, tell(stream), "the sibling disturbed the stream");
      number = number + 3 & 0xffff;
      if (stream.descriptorBytes(spatial, temporal, limited) > 0) {
        describe(packet);
      } else if (stream.pictureIdModulus() > 0 || stream.tl0PicIdx() >= 0) {
        rewrite(packet);
      }
      return true;
    }

    private static void check(VideoPayload video) {
      assertTrue(video.spatialId() >= 0 && video.spatialId() < 8);
      assertTrue(video.temporalId() >= 0 && video.temporalId() < 8);
      assertTrue(video.spatialLayers() >= 1 && video.spatialLayers() <= 8);
      assertTrue(video.temporalLayers() >= 1 && video.temporalLayers() <= 8);
      assertTrue(video.width() >= 0 && video.height() >= 0);
      int modulus = video.pictureIdModulus();
      assertTrue(modulus == 0 || modulus == 1 << 7 || modulus == 1 << 15 || modulus == 1 << 16);
      assertTrue(modulus == 0 ? video.pictureId() == -1 : video.pictureId() < modulus);
      assertTrue(video.tl0PicIdx() >= -1 && video.tl0PicIdx() < 256);
    }

    private static String tell(VideoPayload video) {
      StringBuilder all = new StringBuilder();
      all.append(video.frameStart()).append(video.frameEnd()).append(video.keyFrameStart());
      all.append(video.spatialId()).append(video.temporalId()).append(video.spatialLayers());
      all.append(video.pictureId()).append(video.tl0PicIdx()).append(video.canChangeSpatial());
      all.append(video.width()).append(video.height());
      for (int s = 0; s < LAYERS; s++) {
        for (int t = 0; t < LAYERS; t++) {
          all.append(video.neededFor(s, t)).append(video.canRaiseTemporal(s, 0, t));
        }
      }
      return all.toString();
    }

    /** The descriptor for a viewer says the same of the frame, under another number. */
    private void describe(RtpPacket packet) {
      int length = stream.descriptorBytes(spatial, temporal, limited);
      assertTrue(length >= 3 && length <= 255);
      byte[] out = new byte[length];
      stream.writeDescriptor(out, 0, number, spatial, temporal, limited);
      assertTrue(viewer.read(sent(packet, payload(packet), out)));
      assertEquals(number, viewer.pictureId());
      assertEquals(stream.frameStart(), viewer.frameStart());
      assertEquals(stream.frameEnd(), viewer.frameEnd());
      assertEquals(stream.keyFrameStart(), viewer.keyFrameStart());
      assertEquals(stream.spatialId(), viewer.spatialId());
      assertEquals(stream.temporalId(), viewer.temporalId());
      assertEquals(stream.neededFor(spatial, temporal), viewer.neededFor(spatial, temporal));
    }

    /** The payload for a viewer has the wanted numbers and is the same otherwise. */
    private void rewrite(RtpPacket packet) {
      byte[] copy = payload(packet);
      stream.rewrite(copy, 0, number, number);
      assertTrue(viewer.read(sent(packet, copy, new byte[0])));
      int modulus = stream.pictureIdModulus();
      assertEquals(modulus, viewer.pictureIdModulus());
      assertEquals(modulus == 0 ? -1 : number & modulus - 1, viewer.pictureId());
      assertEquals(stream.tl0PicIdx() < 0 ? -1 : number & 0xff, viewer.tl0PicIdx());
      assertEquals(stream.keyFrameStart(), viewer.keyFrameStart());
      assertEquals(stream.spatialId(), viewer.spatialId());
      assertEquals(stream.temporalId(), viewer.temporalId());
      stream.rewrite(copy, 0, stream.pictureId(), stream.tl0PicIdx());
      assertArrayEquals(payload(packet), copy, "something else was written");
    }

    private static byte[] payload(RtpPacket packet) {
      int from = packet.payloadOffset();
      return Arrays.copyOfRange(packet.bytes(), from, from + packet.payloadBytes());
    }

    private static RtpPacket sent(RtpPacket packet, byte[] payload, byte[] descriptor) {
      RtpBuilder rtp = RtpBuilder.rtp().timestamp(packet.timestamp()).payload(payload);
      if (packet.marker()) {
        rtp.marker();
      }
      return descriptor.length == 0 ? rtp.packet() : rtp.twoByte(DESCRIPTOR, descriptor).packet();
    }
  }
}
