package dev.parley.signaling.rules;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How long each one may stay, by their token or the guests' slot. The time runs from the moment
 * somebody comes in: waiting costs nothing, and a lost connection stops nothing. Times are in
 * milliseconds since 1970.
 */
public final class VisitClock {
  /** Ten years: a token may say anything. */
  private static final long MOST_SEC = 10L * 365 * 86_400;

  private record Visit(String identity, long endsAtMs, Warnings warnings) {}

  private final TimerSettings settings;
  private final Map<String, Visit> visits = new LinkedHashMap<>();
  private final List<VisitSnapshot.Visit> expected = new ArrayList<>();
  private final List<VisitEffect> effects = new ArrayList<>();
  private long recoveryEndsMs;

  /**
   * @param settings say when to warn, and whether outages count
   */
  public VisitClock(TimerSettings settings) {
    this.settings = settings;
  }

  /** Continues what an earlier process left; to be called first. */
  public void restore(VisitSnapshot saved, long nowMs) {
    long outageMs = settings.pauseOnOutage() ? Math.max(0, nowMs - saved.savedAtMs()) : 0;
    recoveryEndsMs = nowMs + Admission.RECOVERY_MS;
    for (VisitSnapshot.Visit visit : saved.visits()) {
      expected.add(
          new VisitSnapshot.Visit(
              visit.identity(), visit.endsAtMs() + outageMs, visit.warnedToMs() + outageMs));
    }
  }

  public VisitSnapshot save(long nowMs) {
    List<VisitSnapshot.Visit> saved =
        new ArrayList<>(nowMs < recoveryEndsMs ? expected : List.of());
    visits
        .values()
        .forEach(visit ->
            saved.add(
                new VisitSnapshot.Visit(
                    visit.identity, visit.endsAtMs, visit.warnings.toldToMs())));
    return new VisitSnapshot(saved, nowMs);
  }

  /**
   * Somebody is inside. Who was there before a restart goes on with what was left.
   *
   * @param visitSec how long the visit may last; empty: as long as one likes
   */
  public void entered(String key, String identity, OptionalLong visitSec, long nowMs) {
    Optional<VisitSnapshot.Visit> earlier =
        nowMs < recoveryEndsMs
            ? expected.stream().filter(visit -> visit.identity().equals(identity)).findFirst()
            : Optional.empty();
    earlier.ifPresent(expected::remove);
    if (earlier.isPresent()) {
      begin(key, identity, earlier.get().endsAtMs(), earlier.get().warnedToMs());
    } else if (visitSec.isPresent()) {
      begin(key, identity, nowMs + Math.clamp(visitSec.getAsLong(), 0, MOST_SEC) * 1000, nowMs);
    }
  }

  private void begin(String key, String identity, long endsAtMs, long warnedToMs) {
    Warnings warnings = new Warnings(settings.warnAtSec());
    warnings.arm(endsAtMs, warnedToMs);
    visits.put(key, new Visit(identity, endsAtMs, warnings));
  }

  /** The visit goes on at another connection of the same person. */
  public void transfer(String from, String to) {
    Visit visit = visits.remove(from);
    if (visit != null) {
      visits.put(to, visit);
    }
  }

  public void left(String key) {
    visits.remove(key);
  }

  /** When somebody has to go; empty when nothing says so. */
  public OptionalLong endsMs(String key) {
    Visit visit = visits.get(key);
    return visit == null ? OptionalLong.empty() : OptionalLong.of(visit.endsAtMs);
  }

  /** When {@link #handleTimeout} has something to do. */
  public long nextTimeoutMs() {
    long next = Long.MAX_VALUE;
    for (Visit visit : visits.values()) {
      next = Math.min(next, Math.min(visit.warnings.nextAtMs(), visit.endsAtMs));
    }
    return next;
  }

  /** Warns who is to be warned, and forgets the visits that are over. */
  public void handleTimeout(long nowMs) {
    for (Map.Entry<String, Visit> entry : List.copyOf(visits.entrySet())) {
      String key = entry.getKey();
      Visit visit = entry.getValue();
      visit.warnings.tellDue(nowMs, sec -> effects.add(new VisitEffect.Warning(key, sec)));
      if (nowMs >= visit.endsAtMs) {
        visits.remove(key);
        effects.add(new VisitEffect.TimeUp(key));
      }
    }
  }

  /** What happened since the last call, in order. */
  public List<VisitEffect> takeEffects() {
    List<VisitEffect> taken = List.copyOf(effects);
    effects.clear();
    return taken;
  }
}
