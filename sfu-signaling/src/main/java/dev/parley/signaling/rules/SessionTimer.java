package dev.parley.signaling.rules;

import dev.parley.signaling.wire.ErrorCode;
import dev.parley.signaling.wire.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How long a room's session lasts. Deadlines are points in time: a late call makes nothing later.
 * Every method first does what has become due, so a request finds the timer as it stands at that
 * moment. Times are in milliseconds since 1970.
 */
public final class SessionTimer {
  static final long STATE_EVERY_MS = 60_000;

  /** Between the message that the time is up and the end of the connections. */
  static final long CLOSE_GRACE_MS = 5_000;

  private static final long NEVER = Long.MAX_VALUE;

  /** Where a session is. */
  public enum State {
    IDLE,
    RUNNING,
    PAUSED,
    OVERTIME,
    ENDED;

    private final String wireName = name().toLowerCase(Locale.ROOT);

    public String wireName() {
      return wireName;
    }

    static State of(String wireName) {
      for (State state : values()) {
        if (state.wireName.equals(wireName)) {
          return state;
        }
      }
      throw new InvalidSetting("timer.state", "a state of a timer", wireName);
    }
  }

  private final TimerSettings settings;
  private final Warnings warnings;
  private final List<TimerEffect> effects = new ArrayList<>();
  private State state = State.IDLE;
  private int durationSec;
  private int people;
  private int hosts;
  private long startedAtMs;
  private long endsAtMs;
  private long pausedAtMs;
  private long pausedMs;
  private int extendedSec;
  private long closesAtMs = NEVER;
  private long toldAtMs;

  public SessionTimer(TimerSettings settings) {
    this.settings = settings;
    this.warnings = new Warnings(settings.warnAtSec());
    this.durationSec = settings.durationSec();
  }

  /**
   * Continues what an earlier process left; to be called first. What became due meanwhile is done
   * by the next call.
   *
   * @throws InvalidSetting when the state is none; nothing was changed
   */
  public void restore(TimerSnapshot saved, long nowMs) {
    state = State.of(saved.state());
    durationSec = saved.durationSec();
    startedAtMs = saved.startedAtMs();
    endsAtMs = saved.endsAtMs();
    pausedAtMs = saved.pausedAtMs();
    pausedMs = saved.pausedMs();
    extendedSec = saved.extendedSec();
    closesAtMs = saved.closesAtMs();
    toldAtMs = saved.toldAtMs();
    long warnedToMs = saved.warnedToMs();
    boolean ran = state == State.RUNNING || state == State.OVERTIME;
    if (ran && settings.pauseOnOutage()) {
      long outageMs = Math.max(0, nowMs - saved.savedAtMs());
      endsAtMs += outageMs;
      pausedMs += outageMs;
      warnedToMs += outageMs;
    }
    warnings.arm(endsAtMs, warnedToMs);
    if (state != State.RUNNING) {
      warnings.disarm();
    }
  }

  public TimerSnapshot save(long nowMs) {
    return new TimerSnapshot(
        state.wireName(),
        durationSec,
        startedAtMs,
        endsAtMs,
        pausedAtMs,
        pausedMs,
        extendedSec,
        warnings.toldToMs(),
        toldAtMs,
        closesAtMs,
        nowMs);
  }

  /** Whether there is anything to show: a room without a time limit has no timer. */
  public boolean exists() {
    return durationSec > 0;
  }

  public State state() {
    return state;
  }

  /** How many are inside, and how many of them are hosts; those who wait do not count. */
  public void present(int people, int hosts, long nowMs) {
    advance(nowMs);
    this.people = people;
    this.hosts = hosts;
    advance(nowMs);
  }

  /** Starts at once, whatever it was to wait for. */
  public Optional<Refusal> start(long nowMs) {
    advance(nowMs);
    if (state != State.IDLE) {
      return conflict("the timer cannot start: it is " + state.wireName());
    }
    if (durationSec == 0) {
      return conflict("the timer cannot start: set its duration first");
    }
    begin(nowMs, nowMs);
    return Optional.empty();
  }

  public Optional<Refusal> pause(long nowMs) {
    advance(nowMs);
    if (state != State.RUNNING) {
      return conflict("the timer cannot pause: it is " + state.wireName());
    }
    state = State.PAUSED;
    pausedAtMs = nowMs;
    warnings.disarm();
    tell(nowMs);
    return Optional.empty();
  }

  public Optional<Refusal> resume(long nowMs) {
    advance(nowMs);
    if (state != State.PAUSED) {
      return conflict("the timer cannot go on: it is " + state.wireName());
    }
    long lastedMs = Math.max(0, nowMs - pausedAtMs);
    pausedMs += lastedMs;
    run(endsAtMs + lastedMs, nowMs);
    return Optional.empty();
  }

  /** More time, from the end, or from now on if the session is in overtime. */
  public Optional<Refusal> extend(int sec, long nowMs) {
    advance(nowMs);
    List<Integer> steps = settings.extendStepsSec();
    if (sec < 1 || !(steps.isEmpty() || steps.contains(sec))) {
      return Optional.of(
          Refusal.badField("sec", steps.isEmpty() ? "at least 1" : "one of " + steps));
    }
    if (state == State.IDLE || state == State.ENDED) {
      return conflict("the timer cannot be extended: it is " + state.wireName());
    }
    long to = (state == State.OVERTIME ? nowMs : endsAtMs) + sec * 1000L;
    if (to > latestEndMs()) {
      return conflict("a session lasts at most " + settings.maxTotalSec() + " s in all");
    }
    extendedSec += sec;
    moveEnd(to, nowMs);
    return Optional.empty();
  }

  /** A new length, pauses not counted, from the start of the session. */
  public Optional<Refusal> set(int durationSec, long nowMs) {
    advance(nowMs);
    if (durationSec < 1 || durationSec > settings.maxTotalSec()) {
      return Optional.of(Refusal.badField("durationSec", "1.." + settings.maxTotalSec()));
    }
    if (state == State.ENDED) {
      return conflict("the timer cannot be set: it is ended");
    }
    if (state == State.IDLE) {
      this.durationSec = durationSec;
      if (mayStart(nowMs)) {
        // From now, even if its hour has passed: until now nothing was limited.
        begin(nowMs, nowMs);
      } else {
        tell(nowMs);
      }
      return Optional.empty();
    }
    long to = startedAtMs + pausedMs + durationSec * 1000L;
    if (to <= (state == State.PAUSED ? pausedAtMs : nowMs)) {
      return conflict("the session has lasted longer than " + durationSec + " s already");
    }
    this.durationSec = durationSec;
    extendedSec = 0;
    moveEnd(to, nowMs);
    return Optional.empty();
  }

  /** The session ends now, without warnings and overtime, as if its time were up. */
  public Optional<Refusal> stop(long nowMs) {
    advance(nowMs);
    if (state == State.IDLE || state == State.ENDED) {
      return conflict("the timer cannot stop: it is " + state.wireName());
    }
    end(nowMs);
    return Optional.empty();
  }

  private void moveEnd(long to, long nowMs) {
    if (state == State.PAUSED) {
      endsAtMs = to;
      tell(nowMs);
    } else {
      run(to, nowMs);
    }
  }

  private void begin(long atMs, long nowMs) {
    startedAtMs = atMs;
    run(atMs + durationSec * 1000L, nowMs);
    warnings.arm(endsAtMs, atMs);
  }

  private void run(long untilMs, long nowMs) {
    state = State.RUNNING;
    endsAtMs = untilMs;
    warnings.arm(endsAtMs, nowMs);
    tell(nowMs);
  }

  /** When {@link #handleTimeout} has something to do. */
  public long nextTimeoutMs() {
    return switch (state) {
      case IDLE ->
          durationSec > 0 && settings.startOn() == TimerSettings.StartOn.AT
              ? settings.startAtMs().orElse(NEVER)
              : NEVER;
      case RUNNING -> Math.min(toldAtMs + STATE_EVERY_MS, Math.min(warnings.nextAtMs(), endsAtMs));
      case PAUSED -> toldAtMs + STATE_EVERY_MS;
      case OVERTIME -> Math.min(toldAtMs + STATE_EVERY_MS, overtimeEndsMs());
      case ENDED -> closesAtMs;
    };
  }

  /** Starts, warns, ends and tells people what is due. */
  public void handleTimeout(long nowMs) {
    advance(nowMs);
  }

  private void advance(long nowMs) {
    if (state == State.IDLE && durationSec > 0 && mayStart(nowMs)) {
      boolean timed = settings.startOn() == TimerSettings.StartOn.AT;
      begin(timed ? settings.startAtMs().orElse(nowMs) : nowMs, nowMs);
    }
    if (state == State.RUNNING) {
      warnings.tellDue(nowMs, sec -> effects.add(new TimerEffect.Warning(sec)));
      if (nowMs >= endsAtMs && overtimeEndsMs() > endsAtMs) {
        state = State.OVERTIME;
        tell(nowMs);
      } else if (nowMs >= endsAtMs) {
        end(nowMs);
      }
    }
    if (state == State.OVERTIME && nowMs >= overtimeEndsMs()) {
      end(nowMs);
    }
    if (nowMs >= closesAtMs) {
      closesAtMs = NEVER;
      effects.add(new TimerEffect.Close(settings.onEnd()));
    }
    boolean lasts = state != State.IDLE && state != State.ENDED;
    if (lasts && nowMs - toldAtMs >= STATE_EVERY_MS) {
      tell(nowMs);
    }
  }

  private boolean mayStart(long nowMs) {
    return switch (settings.startOn()) {
      case FIRST_JOIN -> people > 0;
      case HOST_JOIN -> hosts > 0;
      case TWO_JOINED -> people > 1;
      case MANUAL -> false;
      case AT -> nowMs >= settings.startAtMs().orElse(NEVER);
    };
  }

  private void end(long nowMs) {
    state = State.ENDED;
    warnings.disarm();
    tell(nowMs);
    effects.add(new TimerEffect.Ended(settings.onEnd()));
    closesAtMs =
        switch (settings.onEnd()) {
          case END, EJECT -> nowMs + CLOSE_GRACE_MS;
          case NOTIFY, LOCK -> NEVER;
        };
  }

  private long overtimeEndsMs() {
    return Math.min(endsAtMs + settings.overtimeSec() * 1000L, latestEndMs());
  }

  private long latestEndMs() {
    return startedAtMs + pausedMs + settings.maxTotalSec() * 1000L;
  }

  private void tell(long nowMs) {
    toldAtMs = nowMs;
    effects.add(new TimerEffect.State(view(nowMs)));
  }

  /** As somebody who comes in now is told. */
  public TimerView view(long nowMs) {
    OptionalLong started =
        state == State.IDLE ? OptionalLong.empty() : OptionalLong.of(startedAtMs);
    OptionalLong ends = endsMs();
    long remainingMs =
        switch (state) {
          case IDLE -> durationSec * 1000L;
          case RUNNING, OVERTIME -> ends.orElse(nowMs) - nowMs;
          case PAUSED -> endsAtMs - pausedAtMs;
          case ENDED -> 0;
        };
    return new TimerView(state, started, ends, Math.max(0, remainingMs), nowMs, extendedSec);
  }

  /** When the session ends if nobody changes that; empty unless it runs. */
  private OptionalLong endsMs() {
    return switch (state) {
      case RUNNING -> OptionalLong.of(endsAtMs);
      case OVERTIME -> OptionalLong.of(overtimeEndsMs());
      case IDLE, PAUSED, ENDED -> OptionalLong.empty();
    };
  }

  /** When those inside have to go because of the session; empty when they may stay. */
  OptionalLong departureMs() {
    return switch (settings.onEnd()) {
      case END, EJECT -> endsMs();
      case NOTIFY, LOCK -> OptionalLong.empty();
    };
  }

  /** What happened since the last call, in order. */
  public List<TimerEffect> takeEffects() {
    List<TimerEffect> taken = List.copyOf(effects);
    effects.clear();
    return taken;
  }

  private static Optional<Refusal> conflict(String message) {
    return Optional.of(Refusal.of(ErrorCode.TIMER_CONFLICT, message));
  }
}
