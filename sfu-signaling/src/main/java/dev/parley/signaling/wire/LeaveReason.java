package dev.parley.signaling.wire;

import java.util.Locale;

/** Why a participant is no longer in the room. */
public enum LeaveReason {
  LEFT,
  DISCONNECTED,
  TIMEOUT,
  KICKED,
  SWITCHED,
  QUEUED,
  TIME_UP,
  REPLACED,
  ROOM_ENDED;

  private final String wireName = name().toLowerCase(Locale.ROOT);

  public String wireName() {
    return wireName;
  }
}
