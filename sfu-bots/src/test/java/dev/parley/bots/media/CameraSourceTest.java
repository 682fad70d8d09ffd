package dev.parley.bots.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.bots.client.VideoFormat;
import dev.parley.core.api.TrackSource;
import dev.parley.core.codec.Codec;
import dev.parley.core.codec.VideoPayload;
import dev.parley.core.rtp.RtpPacket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The synthetic camera as the engine's own readers see it; time is driven by hand. */
class CameraSourceTest {
  private static final long SEED = 11;
  private static final long MS = 1_000_000;
  private static final int RID = 10;
  private static final int REPAIRED_RID = 11;
  private static final int TRANSPORT_WIDE = 3;
  private static final List<Encoding> TWO =
      List.of(new Encoding("q", 320, 180, 20, 200_000), new Encoding("h", 640, 360, 20, 1_000_000));

  private final byte[] out = new byte[2048];
  private final RtpPacket packet = new RtpPacket();
  private final Map<String, VideoPayload> readers = new HashMap<>();
  private final Map<String, Long> bytes = new HashMap<>();
  private final Map<String, Integer> pictures = new HashMap<>();
  private final CameraSource camera =
      new CameraSource(
          TrackSource.CAMERA,
          VideoFormat.VP8,
          TWO,
          42,
          new TransportNumbers(),
          new SplittableRandom(SEED));
  private long now = 5_000 * MS;

  private String text(int extension) {
    int at = packet.extension(extension);
    return at < 0 ? "" : new String(packet.bytes(), at >>> 8, at & 0xff, StandardCharsets.UTF_8);
  }

  private boolean next() {
    int length = camera.poll(out, "1", now);
    if (length == 0) {
      return false;
    }
    assertTrue(packet.wrap(out, 0, length));
    return true;
  }

  /** Polls for so long, into the readers. */
  private void run(int millis) {
    for (int i = 0; i < millis; i++, now += MS) {
      while (next()) {
        String rid = text(RID);
        if (rid.isEmpty()) {
          continue;
        }
        VideoPayload vp8 = readers.computeIfAbsent(rid, r -> VideoPayload.of(Codec.VP8, 0));
        assertTrue(vp8.read(packet), "VP8 of " + rid);
        bytes.merge(rid, (long) packet.payloadBytes(), Long::sum);
        if (packet.marker()) {
          pictures.merge(rid, 1, Integer::sum);
        }
      }
    }
  }

  @Test
  void shouldSendEveryEncodingAtItsRateAndSize() {
    camera.start(now);
    run(10_000);
    for (Encoding encoding : TWO) {
      assertEquals(200, pictures.get(encoding.rid()), 1, encoding.rid());
      double rate = (double) bytes.get(encoding.rid()) * 8 / 10;
      assertEquals(1, rate / encoding.bitsPerSecond(), 0.1);
      assertEquals(encoding.height(), readers.get(encoding.rid()).height());
      assertEquals(3, readers.get(encoding.rid()).temporalLayers());
    }
    assertEquals(2, camera.keyFrames(), "one of each encoding");
  }

  @Test
  void shouldRenewAllEncodingsOnRequest() {
    camera.start(now);
    run(500);
    camera.onKeyFrameRequest(now);
    run(100);
    assertEquals(4, camera.keyFrames());
  }

  @Test
  void shouldRestWhatNobodyWatchesAndGoOnWithAKeyFrame() {
    camera.start(now);
    run(500);
    camera.watched(List.of("q"), now);
    int before = pictures.get("h");
    run(1_000);
    assertEquals(before, pictures.get("h"));
    assertEquals(30, pictures.get("q"), 1);
    camera.watched(List.of("q", "h"), now);
    run(200);
    assertTrue(pictures.get("h") > before);
    assertEquals(3, camera.keyFrames());
  }

  @Test
  void shouldRepeatWhatIsAskedForAsRtxOfItsEncoding() {
    camera.start(now);
    byte[] lost = {};
    int sequence = -1;
    int ssrc = 0;
    while (next()) {
      if (text(RID).equals("h") && sequence < 0) {
        sequence = packet.sequence16();
        ssrc = packet.ssrc();
        lost = Arrays.copyOfRange(out, packet.payloadOffset(), packet.payloadOffset() + 60);
      }
    }
    camera.onNack(ssrc, sequence, 0, now);
    assertTrue(camera.nextTimeoutNanos() <= now, "a repetition is due at once");
    assertTrue(next());
    assertEquals("h", text(REPAIRED_RID));
    assertEquals(97, packet.payloadType());
    assertTrue(packet.unwrapRetransmission(ssrc, 96));
    assertEquals(sequence, packet.sequence16());
    int at = packet.payloadOffset();
    assertTrue(Arrays.equals(lost, Arrays.copyOfRange(packet.bytes(), at, at + 60)));
    assertEquals(1, camera.repeats());
    assertFalse(next());
    now += 2_000 * MS;
    run(100);
    camera.onNack(ssrc, sequence, 0xffff, now);
    assertEquals(1, camera.repeats(), "what is older than a second is forgotten");
  }

  @Test
  void shouldNumberAllPacketsOfTheTransport() {
    camera.start(now);
    int expected = 1;
    for (int i = 0; i < 300; i++, now += MS) {
      while (next()) {
        int at = packet.extension(TRANSPORT_WIDE);
        assertEquals(expected++, packet.short16(at >>> 8));
      }
    }
    assertTrue(expected > 10);
  }

  @Test
  void shouldSendVp9ThatTheEngineCanRead() {
    CameraSource vp9 =
        new CameraSource(
            TrackSource.CAMERA,
            VideoFormat.VP9,
            TWO,
            42,
            new TransportNumbers(),
            new SplittableRandom(SEED));
    vp9.start(now);
    VideoPayload reader = VideoPayload.of(Codec.VP9, 0);
    int keys = 0;
    int starts = 0;
    int ends = 0;
    int lastPicture = -1;
    for (int i = 0; i < 2_000; i++, now += MS) {
      for (int length = vp9.poll(out, "1", now); length > 0; length = vp9.poll(out, "1", now)) {
        assertTrue(packet.wrap(out, 0, length));
        if (!text(RID).equals("h")) {
          continue;
        }
        assertEquals(98, packet.payloadType());
        assertTrue(reader.read(packet));
        keys += reader.keyFrameStart() ? 1 : 0;
        starts += reader.frameStart() ? 1 : 0;
        ends += reader.frameEnd() ? 1 : 0;
        assertEquals(packet.marker(), reader.frameEnd());
        assertTrue(lastPicture < 0 || (reader.pictureId() - lastPicture & 0x7fff) <= 1);
        lastPicture = reader.pictureId();
      }
    }
    assertEquals(1, keys);
    assertEquals(40, starts, 1);
    assertEquals(starts, ends);
    assertEquals(360, reader.height());
    assertEquals(3, reader.temporalLayers());
  }

  @Test
  void shouldMakeTheSameMediaFromTheSameSeed() {
    CameraSource again =
        new CameraSource(
            TrackSource.CAMERA,
            VideoFormat.VP8,
            TWO,
            42,
            new TransportNumbers(),
            new SplittableRandom(SEED));
    camera.start(now);
    again.start(now);
    byte[] other = new byte[2048];
    for (int i = 0; i < 200; i++, now += MS) {
      int length = camera.poll(out, "1", now);
      assertEquals(length, again.poll(other, "1", now));
      assertTrue(Arrays.equals(out, 0, length, other, 0, length));
    }
  }
}
