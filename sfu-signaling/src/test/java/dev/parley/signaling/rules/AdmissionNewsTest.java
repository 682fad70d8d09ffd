package dev.parley.signaling.rules;

import static dev.parley.signaling.rules.QueueFixture.APPROVAL;
import static dev.parley.signaling.rules.QueueFixture.CAPACITY;
import static dev.parley.signaling.rules.QueueFixture.bypass;
import static dev.parley.signaling.rules.QueueFixture.guest;
import static dev.parley.signaling.rules.QueueFixture.ranked;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.signaling.rules.QueueFixture.Capacity;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** The rules of the waiting queue by their numbers: what those who wait are told. */
final class AdmissionNewsTest {
  private QueueFixture q = new QueueFixture(CAPACITY);

  private static QueueFixture with(QueueSettings settings) {
    return new QueueFixture(settings);
  }

  private static TicketView.Eta eta(int lowSec, int highSec, String basis) {
    return new TicketView.Eta(OptionalInt.of(lowSec), OptionalInt.of(highSec), basis);
  }

  // Rule 3

  @Test
  void rule3ShouldTellOfAChangeAtOnceWhenNothingWasToldForTwoSeconds() {
    q.full("a", "b");
    q.pass(5_000);
    q.taken();
    q.admission.left("a", q.nowMs);
    assertTrue(q.admission.nextTimeoutMs() <= q.nowMs);
    q.pass(0);
    assertEquals(List.of("update:b"), q.told());
    assertEquals(1, q.ticket("b").position());
  }

  @Test
  void rule3ShouldUpdateNoMoreOftenThanEveryTwoSeconds() {
    q = with(new Capacity().limits(100, 100).settings());
    q.full("a");
    long lastMs = q.nowMs;
    int updates = 0;
    for (int i = 0; i < 50; i++) {
      q.arrive(ranked("vip" + i, 9));
      q.pass(100);
      for (String effect : q.told()) {
        if (effect.equals("update:a")) {
          assertTrue(q.nowMs - lastMs >= 2_000, q.nowMs - lastMs + " ms");
          lastMs = q.nowMs;
          updates++;
        }
      }
    }
    assertEquals(2, updates);
    q.pass(2_000);
    assertTrue(q.told().contains("update:a"), "the last change is told as well");
  }

  @Test
  void rule3ShouldUpdateAtLeastEveryThirtySecondsWithoutAChange() {
    q.full("a");
    q.pass(29_999);
    assertEquals(List.of(), q.told());
    q.pass(1);
    assertEquals(List.of("update:a"), q.told());
    q.pass(29_999);
    assertEquals(List.of(), q.told());
    q.pass(1);
    assertEquals(List.of("update:a"), q.told());
  }

  @Test
  void rule3ShouldCountAsNewsOnlyWhatIsShown() {
    q.full("a");
    q.pass(10_000);
    q.arrive(guest("b"));
    q.pass(10_000);
    assertEquals(List.of(), q.told());
    q = with(new Capacity().showCount().settings()).full("a");
    q.pass(10_000);
    q.arrive(guest("b"));
    q.pass(0);
    assertEquals(List.of("update:a"), q.told());
  }

  @Test
  void rule3ShouldTellThoseWhoAreBackAndNotThoseAway() {
    q.full("a");
    q.admission.lost("a", q.nowMs);
    q.pass(40_000);
    assertEquals(List.of(), q.told());
    q.admission.returned("a", q.nowMs);
    q.pass(0);
    assertEquals(List.of("update:a"), q.told());
  }

  @Test
  void rule3ShouldNameOnlyTheOwner() {
    q.full("a", "b");
    q.pass(30_000);
    for (QueueEffect effect : q.taken()) {
      TicketView ticket = assertInstanceOf(QueueEffect.Update.class, effect).ticket();
      String other = ticket.identity().equals("a") ? "=b" : "=a";
      assertFalse(ticket.toString().contains(other), ticket::toString);
    }
  }

  // Rule 4

  @Test
  void rule4ShouldEstimateByTheTimerWhereThereIsOne() {
    q.visitSec = 600;
    q.endsMs.put("i", q.nowMs + 100_000);
    q.endsMs.put("j", q.nowMs + 300_000);
    q.full("a", "b", "c");
    assertEquals(eta(70, 100, "timer"), q.ticket("a").eta());
    assertEquals(eta(210, 300, "timer"), q.ticket("b").eta());
    assertEquals(eta(490, 700, "timer"), q.ticket("c").eta());
  }

  @Test
  void rule4ShouldNotKnowTheSecondRoundOfATimerWithoutVisits() {
    q.endsMs.put("i", q.nowMs + 100_000);
    q.endsMs.put("j", q.nowMs + 300_000);
    q.full("a", "b", "c");
    assertEquals("timer", q.ticket("b").eta().basis());
    assertEquals(TicketView.Eta.UNKNOWN, q.ticket("c").eta());
  }

  @Test
  void rule4ShouldEstimateByTheLastTwentyVisitsElse() {
    for (int i = 0; i < 25; i++) {
      q.arrive(guest("v"));
      q.pass(i < 5 ? 9_000_000 : 100_000);
      q.admission.released("v", q.nowMs);
    }
    q.full("a", "b", "c");
    q.pass(40_000);
    assertEquals(eta(42, 78, "history"), q.ticket("a").eta());
    assertEquals(eta(42, 78, "history"), q.ticket("b").eta());
    assertEquals(eta(112, 208, "history"), q.ticket("c").eta());
  }

  @Test
  void rule4ShouldSayUnknownElse() {
    q.full("a");
    assertEquals(TicketView.Eta.UNKNOWN, q.ticket("a").eta());
  }

  @Test
  void rule4ShouldSayUnknownWhenItTakesAWord() {
    for (QueueSettings settings : List.of(APPROVAL, new Capacity().byHand().settings())) {
      q = with(settings);
      q.endsMs.put("i", q.nowMs + 100_000);
      q.arrive(bypass("i"));
      q.arrive(guest("a"));
      assertEquals(TicketView.Eta.UNKNOWN, q.ticket("a").eta());
    }
    q = timed();
    q.full("a");
    q.admission.hold(q.id("a"), true, q.nowMs);
    assertEquals(TicketView.Eta.UNKNOWN, q.ticket("a").eta());
  }

  private static QueueFixture timed() {
    QueueFixture q = with(CAPACITY);
    q.endsMs.put("i", q.nowMs + 100_000);
    q.endsMs.put("j", q.nowMs + 300_000);
    return q;
  }

  @Test
  void rule4ShouldNotCountOnASeatThatSomebodyWasAdmittedTo() {
    q = timed();
    q.full("a", "b");
    q.admission.released("i", q.nowMs);
    q.admission.move(q.id("a"), 2, q.nowMs);
    assertEquals(eta(210, 300, "timer"), q.ticket("b").eta());
  }

  @Test
  void rule4ShouldWaitForTheSurplusToGoWhenSeatsWereTaken() {
    q = timed();
    q.full("a");
    q.admission.settings(new Capacity().seats(1).settings(), q.nowMs);
    assertEquals(eta(210, 300, "timer"), q.ticket("a").eta());
  }

  @Test
  void rule4ShouldNotCountOnSeatsKeptAfterARestart() {
    q.arrive(guest("v"));
    q.pass(100_000);
    q.admission.released("v", q.nowMs);
    q.full("a");
    q.restart(CAPACITY);
    q.pass(50_000);
    q.arrive(guest("a"));
    assertEquals(eta(35, 65, "history"), q.ticket("a").eta());
  }
}
