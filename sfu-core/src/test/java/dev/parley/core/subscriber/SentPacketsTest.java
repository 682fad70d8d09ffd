package dev.parley.core.subscriber;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.core.codec.Codec;
import dev.parley.core.common.Counters;
import dev.parley.core.fixtures.Media;
import dev.parley.core.publisher.PublishedTrack;
import org.junit.jupiter.api.Test;

/** A slot's history against what was put into it. */
class SentPacketsTest {
  /** The number's low half begins anew a few packets later, which visits of weeks reach. */
  private static final long FIRST = (1L << 32) - 3;

  private static final long SOURCE = (1L << 40) + 5;
  private static final int KEPT = 1024;

  private final PublishedTrack track =
      Media.track(
          3,
          new PublishedTrack.Format[] {Media.format(Codec.VP8, 96, 0, 0)},
          2,
          0,
          new Counters(),
          Media.DEAF);
  private final SentPackets history = new SentPackets();
  private final Rewrite rewrite = new Rewrite();

  private void add(long number, int layer, int shift) {
    rewrite.pictureId = (int) number * 7 & 0x7fff;
    rewrite.tl0 = (int) number & 0xff;
    rewrite.marker = number % 3 == 0;
    rewrite.spatial = (int) (number % 4);
    rewrite.temporal = (int) (number % 3);
    rewrite.limited = number % 5 == 0;
    history.add(number, track.layer(layer), SOURCE + number, shift, rewrite);
  }

  private void check(long number, int layer, int shift) {
    int at = history.find(number);
    assertTrue(at >= 0, "number " + number);
    assertSame(track.layer(layer), history.layer(at));
    assertEquals(SOURCE + number, history.source(at));
    Rewrite read = new Rewrite();
    history.read(at, read);
    assertEquals((int) number & 0xffff, read.sequence16);
    assertEquals(shift, read.timestamp);
    assertEquals((int) number * 7 & 0x7fff, read.pictureId);
    assertEquals((int) number & 0xff, read.tl0);
    assertEquals(number % 3 == 0, read.marker);
    assertEquals((int) (number % 4), read.spatial);
    assertEquals((int) (number % 3), read.temporal);
    assertEquals(number % 5 == 0, read.limited);
  }

  @Test
  void shouldKnowTheLastPacketsAsTheyWereSent() {
    assertEquals(-1, history.find(0), "nothing was sent");
    for (int i = 0; i < 3 * KEPT; i++) {
      add(FIRST + i, i / 100 % 2, i / 100 - 9);
    }
    for (int i = 0; i < 3 * KEPT; i++) {
      if (i < 2 * KEPT) {
        assertEquals(-1, history.find(FIRST + i), "number " + i);
      } else {
        check(FIRST + i, i / 100 % 2, i / 100 - 9);
      }
    }
    assertEquals(-1, history.find(FIRST + 3 * KEPT), "not sent yet");
  }

  @Test
  void shouldForgetWhatIsManySplicesOld() {
    int runs = 70_000;
    for (int i = 0; i < runs; i++) {
      add(FIRST + i, i % 2, i);
    }
    for (int i = runs - 32; i < runs; i++) {
      check(FIRST + i, i % 2, i);
    }
    assertEquals(-1, history.find(FIRST + runs - 33));
  }

  @Test
  void shouldLetGoOfALayer() {
    add(1, 0, 0);
    add(2, 1, 0);
    history.forget(track.layer(0));
    assertEquals(-1, history.find(1));
    check(2, 1, 0);
    add(3, 0, 0);
    check(3, 0, 0);
    assertEquals(-1, history.find(1), "it stays forgotten");
  }

  @Test
  void shouldRememberRepetitionsOfThisPacketOnly() {
    add(5, 0, 0);
    int at = history.find(5);
    assertTrue(history.repeatedNanos(at) < -1_000_000_000_000L, "never");
    history.repeated(at, 77);
    assertEquals(77, history.repeatedNanos(at));
    add(5 + KEPT, 0, 0);
    assertTrue(history.repeatedNanos(history.find(5 + KEPT)) < -1_000_000_000_000L, "another");
  }

  @Test
  void shouldMarkAPacketAfterAll() {
    add(FIRST + 1, 0, 0);
    history.mark((int) (FIRST + 1) & 0xffff);
    Rewrite read = new Rewrite();
    history.read(history.find(FIRST + 1), read);
    assertTrue(read.marker);
    assertEquals((int) (FIRST + 1) * 7 & 0x7fff, read.pictureId);
  }
}
