package dev.parley.signaling.rules;

import static dev.parley.signaling.rules.QueueFixture.CAPACITY;
import static dev.parley.signaling.rules.QueueFixture.again;
import static dev.parley.signaling.rules.QueueFixture.bypass;
import static dev.parley.signaling.rules.QueueFixture.guest;
import static dev.parley.signaling.rules.QueueFixture.guestFrom;
import static dev.parley.signaling.rules.QueueFixture.holding;
import static dev.parley.signaling.rules.QueueFixture.host;
import static dev.parley.signaling.rules.QueueFixture.ranked;
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
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The rules of the waiting queue, by their numbers. */
final class AdmissionTest {
  private static final QueueSettings APPROVAL = new Capacity().mode(Mode.APPROVAL).settings();

  private QueueFixture q = new QueueFixture(CAPACITY);

  private static QueueFixture with(QueueSettings settings) {
    return new QueueFixture(settings);
  }

  private static TicketView.Eta eta(int lowSec, int highSec, String basis) {
    return new TicketView.Eta(OptionalInt.of(lowSec), OptionalInt.of(highSec), basis);
  }

  private static String token(List<QueueEffect> effects) {
    return effects.stream()
        .filter(QueueEffect.Admitted.class::isInstance)
        .map(effect -> ((QueueEffect.Admitted) effect).admitToken())
        .findFirst()
        .orElseThrow(() -> new AssertionError("nobody was admitted"));
  }

  private static Refusal refusal(Admission.Entry entry) {
    return new Refusal(assertInstanceOf(Admission.Entry.Refused.class, entry));
  }

  private record Refusal(Admission.Entry.Refused refused) {
    ErrorCode code() {
      return refused.refusal().code();
    }

    boolean mayRetry() {
      return refused.refusal().retryAfterMs().isPresent();
    }
  }

  // Rule 1

  @Test
  void rule1ShouldQueueWhenTheRoomIsFull() {
    assertEquals("in", q.arrive(guest("i")));
    assertEquals("in", q.arrive(guest("j")));
    assertEquals("queued", q.arrive(guest("a")));
    assertEquals(2, q.admission.insideCount());
    assertEquals(State.WAITING, q.state("a"));
    assertEquals(1, q.ticket("a").position());
    assertEquals(0, q.ticket("a").ahead());
    assertEquals(q.nowMs, q.ticket("a").joinedAtMs());
  }

  @ParameterizedTest
  @EnumSource(names = {"APPROVAL", "BOTH"})
  void rule1ShouldQueueWhenTheRoomNeedsApproval(Mode mode) {
    q = with(new Capacity().mode(mode).settings());
    assertEquals("queued", q.arrive(guest("a")));
    assertEquals(List.of(), q.happened());
  }

  @Test
  void rule1ShouldQueueWhenSeatsAreGivenAwayByHand() {
    q = with(new Capacity().byHand().settings());
    assertEquals("queued", q.arrive(guest("a")));
    assertEquals(List.of(), q.happened());
  }

  @Test
  void rule1ShouldRefuseWhenThereIsNoQueue() {
    q = with(new Capacity().disabled().settings());
    q.full();
    Refusal refused = refusal(q.admission.arrive(guest("a"), q.nowMs));
    assertEquals(ErrorCode.ROOM_FULL, refused.code());
    assertTrue(refused.mayRetry());
    assertEquals("", q.order());
  }

  @Test
  void rule1ShouldAskNobodyForApprovalWhenThereIsNoQueue() {
    q = with(new Capacity().disabled().mode(Mode.APPROVAL).settings());
    assertEquals("in", q.arrive(guest("a")));
    assertFalse(q.admission.paused());
  }

  @Test
  void rule1ShouldTakeManyWithoutALimit() {
    q = with(new Capacity().seats(0).settings());
    for (int i = 0; i < 1000; i++) {
      assertEquals("in", q.arrive(guest("g" + i)));
    }
  }

  @Test
  void rule1ShouldLetHostsInBesideTheSeats() {
    q.full("a");
    assertEquals("in", q.arrive(host("h")));
    assertEquals("a", q.order());
    q.admission.released("i", q.nowMs);
    assertEquals(State.ADMITTED, q.state("a"));
  }

  @Test
  void rule1ShouldRefuseHostsWhoAreCountedWhenTheRoomIsFull() {
    q = with(new Capacity().countHosts().settings());
    assertEquals("in", q.arrive(host("h")));
    assertEquals("in", q.arrive(guest("i")));
    assertEquals("room_full", q.arrive(host("k")));
    assertEquals("queued", q.arrive(guest("a")));
  }

  @Test
  void rule1ShouldLetBypassInWithoutApprovalButNotWithoutASeat() {
    q = with(APPROVAL);
    assertEquals("in", q.arrive(bypass("b")));
    assertEquals("in", q.arrive(bypass("c")));
    assertEquals("room_full", q.arrive(bypass("d")));
  }

  @Test
  void rule1ShouldLetInWhenASeatIsFreeAndNobodyPresentHasARightToIt() {
    q.full("a", "b");
    q.admission.hold(q.id("a"), true, q.nowMs);
    q.admission.lost("b", q.nowMs);
    q.admission.released("i", q.nowMs);
    q.admission.closed(true);
    assertEquals("in", q.arrive(guest("c")));
    assertEquals("a b", q.order());
  }

  @Test
  void rule1ShouldSeatAKeyOnce() {
    q.arrive(guest("i"));
    assertThrows(IllegalArgumentException.class, () -> q.admission.arrive(guest("i"), q.nowMs));
  }

  @Test
  void rule1ShouldLetOneIn_whoHasBecomeAHostWhileWaiting() {
    q.full("a");
    assertEquals("in", q.arrive(host("a")));
    assertEquals("", q.order());
  }

  // Rule 2

  @Test
  void rule2ShouldOrderByPriorityAndThenByArrival() {
    q.full("a", "b");
    q.arrive(ranked("vip", 9));
    q.arrive(ranked("vip2", 9));
    q.arrive(ranked("five", 5));
    assertEquals("vip vip2 five a b", q.order());
    assertEquals(3, q.ticket("five").position());
    assertEquals(2, q.ticket("five").ahead());
    assertEquals(5, q.ticket("five").waiting());
  }

  @Test
  void rule2ShouldMoveOnAModeratorsWord() {
    q.full("a", "b", "c");
    assertEquals(Optional.empty(), q.admission.move(q.id("c"), 1, q.nowMs));
    assertEquals("c a b", q.order());
    q.admission.move(q.id("c"), 2, q.nowMs);
    assertEquals("a c b", q.order());
    q.admission.move(q.id("a"), 99, q.nowMs);
    assertEquals("c b a", q.order());
  }

  @Test
  void rule2ShouldPutNewPriorityBehindAllWhoHaveIt() {
    q.full("a", "b");
    q.arrive(ranked("vip", 5));
    assertEquals(Optional.empty(), q.admission.priority(q.id("b"), 5, q.nowMs));
    assertEquals("vip b a", q.order());
    q.admission.priority(q.id("vip"), 0, q.nowMs);
    assertEquals("b a vip", q.order());
  }

  @Test
  void rule2ShouldRefuseAPlaceOrPriorityThatIsNoneAndChangeNothing() {
    q.full("a", "b");
    for (var refused :
        List.of(
            q.admission.move(q.id("b"), 0, q.nowMs),
            q.admission.move(q.id("b"), Integer.MIN_VALUE, q.nowMs),
            q.admission.priority(q.id("b"), 10, q.nowMs),
            q.admission.priority(q.id("b"), -1, q.nowMs))) {
      assertEquals(ErrorCode.BAD_REQUEST, refused.orElseThrow().code());
    }
    assertEquals("a b", q.order());
  }

  @Test
  void rule2ShouldMakeOneTicketOfTwoOfOneIdentity() {
    q.full("a", "b");
    String id = q.id("a");
    assertEquals("queued", q.arrive(again("a", "a2")));
    assertEquals("a b", q.order());
    assertEquals(id, q.id("a"));
    assertEquals("a2", q.ticket("a").key());
    // The first connection has no say any more.
    q.admission.left("a", q.nowMs);
    q.admission.lost("a", q.nowMs);
    assertEquals(State.WAITING, q.state("a"));
    q.admission.left("a2", q.nowMs);
    assertEquals("b", q.order());
  }

  @Test
  void rule2ShouldMakeOneTicketOfOneWhoIsSentBackAndWaitsBesides() {
    q.full("a");
    q.arrive(again("i", "i2"));
    q.admission.toQueue(guest("i"), false, q.nowMs);
    assertEquals("a i", q.order());
    assertEquals("i", q.ticket("i").key());
    assertEquals(State.ADMITTED, q.state("a"));
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

  // Rule 5

  @Test
  void rule5ShouldAdmitByAFreeSeat() {
    q.full("a", "b");
    q.admission.released("i", q.nowMs);
    assertEquals(List.of("admitted:a"), q.happened());
    assertEquals(State.WAITING, q.state("b"));
    assertEquals(q.nowMs, q.ticket("a").admittedAtMs().orElseThrow());
  }

  @Test
  void rule5ShouldAdmitTheNextByAModerator() {
    q = with(APPROVAL);
    q.arriveAll("a", "b", "c");
    q.admission.admitNext(1, q.nowMs);
    assertEquals(List.of("admitted:a"), q.happened());
  }

  @Test
  void rule5ShouldAdmitOneTicketByAModerator() {
    q = with(APPROVAL);
    q.arriveAll("a", "b", "c");
    assertEquals(Optional.empty(), q.admission.admit(q.id("b"), q.nowMs));
    assertEquals(List.of("admitted:b"), q.happened());
    assertEquals("a b c", q.order());
  }

  @Test
  void rule5ShouldGiveTheNextSeatToWhomAModeratorAdmitsThoughSeatsAreGivenByOrder() {
    q.full("a", "b");
    q.admission.admit(q.id("b"), q.nowMs);
    assertEquals(List.of(), q.happened());
    q.admission.released("i", q.nowMs);
    assertEquals(List.of("admitted:b"), q.happened());
  }

  @Test
  void rule5ShouldAdmitSoManyAndNoMoreThanThereAreSeats() {
    q = with(new Capacity().mode(Mode.BOTH).seats(3).settings());
    q.arriveAll("a", "b", "c", "d", "e");
    q.admission.admitNext(2, q.nowMs);
    assertEquals(List.of("admitted:a", "admitted:b"), q.happened());
    q.admission.admitNext(2, q.nowMs);
    assertEquals(List.of("admitted:c"), q.happened());
    q.arrive(holding("a", "whatever"));
    q.admission.released("a", q.nowMs);
    assertEquals(List.of("admitted:d"), q.happened());
    q.admission.left("b", q.nowMs);
    assertEquals(List.of(), q.happened(), "nobody admitted e");
  }

  @Test
  void rule5ShouldAdmitAllWhoArePresent() {
    q = with(new Capacity().mode(Mode.APPROVAL).seats(0).settings());
    q.arriveAll("a", "b", "c", "d");
    q.admission.lost("b", q.nowMs);
    q.admission.hold(q.id("c"), true, q.nowMs);
    q.admission.admitNext(Integer.MAX_VALUE, q.nowMs);
    assertEquals(List.of("admitted:a", "admitted:d"), q.happened());
    q.admission.returned("b", q.nowMs);
    assertEquals(List.of(), q.happened());
  }

  @Test
  void rule5ShouldAdmitOneWhoIsAwayOnReturn() {
    q = with(APPROVAL);
    q.arriveAll("a");
    q.admission.lost("a", q.nowMs);
    q.admission.admit(q.id("a"), q.nowMs);
    assertEquals(List.of(), q.happened());
    q.admission.returned("a", q.nowMs);
    assertEquals(List.of("admitted:a"), q.happened());
  }

  @Test
  void rule5ShouldGiveSeatsByHandOnlyByAWord() {
    q = with(new Capacity().byHand().settings());
    q.arriveAll("a", "b");
    assertEquals(List.of(), q.happened());
    q.admission.admitNext(1, q.nowMs);
    assertEquals(List.of("admitted:a"), q.happened());
    assertFalse(q.admission.paused());
  }

  @Test
  void rule5ShouldDenyWithAText() {
    q.full("a", "b");
    assertEquals(Optional.empty(), q.admission.deny(q.id("a"), "not today", q.nowMs));
    QueueEffect.Denied denied = assertInstanceOf(QueueEffect.Denied.class, q.taken().getFirst());
    assertEquals("not today", denied.text());
    assertEquals(State.DENIED, denied.ticket().state());
    assertEquals("a", denied.ticket().key());
    assertEquals("b", q.order());
  }

  @Test
  void rule5ShouldGiveTheSeatOfADeniedAdmissionToTheNext() {
    q.full("a", "b");
    q.admission.released("i", q.nowMs);
    String token = token(q.taken());
    q.admission.deny(q.id("a"), "", q.nowMs);
    assertEquals(List.of("denied:a", "admitted:b"), q.happened());
    assertEquals("ticket_expired", q.arrive(holding("a", token)));
  }

  @Test
  void rule5ShouldPassOverWhoIsHeldUntilReleased() {
    q.full("a", "b");
    q.admission.hold(q.id("a"), true, q.nowMs);
    assertTrue(q.ticket("a").held());
    q.admission.released("i", q.nowMs);
    assertEquals(List.of("admitted:b"), q.happened());
    assertEquals("a b", q.order());
    q.admission.released("j", q.nowMs);
    assertEquals(List.of(), q.happened());
    q.admission.hold(q.id("a"), false, q.nowMs);
    assertEquals(List.of("admitted:a"), q.happened());
  }

  @Test
  void rule5ShouldReleaseWhoIsHeldByAdmitting() {
    q.full("a");
    q.admission.hold(q.id("a"), true, q.nowMs);
    q.admission.released("i", q.nowMs);
    q.admission.admit(q.id("a"), q.nowMs);
    assertEquals(List.of("admitted:a"), q.happened());
    assertFalse(q.ticket("a").held());
  }

  @Test
  void rule5ShouldSendBackToTheHeadOrTheTailAndFreeTheSeat() {
    q.full("a", "b");
    TicketView head = q.admission.toQueue(guest("i"), true, q.nowMs);
    assertEquals(1, head.position());
    assertTrue(head.held());
    assertEquals("i a b", q.order());
    assertEquals(List.of("admitted:a"), q.happened());
    TicketView tail = q.admission.toQueue(guest("j"), false, q.nowMs);
    assertEquals(4, tail.position());
    assertEquals("i a b j", q.order());
    assertEquals(List.of("admitted:b"), q.happened());
    assertEquals(0, q.admission.insideCount());
    q.admission.admit(head.ticketId(), q.nowMs);
    assertEquals(List.of(), q.happened(), "both seats are promised");
  }

  @Test
  void rule5ShouldRefuseVerbsOnTicketsThatAreNone() {
    q.full("a");
    for (var refused :
        List.of(
            q.admission.admit("qt_0", q.nowMs),
            q.admission.deny("qt_0", "", q.nowMs),
            q.admission.hold("qt_0", true, q.nowMs),
            q.admission.priority("qt_0", 1, q.nowMs),
            q.admission.move("qt_0", 1, q.nowMs))) {
      assertEquals(ErrorCode.TICKET_EXPIRED, refused.orElseThrow().code());
    }
    assertEquals("a", q.order());
    assertEquals(List.of(), q.happened());
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
    Refusal refused = refusal(q.admission.arrive(holding("a", "token-0"), q.nowMs));
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

  // Rule 8

  @ParameterizedTest
  @EnumSource(names = {"APPROVAL", "BOTH"})
  void rule8ShouldPauseApprovalWithoutAModerator(Mode mode) {
    q = with(new Capacity().mode(mode).settings());
    q.arriveAll("a");
    q.admission.moderators(0, q.nowMs);
    assertTrue(q.admission.paused());
    assertEquals(List.of("paused"), q.happened());
    q.admission.moderators(0, q.nowMs);
    assertEquals(List.of(), q.happened());
    q.admission.moderators(2, q.nowMs);
    assertFalse(q.admission.paused());
    assertEquals(List.of("resumed"), q.happened());
  }

  @Test
  void rule8ShouldBePausedFromTheStart() {
    Admission admission = new Admission(APPROVAL, () -> "qt_1", () -> "token", q);
    assertTrue(admission.paused());
    admission.moderators(1, q.nowMs);
    assertEquals(List.of(new QueueEffect.Paused(false)), admission.takeEffects());
  }

  @Test
  void rule8ShouldGoOnWithoutAModeratorInCapacityMode() {
    q.full("a");
    q.admission.moderators(0, q.nowMs);
    assertFalse(q.admission.paused());
    q.admission.released("i", q.nowMs);
    assertEquals(List.of("admitted:a"), q.happened());
  }

  @Test
  void rule8ShouldStillAdmitWhomAModeratorApprovedBeforeGoing() {
    q = with(APPROVAL);
    q.arrive(bypass("i"));
    q.arrive(bypass("j"));
    q.arrive(guest("a"));
    q.admission.admit(q.id("a"), q.nowMs);
    q.admission.moderators(0, q.nowMs);
    q.admission.released("i", q.nowMs);
    assertEquals(List.of("paused", "admitted:a"), q.happened());
  }

  // Rule 9

  @Test
  void rule9ShouldLimitTicketsByAddress() {
    q = with(new Capacity().limits(5, 2).settings());
    q.full();
    assertEquals("queued", q.arrive(guestFrom("a", "198.51.100.1")));
    assertEquals("queued", q.arrive(guestFrom("b", "198.51.100.1")));
    Refusal refused = refusal(q.admission.arrive(guestFrom("c", "198.51.100.1"), q.nowMs));
    assertEquals(ErrorCode.QUEUE_FULL, refused.code());
    assertTrue(refused.mayRetry());
    assertEquals("queued", q.arrive(guestFrom("d", "198.51.100.2")));
    assertEquals(
        "queued", q.arrive(guestFrom("b", "198.51.100.1")), "who waits already may return");
    q.admission.left("a", q.nowMs);
    assertEquals("queued", q.arrive(guestFrom("c", "198.51.100.1")));
  }

  @Test
  void rule9ShouldRefuseWhenTheQueueIsFull() {
    q.full("a", "b", "c", "d", "e");
    assertEquals("queue_full", q.arrive(guest("f")));
    assertEquals("a b c d e", q.order());
    assertEquals("queued", q.arrive(guest("e")));
  }

  @Test
  void rule9ShouldTakeNobodyNewWhileClosed() {
    q.full("a");
    q.admission.closed(true);
    assertEquals("queue_closed", q.arrive(guest("b")));
    assertEquals("queued", q.arrive(guest("a")));
    q.admission.released("i", q.nowMs);
    assertEquals(List.of("admitted:a"), q.happened(), "those who wait go on");
    q.admission.closed(false);
    assertEquals("queued", q.arrive(guest("b")));
  }

  @Test
  void rule9ShouldNotCountWaitingAsVisiting() {
    q.full("a");
    q.pass(500_000);
    q.admission.toQueue(guest("i"), false, q.nowMs);
    q.arrive(guest("a"));
    q.pass(100_000);
    q.admission.released("a", q.nowMs);
    assertEquals(List.of(100_000L), q.admission.save().visitsMs());
  }

  @Test
  void rule9ShouldNotTakeHostsForVisitors() {
    q.arrive(host("h"));
    q.pass(100_000);
    q.admission.released("h", q.nowMs);
    assertEquals(List.of(), q.admission.save().visitsMs());
  }

  // Settings change while the room runs

  @Test
  void shouldAdmitWhenSeatsAreAdded() {
    q.full("a", "b", "c");
    q.admission.settings(new Capacity().seats(4).settings(), q.nowMs);
    assertEquals(List.of("admitted:a", "admitted:b"), q.happened());
  }

  @Test
  void shouldSendNobodyAwayWhenSeatsAreTakenAway() {
    q.full("a");
    q.admission.settings(new Capacity().seats(1).settings(), q.nowMs);
    assertEquals(2, q.admission.insideCount());
    q.admission.released("i", q.nowMs);
    assertEquals(List.of(), q.happened());
    q.admission.released("j", q.nowMs);
    assertEquals(List.of("admitted:a"), q.happened());
  }

  @Test
  void shouldAdmitByOrderWhenApprovalIsNotNeededAnyMore() {
    q = with(APPROVAL);
    q.arriveAll("a", "b", "c");
    q.admission.settings(CAPACITY, q.nowMs);
    assertEquals(List.of("admitted:a", "admitted:b"), q.happened());
  }

  @Test
  void shouldGoOnWithThoseWhoWaitWhenTheQueueIsDisabled() {
    q = with(APPROVAL);
    q.arriveAll("a", "b", "c");
    q.admission.settings(new Capacity().disabled().mode(Mode.APPROVAL).settings(), q.nowMs);
    assertEquals(List.of("admitted:a", "admitted:b"), q.happened());
    assertEquals("room_full", q.arrive(guest("d")));
    assertEquals("queued", q.arrive(guest("c")));
  }

  @Test
  void shouldApplyANewGraceToThoseAway() {
    q.full("a");
    q.admission.lost("a", q.nowMs);
    q.pass(40_000);
    q.admission.settings(new Capacity().times(30, 30).settings(), q.nowMs);
    q.pass(0);
    assertEquals("", q.order());
  }

  @Test
  void shouldCountHostsOnceTheyAreCounted() {
    q.arrive(host("h"));
    q.full("a");
    q.admission.settings(new Capacity().countHosts().settings(), q.nowMs);
    q.admission.released("i", q.nowMs);
    assertEquals(List.of(), q.happened());
    q.admission.released("j", q.nowMs);
    assertEquals(List.of("admitted:a"), q.happened());
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
