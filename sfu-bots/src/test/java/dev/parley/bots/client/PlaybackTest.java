package dev.parley.bots.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Pictures by headers alone; time is driven by hand. */
class PlaybackTest {
  private static final long MS = 1_000_000;
  private static final int FRAME_MS = 50;

  private final List<Long> freezes = new ArrayList<>();
  private final List<Long> waits = new ArrayList<>();
  private final Playback playback =
      new Playback(
          new ClientEvents() {
            @Override
            public void onFreeze(long nanos) {
              freezes.add(nanos / MS);
            }

            @Override
            public void onKeyFrame(long waitedNanos) {
              waits.add(waitedNanos / MS);
            }
          });
  private long now = 1_000 * MS;
  private long sequence = 100;

  /** A frame of two packets; the first begins a key frame, if any does. */
  private void frame(boolean key) {
    first(key);
    playback.onPacket(sequence++, true, now);
  }

  private void first(boolean key) {
    playback.onPacket(sequence, false, now);
    if (key) {
      playback.onKeyFrameStart(sequence, now);
    }
    sequence++;
  }

  private void frames(int count) {
    for (int i = 0; i < count; i++) {
      now += FRAME_MS * MS;
      frame(false);
    }
  }

  @Test
  void shouldShowNothingBeforeAWholeKeyFrame() {
    frames(5);
    assertEquals(0, playback.frames());
    assertTrue(playback.waiting());
    now += 10 * MS;
    first(true);
    assertEquals(0, playback.frames(), "half a key frame");
    playback.onPacket(sequence++, true, now);
    assertEquals(1, playback.frames());
    assertEquals(List.of(4L * FRAME_MS + 10), waits);
    frames(5);
    assertEquals(6, playback.frames());
  }

  @Test
  void shouldCountAPauseThatIsLongerThanTheRhythmAsAFreeze() {
    frame(true);
    frames(20);
    now += 140 * MS;
    frames(1);
    assertEquals(List.of(), freezes, "190 ms are less than the mean and 150 ms");
    now += 400 * MS;
    frames(1);
    assertEquals(1, freezes.size());
    assertEquals(450, freezes.getFirst());
  }

  @Test
  void shouldStandStillAtAHoleUntilItIsRepaired() {
    frame(true);
    frames(20);
    long hole = sequence++;
    playback.onPacket(sequence++, true, now);
    frames(10);
    assertEquals(21, playback.frames());
    playback.onPacket(hole, false, now);
    assertEquals(32, playback.frames());
    assertEquals(1, freezes.size());
    assertEquals(10L * FRAME_MS, freezes.getFirst());
  }

  @Test
  void shouldGoOnWithAKeyFrameWhenAHoleIsGivenUp() {
    frame(true);
    frames(20);
    sequence++;
    frames(3);
    playback.giveUp();
    assertTrue(playback.waiting());
    frames(2);
    now += FRAME_MS * MS;
    frame(true);
    assertFalse(playback.waiting());
    assertEquals(22, playback.frames());
    assertEquals(1, freezes.size());
  }

  @Test
  void shouldNotCallItAFreezeWhenTheSlotShowsSomebodyElse() {
    frame(true);
    frames(20);
    playback.interrupt();
    now += 5_000 * MS;
    frames(20);
    assertEquals(List.of(), freezes);
  }
}
