package dev.parley.signaling.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.parley.signaling.observe.CallCounters.JoinFailure;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DurationsTest {
  private static final long MS = 1_000_000;

  @Test
  void shouldCountByTheLongestOfEachClass() {
    Durations durations = new Durations(0.1, 1);
    List.of(0L, 100 * MS, 101 * MS, 5000 * MS, -7L).forEach(durations::add);
    Durations.Totals totals = durations.totals();
    assertEquals(
        List.of(
            new Durations.Bucket(0.1, 3),
            new Durations.Bucket(1, 4),
            new Durations.Bucket(Double.POSITIVE_INFINITY, 5)),
        totals.buckets());
    assertEquals(5, totals.count());
    assertEquals(5.201, totals.sumSec(), 1e-9);
  }

  @Test
  void shouldKnowWhyMediaNeverCame() {
    assertEquals(JoinFailure.ICE_TIMEOUT, JoinFailure.of("ice_timeout"));
    assertEquals(JoinFailure.INTERNAL, JoinFailure.of("something new"));
  }

  @Test
  void shouldClassHowASocketEnded() {
    assertEquals(PeerClose.LOST, PeerClose.of(null));
    assertEquals(PeerClose.LOST, PeerClose.of((short) 1006));
    assertEquals(PeerClose.NORMAL, PeerClose.of((short) 1000));
    assertEquals(PeerClose.GOING_AWAY, PeerClose.of((short) 1001));
    assertEquals(PeerClose.APPLICATION, PeerClose.of((short) 4999));
    assertEquals(PeerClose.OTHER, PeerClose.of((short) 1011));
  }
}
