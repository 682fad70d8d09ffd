package dev.parley.core.subscriber;

import static dev.parley.core.subscriber.TestViewer.SECOND;
import static dev.parley.core.subscriber.TestViewer.SIMULCAST;
import static dev.parley.core.subscriber.TestViewer.estimateFor;
import static dev.parley.core.subscriber.TestViewer.ladder;
import static dev.parley.core.subscriber.TestViewer.without;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AllocatorTest {
  private static String reasons(Allocation allocation) {
    return allocation.choices().stream()
        .map(c -> c.reason().name())
        .collect(Collectors.joining(" "));
  }

  /** Slots, kbit/s for video, and what a new connection is shown: encoding and temporal layer. */
  @ParameterizedTest
  @CsvSource({
    // A camera: all frame rates of the smallest picture, above it what looks smooth.
    "cam, 98, -",
    "cam, 99, q0",
    "cam, 131, q0",
    "cam, 132, q1",
    "cam, 165, q2",
    "cam, 549, q2",
    "cam, 550, h2",
    "cam, 2749, h2",
    "cam, 2750, f2",
    // A screen: the larger picture even if slow.
    "cam#, 329, q2",
    "cam#, 330, h0",
    "cam#, 1649, h2",
    "cam#, 1650, f0",
    "cam#, 2200, f1",
    "cam#, 2750, f2",
    // No more than the view has a use for.
    "cam@100, 9999, q2",
    "cam@225, 9999, q2",
    "cam@226, 9999, h2",
    "cam@450, 9999, h2",
    "cam@451, 9999, f2",
    "cam@5000, 9999, f2",
    "cam#@360, 9999, h2",
    // Peers rise together; what is left goes to the first.
    "cam cam, 9999, f2 f2",
    "cam cam, 1100, h2 h2",
    "cam cam, 720, h2 q2",
    "cam cam cam, 3000, h2 h2 h2",
    "cam cam cam, 3850, f2 h2 h2",
    "cam cam@180 cam, 1300, h2 q2 h2",
    // The important one first, up to all it wants.
    "cam cam!, 3000, q2 f2",
    "cam cam5, 3000, q2 f2",
    "cam cam+, 3000, q2 f2",
    "cam1 cam2, 3000, q2 f2",
    "cam cam#, 1000, q2 h2",
    "cam cam+@360, 3300, f2 h2",
    "cam+ cam5 cam# cam!, 3300, q0 q0 h0 f2",
    // The speaker's larger picture only when all move smoothly.
    "cam cam+ cam, 870, q2 q2 q2",
    "cam cam+ cam, 880, q2 h2 q2",
    // Everyone's lowest before anyone's second; the least important one is paused first.
    "cam cam! cam# cam5 cam+, 500, q0 q0 q0 q0 q0",
    "cam cam! cam# cam5 cam+, 494, - q2 q0 q0 q0",
    "cam cam! cam# cam5 cam+, 300, - q0 q0 q0 -",
    "cam cam! cam# cam5 cam+, 200, - q0 q0 - -",
    "cam cam! cam# cam5 cam+, 100, - q0 - - -",
    "cam cam cam, 200, q0 q0 -",
    // The first pinned one may exceed the budget by half.
    "cam cam!, 66.1, - q0",
    "cam cam!, 65.9, - -",
    "cam! cam!, 66.1, q0 -",
    "cam! cam, 99, q0 -",
    // Muted ones cost nothing.
    "camm cam, 2750, - f2",
    "cam!m cam, 2750, - f2",
  })
  void shouldGiveByViewAndImportance(String slots, double kbps, String shown) {
    assertEquals(shown, TestViewer.of(slots).decide(kbps));
  }

  @ParameterizedTest
  @CsvSource({
    "cam, 9999, VIEW",
    "cam@180, 9999, VIEW",
    "cam, 600, BANDWIDTH",
    "cam, 10, BANDWIDTH",
    "camm, 9999, MUTED",
    "cam cam+, 3000, BANDWIDTH SPEAKER",
    "cam cam+, 9999, VIEW VIEW",
    "cam cam!, 3000, BANDWIDTH VIEW",
  })
  void shouldSayWhy(String slots, double kbps, String reasons) {
    TestViewer viewer = TestViewer.of(slots);
    assertEquals(reasons, reasons(viewer.tick(estimateFor(kbps))));
  }

  @Test
  void shouldGiveEverythingWhileThereIsNoEstimate() {
    TestViewer viewer = TestViewer.of("cam cam@360 cam# camm");
    viewer.tick(Allocator.UNKNOWN, 3);
    assertEquals("f2 h2 f2 -", viewer.shown());
    assertEquals("q2 q2 f0 -", viewer.decide(2000));
  }

  /** From the same start each: what is shown, and why, of cameras and a screen. */
  @ParameterizedTest
  @CsvSource({
    "NONE, f2 f2 f2 f2, VIEW VIEW VIEW VIEW",
    "SMALLER, h2 f2 f2 f2, SERVER VIEW VIEW VIEW",
    "SMALLEST, q2 q2 q2 f2, SERVER SERVER SERVER VIEW",
    "SLOWEST, q0 q0 q0 f2, SERVER SERVER SERVER VIEW",
    "FOCUS, - q0 q0 f2, SERVER SERVER SERVER VIEW",
    "SCREENS, - - - q0, SERVER SERVER SERVER SERVER",
    "SOUND, - - - -, SERVER SERVER SERVER SERVER",
  })
  void shouldLeaveOutWhatTheServerHasNoTimeFor(Shedding shedding, String shown, String reasons) {
    TestViewer viewer = TestViewer.of("cam cam! cam+ cam#");
    viewer.shedding = shedding;
    Allocation all = viewer.tick(estimateFor(20_000));
    assertEquals(shown, viewer.shown());
    assertEquals(reasons, reasons(all));
    assertTrue(all.wantedBitsPerSecond() <= 1.2 * all.usedBitsPerSecond(), "no probing for more");
  }

  /** Other shapes of sources: views that are small, one size, one frame rate, one of everything. */
  @ParameterizedTest
  @CsvSource({
    "SMALLER, q2 h2 q2 q0 q0",
    "SMALLEST, q2 q2 q2 q0 q0",
    "SLOWEST, q0 q0 q0 q0 q0",
    "FOCUS, - - - - -",
  })
  void shouldShedWhatEachSourceHas(Shedding shedding, String shown) {
    TestViewer viewer = TestViewer.of("cam@180 cam@720 cam cam cam");
    viewer.seats.get(2).ladder = ladder(new int[] {500, 600, 700});
    viewer.seats.get(3).ladder = ladder(new int[] {500}, new int[] {1500});
    viewer.seats.get(4).ladder = ladder(new int[] {1500});
    viewer.shedding = shedding;
    viewer.tick(estimateFor(20_000));
    assertEquals(shown, viewer.shown());
  }

  @Test
  void shouldNotMistakeSheddingForANetworkThatFell() {
    TestViewer viewer = TestViewer.of("cam cam!");
    assertEquals("f2 f2", viewer.decide(9999));
    viewer.shedding = Shedding.SLOWEST;
    assertEquals("q0 q0", viewer.decideFor(5, 9999));
    viewer.shedding = Shedding.NONE;
    assertEquals("f2 f2", viewer.decide(9999), "nothing is waited for");
  }

  @Test
  void shouldRestWhatTheServerDoesNotSend() {
    TestViewer viewer = TestViewer.of("cam");
    assertEquals("f2", viewer.decide(9999));
    viewer.shedding = Shedding.SMALLEST;
    assertEquals(
        Choice.PAUSED, viewer.tick(estimateFor(9999)).choices().getFirst().measuredSpatial());
    viewer.seats.getFirst().ladder = without(without(SIMULCAST, 2), 1);
    Choice rested = viewer.tick(estimateFor(9999)).choices().getFirst();
    assertEquals(Choice.Reason.SERVER, rested.reason());
    viewer.shedding = Shedding.NONE;
    assertEquals(1, viewer.tick(estimateFor(9999)).choices().getFirst().measuredSpatial());
  }

  @Test
  void shouldServeAudioFirst() {
    TestViewer viewer = TestViewer.of("cam");
    Allocation none = viewer.tick(170_000, 3);
    assertEquals("-", viewer.shown());
    assertEquals(180_000, none.usedBitsPerSecond());
    TestViewer wider = TestViewer.of("cam");
    assertEquals(270_000, wider.tick(295_000, 3).usedBitsPerSecond());
    assertEquals("q0", wider.shown());
  }

  @Test
  void shouldSayWhatMoreIsWanted() {
    TestViewer viewer = TestViewer.of("cam cam@360 camm");
    Allocation some = viewer.tick(1_000_000, 1);
    assertEquals("h2 q2 -", viewer.shown());
    assertEquals(500_000 + 150_000 + 60_000, some.usedBitsPerSecond());
    assertEquals(350_000, some.nextStepBitsPerSecond());
    Allocation all = TestViewer.of("cam cam@360 camm").tick(some.wantedBitsPerSecond(), 1);
    assertEquals("VIEW VIEW MUTED", reasons(all));
    assertEquals(0, all.nextStepBitsPerSecond());
    Allocation less = TestViewer.of("cam cam@360 camm").tick(some.wantedBitsPerSecond() - 2, 1);
    assertEquals("BANDWIDTH VIEW MUTED", reasons(less));
  }

  @Test
  void shouldLeaveOutWhatIsNotSent() {
    TestViewer viewer = TestViewer.of("cam");
    viewer.seats.getFirst().ladder = without(SIMULCAST, 2);
    assertEquals("h2", viewer.decide(9999));
    viewer.seats.getFirst().ladder = without(SIMULCAST, 1);
    assertEquals("q2", viewer.decide(500));
    // The view is small, but nothing smaller is sent.
    TestViewer small = TestViewer.of("cam@180");
    small.seats.getFirst().ladder = without(SIMULCAST, 0);
    assertEquals("h2", small.decide(9999));
  }

  @Test
  void shouldLeaveOutWhatCostsNoLessThanABetterOne() {
    TestViewer viewer = TestViewer.of("cam#");
    viewer.seats.getFirst().ladder = ladder(new int[] {100, 200}, new int[] {150, 180});
    assertEquals("h0", viewer.decide(170));
    assertEquals("h1", viewer.decide(9999));
  }

  @Test
  void shouldKeepABetterQualityWhenTheShownOneBecomesAsDear() {
    TestViewer viewer = TestViewer.of("cam#");
    viewer.seats.getFirst().ladder = ladder(new int[] {100, 140}, new int[] {150, 180});
    assertEquals("q1", viewer.decide(160));
    viewer.seats.getFirst().ladder = ladder(new int[] {100, 160}, new int[] {150, 180});
    assertEquals("h0", viewer.decideFor(3, 160));
  }

  @Test
  void shouldBeginBeforeAnythingIsMeasured() {
    TestViewer viewer = TestViewer.of("cam#");
    List<Quality> silent = ladder(new int[] {0, 0}, new int[] {0, 0});
    viewer.seats.getFirst().ladder = silent;
    assertEquals("q0", viewer.decide(500));
    viewer.seats.getFirst().ladder = ladder(new int[] {50, 60}, new int[] {150, 180});
    assertEquals("q0", viewer.decide(500));
    viewer.nowNanos += SECOND;
    assertEquals("h1", viewer.decide(500));
    // A still picture sends nothing.
    viewer.seats.getFirst().ladder = silent;
    assertEquals("h1", viewer.decide(500));
  }

  @Test
  void shouldPauseASourceThatOffersNothing() {
    TestViewer viewer = TestViewer.of("cam");
    viewer.seats.getFirst().ladder = List.of();
    assertEquals("MUTED", reasons(viewer.tick(1_000_000)));
  }

  @Test
  void shouldWaitUntilANewEncodingHasARate() {
    TestViewer viewer = TestViewer.of("cam");
    viewer.seats.getFirst().ladder = without(SIMULCAST, 2);
    assertEquals("h2", viewer.decideFor(5, 1000));
    viewer.seats.getFirst().ladder =
        ladder(new int[] {90, 120, 150}, new int[] {300, 400, 500}, new int[] {20, 30, 40});
    assertEquals("h2", viewer.decideFor(0.9, 1000));
    viewer.seats.getFirst().ladder = SIMULCAST;
    assertEquals("h2", viewer.decideFor(5, 1000));
    assertEquals(1, viewer.changes);
  }

  @Test
  void shouldAskForTheNextEncodingOnly() {
    TestViewer viewer = TestViewer.of("cam cam@360 cam camm");
    viewer.seats.get(2).ladder = without(without(SIMULCAST, 1), 2);
    List<Choice> few = viewer.tick(estimateFor(600)).choices();
    assertEquals("q2 q2 q2 -", viewer.shown());
    assertEquals(List.of(1, 1, 1, -1), few.stream().map(Choice::measuredSpatial).toList());
    List<Choice> many = viewer.tick(estimateFor(3700)).choices();
    assertEquals("f2 h2 q2 -", viewer.shown());
    assertEquals(List.of(-1, -1, 1, -1), many.stream().map(Choice::measuredSpatial).toList());
  }

  @Test
  void shouldStepDownAtOnceAndUpWithRoomAfterAWhile() {
    TestViewer viewer = TestViewer.of("cam");
    assertEquals("f2", viewer.decide(2750));
    assertEquals("f2", viewer.decideFor(30, 2510));
    assertEquals("h2", viewer.decide(1900));
    assertEquals("h2", viewer.decideFor(1.9, 2750));
    assertEquals("f2", viewer.decideFor(0.3, 2750));
    assertEquals("h2", viewer.decideFor(30, 2380));
    assertEquals("h2", viewer.decideFor(30, 2730));
    assertEquals("f2", viewer.decideFor(30, 2870));
  }

  @Test
  void shouldResumeOnlyWithRoom() {
    TestViewer viewer = TestViewer.of("cam! cam");
    assertEquals("q0 q0", viewer.decide(199));
    assertEquals("q1 -", viewer.decide(150));
    assertEquals("q2 -", viewer.decideFor(30, 190));
    assertEquals("q0 q0", viewer.decideFor(30, 210));
  }

  @Test
  void shouldDoubleTheWaitEachTimeAStepUpFails() {
    TestViewer viewer = TestViewer.of("cam");
    viewer.decide(2750);
    viewer.nowNanos += 60 * SECOND;
    viewer.decide(1000);
    for (int hold = 2; hold <= 128; hold *= 2) {
      int seconds = Math.min(hold, 64);
      assertEquals("h2", viewer.decideFor(seconds - 0.1, 2750), hold + " s");
      assertEquals("f2", viewer.decideFor(0.2, 2750), hold + " s");
      assertEquals("h2", viewer.decide(1000));
    }
    // One that lasts shortens it again.
    assertEquals("f2", viewer.decideFor(64.2 + 61, 2750));
    assertEquals("h2", viewer.decide(1000));
    assertEquals("h2", viewer.decideFor(15.9, 2750));
    assertEquals("f2", viewer.decideFor(0.2, 2750));
    viewer.nowNanos += 600 * SECOND;
    assertEquals("h2", viewer.decide(1000));
    assertEquals("f2", viewer.decideFor(2.2, 2750));
  }

  @Test
  void shouldNotWaitLongWhereThereIsMuchMore() {
    TestViewer viewer = TestViewer.of("cam@360");
    viewer.decide(550);
    viewer.nowNanos += 60 * SECOND;
    for (int hold = 2; hold <= 32; hold *= 2) {
      assertEquals("q2", viewer.decide(300));
      assertEquals("h2", viewer.decideFor(hold + 0.2, 600));
    }
    assertEquals("q2", viewer.decide(300));
    assertEquals("q2", viewer.decideFor(1.9, 1010));
    assertEquals("h2", viewer.decideFor(0.2, 1010));
  }

  @Test
  void shouldShowANewcomerInSpiteOfAFall() {
    TestViewer viewer = TestViewer.of("cam");
    viewer.decide(550);
    assertEquals("q1", viewer.decide(140));
    viewer.decideFor(1, 200);
    viewer.seat();
    assertEquals("q0 q0", viewer.decide(200));
  }

  @Test
  void shouldFollowTheUserAtOnce() {
    TestViewer viewer = TestViewer.of("cam cam");
    assertEquals("f2 f2", viewer.decide(6000));
    assertEquals("f2 h2", viewer.decide(3000));
    viewer.seats.get(1).pinned = true;
    assertEquals("h2 f2", viewer.decide(3000));
    viewer.seats.get(1).wishedHeight = 180;
    viewer.seats.get(0).source = 8;
    viewer.seats.get(0).shownSpatial = Choice.PAUSED;
    assertEquals("f2 q2", viewer.decide(3000));
    viewer.seats.get(1).wishedHeight = 0;
    assertEquals("h2 f2", viewer.decide(3000));
  }

  @Test
  void shouldMakeRoomForAPeerWhoComesLater() {
    TestViewer viewer = TestViewer.of("cam");
    assertEquals("f2", viewer.decide(2800));
    viewer.seat();
    assertEquals("h2 h2", viewer.decideFor(5, 2800));
    viewer.seat();
    viewer.seat();
    assertEquals("h2 h2 h2 h2", viewer.decideFor(5, 2800));
  }

  @Test
  void shouldNotLetPeersTakeTurns() {
    TestViewer viewer = TestViewer.of("cam cam cam");
    assertEquals("h2 h2 q2", viewer.decide(1430));
    int changes = viewer.changes;
    // The last becomes a little cheaper than those who were first.
    viewer.seats.get(2).ladder =
        ladder(new int[] {85, 115, 145}, new int[] {295, 395, 490}, new int[] {1400, 1900, 2400});
    assertEquals("h2 h2 q2", viewer.decideFor(30, 1430));
    assertEquals(changes, viewer.changes);
  }

  @Test
  void shouldTakeEachSlotOnce() {
    Demand demand = TestViewer.of("cam").seats.getFirst().demand();
    Allocator allocator = new Allocator();
    assertThrows(
        IllegalArgumentException.class,
        () -> allocator.allocate(List.of(demand, demand), 1_000_000, 0, Shedding.NONE, 0));
  }

  @Test
  void shouldRefuseALadderThatDoesNotAscend() {
    TestViewer viewer = TestViewer.of("cam");
    viewer.seats.getFirst().ladder = SIMULCAST.reversed();
    Exception e = assertThrows(IllegalArgumentException.class, () -> viewer.decide(1000));
    assertTrue(e.toString().contains("slot 0"), e.toString());
    assertThrows(IllegalArgumentException.class, () -> new Quality(0, -1, 1, 1, 1));
  }
}
