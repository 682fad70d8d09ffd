package dev.parley.bots.run;

import dev.parley.bots.measure.Measurements;
import dev.parley.bots.measure.ServerSample;
import dev.parley.bots.scenario.Scenario;
import dev.parley.bots.scenario.Threshold;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What came of a run.
 *
 * @param total of all groups, with what belongs to none
 * @param warnings that qualify the figures
 * @param botCpuNanos that the bots' process used during the run
 * @param before and {@code after} the run, the server's counters, where they can be read
 */
public record Outcome(
    Scenario scenario,
    Instant startedAt,
    Duration took,
    End end,
    String reason,
    Measurements total,
    Map<String, Measurements> groups,
    List<Point> points,
    List<Verdict> verdicts,
    List<String> warnings,
    long botCpuNanos,
    Optional<ServerSample> before,
    Optional<ServerSample> after) {
  /** Why it ended. */
  public enum End {
    /** As the scenario says. */
    COMPLETED,
    /** A person stopped it. */
    STOPPED,
    /** A threshold with abortOnFail did not hold. */
    THRESHOLD,
    /** Nobody was let in. */
    REFUSED,
    /** A fault of the bots themselves; what was measured is not whole. */
    FAULT,
    /** The server is not there, or not any more. */
    UNREACHABLE
  }

  /** What became of a threshold; {@code value} is empty when nothing was measured. */
  public record Verdict(Threshold threshold, OptionalDouble value, boolean holds) {}

  public Outcome {
    groups = Map.copyOf(groups);
    points = List.copyOf(points);
    verdicts = List.copyOf(verdicts);
    warnings = List.copyOf(warnings);
  }

  /** Of the process: 0 all holds, 2 a threshold does not, 3 aborted, 4 target unreachable. */
  public int exitCode() {
    return switch (end) {
      case UNREACHABLE -> 4;
      case STOPPED, REFUSED, FAULT -> 3;
      case THRESHOLD -> 2;
      case COMPLETED -> verdicts.stream().allMatch(Verdict::holds) ? 0 : 2;
    };
  }
}
