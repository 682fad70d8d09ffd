package dev.parley.bots.bench;

import java.util.List;

/**
 * What {@code bench signal} is asked to do.
 *
 * @param people in each of the rooms, before anybody joins
 * @param joins of each room, that are counted
 * @param warmUpJoins of each room, before them
 */
record SignalSettings(List<Integer> people, int joins, int warmUpJoins) {
  SignalSettings {
    people = List.copyOf(people);
  }
}
