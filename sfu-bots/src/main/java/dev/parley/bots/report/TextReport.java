package dev.parley.bots.report;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import dev.parley.bots.measure.Measurements;
import dev.parley.bots.measure.Metric;
import dev.parley.bots.measure.Stat;
import dev.parley.bots.run.Outcome;
import dev.parley.bots.run.ServerCounters;
import dev.parley.bots.scenario.Threshold;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/** A run in a page of plain text. */
public final class TextReport {
  private static final double MILLION = 1e6;

  private final StringBuilder out = new StringBuilder();

  private TextReport() {}

  /** Ends with a line feed. */
  public static String of(Outcome outcome) {
    TextReport report = new TextReport();
    report.write(outcome);
    return report.out.toString();
  }

  @FormatMethod
  private void line(@FormatString String format, Object... values) {
    out.append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  private void write(Outcome outcome) {
    Measurements all = outcome.total();
    line("%s", outcome.scenario().name());
    line(
        "  %.1f s against %s, seed %d: %s",
        outcome.took().toMillis() / 1e3,
        outcome.scenario().target().url(),
        outcome.scenario().seed(),
        ending(outcome));
    outcome.warnings().forEach(w -> line("  Warning: %s.", w));
    line("");
    line(
        "bots       %d set out, %d came in, %d did not, %d were lost; %d waited in line",
        all.count(Metric.BOTS_STARTED),
        all.count(Metric.BOTS_JOINED),
        all.count(Metric.JOIN_FAILED),
        all.count(Metric.BOTS_LOST),
        all.count(Metric.QUEUED));
    for (Map.Entry<String, Long> failure : all.failures().entrySet()) {
      line("             %s: %d", failure.getKey(), failure.getValue());
    }
    line("");
    line("%-22s %9s %9s %9s %9s %9s %9s", "times, ms", "count", "p50", "p95", "p99", "max", "mean");
    for (Metric metric : Metric.values()) {
      if (metric.kind() == Metric.Kind.TIME && all.count(metric) > 0) {
        line(
            "%-22s %9d %9s %9s %9s %9s %9s",
            metric.id(),
            all.count(metric),
            number(all.value(metric, Stat.P50)),
            number(all.value(metric, Stat.P95)),
            number(all.value(metric, Stat.P99)),
            number(all.value(metric, Stat.MAX)),
            number(all.value(metric, Stat.MEAN)));
      }
    }
    line("");
    media(outcome, all);
    ServerCounters.of(outcome).ifPresent(s -> server(outcome, s));
    thresholds(outcome);
  }

  private static String ending(Outcome outcome) {
    return switch (outcome.end()) {
      case COMPLETED -> "completed";
      case STOPPED -> "stopped by hand";
      case THRESHOLD, REFUSED, FAULT, UNREACHABLE -> outcome.reason();
    };
  }

  private void media(Outcome outcome, Measurements all) {
    double seconds = Math.max(0.001, outcome.took().toMillis() / 1e3);
    long received = all.count(Metric.PACKETS_RECEIVED);
    line(
        "media      %d packets sent (%d of them again), %d received: %.0f/s, %.1f Mbit/s",
        all.count(Metric.PACKETS_SENT),
        all.count(Metric.REPEATS_SENT),
        received,
        received / seconds,
        all.count(Metric.BYTES_RECEIVED) * 8 / MILLION / seconds);
    line(
        "           loss %s before repair, %s after; %d asked for again",
        percent(all.value(Metric.LOSS_BEFORE_REPAIR, Stat.COUNT)),
        percent(all.value(Metric.LOSS_AFTER_REPAIR, Stat.COUNT)),
        all.count(Metric.NACKS));
    line(
        "           %d pictures, %d freezes, %d changes of quality, %d key frames asked for",
        all.count(Metric.PICTURES),
        all.count(Metric.FREEZE),
        all.count(Metric.LAYER_SWITCHES),
        all.count(Metric.KEY_FRAMES_ASKED));
    line(
        "           video tracks missing: %s of those due to the bots",
        percent(all.value(Metric.TRACKS_MISSING, Stat.COUNT)));
    line(
        "           decrypted: %d of the packets received%s",
        all.count(Metric.PACKETS_DECRYPTED),
        all.count(Metric.PACKETS_DECRYPTED) < received
            ? "; latency and changes of quality are from this sample"
            : "");
    problem(all, Metric.PACKETS_UNKNOWN_SSRC);
    problem(all, Metric.PACKETS_UNDECRYPTABLE);
    problem(all, Metric.NEVER_A_PICTURE);
    problem(all, Metric.QUEUE_OUT_OF_ORDER);
    problem(all, Metric.ARRIVALS_DROPPED);
    double busiest = outcome.points().stream().mapToDouble(p -> p.load().busiest()).max().orElse(0);
    line(
        "bots' CPU  %.2f cores on average, busiest thread %.0f %% of a core; %s µs a packet sent or"
            + " received",
        outcome.botCpuNanos() / 1e9 / seconds,
        busiest * 100,
        perPacket(outcome.botCpuNanos() / 1e3, all.count(Metric.PACKETS_SENT) + received));
  }

  private static String perPacket(double micros, long packets) {
    return packets == 0 ? "–" : String.format(Locale.ROOT, "%.1f", micros / packets);
  }

  private void problem(Measurements all, Metric metric) {
    if (all.count(metric) > 0) {
      line("  PROBLEM  %s: %d (%s)", metric.id(), all.count(metric), metric.sentence());
    }
  }

  private void server(Outcome outcome, ServerCounters server) {
    double seconds = Math.max(0.001, outcome.took().toMillis() / 1e3);
    line(
        "server     %.2f cores on average, heap %.0f MB, %.2f s of garbage collection; %.1f µs a"
            + " packet forwarded",
        server.cpuSeconds() / seconds,
        server.heapBytes() / MILLION,
        server.gcSeconds(),
        server.microsPerForwarded());
    if (server.forwardingP50Ms().isPresent()) {
      line(
          "           handed on half of the packets within %s ms, 99 %% within %s ms",
          number(server.forwardingP50Ms()), number(server.forwardingP99Ms()));
    }
    line(
        "           received %d of the %d packets that bots sent: %s missing; forwarded %d, dropped %d",
        server.received(),
        server.sent(),
        String.format(Locale.ROOT, "%.3f %%", server.missing() * 100),
        server.forwarded(),
        server.dropped());
  }

  private void thresholds(Outcome outcome) {
    if (outcome.verdicts().isEmpty()) {
      return;
    }
    line("");
    line("thresholds");
    for (Outcome.Verdict verdict : outcome.verdicts()) {
      Threshold threshold = verdict.threshold();
      line(
          "  %s  %s: %s%s%s",
          verdict.holds() ? "ok    " : "FAILED",
          threshold.title(),
          value(threshold, verdict.value()),
          threshold.max().isPresent() ? ", at most " + value(threshold, threshold.max()) : "",
          threshold.min().isPresent() ? ", at least " + value(threshold, threshold.min()) : "");
    }
  }

  /** A value in the unit of the threshold's metric. */
  static String value(Threshold threshold, OptionalDouble value) {
    if (value.isEmpty()) {
      return "nothing measured";
    }
    return switch (threshold.metric().kind()) {
      case TIME -> threshold.stat() == Stat.COUNT ? count(value) : number(value) + " ms";
      case SHARE -> percent(value);
      case COUNT -> count(value);
    };
  }

  private static String count(OptionalDouble value) {
    return String.format(Locale.ROOT, "%.0f", value.orElse(0));
  }

  private static String number(OptionalDouble value) {
    return value.isEmpty() ? "–" : String.format(Locale.ROOT, "%.1f", value.getAsDouble());
  }

  private static String percent(OptionalDouble share) {
    return share.isEmpty() ? "–" : String.format(Locale.ROOT, "%.3f %%", share.getAsDouble() * 100);
  }
}
