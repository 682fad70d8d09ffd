package dev.parley.signaling.session;

/** So much per second on average, so much at once. Not thread-safe; time is an argument. */
public final class TokenBucket {
  private static final double NANOS_PER_SEC = 1e9;

  private final double perSec;
  private final double burst;
  private double tokens;
  private long updatedNanos;

  public TokenBucket(double perSec, double burst, long nowNanos) {
    this.perSec = perSec;
    this.burst = burst;
    this.tokens = burst;
    this.updatedNanos = nowNanos;
  }

  public boolean tryTake(long nowNanos) {
    tokens = Math.min(burst, tokens + (nowNanos - updatedNanos) * perSec / NANOS_PER_SEC);
    updatedNanos = nowNanos;
    if (tokens < 1) {
      return false;
    }
    tokens -= 1;
    return true;
  }

  /** How long until the next one is free, rounded up. */
  public long waitMs() {
    return tokens >= 1 ? 0 : (long) Math.ceil((1 - tokens) / perSec * 1000);
  }
}
