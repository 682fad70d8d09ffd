package dev.parley.signaling.config;

import dev.parley.signaling.rules.RoomSettings;
import java.util.Map;

/**
 * How rooms are run that open with their first visitor.
 *
 * @param named by the room's name; all others are run by the defaults
 */
public record RoomConfig(RoomSettings defaults, Map<String, RoomSettings> named) {
  public static final RoomConfig OPEN = new RoomConfig(RoomSettings.OPEN, Map.of());

  public RoomConfig {
    named = Map.copyOf(named);
  }

  public RoomSettings of(String room) {
    return named.getOrDefault(room, defaults);
  }
}
