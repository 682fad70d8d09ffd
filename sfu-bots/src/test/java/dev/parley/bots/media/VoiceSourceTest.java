package dev.parley.bots.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.core.rtp.RtpPacket;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Speech and silence in turn; time is driven by hand. */
class VoiceSourceTest {
  private static final long SEED = 3;
  private static final long MS = 1_000_000;

  private final byte[] out = new byte[2048];
  private final RtpPacket packet = new RtpPacket();

  private VoiceSource voice(long speakMs, long silenceMs) {
    return new VoiceSource(
        new VoiceSource.Talk(speakMs * MS, silenceMs * MS),
        1,
        new TransportNumbers(),
        new SplittableRandom(SEED));
  }

  @Test
  void shouldSendFiftyPacketsASecondWhileItSpeaks() {
    VoiceSource voice = voice(1_000, 0);
    voice.start(0);
    for (long now = 0; now < 2_000 * MS; now += MS) {
      voice.poll(out, "0", now);
    }
    assertEquals(100, voice.packets());
  }

  @Test
  void shouldBeSilentAsOftenAsToldAndMarkEachSpurt() {
    VoiceSource voice = voice(2_000, 6_000);
    voice.start(0);
    int loud = 0;
    int quiet = 0;
    int spurts = 0;
    for (long now = 0; now < 2_000_000 * MS; now += 5 * MS) {
      int length = voice.poll(out, "0", now);
      if (length > 0) {
        assertTrue(packet.wrap(out, 0, length));
        int level = packet.bytes()[packet.extension(1) >>> 8];
        loud += level < 127 ? 1 : 0;
        quiet += level == 127 ? 1 : 0;
        spurts += packet.marker() ? 1 : 0;
        assertEquals(level < 127, voice.speakingSinceNanos() != Long.MAX_VALUE);
      }
    }
    assertEquals(500 * 50, loud, 4_000, "a quarter of the time");
    assertEquals(250, spurts, 50);
    assertTrue(quiet > 0 && quiet < loud / 3, "silence costs little: " + quiet);
  }
}
