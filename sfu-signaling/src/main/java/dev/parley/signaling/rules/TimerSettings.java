package dev.parley.signaling.rules;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * How long a session lasts.
 *
 * @param durationSec of a session; 0: no limit, and no timer until a moderator sets one
 * @param startAtMs when it starts, in milliseconds since 1970; required for {@link StartOn#AT}
 * @param warnAtSec how long before the end people are warned, longest first
 * @param overtimeSec how much longer the session may go on once the time is up
 * @param extendStepsSec by how much it may be extended at once; none: by any amount
 * @param maxTotalSec the most it may last, extensions and overtime included
 * @param pauseOnOutage the time of an outage of the server is given back
 */
public record TimerSettings(
    int durationSec,
    StartOn startOn,
    OptionalLong startAtMs,
    List<Integer> warnAtSec,
    OnEnd onEnd,
    int overtimeSec,
    List<Integer> extendStepsSec,
    int maxTotalSec,
    boolean pauseOnOutage) {
  private static final int DAY_SEC = 86_400;
  private static final int MOST_STEPS = 20;

  public static final TimerSettings NONE =
      new TimerSettings(
          0,
          StartOn.FIRST_JOIN,
          OptionalLong.empty(),
          List.of(300, 60, 10),
          OnEnd.END,
          0,
          List.of(60, 180, 300, 600),
          DAY_SEC,
          false);

  /** What starts the timer. */
  public enum StartOn {
    FIRST_JOIN("firstJoin"),
    HOST_JOIN("hostJoin"),
    TWO_JOINED("twoJoined"),
    MANUAL("manual"),
    AT("at");

    private final String wireName;

    StartOn(String wireName) {
      this.wireName = wireName;
    }

    public String wireName() {
      return wireName;
    }
  }

  /** What happens once the time is up. */
  public enum OnEnd {
    /** The room ends for everybody. */
    END,
    /** Everybody but hosts and moderators has to go. */
    EJECT,
    /** People are told, nothing else. */
    NOTIFY,
    /** Those inside may stay, nobody may come. */
    LOCK;

    private final String wireName = name().toLowerCase(Locale.ROOT);

    public String wireName() {
      return wireName;
    }
  }

  /**
   * @throws InvalidSetting naming the field that is out of its bounds
   */
  public TimerSettings {
    InvalidSetting.check("timer.maxTotalSec", maxTotalSec, 1, 7 * DAY_SEC);
    InvalidSetting.check("timer.durationSec", durationSec, 0, maxTotalSec);
    InvalidSetting.check("timer.overtimeSec", overtimeSec, 0, DAY_SEC);
    warnAtSec = steps("timer.warnAtSec", warnAtSec);
    extendStepsSec = steps("timer.extendStepsSec", extendStepsSec).reversed();
    if (startOn == StartOn.AT && startAtMs.isEmpty()) {
      throw new InvalidSetting("timer.startAtMs", "a time, as startOn is at", "none");
    }
    if (startAtMs.isPresent()) {
      // Until the year 9999, which RFC 3339 can still write.
      InvalidSetting.check("timer.startAtMs", startAtMs.getAsLong(), 0, 253_402_300_799_999L);
    }
  }

  /** Sorted, longest first, none twice. */
  private static List<Integer> steps(String field, List<Integer> steps) {
    if (steps.size() > MOST_STEPS) {
      throw new InvalidSetting(field, "at most " + MOST_STEPS + " values", steps.size());
    }
    steps.forEach(step -> InvalidSetting.check(field, step, 1, DAY_SEC));
    return steps.stream().distinct().sorted(Comparator.reverseOrder()).toList();
  }
}
