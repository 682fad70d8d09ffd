package dev.parley.core.speech;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DominantSpeakerTest {
  private static final long MILLI = 1_000_000;

  private final DominantSpeaker<String> dominance = new DominantSpeaker<>();
  private final SplittableRandom random = new SplittableRandom(5);
  private long now = -1_000 * MILLI;

  private void pass(int millis, String talker) {
    for (int t = 0; t < millis; t += 20) {
      dominance.advance(now);
      for (String who : new String[] {"ann", "ben", "cleo"}) {
        dominance.onLevel(who, who.equals(talker) ? 85 + random.nextInt(20) : random.nextInt(10));
      }
      now += 20 * MILLI;
    }
  }

  @Test
  void shouldFollowWhoTalks() {
    assertNull(dominance.current());
    pass(5_000, "ben");
    assertEquals("ben", dominance.current());
    pass(5_000, "cleo");
    assertEquals("cleo", dominance.current());
    pass(5_000, "nobody");
    assertEquals("cleo", dominance.current());
  }

  @Test
  void shouldStartNoThread() {
    pass(2_000, "ann");
    assertTrue(
        Thread.getAllStackTraces().keySet().stream()
            .noneMatch(thread -> thread.getName().contains("DominantSpeaker")));
  }
}
