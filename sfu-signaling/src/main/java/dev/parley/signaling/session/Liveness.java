package dev.parley.signaling.session;

import dev.parley.signaling.config.SignalingConfig;
import dev.parley.signaling.wire.CloseCode;
import java.util.Optional;

/** Whether a client said hello in time and still speaks. Not thread-safe; time is an argument. */
final class Liveness {
  private final long helloDeadlineNanos;
  private final long silenceNanos;
  private long heardNanos;
  private boolean greeted;

  Liveness(SignalingConfig config, long nowNanos) {
    this.helloDeadlineNanos = nowNanos + config.limits().helloTimeout().toNanos();
    this.silenceNanos = config.heartbeat().silence().toNanos();
    this.heardNanos = nowNanos;
  }

  void heard(long nowNanos) {
    heardNanos = nowNanos;
  }

  void greeted() {
    greeted = true;
  }

  Optional<CloseCode> verdict(long nowNanos) {
    if (!greeted && nowNanos - helloDeadlineNanos >= 0) {
      return Optional.of(CloseCode.HELLO_TIMEOUT);
    }
    return nowNanos - heardNanos >= silenceNanos
        ? Optional.of(CloseCode.HEARTBEAT_LOST)
        : Optional.empty();
  }

  long nextTimeoutNanos() {
    long silence = heardNanos + silenceNanos;
    return greeted || silence - helloDeadlineNanos < 0 ? silence : helloDeadlineNanos;
  }
}
