package dev.parley.bots.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.core.codec.Codec;
import dev.parley.core.codec.VideoPayload;
import dev.parley.core.rtp.RtpPacket;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The synthetic media as the engine's own readers see it; time is driven by hand. */
class RtpSourceTest {
  private static final long SEED = 7;
  private static final long MS = 1_000_000;
  private static final long START = 1_000 * MS;

  private final byte[] out = new byte[2048];
  private final RtpPacket packet = new RtpPacket();
  private final VideoPayload vp8 = VideoPayload.of(Codec.VP8, 0);

  private static Vp8Source camera(boolean keyFramesAtOnce) {
    return new Vp8Source(
        new Vp8Source.Shape(30, 3, 5, 1000, 640, 360, keyFramesAtOnce), new SplittableRandom(SEED));
  }

  /** Polls one packet into the readers; false when none is due. */
  private boolean next(RtpSource source, long now) {
    int length = source.poll(out, "0", now);
    if (length == 0) {
      return false;
    }
    assertTrue(packet.wrap(out, 0, length), "the packet parses");
    if (source instanceof Vp8Source) {
      assertTrue(vp8.read(packet));
    }
    return true;
  }

  @Test
  void shouldBeginWithAKeyFrameThatSaysItsSize() {
    Vp8Source camera = camera(true);
    assertFalse(next(camera, START), "nothing before the start");
    camera.start(START);
    assertTrue(next(camera, START));
    assertTrue(vp8.keyFrameStart());
    assertEquals(640, vp8.width());
    assertEquals(360, vp8.height());
    assertEquals(1000, packet.payloadBytes());
    for (int i = 1; i < 5; i++) {
      assertFalse(packet.marker(), "before the last packet");
      assertTrue(next(camera, START));
      assertFalse(vp8.keyFrameStart());
    }
    assertTrue(packet.marker(), "the last packet");
    assertFalse(next(camera, START), "the next frame is not due");
  }

  @Test
  void shouldNumberPacketsAndPicturesWithoutGaps() {
    Vp8Source camera = camera(true);
    camera.start(START);
    int lastSequence = -1;
    int lastPicture = -1;
    int frames = 0;
    for (long now = START; now < START + 1_000 * MS; now += MS) {
      while (next(camera, now)) {
        if (lastSequence >= 0) {
          assertEquals(lastSequence + 1 & 0xffff, packet.sequence16());
          int step = vp8.pictureId() - lastPicture & 0x7fff;
          assertTrue(step <= 1, "picture id steps by " + step);
        }
        lastSequence = packet.sequence16();
        lastPicture = vp8.pictureId();
        frames += packet.marker() ? 1 : 0;
      }
    }
    assertEquals(30, frames, 1);
  }

  @Test
  void shouldGiveFramesThatAreSentLateTheirOwnTimestamps() {
    Vp8Source camera = camera(true);
    camera.start(START);
    while (next(camera, START)) {
      // The first frame.
    }
    int before = packet.timestamp();
    long late = START + 100 * MS;
    int frames = 0;
    while (next(camera, late)) {
      if (packet.marker()) {
        frames++;
        assertEquals(3000, packet.timestamp() - before, 30);
        before = packet.timestamp();
      }
    }
    assertEquals(3, frames);
  }

  @Test
  void shouldAnswerARequestWithAKeyFrameAtOnce() {
    Vp8Source camera = camera(true);
    camera.start(START);
    while (next(camera, START)) {
      // The first frame.
    }
    camera.onKeyFrameRequest(START + MS);
    assertTrue(next(camera, START + MS));
    assertTrue(vp8.keyFrameStart());
    assertEquals(2, camera.keyFrames());
  }

  @Test
  void shouldAnswerARequestWithTheNextFrameWhenToldSo() {
    Vp8Source camera = camera(false);
    camera.start(START);
    while (next(camera, START)) {
      // The first frame.
    }
    camera.onKeyFrameRequest(START + MS);
    assertFalse(next(camera, START + MS));
    assertTrue(next(camera, START + 34 * MS));
    assertTrue(vp8.keyFrameStart());
  }

  @Test
  void shouldSendNothingWhilePaused() {
    Vp8Source camera = camera(true);
    camera.start(START);
    assertTrue(next(camera, START));
    camera.pause();
    assertEquals(Long.MAX_VALUE, camera.nextTimeoutNanos());
    assertFalse(next(camera, START + 500 * MS));
    camera.start(START + 600 * MS);
    assertTrue(next(camera, START + 600 * MS));
  }

  @Test
  void shouldSpeakEveryTwentyMilliseconds() {
    OpusSource voice = new OpusSource(new SplittableRandom(SEED));
    voice.start(START);
    int packets = 0;
    for (long now = START; now < START + 1_000 * MS; now += MS) {
      while (next(voice, now)) {
        packets++;
        int level = packet.extension(RtpHeader.AUDIO_LEVEL_ID);
        assertEquals(1, level & 0xff, "one byte of level");
      }
    }
    assertEquals(50, packets);
  }
}
