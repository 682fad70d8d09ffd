package dev.parley.bots.bench;

import dev.parley.bots.bench.ForwardResult.FloorFigures;
import dev.parley.bots.bench.ForwardResult.Round;
import dev.parley.bots.bench.ForwardResult.Server;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.function.ToDoubleFunction;

/** {@code bench forward} for the terminal, at most 100 columns wide. */
final class ForwardReport {
  private static final double AIM = 2.0;

  /** Rounds of a quiet machine stay within some ten per cent. */
  private static final double NOISY = 1.25;

  private final ForwardResult result;
  private final List<Round> rounds;
  private final StringBuilder text = new StringBuilder();

  private ForwardReport(ForwardResult result) {
    this.result = result;
    this.rounds = result.rounds();
  }

  static String of(ForwardResult result) {
    ForwardReport report = new ForwardReport(result);
    report.write();
    return report.text.toString();
  }

  private void line(String line) {
    text.append(line).append('\n');
  }

  private void write() {
    ForwardSettings s = result.settings();
    line(
        "Forwarding: 1 publisher to %d subscribers, %.0f packets/s in, bursts of %d, %d-byte payload,"
            .formatted(s.subscribers(), s.packetsPerSecond(), s.burst(), s.payloadBytes()));
    line(
        "%s over %s. Medians of %d rounds of %.1f s (least–most); warm-up %.1f s."
            .formatted(
                s.profile(),
                s.transport(),
                rounds.size(),
                s.roundMillis() / 1e3,
                s.warmUpMillis() / 1e3));
    line("");
    boolean floor = rounds.stream().allMatch(r -> r.grouped().isPresent());
    line(
        "%-34s %20s %20s"
            .formatted("CPU per forwarded packet, ns", "media thread", "whole process"));
    row("  server", Server::cpuNanosPerPacket, Server::processCpuNanosPerPacket);
    if (floor) {
      floorRow("  floor, batches as the server's", r -> r.grouped().orElseThrow());
      floorRow("  floor, one message a datagram", r -> r.ungrouped().orElseThrow());
      line("");
      Spread ratio = Spread.of(rounds, Round::ratio);
      line(
          "%-34s %20s   aim: at most %.1f: %s"
              .formatted(
                  "server to floor, same round",
                  cell("%.2f", ratio),
                  AIM,
                  ratio.median() <= AIM ? "met" : "missed"));
      before();
    } else {
      line(
          s.transport() == TransportOption.UDP
              ? "  floor: measured on 64-bit Linux only"
              : "  floor: over UDP alone");
    }
    line("");
    if (!s.transport().relayed()) {
      batches(floor);
      line("");
    }
    Spread allocated = Spread.of(rounds, r -> Math.max(0, r.server().allocatedBytesPerPacket()));
    line(
        "allocated per forwarded packet     %s bytes, %d collections; idle %.1f kB/s, %.1f %% CPU"
            .formatted(
                cell("%.2f", allocated),
                rounds.stream().mapToLong(r -> r.server().collections()).sum(),
                result.idle().allocatedBytesPerSecond() / 1e3,
                100 * result.idle().cpuShare()));
    line(
        "forwarded                          %.0f packets/s, %.3f %% lost"
            .formatted(
                median(r -> r.server().packetsPerSecond()),
                100 * Math.max(0, median(r -> r.server().lostShare()))));
    line(
        "CPU of a core                      %.0f %% media thread, %.0f %% subscribers' thread"
            .formatted(
                100 * median(r -> r.server().mediaCpuShare()),
                100 * median(r -> r.server().loadCpuShare())));
    capacity();
    noise();
    line("");
    line("%s; seed %d".formatted(result.machine().line(), s.seed()));
  }

  private void noise() {
    Spread cost = Spread.of(rounds, r -> r.server().cpuNanosPerPacket());
    if (cost.most() > NOISY * cost.least()) {
      line(
          "noise                              rounds differ by %.0f %%: is something else running?"
              .formatted(100 * (cost.most() / cost.least() - 1)));
    }
  }

  /** Through the relay, most of the work is not the media thread's. */
  private double cost(Server server) {
    return result.settings().transport().relayed()
        ? server.processCpuNanosPerPacket()
        : server.cpuNanosPerPacket();
  }

  private void capacity() {
    if (result.verdict().loadWasBottleneck()) {
      line("capacity                           not said: the load generator was the bottleneck:");
      result
          .verdict()
          .reasons()
          .forEach(r -> line("                                     %s".formatted(r)));
    } else {
      line(
          "one core at this cost              %.0f packets/s (computed: 1 s by the CPU per packet)"
              .formatted(1e9 / median(r -> cost(r.server()))));
    }
  }

  private void batches(boolean floor) {
    line("%-34s %14s %12s %12s".formatted("datagrams", "per call", "per message", "segmented"));
    line(
        "%-34s %14.1f %12.1f %11.0f%%"
            .formatted(
                "  server",
                median(r -> r.server().datagramsPerCall()),
                median(r -> r.server().datagramsPerMessage()),
                100 * median(r -> r.server().segmentedShare())));
    if (floor) {
      line(
          "%-34s %14.1f %12.1f"
              .formatted(
                  "  floor, batches as the server's",
                  median(r -> r.grouped().orElseThrow().datagramsPerCall()),
                  median(r -> r.grouped().orElseThrow().datagramsPerMessage())));
    }
  }

  /** The ratios of two runs compare where their nanoseconds do not: another day, another load. */
  private void before() {
    Properties before = new Properties();
    try (InputStream file = ForwardReport.class.getResourceAsStream("forward-before.properties")) {
      before.load(Objects.requireNonNull(file, "forward-before.properties is not in the jar"));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
    line(
        "%-34s %14s of %s ns to a floor of %s"
            .formatted(
                "  " + before.getProperty("what"),
                before.getProperty("ratio"),
                before.getProperty("serverNanos"),
                before.getProperty("floorNanos")));
  }

  private void row(String title, ToDoubleFunction<Server> media, ToDoubleFunction<Server> process) {
    line(
        "%-34s %20s %20s"
            .formatted(
                title,
                cell("%.0f", Spread.of(rounds, r -> media.applyAsDouble(r.server()))),
                cell("%.0f", Spread.of(rounds, r -> process.applyAsDouble(r.server())))));
  }

  private void floorRow(String title, java.util.function.Function<Round, FloorFigures> floor) {
    line(
        "%-34s %20s %20s"
            .formatted(
                title,
                cell("%.0f", Spread.of(rounds, r -> floor.apply(r).cpuNanosPerPacket())),
                cell("%.0f", Spread.of(rounds, r -> floor.apply(r).processCpuNanosPerPacket()))));
  }

  private double median(ToDoubleFunction<Round> figure) {
    return Spread.of(rounds, figure).median();
  }

  private static String cell(String format, Spread spread) {
    return (format + " (" + format + "–" + format + ")")
        .formatted(spread.median(), spread.least(), spread.most());
  }
}
