package dev.parley.signaling.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.signaling.config.SignalingConfig;
import dev.parley.signaling.wire.CloseCode;
import dev.parley.signaling.wire.ErrorCode;
import dev.parley.signaling.wire.Refusal;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The limits of one socket, with time driven by hand. */
final class LimitsTest {
  private static final long SEC = 1_000_000_000L;
  private static final SignalingConfig CONFIG = SignalingConfig.forDevelopment();

  @Test
  void shouldHearTheBurstThenTheRateThenRefuseThenGiveUp() {
    MessageRate rate = new MessageRate(50, 100, 0);
    for (int i = 0; i < 100; i++) {
      assertEquals(MessageRate.Verdict.HEARD, rate.message(0));
    }
    for (int i = 0; i < 100; i++) {
      assertEquals(MessageRate.Verdict.REFUSED, rate.message(0));
    }
    assertEquals(20, rate.retryAfterMs());
    assertEquals(MessageRate.Verdict.ABUSE, rate.message(0));
    for (int i = 0; i < 50; i++) {
      assertEquals(MessageRate.Verdict.HEARD, rate.message(SEC));
    }
    assertEquals(MessageRate.Verdict.REFUSED, rate.message(SEC));
  }

  @Test
  void shouldNeverRefuseAClientWithinTheRate() {
    MessageRate rate = new MessageRate(50, 100, 0);
    for (long i = 1; i < 10_000; i++) {
      assertEquals(MessageRate.Verdict.HEARD, rate.message(i * SEC / 50));
    }
  }

  @Test
  void shouldWaitTenSecondsForHelloAndThirtyForAnything() {
    Liveness liveness = new Liveness(CONFIG, 0);
    assertEquals(10 * SEC, liveness.nextTimeoutNanos());
    assertEquals(Optional.empty(), liveness.verdict(10 * SEC - 1));
    assertEquals(Optional.of(CloseCode.HELLO_TIMEOUT), liveness.verdict(10 * SEC));
    liveness.heard(9 * SEC);
    liveness.greeted();
    assertEquals(39 * SEC, liveness.nextTimeoutNanos());
    assertEquals(Optional.empty(), liveness.verdict(39 * SEC - 1));
    assertEquals(Optional.of(CloseCode.HEARTBEAT_LOST), liveness.verdict(39 * SEC));
    liveness.heard(38 * SEC);
    assertEquals(Optional.empty(), liveness.verdict(39 * SEC));
  }

  @Test
  void shouldTolerateASlowReaderForAWhile() {
    Backlog backlog = new Backlog(CONFIG.limits());
    int most = CONFIG.limits().writeQueueBytes();
    backlog.written(most - 1, 0);
    assertFalse(backlog.isSlow());
    backlog.written(1, SEC);
    assertTrue(backlog.isSlow());
    assertFalse(backlog.isLost(11 * SEC - 1));
    assertTrue(backlog.isLost(11 * SEC));
    backlog.left(most / 2);
    assertFalse(backlog.isLost(99 * SEC));
    backlog.written(4 * most, 99 * SEC);
    assertTrue(backlog.isLost(99 * SEC), "far too much is lost at once");
  }

  @Test
  void shouldCountConnectionsByUserAndInAll() {
    SignalingConfig.Limits d = SignalingConfig.Limits.DEFAULT;
    ConnectionLedger ledger =
        new ConnectionLedger(
            new SignalingConfig.Limits(
                2,
                3,
                d.messagesPerSec(),
                d.messageBurst(),
                d.helloTimeout(),
                d.preHelloFrameBytes(),
                d.frameBytes(),
                d.sdpBytes(),
                d.roomSize(),
                d.writeQueueBytes(),
                d.slowConsumerTimeout()));
    assertTrue(ledger.add("a").isEmpty());
    assertTrue(ledger.add("a").isEmpty());
    assertEquals(Optional.of(ErrorCode.TOO_MANY_CONNECTIONS), ledger.add("a").map(Refusal::code));
    assertTrue(ledger.add("b").isEmpty());
    assertEquals(Optional.of(ErrorCode.SERVER_FULL), ledger.add("c").map(Refusal::code));
    ledger.remove("a");
    assertTrue(ledger.add("c").isEmpty());
    assertEquals(3, ledger.total());
    assertThrows(IllegalStateException.class, () -> ledger.remove("nobody"));
  }
}
