package dev.parley.bots.scenario;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Bots of one kind of visit: what a file names below {@code scenarios}.
 *
 * @param start after the run's
 * @param roles in the order in which a room fills
 */
public record Group(String name, Executor executor, Duration start, Rooms rooms, List<Role> roles) {
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

  /** Which bots share a room; a {@code *} in the name stands for the room's number. */
  public sealed interface Rooms {
    String name();

    /** The number of the room of a seat; both from 0. */
    int number(int seat);

    /** Which place in its room the seat is, from 0. */
    int place(int seat);

    /** One room fills after the other. */
    record OfSize(String name, int size) implements Rooms {
      @Override
      public int number(int seat) {
        return seat / size;
      }

      @Override
      public int place(int seat) {
        return seat % size;
      }
    }

    /** A fixed number of rooms, filled in turn. */
    record InTurn(String name, int count) implements Rooms {
      @Override
      public int number(int seat) {
        return seat % count;
      }

      @Override
      public int place(int seat) {
        return seat / count;
      }
    }
  }

  /** The room of the seat with this number, from 0. */
  public String room(int seat) {
    return rooms.name().replace("*", Integer.toString(rooms.number(seat)));
  }

  /** The part that belongs to the seat. */
  public Role role(int seat) {
    int place = rooms.place(seat);
    for (Role role : roles) {
      if (role.count().isEmpty() || place < role.count().getAsInt()) {
        return role;
      }
      place -= role.count().getAsInt();
    }
    return roles.getLast();
  }
}
