package dev.parley.signaling.rules;

import java.util.Optional;

/**
 * How one room is run.
 *
 * @param password asked of everybody but moderators
 */
public record RoomSettings(Optional<String> password, QueueSettings queue) {
  public static final RoomSettings OPEN = new RoomSettings(Optional.empty(), QueueSettings.NONE);

  @Override
  public String toString() {
    return "RoomSettings[queue=" + queue + "]";
  }
}
