package dev.parley.bots.media;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.bots.client.VideoFormat;
import dev.parley.core.api.TrackSource;
import dev.parley.core.codec.Codec;
import dev.parley.core.codec.VideoPayload;
import dev.parley.core.rtp.RtpPacket;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Media from files that the test writes itself; time is driven by hand. */
class ClipTest {
  private static final long MS = 1_000_000;

  @TempDir Path directory;
  private final byte[] out = new byte[2048];
  private final RtpPacket packet = new RtpPacket();

  private Path file(byte[] bytes) throws IOException {
    return Files.write(directory.resolve("clip"), bytes);
  }

  /** A frame of VP8 with this many bytes. */
  private static byte[] frame(boolean key, int length) {
    byte[] frame = new byte[length];
    new SplittableRandom(length).nextBytes(frame);
    frame[0] = (byte) (key ? 0x10 : 0x11);
    if (key) {
      byte[] start = {(byte) 0x9d, 0x01, 0x2a, 0x40, 0x01, (byte) 0xb4, 0x00};
      System.arraycopy(start, 0, frame, 3, start.length);
    }
    return frame;
  }

  /** 25 frames a second. */
  private static byte[] ivf(String fourCc, byte[]... frames) {
    ByteBuffer file = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
    file.put("DKIF".getBytes(StandardCharsets.US_ASCII)).putShort((short) 0).putShort((short) 32);
    file.put(fourCc.getBytes(StandardCharsets.US_ASCII));
    file.putShort((short) 320).putShort((short) 180).putInt(25).putInt(1);
    file.putInt(frames.length).putInt(0);
    for (int i = 0; i < frames.length; i++) {
      file.putInt(frames[i].length).putLong(i).put(frames[i]);
    }
    return Arrays.copyOf(file.array(), file.position());
  }

  /** Each packet in a page of its own, but long ones over several. */
  private static byte[] ogg(byte[]... packets) throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    for (byte[] packet : packets) {
      int segments = packet.length / 255 + 1;
      byte[] header = new byte[27 + segments];
      System.arraycopy("OggS".getBytes(StandardCharsets.US_ASCII), 0, header, 0, 4);
      header[26] = (byte) segments;
      Arrays.fill(header, 27, header.length - 1, (byte) 255);
      header[header.length - 1] = (byte) (packet.length % 255);
      file.write(header);
      file.write(packet);
    }
    return file.toByteArray();
  }

  private static byte[] opus(int config, int length) {
    byte[] packet = new byte[length];
    packet[0] = (byte) (config << 3);
    return packet;
  }

  @Test
  void shouldPlayIvfAgainAndAgainWithNumbersThatGoOn() throws IOException {
    byte[] key = frame(true, 2_500);
    byte[] delta = frame(false, 300);
    Clip clip =
        ClipFile.read(file(ivf("VP80", frame(false, 50), key, delta, delta, key, delta)), true);
    assertEquals(Optional.of(VideoFormat.VP8), clip.format());
    assertEquals(200 * MS, clip.durationNanos(), "five frames from the first key frame on");
    ClipSource source =
        new ClipSource(clip, TrackSource.CAMERA, new TransportNumbers(), new SplittableRandom(1));
    VideoPayload vp8 = VideoPayload.of(Codec.VP8, 0);
    long now = 1_000 * MS;
    source.start(now);
    int frames = 0;
    int keys = 0;
    int lastSequence = -1;
    int lastPicture = -1;
    ByteArrayOutputStream first = new ByteArrayOutputStream();
    for (int i = 0; i < 1_000; i++, now += MS) {
      for (int n = source.poll(out, "0", now); n > 0; n = source.poll(out, "0", now)) {
        assertTrue(packet.wrap(out, 0, n));
        assertTrue(vp8.read(packet));
        assertTrue(lastSequence < 0 || packet.sequence16() == (lastSequence + 1 & 0xffff));
        lastSequence = packet.sequence16();
        if (vp8.frameStart()) {
          assertTrue(lastPicture < 0 || vp8.pictureId() == (lastPicture + 1 & 0x7fff));
          lastPicture = vp8.pictureId();
        }
        if (frames == 0) {
          first.write(out, packet.payloadOffset() + 6, packet.payloadBytes() - 6);
        }
        keys += vp8.keyFrameStart() ? 1 : 0;
        frames += packet.marker() ? 1 : 0;
      }
    }
    assertArrayEquals(key, first.toByteArray());
    assertEquals(25, frames, 1);
    assertEquals(10, keys, 1);
    assertEquals(180, vp8.height());
  }

  @Test
  void shouldSkipToAKeyFrameOnRequestAndRepeatWhatIsMissing() throws IOException {
    byte[][] frames = new byte[50][];
    Arrays.fill(frames, frame(false, 100));
    frames[0] = frame(true, 100);
    frames[40] = frame(true, 100);
    Clip clip = ClipFile.read(file(ivf("VP80", frames)), true);
    ClipSource source =
        new ClipSource(clip, TrackSource.CAMERA, new TransportNumbers(), new SplittableRandom(1));
    VideoPayload vp8 = VideoPayload.of(Codec.VP8, 0);
    long now = 0;
    source.start(now);
    for (int i = 0; i < 100; i++, now += MS) {
      source.poll(out, "0", now);
    }
    source.onKeyFrameRequest(now);
    int length = source.poll(out, "0", now);
    assertTrue(packet.wrap(out, 0, length));
    assertTrue(vp8.read(packet) && vp8.keyFrameStart());
    int sequence = packet.sequence16();
    source.onNack(source.ssrc(), sequence, 0, now);
    length = source.poll(out, "0", now);
    assertTrue(packet.wrap(out, 0, length));
    assertTrue(packet.unwrapRetransmission(source.ssrc(), 96));
    assertEquals(sequence, packet.sequence16());
    assertEquals(1, source.repeats());
  }

  @Test
  void shouldPlayOpusInItsOwnTime() throws IOException {
    byte[] head = "OpusHead-----------".getBytes(StandardCharsets.US_ASCII);
    byte[] tags = "OpusTags".getBytes(StandardCharsets.US_ASCII);
    Clip clip =
        ClipFile.read(file(ogg(head, tags, opus(31, 80), opus(31, 600), opus(30, 40))), false);
    assertEquals(3, clip.packets().size());
    assertEquals(600, clip.packets().get(1).payload().length);
    assertEquals(50 * MS, clip.durationNanos(), "20, 20 and 10 ms");
    ClipSource source =
        new ClipSource(
            clip, TrackSource.MICROPHONE, new TransportNumbers(), new SplittableRandom(1));
    source.start(0);
    for (long now = 0; now < 500 * MS; now += MS) {
      source.poll(out, "0", now);
    }
    assertEquals(30, source.packets());
  }

  @ParameterizedTest
  @CsvSource({"0,10", "3,60", "12,10", "13,20", "16,2.5", "19,20", "31,20"})
  void shouldKnowHowLongAnOpusFrameIs(int config, double millis) {
    assertEquals((long) (millis * MS), ClipFile.opusNanos(opus(config, 3)));
  }

  @Test
  void shouldPlayAnRtpDump() throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.write("#!rtpplay1.0 127.0.0.1/5000\n".getBytes(StandardCharsets.US_ASCII));
    file.write(new byte[16]);
    CameraSource camera =
        new CameraSource(
            TrackSource.CAMERA,
            VideoFormat.VP8,
            java.util.List.of(new Encoding("q", 320, 180, 10, 100_000)),
            1,
            new TransportNumbers(),
            new SplittableRandom(1));
    camera.start(0);
    int recorded = 0;
    for (int ms = 0; ms < 1_000; ms++) {
      for (int n = camera.poll(out, "0", ms * MS); n > 0; n = camera.poll(out, "0", ms * MS)) {
        file.write(
            ByteBuffer.allocate(8)
                .putShort((short) (n + 8))
                .putShort((short) n)
                .putInt(ms)
                .array());
        file.write(out, 0, n);
        recorded++;
      }
    }
    Clip clip = ClipFile.read(file(file.toByteArray()), true);
    assertEquals(recorded, clip.packets().size());
    assertTrue(clip.packets().getFirst().keyStart());
    assertFalse(clip.packets().getLast().keyStart());
    assertEquals(920.0, (double) clip.durationNanos() / MS, 20.0);
  }

  @Test
  void shouldSayWhatIsWrongWithAFile() throws IOException {
    byte[] good = ivf("VP80", frame(true, 100), frame(false, 100));
    assertEquals("it has pictures, not sound", refused(good, false));
    assertEquals("its codec is AV01; use VP8 or VP9", refused(ivf("AV01"), true));
    assertEquals("it has no key frame to begin with", refused(ivf("VP80", frame(false, 9)), true));
    assertEquals("it ends in the middle of something", refused(Arrays.copyOf(good, 150), true));
    assertEquals("it ends in the middle of something", refused(Arrays.copyOf(good, 10), true));
    assertEquals("its sound is not Opus", refused(ogg(new byte[40]), false));
    assertEquals(
        "it is neither IVF nor Ogg nor rtpdump",
        refused("no media".getBytes(StandardCharsets.US_ASCII), true));
    assertEquals("it is neither IVF nor Ogg nor rtpdump", refused(new byte[0], true));
  }

  private String refused(byte[] bytes, boolean pictures) throws IOException {
    Path file = file(bytes);
    return assertThrows(IOException.class, () -> ClipFile.read(file, pictures)).getMessage();
  }
}
