package dev.parley.signaling.room;

import dev.parley.signaling.config.OnDuplicate;
import dev.parley.signaling.wire.ErrorCode;
import dev.parley.signaling.wire.Refusal;
import dev.parley.signaling.wire.Role;
import java.util.List;
import java.util.Optional;

/**
 * What the rule for people who are in a room twice means for one room. Two sessions that join at
 * once are both let in, and the one whose join is through last replaces the other. Who publishes by
 * WHIP may watch by WHEP: a viewer and a participant are never the same. Room thread.
 */
final class Duplicates {
  static final Refusal REFUSAL =
      Refusal.of(
          ErrorCode.DUPLICATE_IDENTITY,
          "you are in this room already, from another place: leave there first");

  private final OnDuplicate rule;

  Duplicates(OnDuplicate rule) {
    this.rule = rule;
  }

  boolean forbid(Room room, JoinCommand command) {
    return rule == OnDuplicate.REJECT
        && others(room, command).stream().anyMatch(other -> !other.member.isAway());
  }

  /** How many places will be free once this one is in. */
  int leaving(Room room, JoinCommand command) {
    return rule == OnDuplicate.ALLOW ? 0 : others(room, command).size();
  }

  /** Those inside whose place goes to this one. */
  List<Participant> replaced(Room room, Participant newcomer) {
    return rule == OnDuplicate.ALLOW
        ? List.of()
        : others(room, newcomer.command).stream().filter(Participant::isVisible).toList();
  }

  /** Who inside is the same person as one who is gone. */
  Optional<Participant> heir(Room room, Participant gone) {
    return rule == OnDuplicate.ALLOW
        ? Optional.empty()
        : others(room, gone.command).stream().findFirst();
  }

  private static List<Participant> others(Room room, JoinCommand command) {
    return room.participants().stream()
        .filter(other ->
            other.command.identity().equals(command.identity())
                && !other.command.session().equals(command.session())
                && isViewer(other.command) == isViewer(command))
        .toList();
  }

  private static boolean isViewer(JoinCommand command) {
    return command.grants().role() == Role.VIEWER;
  }
}
