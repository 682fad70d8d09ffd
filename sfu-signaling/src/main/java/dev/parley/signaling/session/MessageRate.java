package dev.parley.signaling.session;

/**
 * Decides whether a message is heard. Messages above the rate are refused one by one; a client that
 * goes on regardless, for as many messages as the burst allows, loses the socket. Refusals are
 * forgiven at a tenth of the rate. Not thread-safe; time is an argument.
 */
final class MessageRate {
  enum Verdict {
    HEARD,
    REFUSED,
    ABUSE
  }

  private static final double FORGIVENESS = 0.1;

  private final TokenBucket messages;
  private final TokenBucket refusals;

  MessageRate(int perSec, int burst, long nowNanos) {
    this.messages = new TokenBucket(perSec, burst, nowNanos);
    this.refusals = new TokenBucket(perSec * FORGIVENESS, burst, nowNanos);
  }

  Verdict message(long nowNanos) {
    if (messages.tryTake(nowNanos)) {
      return Verdict.HEARD;
    }
    return refusals.tryTake(nowNanos) ? Verdict.REFUSED : Verdict.ABUSE;
  }

  long retryAfterMs() {
    return Math.max(1, messages.waitMs());
  }
}
