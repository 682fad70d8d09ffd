package dev.parley.bots.run;

import dev.parley.bots.measure.Measurements;
import dev.parley.bots.measure.OwnLoad;
import dev.parley.bots.measure.ServerSample;
import java.util.List;
import java.util.Optional;

/**
 * One second of a run.
 *
 * @param nanos since its start
 * @param wanted bots that there should be, {@code alive} those on their way or in, {@code inside}
 *     those with media
 * @param parts of it, by group, in the scenario's order
 * @param measured in this interval, of all groups
 */
public record Point(
    long nanos,
    int wanted,
    int alive,
    int inside,
    List<Part> parts,
    Measurements measured,
    OwnLoad.Sample load,
    Optional<ServerSample> server) {
  public Point {
    parts = List.copyOf(parts);
  }

  /** The same of one group. */
  public record Part(String group, int wanted, int inside) {}
}
