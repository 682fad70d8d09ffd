package dev.parley.core.subscriber;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A connection with its slots, which takes what the allocator decides. Its clock is moved by hand.
 */
final class TestViewer {
  static final long SECOND = 1_000_000_000;

  /** Three encodings in three temporal layers, in kbit/s. */
  static final List<Quality> SIMULCAST =
      ladder(new int[] {90, 120, 150}, new int[] {300, 400, 500}, new int[] {1500, 2000, 2500});

  final Allocator allocator = new Allocator();
  final List<Seat> seats = new ArrayList<>();
  long nowNanos = 5 * SECOND;
  Shedding shedding = Shedding.NONE;
  int changes;

  /** One slot and what it shows. */
  static final class Seat {
    final int slot;
    int source = 7;
    List<Quality> ladder = SIMULCAST;
    int wishedHeight;
    int priority;
    boolean pinned;
    boolean screen;
    boolean speaker;
    boolean muted;
    int shownSpatial = Choice.PAUSED;
    int shownTemporal = Choice.PAUSED;
    long shownSinceNanos;

    Seat(int slot) {
      this.slot = slot;
    }

    Demand demand() {
      return new Demand(
          slot,
          source,
          ladder,
          wishedHeight,
          priority,
          pinned,
          screen,
          speaker,
          muted,
          shownSpatial,
          shownTemporal,
          shownSinceNanos);
    }

    String shown() {
      return shownSpatial < 0 ? "-" : "qhf".charAt(shownSpatial) + "" + shownTemporal;
    }
  }

  /** Rates in kbit/s by encoding and temporal layer; 180 lines and 30 frames, doubled by each. */
  static List<Quality> ladder(int[]... kbps) {
    List<Quality> all = new ArrayList<>();
    for (int s = 0; s < kbps.length; s++) {
      for (int t = 0; t < kbps[s].length; t++) {
        double frames = 30.0 / (1 << (kbps[s].length - 1 - t));
        all.add(new Quality(s, t, kbps[s][t] * 1000L, 180 << s, frames));
      }
    }
    return all;
  }

  /** The same ladder, but some encoding is not sent. */
  static List<Quality> without(List<Quality> ladder, int spatial) {
    return ladder.stream()
        .map(q ->
            q.spatial() == spatial
                ? new Quality(spatial, q.temporal(), 0, q.height(), q.framesPerSecond())
                : q)
        .toList();
  }

  /**
   * Slots as words: {@code cam}, then any of {@code !} pinned, {@code #} screen, {@code +} speaker,
   * {@code m} muted, a digit for the priority, {@code @360} for the wished height.
   */
  static TestViewer of(String words) {
    TestViewer viewer = new TestViewer();
    for (String word : words.split(" ", -1)) {
      Seat seat = viewer.seat();
      int at = word.indexOf('@');
      if (at >= 0) {
        seat.wishedHeight = Integer.parseInt(word.substring(at + 1));
      }
      for (char c : word.substring(3, at < 0 ? word.length() : at).toCharArray()) {
        switch (c) {
          case '!' -> seat.pinned = true;
          case '#' -> seat.screen = true;
          case '+' -> seat.speaker = true;
          case 'm' -> seat.muted = true;
          default -> seat.priority = c - '0';
        }
      }
    }
    return viewer;
  }

  Seat seat() {
    Seat seat = new Seat(seats.size());
    seats.add(seat);
    return seat;
  }

  /** The smallest estimate of which this much is left for video, without audio. */
  static long estimateFor(double budgetKbps) {
    return (long) Math.ceil(budgetKbps * 1000 / Allocator.USABLE);
  }

  String decide(double budgetKbps) {
    tick(estimateFor(budgetKbps));
    return shown();
  }

  /** Ticks 15 times a second for this long, then says what is shown. */
  String decideFor(double seconds, double budgetKbps) {
    long until = nowNanos + (long) (seconds * SECOND);
    while (nowNanos < until) {
      tick(estimateFor(budgetKbps));
      nowNanos += SECOND / 15;
    }
    return shown();
  }

  Allocation tick(long estimateBps) {
    return tick(estimateBps, 0);
  }

  Allocation tick(long estimateBps, int audioSlots) {
    List<Demand> demands = seats.stream().map(Seat::demand).toList();
    Allocation result = allocator.allocate(demands, estimateBps, audioSlots, shedding, nowNanos);
    assertEquals(seats.size(), result.choices().size());
    for (int i = 0; i < seats.size(); i++) {
      take(seats.get(i), result.choices().get(i));
    }
    return result;
  }

  private void take(Seat seat, Choice choice) {
    assertEquals(seat.slot, choice.slot());
    if (choice.paused()) {
      assertEquals(Choice.PAUSED, choice.spatial());
      assertEquals(0, choice.bitsPerSecond());
      assertTrue(
          choice.reason() == Choice.Reason.BANDWIDTH
              || choice.reason() == Choice.Reason.MUTED
              || choice.reason() == Choice.Reason.SERVER);
    } else {
      Quality quality = seat.ladder.get(choice.quality());
      assertEquals(quality.spatial(), choice.spatial());
      assertEquals(quality.temporal(), choice.temporal());
    }
    if (choice.spatial() != seat.shownSpatial || choice.temporal() != seat.shownTemporal) {
      changes++;
      seat.shownSpatial = choice.spatial();
      seat.shownTemporal = choice.temporal();
      seat.shownSinceNanos = nowNanos;
    }
  }

  String shown() {
    return seats.stream().map(Seat::shown).collect(Collectors.joining(" "));
  }
}
