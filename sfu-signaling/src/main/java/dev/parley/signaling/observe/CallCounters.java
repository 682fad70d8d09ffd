package dev.parley.signaling.observe;

import dev.parley.core.api.MediaSession;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;

/**
 * How it goes for people: how long it takes them to come in, how long they wait, how good their
 * connections are. Any thread. Invariant: attempts − failures − {@link JoinPhase#TOTAL} = those
 * whose media is on its way.
 */
public final class CallCounters {
  /** The worst and the best: {@link MediaSession.Listener#onQuality}. */
  public static final int BEST_QUALITY = 5;

  private static final double[] JOIN_SEC = {
    0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30
  };
  private static final double[] WAIT_SEC = {
    1, 5, 15, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200
  };
  private static final long NANOS_A_MS = 1_000_000;

  /** A step of somebody who brings media. */
  public enum JoinPhase {
    /** From the offer to the answer. */
    OFFER,
    /** From the answer to the first valid check. */
    ICE,
    /** From that to the end of the DTLS handshake: media may flow. */
    DTLS,
    /** From that to the first packet of what it publishes. */
    FIRST_PACKET,
    /** From the offer until media may flow. */
    TOTAL;

    private final String wireName = name().toLowerCase(Locale.ROOT);

    public String wireName() {
      return wireName;
    }
  }

  /** Why somebody's media never came. */
  public enum JoinFailure {
    /** The offer was refused. */
    REFUSED,
    /** The client left, or began anew. */
    CLOSED,
    ICE_TIMEOUT,
    CONSENT_EXPIRED,
    DTLS_FAILED,
    FINGERPRINT_MISMATCH,
    DTLS_CLOSED,
    ROOM_ENDED,
    INTERNAL;

    private final String wireName = name().toLowerCase(Locale.ROOT);

    public String wireName() {
      return wireName;
    }

    /** By the reason of {@link MediaSession.StateDetail}. */
    public static JoinFailure of(String reason) {
      return Arrays.stream(values())
          .filter(failure -> failure.wireName.equals(reason))
          .findAny()
          .orElse(INTERNAL);
    }
  }

  /** How a wait in the queue ends. */
  public enum WaitEnd {
    /** There is a seat; who does not take it ends once more, as {@code EXPIRED} or {@code LEFT}. */
    ADMITTED,
    DENIED,
    EXPIRED,
    LEFT;

    private final String wireName = name().toLowerCase(Locale.ROOT);

    public String wireName() {
      return wireName;
    }
  }

  private final LongAdder attempts = new LongAdder();
  private final LongAdder[] failures = SignalingCounters.adders(JoinFailure.values().length);
  private final Map<JoinPhase, Durations> phases = new EnumMap<>(JoinPhase.class);
  private final Map<WaitEnd, Durations> waits = new EnumMap<>(WaitEnd.class);
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicIntegerArray qualities = new AtomicIntegerArray(BEST_QUALITY + 1);

  CallCounters() {
    Arrays.stream(JoinPhase.values()).forEach(phase -> phases.put(phase, new Durations(JOIN_SEC)));
    Arrays.stream(WaitEnd.values()).forEach(end -> waits.put(end, new Durations(WAIT_SEC)));
  }

  /** Somebody brings media. */
  public void joinBegun() {
    attempts.increment();
  }

  public void joinPhase(JoinPhase phase, long nanos) {
    of(phases, phase).add(nanos);
  }

  public void joinFailed(JoinFailure reason) {
    failures[reason.ordinal()].increment();
  }

  public void waited(WaitEnd end, long ms) {
    of(waits, end).add(ms * NANOS_A_MS);
  }

  /** So many more wait, or fewer. */
  public void waiting(int change) {
    waiting.addAndGet(change);
  }

  /** So many more have this quality, or fewer. */
  public void quality(int level, int change) {
    qualities.addAndGet(Math.clamp(level, 0, BEST_QUALITY), change);
  }

  public long attempts() {
    return attempts.sum();
  }

  public long failures(JoinFailure reason) {
    return failures[reason.ordinal()].sum();
  }

  public Durations.Totals joinTimes(JoinPhase phase) {
    return of(phases, phase).totals();
  }

  public Durations.Totals waits(WaitEnd end) {
    return of(waits, end).totals();
  }

  /** Who wait in the queues of all rooms. */
  public int waitingNow() {
    return waiting.get();
  }

  /** How many participants have each quality now, from level 0 on; those without media are none. */
  public List<Integer> qualities() {
    return IntStream.rangeClosed(0, BEST_QUALITY).mapToObj(qualities::get).toList();
  }

  private static <K extends Enum<K>> Durations of(Map<K, Durations> all, K key) {
    Durations found = all.get(key);
    if (found == null) {
      throw new IllegalStateException("nothing is kept for " + key);
    }
    return found;
  }
}
