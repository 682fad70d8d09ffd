package dev.parley.signaling.rules;

import static dev.parley.signaling.rules.QueueFixture.APPROVAL;
import static dev.parley.signaling.rules.QueueFixture.CAPACITY;
import static dev.parley.signaling.rules.QueueFixture.again;
import static dev.parley.signaling.rules.QueueFixture.bypass;
import static dev.parley.signaling.rules.QueueFixture.guest;
import static dev.parley.signaling.rules.QueueFixture.holding;
import static dev.parley.signaling.rules.QueueFixture.host;
import static dev.parley.signaling.rules.QueueFixture.ranked;
import static dev.parley.signaling.rules.QueueFixture.refusal;
import static dev.parley.signaling.rules.QueueFixture.token;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.signaling.rules.QueueFixture.Capacity;
import dev.parley.signaling.rules.QueueSettings.Mode;
import dev.parley.signaling.rules.TicketView.State;
import dev.parley.signaling.wire.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The rules of the waiting queue by their numbers: windows, graces and restarts. */
final class AdmissionReturnTest {
  private QueueFixture q = new QueueFixture(CAPACITY);

  private static QueueFixture with(QueueSettings settings) {
    return new QueueFixture(settings);
  }

  // Rule 6

  @Test
  void rule6ShouldOpenAWindowWithATokenOfItsOwn() {
    q.full("a", "b");
    q.admission.released("i", q.nowMs);
    q.admission.released("j", q.nowMs);
    List<QueueEffect> effects = q.taken();
    var a = assertInstanceOf(QueueEffect.Admitted.class, effects.get(0));
    var b = assertInstanceOf(QueueEffect.Admitted.class, effects.get(1));
    assertEquals(30_000, a.windowMs());
    assertEquals(State.ADMITTED, a.ticket().state());
    assertNotEquals(a.admitToken(), b.admitToken());
    assertEquals(q.nowMs + 30_000, q.admission.nextTimeoutMs());
  }

  @Test
  void rule6ShouldLetInWithTheTokenWithinTheWindowAndOnlyOnce() {
    q.full("a");
    q.admission.released("i", q.nowMs);
    String token = token(q.taken());
    q.pass(29_999);
    assertEquals("in", q.arrive(holding("a", token)));
    assertEquals("", q.order());
    assertEquals(2, q.admission.insideCount());
    q.admission.released("a", q.nowMs);
    assertEquals("ticket_expired", q.arrive(holding("a", token)));
    assertEquals(1, q.admission.insideCount());
  }

  @Test
  void rule6ShouldNotInviteToRetryWithATokenThatIsVoid() {
    QueueFixture.Refusal refused = refusal(q.admission.arrive(holding("a", "token-0"), q.nowMs));
    assertEquals(ErrorCode.TICKET_EXPIRED, refused.code());
    assertFalse(refused.mayRetry());
  }

  @Test
  void rule6ShouldNotLetASecondPersonInWithTheToken() {
    q.full("a", "b");
    q.admission.released("i", q.nowMs);
    String token = token(q.taken());
    assertEquals("queued", q.arrive(holding("b", token)));
    assertEquals("ticket_expired", q.arrive(holding("c", token)));
    assertEquals("in", q.arrive(holding("a", token)));
  }

  @Test
  void rule6ShouldNotGiveASeatTwice() {
    q.full("a", "b");
    q.admission.released("i", q.nowMs);
    assertEquals("queued", q.arrive(guest("c")));
    assertEquals("room_full", q.arrive(bypass("d")));
    assertEquals(List.of("admitted:a"), q.happened());
    assertEquals("in", q.arrive(guest("a")));
    assertEquals(List.of(), q.happened());
  }

  @Test
  void rule6ShouldKeepThePlaceAndTheWindowOfOneWhoseJoinFailed() {
    QueueFixture queue = new QueueFixture(QueueFixture.CAPACITY).full("a", "b", "c");
    queue.admission.hold(queue.ticket("a").ticketId(), true, queue.nowMs);
    queue.admission.released("i", queue.nowMs);
    assertEquals("in", queue.arrive(QueueFixture.again("b", "b2")));
    queue.pass(10_000);
    queue.admission.abandoned("b2", queue.nowMs);
    assertEquals(TicketView.State.ADMITTED, queue.ticket("b").state());
    assertEquals("a b c", queue.order());
    assertEquals("in", queue.arrive(QueueFixture.again("b", "b3")));
    queue.pass(25_000);
    queue.admission.abandoned("b3", queue.nowMs);
    assertEquals("a c b", queue.order(), "the window has passed meanwhile");
    assertEquals(TicketView.State.ADMITTED, queue.ticket("c").state());
  }

  @Test
  void rule6ShouldKeepOneTicketWhenAJoinFailsWhileTheSamePersonWaitsElsewhere() {
    QueueFixture queue = new QueueFixture(QueueFixture.CAPACITY).full("a", "b");
    queue.admission.released("i", queue.nowMs);
    assertEquals("in", queue.arrive(QueueFixture.again("a", "a2")));
    assertEquals("queued", queue.arrive(QueueFixture.again("a", "a3")));
    assertEquals("b a", queue.order());
    queue.admission.abandoned("a2", queue.nowMs);
    assertEquals("a b", queue.order());
    assertEquals("a3", queue.ticket("a").key());
    assertEquals(TicketView.State.ADMITTED, queue.ticket("a").state());
  }

  @Test
  void rule4ShouldNotTakeAJoinThatFailedForAVisit() {
    QueueFixture queue = new QueueFixture(QueueFixture.CAPACITY);
    queue.arrive(QueueFixture.guest("x"));
    queue.pass(1_000);
    queue.admission.abandoned("x", queue.nowMs);
    queue.full("a");
    assertEquals(TicketView.Eta.UNKNOWN, queue.ticket("a").eta());
  }

  @Test
  void rule6ShouldMoveBehindTheNextPersonWhoMissesOnce() {
    q.full("a", "b", "c");
    q.admission.released("i", q.nowMs);
    String token = token(q.taken());
    q.pass(29_999);
    assertEquals("a b c", q.order());
    q.pass(1);
    assertEquals("b a c", q.order());
    assertEquals(State.ADMITTED, q.state("b"));
    assertEquals(State.WAITING, q.state("a"));
    assertTrue(q.told().contains("update:a"), "hears that the admission is over");
    assertEquals("queued", q.arrive(holding("a", token)), "the old token is void, the place not");
  }

  @Test
  void rule6ShouldKeepTheWindowWhenTheTimerIsLate() {
    q.full("a", "b");
    q.admission.released("i", q.nowMs);
    String token = token(q.taken());
    q.passWithoutTimer(30_000);
    assertEquals("queued", q.arrive(holding("a", token)));
    assertEquals("b a", q.order());
  }

  @Test
  void rule6ShouldExpireWhoMissesTwice() {
    q.full("a");
    q.admission.released("i", q.nowMs);
    q.pass(30_000);
    assertEquals(List.of("admitted:a", "admitted:a"), q.happened());
    String token;
    q.pass(29_999);
    assertEquals("a", q.order());
    q.pass(1);
    QueueEffect.Expired expired = assertInstanceOf(QueueEffect.Expired.class, q.taken().getLast());
    assertEquals(State.EXPIRED, expired.ticket().state());
    assertEquals("", q.order());
    token = "token-2";
    assertEquals("ticket_expired", q.arrive(holding("a", token)));
    assertEquals("in", q.arrive(guest("a")), "as somebody new");
  }

  @Test
  void rule6ShouldMoveBehindOneWhoCanTakeTheSeat() {
    q.full("a", "held", "away", "b", "c");
    q.admission.hold(q.id("held"), true, q.nowMs);
    q.admission.lost("away", q.nowMs);
    q.admission.released("i", q.nowMs);
    q.pass(30_000);
    assertEquals("held away b a c", q.order());
    assertEquals(State.ADMITTED, q.state("b"));
  }

  @Test
  void rule6ShouldLetOthersInWhenSeveralMissAtOnce() {
    q.full("a", "b", "c", "d");
    q.admission.released("i", q.nowMs);
    q.admission.released("j", q.nowMs);
    q.taken();
    q.pass(30_000);
    assertEquals("c a b d", q.order());
    assertEquals(State.ADMITTED, q.state("c"));
    assertEquals(State.ADMITTED, q.state("a"));
    assertEquals(State.WAITING, q.state("b"));
  }

  @Test
  void rule6ShouldNotAdmitUnapprovedBecauseOfAMissedWindow() {
    q = with(APPROVAL);
    q.arriveAll("a", "b", "c");
    q.admission.admit(q.id("a"), q.nowMs);
    q.admission.lost("a", q.nowMs);
    q.taken();
    q.pass(30_000);
    assertEquals("b a c", q.order());
    assertEquals(List.of(), q.happened());
  }

  @Test
  void rule6ShouldFreeTheSeatOfOneWhoIsAdmittedAndComesInAsAHost() {
    q.full("a", "b");
    q.admission.released("i", q.nowMs);
    assertEquals("in", q.arrive(host("a")));
    assertEquals(List.of("admitted:a", "admitted:b"), q.happened());
  }

  @Test
  void rule6ShouldFreeTheSeatOfOneWhoIsAdmittedAndLeaves() {
    q.full("a", "b");
    q.admission.released("i", q.nowMs);
    q.admission.left("a", q.nowMs);
    assertEquals(List.of("admitted:a", "admitted:b"), q.happened());
  }

  // Rule 7

  @Test
  void rule7ShouldKeepThePlaceForAMinute() {
    q.full("a", "b");
    q.admission.lost("a", q.nowMs);
    assertEquals(State.AWAY, q.state("a"));
    q.pass(59_999);
    assertEquals("a b", q.order());
    q.admission.returned("a", q.nowMs);
    assertEquals(State.WAITING, q.state("a"));
    q.pass(600_000);
    assertEquals("a b", q.order());
  }

  @Test
  void rule7ShouldGiveThePlaceUpAfterAMinute() {
    q.full("a", "b");
    q.admission.lost("a", q.nowMs);
    q.pass(60_000);
    assertEquals("b", q.order());
    QueueEffect.Left left =
        q.taken().stream()
            .filter(QueueEffect.Left.class::isInstance)
            .map(QueueEffect.Left.class::cast)
            .findFirst()
            .orElseThrow();
    assertEquals(State.LEFT, left.ticket().state());
    q.admission.returned("a", q.nowMs);
    assertEquals("b", q.order());
    assertEquals("queued", q.arrive(guest("a")));
    assertEquals("b a", q.order());
  }

  @Test
  void rule7ShouldGiveThePlaceUpAfterAMinuteWhenTheTimerIsLate() {
    q.full("a", "b");
    q.admission.lost("a", q.nowMs);
    q.passWithoutTimer(60_000);
    assertEquals("queued", q.arrive(again("a", "a2")));
    assertEquals("b a", q.order());
    assertEquals(List.of("left:a"), q.happened());
  }

  @Test
  void rule7ShouldKeepThePlaceForOneWhoComesBackByAnotherConnection() {
    q.full("a", "b");
    String id = q.id("a");
    q.admission.lost("a", q.nowMs);
    q.pass(59_999);
    assertEquals("queued", q.arrive(again("a", "a2")));
    assertEquals("a b", q.order());
    assertEquals(id, q.id("a"));
    assertEquals(State.WAITING, q.state("a"));
  }

  @Test
  void rule7ShouldNotKeepItLongerForBeingLostTwice() {
    q.full("a");
    q.admission.lost("a", q.nowMs);
    q.pass(40_000);
    q.admission.lost("a", q.nowMs);
    q.pass(20_000);
    assertEquals("", q.order());
  }

  @Test
  void rule7ShouldAdmitTheNextPresentMeanwhileAndKeepTheAwayFirst() {
    q.full("a", "b", "c");
    q.admission.lost("a", q.nowMs);
    q.admission.released("i", q.nowMs);
    assertEquals(List.of("admitted:b"), q.happened());
    assertEquals("a b c", q.order());
    q.arrive(guest("b"));
    q.admission.returned("a", q.nowMs);
    assertEquals(List.of(), q.happened());
    q.admission.released("j", q.nowMs);
    assertEquals(List.of("admitted:a"), q.happened());
  }

  @Test
  void rule7ShouldKeepTheWindowOfOneWhoIsLostWhileAdmittedAndNotTheGraceAfterIt() {
    q.full("a", "b");
    q.admission.released("i", q.nowMs);
    q.admission.lost("a", q.nowMs);
    assertEquals(State.ADMITTED, q.state("a"));
    q.pass(30_000);
    assertEquals("b a", q.order());
    assertEquals(State.AWAY, q.state("a"));
    q.pass(29_999);
    assertEquals(State.AWAY, q.state("a"));
    q.pass(1);
    assertFalse(q.order().contains("a"));
  }

  @Test
  void rule7ShouldLetOneInWhoIsBackWithinTheWindow() {
    q.full("a");
    q.admission.released("i", q.nowMs);
    q.admission.lost("a", q.nowMs);
    q.pass(10_000);
    assertEquals("in", q.arrive(again("a", "a2")));
  }

  @Test
  void rule7ShouldKeepNothingWithoutAGrace() {
    q = with(new Capacity().times(30, 0).settings());
    q.full("a");
    q.admission.lost("a", q.nowMs);
    q.pass(0);
    assertEquals("", q.order());
  }

  @Test
  void rule7ShouldLetSomebodyNewInBeforeOneWhoIsAway() {
    q.full("a");
    q.admission.lost("a", q.nowMs);
    q.admission.released("i", q.nowMs);
    assertEquals("in", q.arrive(guest("c")));
    assertEquals("a", q.order());
  }

  // Restart

  @Test
  void restartShouldKeepSeatsForThoseWhoWereInside() {
    q.full("a");
    q.restart(CAPACITY);
    assertTrue(q.admission.recovering(q.nowMs));
    assertEquals("queued", q.arrive(again("a", "a2")));
    assertEquals("queued", q.arrive(guest("b")));
    assertEquals("in", q.arrive(again("i", "i2")));
    assertEquals("in", q.arrive(again("j", "j2")));
    assertEquals("a b", q.order());
    assertEquals(List.of(), q.happened());
  }

  @Test
  void restartShouldKeepBothSeatsOfOneIdentity() {
    q.arrive(again("i", "tab1"));
    q.arrive(again("i", "tab2"));
    q.restart(CAPACITY);
    assertEquals("queued", q.arrive(guest("a")));
    assertEquals("in", q.arrive(again("i", "tab3")));
    assertEquals("in", q.arrive(again("i", "tab4")));
  }

  @Test
  void restartShouldNotMakeASeatOfOneThatAHostDidNotTake() {
    q.arrive(host("h"));
    q.full();
    q.restart(CAPACITY);
    assertEquals("queued", q.arrive(guest("h")));
    assertEquals("in", q.arrive(guest("i")));
    assertEquals("in", q.arrive(guest("j")));
  }

  @Test
  void restartShouldKeepTheOrderWhoeverReturnsFirst() {
    q.full("a", "b");
    q.arrive(ranked("vip", 9));
    q.admission.hold(q.id("a"), true, q.nowMs);
    String id = q.id("b");
    q.restart(CAPACITY);
    assertEquals(State.AWAY, q.state("b"));
    q.arrive(guest("b"));
    q.arrive(guest("a"));
    q.arrive(ranked("vip", 9));
    assertEquals("vip a b", q.order());
    assertEquals(id, q.id("b"));
    assertTrue(q.ticket("a").held());
  }

  @Test
  void restartShouldPassNobodyOverForTwoMinutes() {
    q.full("a", "b", "c");
    q.restart(CAPACITY);
    q.arrive(guest("b"));
    q.arrive(guest("c"));
    q.arrive(guest("i"));
    q.arrive(guest("j"));
    q.admission.released("i", q.nowMs);
    assertEquals(List.of(), q.happened());
    q.admission.released("j", q.nowMs);
    assertEquals(List.of("admitted:b"), q.happened(), "one seat is kept for a, not both");
    assertEquals("queued", q.arrive(guest("d")));
    q.pass(119_999);
    assertTrue(q.admission.recovering(q.nowMs));
    assertEquals(State.AWAY, q.state("a"));
    q.pass(1);
    assertFalse(q.admission.recovering(q.nowMs));
    assertFalse(q.order().contains("a"));
    assertTrue(q.happened().containsAll(List.of("left:a", "admitted:c")));
  }

  @Test
  void restartShouldKeepASeatForTheFirstInLineWhoWasAdmitted() {
    q.full("a", "b");
    q.admission.released("i", q.nowMs);
    String token = token(q.taken());
    q.restart(CAPACITY);
    assertEquals("queued", q.arrive(guest("b")));
    assertEquals(List.of(), q.happened());
    assertEquals("queued", q.arrive(holding("a", token)));
    assertEquals(List.of("admitted:a"), q.happened());
  }

  @Test
  void restartShouldGiveSeatsUpAfterTwoMinutes() {
    q.full("a");
    q.restart(CAPACITY);
    q.pass(60_000);
    q.arrive(guest("a"));
    q.pass(59_999);
    assertEquals(State.WAITING, q.state("a"));
    q.pass(1);
    assertEquals(State.ADMITTED, q.state("a"));
    assertEquals("in", q.arrive(guest("k")));
    assertEquals("queued", q.arrive(guest("i")));
  }

  @Test
  void restartShouldNotLetAwayUnapprovedStandInTheWayOfTheApproved() {
    q = with(new Capacity().mode(Mode.BOTH).seats(1).settings());
    q.arriveAll("a", "b");
    q.restart(new Capacity().mode(Mode.BOTH).seats(1).settings());
    q.arrive(guest("b"));
    q.admission.admit(q.id("b"), q.nowMs);
    assertTrue(q.happened().contains("admitted:b"));
  }

  @Test
  void restartShouldKeepApprovalMissedWindowsAndTheClosedDoor() {
    q = with(APPROVAL);
    q.arriveAll("a", "b");
    q.admission.admit(q.id("a"), q.nowMs);
    q.pass(30_000);
    q.admission.closed(true);
    q.restart(APPROVAL);
    q.taken();
    q.arrive(guest("a"));
    assertTrue(q.happened().contains("admitted:a"));
    assertEquals("queue_closed", q.arrive(guest("c")));
    q.pass(30_000);
    assertTrue(q.happened().contains("expired:a"));
  }

  @Test
  void restartShouldBeIdleOnlyWhenNobodyIsExpected() {
    q.full();
    q.restart(CAPACITY);
    assertFalse(q.admission.isIdle());
    q.admission.arrive(guest("i"), q.nowMs);
    q.admission.released("i", q.nowMs);
    q.pass(120_000);
    assertTrue(q.admission.isIdle());
    assertEquals(Long.MAX_VALUE, q.admission.nextTimeoutMs());
  }

  @Test
  void shouldMoveASeatToAnotherConnection() {
    q.full("a");
    q.admission.transfer("i", "i2");
    q.admission.released("i", q.nowMs);
    assertEquals(List.of(), q.happened());
    q.admission.released("i2", q.nowMs);
    assertEquals(List.of("admitted:a"), q.happened());
  }

  @Test
  void shouldRefuseSettingsOutOfBounds() {
    List<Runnable> bad = new ArrayList<>();
    bad.add(() -> new Capacity().seats(-1));
    bad.add(() -> new Capacity().limits(0, 1));
    bad.add(() -> new Capacity().limits(1, 0));
    bad.add(() -> new Capacity().times(0, 60));
    bad.add(() -> new Capacity().times(30, -1));
    bad.forEach(make -> assertThrows(IllegalArgumentException.class, make::run));
  }
}
