package dev.parley.signaling.store;

import dev.parley.signaling.room.SavedRoom;
import dev.parley.signaling.rules.AdmissionState;
import dev.parley.signaling.session.SavedSession;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Everything that outlives the process. */
record SavedState(List<SavedRoom> rooms, List<SavedSession> sessions) {
  SavedState {
    rooms = List.copyOf(rooms);
    sessions = List.copyOf(sessions);
  }

  /** The rooms, and of the sessions those whose people have a place in one. */
  static SavedState of(List<SavedRoom> rooms, List<SavedSession> sessions) {
    Set<String> present = new HashSet<>();
    for (SavedRoom room : rooms) {
      room.admission().inside().stream().map(AdmissionState.Inside::identity).forEach(present::add);
      room.admission().waiting().stream()
          .map(AdmissionState.Waiting::identity)
          .forEach(present::add);
    }
    return new SavedState(
        rooms, sessions.stream().filter(s -> present.contains(s.identity())).toList());
  }
}
