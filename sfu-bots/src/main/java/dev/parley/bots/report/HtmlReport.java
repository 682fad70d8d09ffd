package dev.parley.bots.report;

import dev.parley.bots.measure.Measurements;
import dev.parley.bots.measure.Metric;
import dev.parley.bots.measure.ServerSample;
import dev.parley.bots.measure.Stat;
import dev.parley.bots.run.Outcome;
import dev.parley.bots.run.Point;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/** A run as one HTML page with charts: no script, nothing fetched from elsewhere. */
public final class HtmlReport {
  private static final String STYLE =
      """
      :root { color-scheme: light dark; --ink: #1c2430; --soft: #5b6675; --line: #d8dee6; --paper: #fff;
        --c0: #2563c9; --c1: #c2570c; --c2: #16803c; --bad: #b3261e; --good: #16803c; }
      @media (prefers-color-scheme: dark) {
        :root { --ink: #e6eaf0; --soft: #9aa6b5; --line: #333d49; --paper: #14181e;
          --c0: #7fb0ff; --c1: #ffab70; --c2: #6fd395; --bad: #ff8a80; --good: #6fd395; } }
      body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper);
        max-width: 1360px; margin: 2rem auto; padding: 0 1rem; }
      h1 { font-size: 1.5rem; margin: 0; } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
      .soft { color: var(--soft); } .bad { color: var(--bad); } .good { color: var(--good); }
      .charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(420px, 100%), 1fr)); gap: 1rem; }
      figure { margin: 0; } figcaption { font-weight: 600; }
      svg { width: 100%; height: auto; } path { fill: none; stroke-width: 2; stroke-linejoin: round; }
      path.c0 { stroke: var(--c0); } path.c1 { stroke: var(--c1); } path.c2 { stroke: var(--c2); }
      .key { font-weight: 400; margin-left: .8em; } .key::before { content: "━ "; }
      .key.c0 { color: var(--c0); } .key.c1 { color: var(--c1); } .key.c2 { color: var(--c2); }
      .grid { stroke: var(--line); } text { fill: var(--soft); font-size: 11px; }
      text.y { text-anchor: end; } text.x { text-anchor: middle; }
      .wide { overflow-x: auto; } table { border-collapse: collapse; }
      th, td { text-align: left; padding: .2rem .9rem .2rem 0; border-bottom: 1px solid var(--line); }
      td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; }
      """;
  private static final double NANOS_PER_SECOND = 1e9;
  private static final Stat[] COLUMNS = {
    Stat.P50, Stat.P90, Stat.P95, Stat.P99, Stat.MAX, Stat.MEAN
  };

  private final StringBuilder out = new StringBuilder();

  private HtmlReport() {}

  public static String of(Outcome outcome) {
    HtmlReport report = new HtmlReport();
    report.write(outcome);
    return report.out.toString();
  }

  private void write(Outcome outcome) {
    String name = Markup.escape(outcome.scenario().name());
    out.append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
        .append("<meta name=\"viewport\" content=\"width=device-width\"><title>")
        .append(name)
        .append("</title>\n<style>\n")
        .append(STYLE)
        .append("</style></head><body>\n<h1>")
        .append(name)
        .append("</h1>\n<p class=\"soft\">");
    out.append(
        Markup.escape(
            String.format(
                Locale.ROOT,
                "%s, %.1f s against %s, seed %d; %s%s; exit code %d",
                outcome.startedAt().truncatedTo(ChronoUnit.SECONDS),
                outcome.took().toMillis() / 1e3,
                outcome.scenario().target().url(),
                outcome.scenario().seed(),
                outcome.end().name().toLowerCase(Locale.ROOT),
                outcome.reason().isEmpty() ? "" : ": " + outcome.reason(),
                outcome.exitCode())));
    out.append("</p>\n");
    for (String warning : outcome.warnings()) {
      out.append("<p class=\"bad\">Warning: ").append(Markup.escape(warning)).append(".</p>\n");
    }
    thresholds(outcome);
    charts(outcome.points());
    times("All scenarios", outcome.total());
    if (outcome.groups().size() > 1) {
      outcome.groups().forEach(this::times);
    }
    counts(outcome);
    out.append("</body></html>\n");
  }

  private void thresholds(Outcome outcome) {
    if (outcome.verdicts().isEmpty()) {
      return;
    }
    out.append("<h2>Thresholds</h2><div class=\"wide\"><table><tr><th></th><th>what</th>")
        .append("<th class=\"n\">measured</th><th class=\"n\">at least</th>")
        .append("<th class=\"n\">at most</th></tr>\n");
    for (Outcome.Verdict verdict : outcome.verdicts()) {
      out.append(
          "<tr><td class=\"%s\">%s</td><td>%s</td><td class=\"n\">%s</td><td class=\"n\">%s</td><td class=\"n\">%s</td></tr>\n"
              .formatted(
                  verdict.holds() ? "good" : "bad",
                  verdict.holds() ? "✓ holds" : "✗ fails",
                  Markup.escape(verdict.threshold().title()),
                  TextReport.value(verdict.threshold(), verdict.value()),
                  bound(verdict, verdict.threshold().min()),
                  bound(verdict, verdict.threshold().max())));
    }
    out.append("</table></div>\n");
  }

  private static String bound(Outcome.Verdict verdict, OptionalDouble bound) {
    return bound.isEmpty() ? "" : TextReport.value(verdict.threshold(), bound);
  }

  private void charts(List<Point> points) {
    List<Double> seconds = points.stream().map(p -> p.nanos() / NANOS_PER_SECOND).toList();
    out.append("<h2>Second by second</h2><div class=\"charts\">\n");
    out.append(
        new Chart("Bots", seconds)
            .line("wanted", each(points, Point::wanted))
            .line("inside", each(points, Point::inside))
            .svg());
    out.append(
        new Chart("Packets a second", seconds)
            .line("received", rate(points, Metric.PACKETS_RECEIVED))
            .line("sent", rate(points, Metric.PACKETS_SENT))
            .svg());
    out.append(
        new Chart("Latency p95, ms", seconds)
            .line("video", stat(points, Metric.LATENCY_VIDEO))
            .line("audio", stat(points, Metric.LATENCY_AUDIO))
            .svg());
    out.append(
        new Chart("Packets lost a second", seconds)
            .line("before repair", rate(points, Metric.PACKETS_MISSED))
            .line("after repair", rate(points, Metric.PACKETS_LOST))
            .svg());
    out.append(
        new Chart("Time to join p95, ms", seconds)
            .line("join", stat(points, Metric.JOIN_TOTAL))
            .svg());
    out.append(
        new Chart("Freezes a second", seconds)
            .line("freezes", each(points, p -> p.measured().count(Metric.FREEZE)))
            .svg());
    out.append(
        new Chart("CPU, cores", seconds)
            .line("bots", each(points, p -> p.load().cores()))
            .line("server", counter(points, "process_cpu_seconds_total"))
            .line("busiest bots' thread", each(points, p -> p.load().busiest()))
            .svg());
    out.append(
        new Chart("Server's heap, MB", seconds)
            .line(
                "heap",
                each(
                    points,
                    p ->
                        p.server()
                                .map(s ->
                                    s.value("jvm_memory_bytes_used")
                                        .orElse(
                                            s.value("jvm_memory_used_bytes").orElse(Double.NaN)))
                                .orElse(Double.NaN)
                            / 1e6))
            .svg());
    out.append("</div>\n");
  }

  private static List<Double> each(List<Point> points, ToDoubleFunction<Point> value) {
    return points.stream().mapToDouble(value).boxed().toList();
  }

  private static List<Double> stat(List<Point> points, Metric metric) {
    return each(points, p -> p.measured().value(metric, Stat.P95).orElse(Double.NaN));
  }

  private static List<Double> rate(List<Point> points, Metric metric) {
    List<Double> rates = new ArrayList<>();
    long before = 0;
    for (Point point : points) {
      double seconds = Math.max(1, point.nanos() - before) / NANOS_PER_SECOND;
      rates.add(point.measured().count(metric) / seconds);
      before = point.nanos();
    }
    return rates;
  }

  /** How fast a counter of the server grows; gaps where nothing new was read. */
  private static List<Double> counter(List<Point> points, String name) {
    List<Double> rates = new ArrayList<>();
    for (int i = 0; i < points.size(); i++) {
      double rate = Double.NaN;
      if (i > 0 && points.get(i).server().isPresent() && points.get(i - 1).server().isPresent()) {
        ServerSample now = points.get(i).server().get();
        ServerSample then = points.get(i - 1).server().get();
        OptionalDouble grown = now.since(then, name);
        if (now.nanos() > then.nanos() && grown.isPresent()) {
          rate = grown.getAsDouble() * NANOS_PER_SECOND / (now.nanos() - then.nanos());
        }
      }
      rates.add(rate);
    }
    return rates;
  }

  private void times(String name, Measurements measured) {
    out.append("<h2>").append(Markup.escape(name)).append(": times, ms</h2>");
    out.append("<div class=\"wide\"><table><tr><th>metric</th><th class=\"n\">count</th>");
    for (Stat stat : COLUMNS) {
      out.append("<th class=\"n\">").append(stat.id()).append("</th>");
    }
    out.append("<th></th></tr>\n");
    for (Metric metric : Metric.values()) {
      if (metric.kind() == Metric.Kind.TIME && measured.count(metric) > 0) {
        out.append(
            "<tr><td>%s</td><td class=\"n\">%d</td>"
                .formatted(metric.id(), measured.count(metric)));
        for (Stat stat : COLUMNS) {
          out.append(
              String.format(
                  Locale.ROOT,
                  "<td class=\"n\">%.1f</td>",
                  measured.value(metric, stat).orElse(Double.NaN)));
        }
        out.append("<td class=\"soft\">%s</td></tr>\n".formatted(metric.sentence()));
      }
    }
    out.append("</table></div>\n");
  }

  private void counts(Outcome outcome) {
    out.append("<h2>Counts</h2><div class=\"wide\"><table>\n");
    for (Metric metric : Metric.values()) {
      OptionalDouble value = outcome.total().value(metric, Stat.COUNT);
      if (metric.kind() != Metric.Kind.TIME && value.isPresent() && value.getAsDouble() != 0) {
        out.append(
            "<tr><td>%s</td><td class=\"n\">%s</td><td class=\"soft\">%s</td></tr>\n"
                .formatted(
                    metric.id(),
                    metric.kind() == Metric.Kind.SHARE
                        ? String.format(Locale.ROOT, "%.3f %%", value.getAsDouble() * 100)
                        : Long.toString(Math.round(value.getAsDouble())),
                    metric.sentence()));
      }
    }
    for (Map.Entry<String, Long> failure : outcome.total().failures().entrySet()) {
      out.append(
          "<tr><td class=\"bad\">failed: %s</td><td class=\"n\">%d</td><td></td></tr>\n"
              .formatted(Markup.escape(failure.getKey()), failure.getValue()));
    }
    out.append("</table></div>\n<h2>As text</h2><pre class=\"wide\">")
        .append(Markup.escape(TextReport.of(outcome)))
        .append("</pre>\n");
  }
}
