package dev.parley.signaling.rules;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * How one room is run.
 *
 * @param password asked of everybody but moderators
 * @param queue how people get in, the number of seats included
 * @param timer how long a session lasts
 * @param guestSlotSec how long the visit of one who is no host may last; 0: as long as the session
 */
public record RoomSettings(
    Optional<String> password, QueueSettings queue, TimerSettings timer, int guestSlotSec) {
  private static final int DAY_SEC = 86_400;
  private static final int CONSULTATION_SEC = 900;

  /** Everybody may come and stay. */
  public static final RoomSettings OPEN =
      new RoomSettings(Optional.empty(), QueueSettings.NONE, TimerSettings.NONE, 0);

  /** Hosts and one guest after another, a quarter of an hour each. */
  public static final RoomSettings CONSULTATION =
      new RoomSettings(
          Optional.empty(),
          new QueueSettings(
              1, false, true, QueueSettings.Mode.CAPACITY, 200, 20, true, false, 30, 60, true, ""),
          TimerSettings.NONE,
          CONSULTATION_SEC);

  /**
   * @throws InvalidSetting naming the field that is out of its bounds
   */
  public RoomSettings {
    InvalidSetting.check("guestSlotSec", guestSlotSec, 0, DAY_SEC);
  }

  /**
   * Settings by name: {@code open} or {@code consultation}.
   *
   * @throws InvalidSetting for any other name
   */
  public static RoomSettings preset(String name) {
    return switch (name) {
      case "open" -> OPEN;
      case "consultation" -> CONSULTATION;
      default -> throw new InvalidSetting("preset", "open or consultation", name);
    };
  }

  /**
   * How long a visit may last: the guests' slot or the token's limit, whichever is shorter.
   *
   * @param maxSessionSec of the visitor's token
   */
  public OptionalLong visitSec(boolean host, OptionalLong maxSessionSec) {
    if (host || guestSlotSec == 0) {
      return maxSessionSec;
    }
    return OptionalLong.of(Math.min(guestSlotSec, maxSessionSec.orElse(guestSlotSec)));
  }

  @Override
  public String toString() {
    return "RoomSettings[queue=%s, timer=%s, guestSlotSec=%d]"
        .formatted(queue, timer, guestSlotSec);
  }
}
