package dev.parley.signaling.room;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.signaling.observe.SignalingCounters;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class JoinStepsTest {
  private static final long MS = 1_000_000;

  private final JoinSteps steps = new JoinSteps(new SignalingCounters().calls());

  @Test
  void shouldTellHowLongEachStepTookOnce() {
    steps.offered(1000 * MS);
    steps.answered(1007 * MS);
    steps.iceConnected(1010 * MS);
    assertTrue(steps.connected(1030 * MS));
    assertFalse(steps.connected(1500 * MS), "a connection that came back");
    steps.firstPacket(1035 * MS);
    steps.firstPacket(1900 * MS);
    assertEquals(
        Map.of("answerMs", "7", "iceMs", "3", "dtlsMs", "20", "firstPacketMs", "5"),
        steps.details());
  }

  @Test
  void shouldHaveNoStepsWithoutAnOfferOrInAnotherRoom() {
    assertFalse(steps.connected(1000 * MS));
    assertEquals(Map.of(), steps.details());
    steps.offered(1000 * MS);
    steps.answered(1007 * MS);
    JoinSteps elsewhere = steps.inAnotherRoom();
    elsewhere.iceConnected(1010 * MS);
    assertEquals(Map.of(), elsewhere.details());
  }
}
