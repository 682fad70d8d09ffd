package dev.parley.bots.bench;

import dev.parley.bots.bench.OverloadResult.Point;
import java.util.List;

/** {@code bench overload} for the terminal, at most 100 columns wide. */
final class OverloadReport {
  private static final double AIM = 0.9;
  private static final double AUDIO_AIM = 0.001;
  private static final int WHOLE = 100;

  private final OverloadResult result;
  private final StringBuilder text = new StringBuilder();

  private OverloadReport(OverloadResult result) {
    this.result = result;
  }

  static String of(OverloadResult result) {
    OverloadReport report = new OverloadReport(result);
    report.write();
    return report.text.toString();
  }

  private void line(String line) {
    text.append(line).append('\n');
  }

  private void write() {
    OverloadSettings s = result.settings();
    line(
        "Overload: one worker, viewers of %d cameras (150, 500 and %d kbit/s) and a voice."
            .formatted(s.cameras(), s.kbps()));
    line(
        "Capacity: %.0f viewers, computed from what one costs, at a load of %d %% of a core, from"
            .formatted(result.capacity(), s.limitPercent()));
    line("which on video is left out (limits.shedLoadPercent). Medians are not taken: one run.");
    line("");
    curve(
        "Everybody is let in (limits.fullLoadPercent = 0): pictures become smaller",
        result.shedding());
    curve(
        "Newcomers are refused from a load of %d %% on".formatted(s.fullPercent()),
        result.admission());
    line("%s; seed %d".formatted(result.machine().line(), s.seed()));
  }

  private void curve(String title, List<Point> points) {
    line(title);
    line(
        "%7s %7s %7s %9s %8s %6s %7s %7s %5s %5s %6s %9s"
            .formatted(
                "offered",
                "viewers",
                "refused",
                "forwarded",
                "video",
                "video",
                "voices",
                "voices",
                "busy",
                "load",
                "level",
                "p50/p99"));
    line(
        "%7s %7s %7s %9s %8s %6s %7s %7s %5s %5s %6s %9s"
            .formatted(
                "",
                "inside",
                "",
                "packets/s",
                "Mbit/s",
                "given",
                "came",
                "lost",
                "",
                "",
                "of 6",
                "ms"));
    for (Point p : points) {
      line(
          "%6d%% %7d %7d %9.0f %8.1f %5.0f%% %6.1f%% %6.2f%% %4.0f%% %4.0f%% %6.2f %9s%s"
              .formatted(
                  p.offeredPercent(),
                  p.inside(),
                  p.refused(),
                  p.forwardedPerSec(),
                  p.videoBps() / 1e6,
                  100 * p.videoShare(),
                  100 * p.audioShare(),
                  100 * p.audioLost(),
                  100 * p.busy(),
                  100 * p.load(),
                  p.level(),
                  millis(p.p50Ms()) + "/" + millis(p.p99Ms()),
                  p.generatorWasBottleneck() ? " *" : ""));
    }
    verdict(points);
    line("");
  }

  private static String millis(double ms) {
    return ms < 0 ? "-" : "%.1f".formatted(ms);
  }

  private void verdict(List<Point> points) {
    if (points.stream().anyMatch(Point::generatorWasBottleneck)) {
      line("* not said: the viewers' thread used more than 90 % of a core, the load was the limit");
      return;
    }
    line(kept(points));
    double missing = points.stream().mapToDouble(Point::audioMissing).max().orElse(0);
    line(
        "voices that did not arrive, the most of any step: %.2f %%; aim: at most %.1f %%: %s"
            .formatted(100 * missing, 100 * AUDIO_AIM, missing <= AUDIO_AIM ? "met" : "missed"));
  }

  private static String kept(List<Point> points) {
    double kept = OverloadResult.kept(points);
    if (Double.isNaN(kept)) {
      return "forwarded beyond 100 %: not said: no step "
          + (points.getLast().offeredPercent() > WHOLE ? "at 100 %" : "above 100 %");
    }
    return "forwarded at %d %%, of that at 100 %%: %.2f; aim: at least %.1f: %s"
        .formatted(points.getLast().offeredPercent(), kept, AIM, kept >= AIM ? "met" : "missed");
  }
}
