package dev.parley.core.subscriber;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LayerUseTest {
  private static final long MILLI = 1_000_000;
  private final LayerUse use = new LayerUse(3, 0);

  private static Choice shows(int spatial, int measured) {
    return new Choice(0, spatial, spatial, spatial < 0 ? -1 : 0, 0, Choice.Reason.VIEW, measured);
  }

  private boolean at(long millis, Choice... choices) {
    use.begin();
    for (Choice choice : choices) {
      use.add(choice);
    }
    return use.end(millis * MILLI);
  }

  private static String active(LayerUse use, int encodings) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < encodings; i++) {
      text.append(use.active(i) ? "qhf".charAt(i) : '-');
    }
    return text.toString();
  }

  private String active() {
    return active(use, 3);
  }

  /** What two viewers show and want measured, and what is active in the end. */
  @ParameterizedTest
  @CsvSource({
    "2, -1, 2, -1, q-f",
    "2, -1, 1, 2, qhf",
    "1, -1, 0, 1, qh-",
    "0, -1, 0, -1, q--",
    "-1, -1, -1, 0, q--",
    "-1, -1, 1, 2, qhf",
  })
  void shouldKeepWhatIsShownOrMeasured(int a, int measuredA, int b, int measuredB, String active) {
    for (int second = 0; second < 10; second++) {
      at(second * 1000L, shows(a, measuredA), shows(b, measuredB));
    }
    assertEquals(active, active());
  }

  @Test
  void shouldBeginWithAllAndGiveUpAfterTheHold() {
    assertEquals("qhf", active());
    assertFalse(at(0, shows(0, 1)));
    assertEquals(2000 * MILLI, use.nextTimeoutNanos());
    assertFalse(at(1999, shows(0, 1)));
    assertTrue(at(2000, shows(0, 1)));
    assertEquals("qh-", active());
    assertEquals(2, use.activeCount());
    assertEquals(Long.MAX_VALUE, use.nextTimeoutNanos());
  }

  @Test
  void shouldActivateAtOnceAndCountTheHoldFromTheEndOfTheNeed() {
    at(0, shows(0, -1));
    at(2000, shows(0, -1));
    assertEquals("q--", active());
    assertTrue(at(2001, shows(2, -1)));
    assertEquals("q-f", active());
    // Told again only when it changes, long after.
    assertTrue(at(60_000, shows(1, -1)));
    assertEquals("qhf", active());
    assertEquals(62_000 * MILLI, use.nextTimeoutNanos());
    assertFalse(at(61_000, shows(2, -1)));
    assertFalse(at(61_500, shows(1, -1)));
    assertFalse(at(63_499, shows(1, -1)));
    assertTrue(at(63_500, shows(1, -1)));
    assertEquals("qh-", active());
  }

  @Test
  void shouldStopEverythingWhenNobodyWatches() {
    at(0, shows(1, 2));
    assertFalse(at(1000));
    assertTrue(at(3000));
    assertEquals("q--", active());
    assertEquals(6000 * MILLI, use.nextTimeoutNanos());
    assertFalse(at(5999));
    assertTrue(at(6000));
    assertEquals(0, use.activeCount());
    assertEquals(Long.MAX_VALUE, use.nextTimeoutNanos());
    // Whoever comes, even if paused, brings the lowest back.
    assertTrue(at(7000, shows(-1, -1)));
    assertEquals("q--", active());
  }

  @Test
  void shouldHaveOneEncodingForSpatialLayers() {
    LayerUse svc = new LayerUse(1, 0);
    svc.begin();
    svc.add(shows(2, -1));
    assertFalse(svc.end(10_000 * MILLI));
    assertEquals("q", active(svc, 1));
    svc.begin();
    svc.end(11_000 * MILLI);
    svc.begin();
    assertTrue(svc.end(16_000 * MILLI));
    assertEquals(0, svc.activeCount());
  }

  @Test
  void shouldRefuseAnImpossibleNumberOfEncodings() {
    assertThrows(IllegalArgumentException.class, () -> new LayerUse(0, 0));
    assertThrows(IllegalArgumentException.class, () -> new LayerUse(17, 0));
  }
}
