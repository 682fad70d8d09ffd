package dev.parley.signaling.rules;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Rooms for connection checks: whoever is in one is sent its own sound and picture back. Their
 * names begin with {@value #PREFIX}, and no other room may be called so. One person each.
 *
 * @param most that may be open at once
 * @param lastSec how long one lasts
 */
public record EchoRooms(int most, int lastSec) {
  public static final String PREFIX = "echo-";
  public static final EchoRooms DEFAULT = new EchoRooms(20, 30);

  /**
   * @throws InvalidSetting naming the field that is out of its bounds
   */
  public EchoRooms {
    InvalidSetting.check("echoRooms", most, 1, 100_000);
    InvalidSetting.check("echoSec", lastSec, 5, 3600);
  }

  public static boolean isOne(String room) {
    return room.startsWith(PREFIX);
  }

  /** One seat, nobody waits, and the end comes by itself. */
  public RoomSettings settings() {
    QueueSettings none = QueueSettings.NONE;
    return new RoomSettings(
        Optional.empty(),
        new QueueSettings(
            1,
            true,
            false,
            none.mode(),
            none.maxLength(),
            none.ticketsPerAddress(),
            none.showPosition(),
            none.showCount(),
            none.admitWindowSec(),
            none.awayGraceSec(),
            none.autoAdmit(),
            none.message()),
        new TimerSettings(
            lastSec,
            TimerSettings.StartOn.FIRST_JOIN,
            OptionalLong.empty(),
            List.of(),
            TimerSettings.OnEnd.END,
            0,
            List.of(),
            lastSec,
            false),
        0);
  }
}
