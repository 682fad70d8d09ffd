package dev.parley.signaling.room;

import dev.parley.core.api.MediaRoom;
import dev.parley.signaling.wire.Event;
import dev.parley.signaling.wire.EventFrame;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One open room and who is in it, those on the way in included. Room thread. */
final class Room {
  final String id;
  final String name;
  private final MediaRoom media;
  private final Map<String, Participant> participants = new LinkedHashMap<>();

  Room(String id, String name, MediaRoom media) {
    this.id = id;
    this.name = name;
    this.media = media;
  }

  MediaRoom media() {
    return media;
  }

  int size() {
    return participants.size();
  }

  void add(Participant participant) {
    participants.put(participant.id, participant);
  }

  void remove(Participant participant) {
    participants.remove(participant.id);
  }

  List<Participant> participants() {
    return List.copyOf(participants.values());
  }

  /** Those inside, without one. */
  List<Event.ParticipantInfo> others(Participant self) {
    return participants.values().stream()
        .filter(other -> other != self && other.phase() == Participant.Phase.INSIDE)
        .map(Participant::info)
        .toList();
  }

  void tellAll(Event event) {
    EventFrame frame = EventFrame.of(event);
    for (Participant participant : participants.values()) {
      if (participant.phase() == Participant.Phase.INSIDE) {
        participant.member.deliver(frame);
      }
    }
  }

  void tellOthers(Participant self, Event event) {
    if (participants.isEmpty()) {
      return;
    }
    EventFrame frame = EventFrame.of(event);
    for (Participant participant : participants.values()) {
      if (participant != self && participant.phase() == Participant.Phase.INSIDE) {
        participant.member.deliver(frame);
      }
    }
  }
}
