package dev.parley.signaling.room;

import dev.parley.signaling.observe.CallCounters;
import dev.parley.signaling.observe.CallCounters.JoinFailure;
import dev.parley.signaling.observe.CallCounters.JoinPhase;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How long each step takes somebody who brings media, each counted once. Who comes without media,
 * or with that of another room, has none. Time in nanoseconds. Room thread.
 */
final class JoinSteps {
  private enum Step {
    NONE,
    OFFERED,
    ANSWERED,
    CHECKED,
    CONNECTED,
    OVER
  }

  private static final long NANOS_A_MS = 1_000_000;

  private final CallCounters counters;
  private Step step = Step.NONE;
  private long begunNanos;
  private long lastNanos;
  private final Map<String, String> details = new LinkedHashMap<>();
  private boolean cameAlong;

  JoinSteps(CallCounters counters) {
    this.counters = counters;
  }

  /** Of the same person's next page. */
  JoinSteps anew() {
    return new JoinSteps(counters);
  }

  void offered(long nowNanos) {
    counters.joinBegun();
    step = Step.OFFERED;
    begunNanos = nowNanos;
    lastNanos = nowNanos;
  }

  void answered(long nowNanos) {
    advance(Step.OFFERED, Step.ANSWERED, JoinPhase.OFFER, nowNanos);
  }

  void iceConnected(long nowNanos) {
    advance(Step.ANSWERED, Step.CHECKED, JoinPhase.ICE, nowNanos);
  }

  /** Whether it is for the first time. */
  boolean connected(long nowNanos) {
    boolean first = advance(Step.CHECKED, Step.CONNECTED, JoinPhase.DTLS, nowNanos);
    if (first) {
      counters.joinPhase(JoinPhase.TOTAL, nowNanos - begunNanos);
    }
    return first;
  }

  void firstPacket(long nowNanos) {
    advance(Step.CONNECTED, Step.OVER, JoinPhase.FIRST_PACKET, nowNanos);
  }

  /** The media is gone; counts when it never came. */
  void ended(JoinFailure reason) {
    if (step != Step.NONE && step.compareTo(Step.CONNECTED) < 0) {
      counters.joinFailed(reason);
    }
    step = Step.OVER;
  }

  /** The connection goes on in another room, where these steps are none of a join. */
  JoinSteps inAnotherRoom() {
    cameAlong = true;
    details.clear();
    return this;
  }

  /** Milliseconds by name, for instance {@code iceMs}; without steps that are not done. */
  Map<String, String> details() {
    return new LinkedHashMap<>(details);
  }

  private static String nameOf(JoinPhase phase) {
    return switch (phase) {
      case OFFER -> "answerMs";
      case ICE -> "iceMs";
      case DTLS -> "dtlsMs";
      case FIRST_PACKET -> "firstPacketMs";
      case TOTAL -> "totalMs";
    };
  }

  private boolean advance(Step from, Step to, JoinPhase phase, long nowNanos) {
    if (step != from) {
      return false;
    }
    counters.joinPhase(phase, nowNanos - lastNanos);
    if (!cameAlong) {
      details.put(nameOf(phase), Long.toString((nowNanos - lastNanos) / NANOS_A_MS));
    }
    lastNanos = nowNanos;
    step = to;
    return true;
  }
}
