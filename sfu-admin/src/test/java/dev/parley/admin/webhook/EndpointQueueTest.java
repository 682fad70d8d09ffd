package dev.parley.admin.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class EndpointQueueTest {
  private static final String CRM = "crm";
  private static final long GIVE_UP_MS = Duration.ofDays(3).toMillis();

  /** No jitter. */
  private static final RandomGenerator LEAST = () -> 0;

  private static final AttemptResult OK = AttemptResult.answered(204, OptionalLong.empty());
  private static final AttemptResult BROKEN = AttemptResult.answered(500, OptionalLong.empty());

  private Outbox outbox;
  private EndpointQueue queue;
  private long nowMs = 1_000_000;
  private long lastNumber;

  @BeforeEach
  void open() throws Exception {
    outbox = Outbox.open(Optional.empty(), List.of(CRM));
    queue = queue(outbox);
  }

  @AfterEach
  void close() {
    outbox.close();
  }

  private static EndpointQueue queue(Outbox outbox) {
    return new EndpointQueue(
        CRM, outbox, GIVE_UP_MS, RetrySchedule.ROOM, RetrySchedule.ENDPOINT, LEAST);
  }

  private long add(String room) {
    lastNumber++;
    outbox.add(
        lastNumber,
        OutboxEvent.of(lastNumber, 7, Tests.event(room, (int) lastNumber)),
        List.of(CRM),
        nowMs);
    queue.add(lastNumber, room);
    return lastNumber;
  }

  private long next() {
    return queue.next(nowMs).orElse(0);
  }

  private int done(String room, long number, AttemptResult result) {
    return queue.done(number, room, result, nowMs);
  }

  private String state() {
    return queue.view(Tests.endpoint(CRM, "https://crm.example/")).state();
  }

  @Test
  void shouldSendTheNextOfARoomWhenTheLastHasArrived() {
    long first = add("a");
    long second = add("a");
    long other = add("b");
    assertEquals(first, next());
    assertEquals(other, next());
    assertEquals(0, next());
    done("a", first, OK);
    assertEquals(second, next());
    done("a", second, OK);
    done("b", other, OK);
    assertEquals(0, queue.pending());
    assertEquals(Long.MAX_VALUE, queue.nextDueMs());
  }

  @Test
  void shouldSendToAFewRoomsAtOnce() {
    for (int room = 0; room < 20; room++) {
      add("room-" + room);
    }
    List<Long> under = new ArrayList<>();
    for (long number = next(); number > 0; number = next()) {
      under.add(number);
    }
    assertEquals(EndpointQueue.MOST_AT_ONCE, under.size());
    done("room-0", under.getFirst(), OK);
    assertEquals(EndpointQueue.MOST_AT_ONCE + 1L, next());
  }

  @Test
  void shouldHoldBackOnlyTheRoomThatFails() {
    long first = add("a");
    add("a");
    long other = add("b");
    next();
    next();
    done("a", first, BROKEN);
    done("b", other, OK);
    long later = add("b");
    assertEquals(later, next());
    assertEquals(0, next());
    assertEquals("retrying", state());
    nowMs += 4999;
    assertEquals(0, next());
    nowMs++;
    assertEquals(first, next());
  }

  @Test
  void shouldWaitLongerEachTimeAsTheSpecificationSays() {
    long number = add("a");
    List<Long> waitedSec = new ArrayList<>();
    for (int attempt = 0; attempt < 9; attempt++) {
      assertEquals(number, next());
      assertEquals(0, done("a", number, BROKEN));
      waitedSec.add((queue.nextDueMs() - nowMs) / 1000);
      nowMs = queue.nextDueMs();
    }
    assertEquals(
        List.of(5L, 300L, 1800L, 7200L, 18_000L, 36_000L, 50_400L, 72_000L, 86_400L), waitedSec);
    assertEquals(9, outbox.delivery(CRM, number).orElseThrow().attempts());
  }

  @Test
  void shouldSpreadRetries() {
    RetrySchedule schedule = new RetrySchedule(List.of(Duration.ofSeconds(10)));
    assertEquals(10_000, schedule.delayMs(1, LEAST));
    assertEquals(11_999, schedule.delayMs(3, () -> -1));
  }

  @Test
  void shouldGiveUpWhatHasFailedForTooLongAndKeepItForReplay() {
    long old = add("a");
    nowMs += 1000;
    long older = add("a");
    assertEquals(old, next());
    nowMs += GIVE_UP_MS - 1000;
    long young = add("a");
    assertEquals(1, done("a", old, BROKEN));
    assertEquals(Delivery.State.FAILED, outbox.delivery(CRM, old).orElseThrow().state());
    assertEquals(2, queue.pending());
    nowMs += 5000;
    assertEquals(older, next());
    assertEquals(1, done("a", older, BROKEN));
    nowMs += 5000;
    assertEquals(young, next());
    done("a", young, OK);

    assertTrue(queue.replay(older, nowMs));
    assertTrue(queue.replay(old, nowMs));
    assertFalse(queue.replay(old, nowMs), "waits already");
    assertEquals(old, next());
    assertEquals(0, done("a", old, OK));
    assertEquals(older, next());
  }

  @Test
  void shouldAskAnEndpointThatAnswersNobodyByOneRequestAtATime() {
    for (int room = 0; room < 30; room++) {
      add("room-" + room);
    }
    for (int failed = 0; failed < Circuit.FAILURES; failed++) {
      long number = next();
      done("room-" + (number - 1), number, BROKEN);
    }
    assertEquals(0, next());
    assertEquals(nowMs + 5000, queue.nextDueMs());
    nowMs += 5000;
    long probe = next();
    assertEquals(Circuit.FAILURES + 1L, probe, "a room that has not failed");
    assertEquals(0, next());
    done("room-" + (probe - 1), probe, BROKEN);
    assertEquals(nowMs + 30_000, queue.nextDueMs());
    nowMs += 30_000;
    probe = next();
    done("room-" + (probe - 1), probe, OK);
    int sent = 0;
    for (long number = next(); number > 0; number = next()) {
      sent++;
    }
    assertEquals(EndpointQueue.MOST_AT_ONCE, sent);
  }

  @Test
  void shouldNotTakeAnEventThatFailsForAnEndpointThatDoes() {
    long number = add("a");
    for (int failed = 0; failed < Circuit.FAILURES + 1; failed++) {
      nowMs = Math.max(nowMs, queue.nextDueMs());
      assertEquals(number, next());
      done("a", number, BROKEN);
    }
    long other = add("b");
    assertEquals(other, next());
  }

  @Test
  void shouldWaitAsLongAsAnOverloadedEndpointAsks() {
    long first = add("a");
    add("b");
    next();
    done("a", first, AttemptResult.answered(429, OptionalLong.of(120_000)));
    assertEquals(0, next());
    nowMs += 119_999;
    assertEquals(0, next());
    nowMs++;
    assertTrue(next() > 0);
    assertEquals(0, next(), "one at a time");
  }

  @Test
  void shouldThrottleForAGatewayThatIsOverloaded() {
    long first = add("a");
    add("b");
    next();
    done("a", first, AttemptResult.answered(502, OptionalLong.empty()));
    assertEquals(0, next());
    nowMs += 5000;
    assertTrue(next() > 0);
  }

  @Test
  void shouldSendNothingMoreToAnEndpointThatIsGone() {
    long first = add("a");
    long under = add("b");
    add("a");
    next();
    next();
    assertEquals(3, done("a", first, AttemptResult.answered(410, OptionalLong.empty())));
    assertEquals("disabled", state());
    assertEquals(0, next());
    assertEquals(0, queue.pending());
    done("b", under, BROKEN);
    assertEquals(Delivery.State.FAILED, outbox.delivery(CRM, under).orElseThrow().state());
    assertEquals(EndpointQueue.Mode.DISABLED, queue(outbox).mode(), "after a restart");

    queue.resume();
    assertTrue(queue.replay(first, nowMs));
    assertEquals(first, next());
  }

  @Test
  void shouldSendNothingWhilePausedAndEverythingAfterwards() {
    long first = add("a");
    next();
    done("a", first, BROKEN);
    queue.pause();
    assertEquals("paused", state());
    long second = add("b");
    nowMs += 100_000;
    assertEquals(0, next());
    assertEquals(Long.MAX_VALUE, queue.nextDueMs());
    assertEquals(2, queue.pending());
    queue.resume();
    assertEquals(second, next());
    assertEquals(first, next());
    assertEquals("ok", state());
  }

  @Test
  void shouldGoOnInOrderWithWhatAnEarlierProcessHasLeft() {
    long first = add("a");
    long second = add("a");
    long third = add("b");
    next();
    next();
    done("b", third, OK);
    queue = queue(outbox);
    assertEquals(2, queue.pending());
    assertEquals(first, next());
    done("a", first, OK);
    assertEquals(second, next());
  }
}
