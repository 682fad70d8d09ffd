package dev.parley.bots.command;

import dev.parley.bots.measure.Metric;
import dev.parley.bots.run.Point;
import dev.parley.bots.scenario.Group;
import dev.parley.bots.scenario.Scenario;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * How a run goes: on a terminal a bar for each group above a line for all, drawn anew each time;
 * elsewhere a plain line now and then. One thread.
 */
final class Progress implements Consumer<Point> {
  private static final int WIDTH = 20;
  private static final int PLAIN_EVERY = 5;
  private static final int LONGEST_NAME = 20;

  /** So that a narrow window cuts lines, and does not make two of one. */
  private static final String NO_WRAP = "\u001b[?7l";

  private static final String WRAP = "\u001b[?7h";
  private static final String REST_OF_LINE = "\u001b[K";

  private final PrintWriter err;
  private final Scenario scenario;
  private final boolean terminal;
  private final int nameWidth;
  private int points;

  Progress(PrintWriter err, Scenario scenario, boolean terminal) {
    this.err = err;
    this.scenario = scenario;
    this.terminal = terminal;
    this.nameWidth =
        scenario.groups().stream().mapToInt(g -> shown(g.name()).length()).max().orElse(0);
  }

  private static String shown(String name) {
    return name.substring(0, Math.min(name.length(), LONGEST_NAME));
  }

  @Override
  public void accept(Point point) {
    if (terminal) {
      draw(point);
    } else if ((points + 1) % PLAIN_EVERY == 0) {
      err.println("… " + all(point));
      err.flush();
    }
    points++;
  }

  private static String all(Point point) {
    return String.format(
        Locale.ROOT,
        "%3.0f s  %d of %d bots inside  %d packets/s received  %d lost",
        point.nanos() / 1e9,
        point.inside(),
        point.wanted(),
        point.measured().count(Metric.PACKETS_RECEIVED),
        point.measured().count(Metric.PACKETS_LOST));
  }

  private void draw(Point point) {
    StringBuilder lines = new StringBuilder(NO_WRAP);
    if (points > 0) {
      lines.append("\u001b[%dA".formatted(scenario.groups().size() + 1)); // up
    }
    for (int i = 0; i < scenario.groups().size(); i++) {
      lines
          .append('\r')
          .append(bar(scenario.groups().get(i), point.parts().get(i), point.nanos()))
          .append(REST_OF_LINE)
          .append('\n');
    }
    err.print(lines.append('\r').append(all(point)).append(REST_OF_LINE).append('\n').append(WRAP));
    err.flush();
  }

  /** Of the group's own time, which begins with its start and ends with the run at the latest. */
  private String bar(Group group, Point.Part part, long nanos) {
    long start = group.start().toNanos();
    long end =
        Math.min(scenario.duration().toNanos(), start + group.executor().duration().toNanos());
    long length = Math.max(1, end - start);
    long own = Math.clamp(nanos - start, 0, length);
    int full = (int) (own * WIDTH / length);
    return String.format(
        Locale.ROOT,
        "%-" + nameWidth + "s  [%s%s] %3.0f of %3.0f s  %d of %d bots",
        shown(group.name()),
        "#".repeat(full),
        "-".repeat(WIDTH - full),
        own / 1e9,
        length / 1e9,
        part.inside(),
        part.wanted());
  }
}
