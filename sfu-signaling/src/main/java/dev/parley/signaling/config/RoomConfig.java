package dev.parley.signaling.config;

import dev.parley.signaling.rules.EchoRooms;
import dev.parley.signaling.rules.RoomSettings;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * How rooms are run that open with their first visitor.
 *
 * @param named by the room's name; all others are run by the defaults
 * @param stateFile keeps the rooms over a restart; empty: nothing is kept
 * @param echo rooms for connection checks, which are no others' business
 */
public record RoomConfig(
    RoomSettings defaults,
    Map<String, RoomSettings> named,
    Optional<Path> stateFile,
    EchoRooms echo) {
  public static final RoomConfig OPEN =
      new RoomConfig(RoomSettings.OPEN, Map.of(), Optional.empty(), EchoRooms.DEFAULT);

  public RoomConfig {
    named = Map.copyOf(named);
  }

  public RoomSettings of(String room) {
    return EchoRooms.isOne(room) ? echo.settings() : named.getOrDefault(room, defaults);
  }
}
