package dev.parley.signaling.room;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** A room as JSON-like maps, for the operator. Room thread. */
final class RoomSnapshot {
  private RoomSnapshot() {}

  static Map<String, Object> of(Room room) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("id", room.id);
    map.put("name", room.name);
    map.put("locked", room.locked());
    map.put("banned", room.bans().keySet());
    map.put("seatsTaken", room.door().admission().insideCount());
    map.put("waiting", room.door().length());
    map.put("queuePaused", room.door().admission().paused());
    map.put("participants", room.participants().stream().map(RoomSnapshot::of).toList());
    return map;
  }

  static Map<String, Object> of(Participant participant) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("id", participant.id);
    map.put("session", participant.command.session());
    map.put("identity", participant.command.identity());
    map.put("displayName", participant.displayName());
    map.put("role", participant.role().wireName());
    map.put("phase", participant.phase().name().toLowerCase(Locale.ROOT));
    map.put("csrc", participant.info().csrc());
    participant.stats().ifPresent(digest -> map.put("clientStats", digest));
    map.put("tracks", participant.tracks().stream().map(RoomSnapshot::of).toList());
    return map;
  }

  private static Map<String, Object> of(Participant.Track track) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("trackId", track.trackId());
    map.put("mid", track.mid());
    map.put("source", track.source().wireName());
    map.put("muted", track.muted());
    map.put("label", track.label());
    map.put("width", track.width());
    map.put("height", track.height());
    return map;
  }
}
