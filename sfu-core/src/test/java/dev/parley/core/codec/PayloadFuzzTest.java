package dev.parley.core.codec;

import static dev.parley.core.fixtures.RtpBuilder.rtp;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.parley.core.fixtures.FuzzSeeds;
import dev.parley.core.fixtures.PcapReader;
import dev.parley.core.rtp.RtpPacket;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.provider.MethodSource;

/** See docs/fuzzing.md. */
class PayloadFuzzTest {
  private static final int DESCRIPTOR = 9;
  private static final int RECORDED_DESCRIPTOR = 13;
  private static final int MOST_DESCRIPTOR_BYTES = 255;

  static List<byte[]> vp8() {
    return FuzzSeeds.payloads("vp8");
  }

  static List<byte[]> vp9() {
    return FuzzSeeds.payloads("vp9");
  }

  static List<byte[]> h264() {
    return FuzzSeeds.payloads("h264");
  }

  static List<byte[]> red() {
    return FuzzSeeds.payloads("opus-red");
  }

  /** Two descriptors of a recording: the length of the first, and both. */
  static List<byte[]> descriptors() throws IOException {
    List<byte[]> all = new ArrayList<>();
    RtpPacket packet = new RtpPacket();
    for (String name : List.of("av1-l1t3.at-receiver", "av1-l3t3.at-receiver")) {
      byte[] first = {};
      for (PcapReader.Recorded recorded : PcapReader.read(name).subList(0, 40)) {
        byte[] b = recorded.bytes();
        int found =
            !recorded.rtcp() && packet.wrap(b, 0, b.length)
                ? packet.extension(RECORDED_DESCRIPTOR)
                : -1;
        if (found >= 0) {
          byte[] one = Arrays.copyOfRange(b, found >>> 8, (found >>> 8) + (found & 0xff));
          first = first.length == 0 ? one : first;
          byte[] both = new byte[1 + first.length + one.length];
          both[0] = (byte) first.length;
          System.arraycopy(first, 0, both, 1, first.length);
          System.arraycopy(one, 0, both, 1 + first.length, one.length);
          all.add(both);
        }
      }
    }
    return all;
  }

  @MethodSource("vp8")
  @FuzzTest(maxDuration = "10m")
  void shouldReadVp8(byte[] data) {
    read(VideoPayload.of(Codec.VP8, 0), data);
  }

  @MethodSource("vp9")
  @FuzzTest(maxDuration = "10m")
  void shouldReadVp9(byte[] data) {
    read(VideoPayload.of(Codec.VP9, 0), data);
  }

  @MethodSource("h264")
  @FuzzTest(maxDuration = "10m")
  void shouldReadH264(byte[] data) {
    read(VideoPayload.of(Codec.H264, 0), data);
  }

  /** What is read can be rewritten in place, and reads as what was written. */
  private static void read(VideoPayload video, byte[] data) {
    if (data.length > 1400 || !video.read(rtp().payload(data).packet())) {
      return;
    }
    assertTrue(video.spatialLayers() >= 1 && video.temporalLayers() >= 1);
    assertTrue(video.width() >= 0 && video.height() >= 0 && video.heightOf(7) >= 0);
    boolean unused = video.neededFor(0, 0) || video.canRaiseTemporal(0, 0, 1);
    boolean named = video.pictureId() >= 0;
    boolean indexed = video.tl0PicIdx() >= 0;
    byte[] copy = data.clone();
    video.rewrite(copy, 0, 5, 200);
    assertTrue(video.read(rtp().payload(copy).packet()));
    assertEquals(named ? 5 : -1, video.pictureId());
    assertEquals(indexed ? 200 : -1, video.tl0PicIdx());
  }

  @MethodSource("red")
  @FuzzTest(maxDuration = "10m")
  void shouldReadRedundantAudio(byte[] data) {
    RedPayload red = new RedPayload();
    byte[] b = new byte[data.length + 6];
    System.arraycopy(data, 0, b, 4, data.length);
    if (red.read(b, 4, data.length)) {
      assertTrue(red.primaryOffset() > 4 && red.primaryBytes() >= 0);
      assertEquals(4 + data.length, red.primaryOffset() + red.primaryBytes());
      red.rewritePayloadTypes(b, 4, 100);
      assertTrue(red.read(b, 4, data.length));
    }
  }

  @MethodSource("descriptors")
  @FuzzTest(maxDuration = "10m")
  void shouldReadDependencyDescriptors(byte[] data) {
    if (data.length < 2) {
      return;
    }
    int first = Math.min(data[0] & 0xff, data.length - 1);
    VideoPayload video = VideoPayload.of(Codec.AV1, DESCRIPTOR);
    describe(video, Arrays.copyOfRange(data, 1, 1 + first));
    describe(video, Arrays.copyOfRange(data, 1 + first, data.length));
  }

  private static void describe(VideoPayload video, byte[] descriptor) {
    int length = Math.min(descriptor.length, MOST_DESCRIPTOR_BYTES);
    byte[] fitting = Arrays.copyOf(descriptor, length);
    RtpPacket packet = rtp().twoByte(DESCRIPTOR, fitting).payload((byte) 0, (byte) 1).packet();
    if (!video.read(packet)) {
      return;
    }
    assertTrue(video.spatialLayers() >= 1 && video.spatialLayers() <= 8);
    for (int s = 0; s < 3; s++) {
      boolean unused = video.neededFor(s, 1) || video.canRaiseTemporal(s, 0, 2);
      int size = video.descriptorBytes(s, 1, s == 1);
      byte[] out = new byte[size + 2];
      out[size + 1] = 77;
      video.writeDescriptor(out, 1, 4711, s, 1, s == 1);
      assertEquals(77, out[size + 1], "written beyond its length");
    }
  }
}
