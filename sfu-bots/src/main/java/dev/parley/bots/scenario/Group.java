package dev.parley.bots.scenario;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Bots of one kind of visit: what a file names below {@code scenarios}.
 *
 * @param start after the run's
 * @param roomName a {@code *} in it stands for the room's number
 * @param roomSize bots in each room
 * @param roles in the order in which a room fills
 */
public record Group(
    String name,
    Executor executor,
    Duration start,
    String roomName,
    int roomSize,
    List<Role> roles) {
  public Group {
    roles = List.copyOf(roles);
  }

  /**
   * One part in a room.
   *
   * @param count of it in each room; none: all others
   * @param tokenRole what the token says it is
   * @param admitEvery how often it lets the next in line into the room
   */
  public record Role(
      String name,
      Profile profile,
      OptionalInt count,
      String tokenRole,
      Optional<Duration> admitEvery,
      List<Action> actions) {
    public Role {
      actions = List.copyOf(actions);
    }
  }

  /** The room of the seat with this number, from 0. */
  public String room(int seat) {
    return roomName.replace("*", Integer.toString(seat / roomSize));
  }

  /** The part that belongs to the seat. */
  public Role role(int seat) {
    int place = seat % roomSize;
    for (Role role : roles) {
      if (role.count().isEmpty() || place < role.count().getAsInt()) {
        return role;
      }
      place -= role.count().getAsInt();
    }
    return roles.getLast();
  }
}
