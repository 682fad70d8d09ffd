package dev.parley.bots.command;

import dev.parley.bots.measure.Metric;
import dev.parley.bots.run.Point;
import dev.parley.bots.scenario.Scenario;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.Consumer;

/** How a run goes: a bar on a terminal, a plain line now and then elsewhere. One thread. */
final class Progress implements Consumer<Point> {
  private static final int WIDTH = 24;
  private static final int PLAIN_EVERY = 5;

  private final PrintWriter err;
  private final long lengthNanos;
  private final boolean terminal;
  private int points;

  Progress(PrintWriter err, Scenario scenario, boolean terminal) {
    this.err = err;
    this.lengthNanos = Math.max(1, scenario.duration().toNanos());
    this.terminal = terminal;
  }

  @Override
  public void accept(Point point) {
    points++;
    double done = Math.min(1, (double) point.nanos() / lengthNanos);
    String text =
        String.format(
            Locale.ROOT,
            "%3.0f s  %d of %d bots inside  %d packets/s received  %d lost",
            point.nanos() / 1e9,
            point.inside(),
            point.wanted(),
            point.measured().count(Metric.PACKETS_RECEIVED),
            point.measured().count(Metric.PACKETS_LOST));
    if (terminal) {
      int full = (int) (done * WIDTH);
      err.print("\r[" + "#".repeat(full) + "-".repeat(WIDTH - full) + "] " + text + "\u001b[K");
      err.flush();
    } else if (points % PLAIN_EVERY == 0) {
      err.println("… " + text);
      err.flush();
    }
  }

  void end() {
    if (terminal && points > 0) {
      err.println();
      err.flush();
    }
  }
}
