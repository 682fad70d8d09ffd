package dev.parley.signaling.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** A thousand wait for five hundred seats. */
final class LongQueueTest implements Departures {
  private static final int TICKETS = 1_000;
  private static final int SEATS = 500;
  private static final int TICKS = 1_000;

  private int asked;
  private int ids;

  @Override
  public OptionalLong endsMs(String key) {
    asked++;
    return OptionalLong.of(10_000_000);
  }

  @Override
  public int visitSec() {
    return 600;
  }

  @Test
  void shouldForecastOnceForAllWhoAreToldAtOnce() {
    Admission admission = crowd();
    asked = 0;
    long startNanos = System.nanoTime();
    long nowMs = 0;
    for (int tick = 0; tick < TICKS; tick++) {
      nowMs += Admission.UPDATE_LEAST_MS;
      // The head goes to the tail, so that everybody has news.
      admission.move(admission.tickets(nowMs).getFirst().ticketId(), TICKETS, nowMs);
      assertTrue(admission.nextTimeoutMs() <= nowMs);
      admission.handleTimeout(nowMs);
      assertEquals(TICKETS, admission.takeEffects().size());
      assertTrue(admission.nextTimeoutMs() > nowMs);
    }
    System.out.printf(
        "LongQueueTest: %d ticks of %d tickets, %.2f ms each%n",
        TICKS, TICKETS, (System.nanoTime() - startNanos) / 1e6 / TICKS);
    // Once for the list, once for the updates.
    assertEquals(2 * TICKS * SEATS, asked);
  }

  @Test
  void shouldForecastOnceForAllWhoAreAdmittedAtOnce() {
    Admission admission = crowd();
    asked = 0;
    admission.settings(settings(SEATS + TICKETS), 1);
    List<QueueEffect> effects = admission.takeEffects();
    assertEquals(TICKETS, effects.size());
    assertEquals(SEATS, asked);
  }

  private Admission crowd() {
    Admission admission =
        new Admission(settings(SEATS), () -> "qt_" + ++ids, () -> "token-" + ids, this);
    for (int i = 0; i < SEATS + TICKETS; i++) {
      admission.arrive(QueueFixture.guest("g" + i), 0);
    }
    assertEquals(SEATS, admission.insideCount());
    assertEquals(TICKETS, admission.tickets(0).size());
    return admission;
  }

  private static QueueSettings settings(int seats) {
    return new QueueFixture.Capacity().seats(seats).limits(TICKETS, TICKETS).settings();
  }
}
