package dev.parley.signaling.rules;

import static dev.parley.signaling.rules.QueueFixture.APPROVAL;
import static dev.parley.signaling.rules.QueueFixture.CAPACITY;
import static dev.parley.signaling.rules.QueueFixture.again;
import static dev.parley.signaling.rules.QueueFixture.bypass;
import static dev.parley.signaling.rules.QueueFixture.guest;
import static dev.parley.signaling.rules.QueueFixture.guestFrom;
import static dev.parley.signaling.rules.QueueFixture.holding;
import static dev.parley.signaling.rules.QueueFixture.host;
import static dev.parley.signaling.rules.QueueFixture.ranked;
import static dev.parley.signaling.rules.QueueFixture.refusal;
import static dev.parley.signaling.rules.QueueFixture.token;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.signaling.rules.QueueFixture.Capacity;
import dev.parley.signaling.rules.QueueSettings.Mode;
import dev.parley.signaling.rules.TicketView.State;
import dev.parley.signaling.wire.ErrorCode;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The rules of the waiting queue by their numbers: who comes in, in which order, and by whose word.
 */
final class AdmissionTest {
  private QueueFixture q = new QueueFixture(CAPACITY);

  private static QueueFixture with(QueueSettings settings) {
    return new QueueFixture(settings);
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
    QueueFixture.Refusal refused = refusal(q.admission.arrive(guest("a"), q.nowMs));
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
    QueueFixture.Refusal refused =
        refusal(q.admission.arrive(guestFrom("c", "198.51.100.1"), q.nowMs));
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
}
