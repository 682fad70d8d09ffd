package dev.parley.bots.scenario;

import java.util.List;
import java.util.stream.Collectors;

/** A scenario cannot be run as it is written. */
public final class ScenarioException extends Exception {
  private static final long serialVersionUID = 1L;

  /**
   * One thing that is wrong.
   *
   * @param line from 1; 0: it has none
   */
  public record Problem(int line, String text) {}

  private final transient List<Problem> problems;

  /**
   * @param source what the message calls the file
   */
  public ScenarioException(String source, List<Problem> problems) {
    super(
        problems.stream()
            .map(p -> source + (p.line() > 0 ? ":" + p.line() : "") + ": " + p.text())
            .collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /** In the order of their lines. */
  public List<Problem> problems() {
    return problems;
  }
}
