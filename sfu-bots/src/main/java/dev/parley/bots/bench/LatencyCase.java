package dev.parley.bots.bench;

import dev.parley.bots.bench.SystemResult.CaseResult;
import dev.parley.bots.bench.SystemResult.Figure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** How long a packet is under way at a share of what the server's worker bears. */
record LatencyCase(
    String id,
    FanOut.Shape shape,
    double share,
    Optional<Double> mostMedianMillis,
    double mostHighMillis)
    implements SystemCase {
  /**
   * A picture's packets for all viewers of a room are a stretch of work, which its last ones wait
   * for.
   */
  private static final FanOut.Shape LARGE_ROOMS = new FanOut.Shape(4, 50);

  private static final FanOut.Shape SMALL_ROOMS = new FanOut.Shape(80, 10);
  private static final double SATURATED = 0.9;
  private static final double LONG_STOP_MILLIS = 2;

  /** Half of what it bears. */
  static LatencyCase half() {
    return new LatencyCase("latency-50", LARGE_ROOMS, 0.5, Optional.of(0.2), 1);
  }

  /** Close to all it bears. */
  static LatencyCase high() {
    return new LatencyCase("latency-80", LARGE_ROOMS, 0.8, Optional.empty(), 3);
  }

  /** Half of what it bears, for fewer viewers of each picture. */
  static LatencyCase halfInSmallRooms() {
    return new LatencyCase("latency-50-small", SMALL_ROOMS, 0.5, Optional.of(0.2), 1);
  }

  /** Close to all it bears, for fewer viewers of each picture. */
  static LatencyCase highInSmallRooms() {
    return new LatencyCase("latency-80-small", SMALL_ROOMS, 0.8, Optional.empty(), 3);
  }

  @Override
  public CaseResult run(SystemSettings settings, Consumer<String> progress)
      throws IOException, InterruptedException {
    String what =
        "a packet on its way at %.0f %% of saturation, %d rooms of 1 to %d, for %d s"
            .formatted(100 * share, shape.rooms(), shape.viewers(), settings.latencySeconds());
    Latencies latencies = new Latencies();
    try (Stops stops = new Stops();
        FanOut fan = new FanOut(shape, settings, server(settings, stops), latencies, progress)) {
      fan.warmUp();
      FanOut.Saturation saturation = fan.saturate(SATURATED, progress);
      double most = saturation.forwardedPerSecond();
      fan.rate(share * most);
      fan.stage().start();
      fan.stage().tellViewers(latencies::begin);
      stops.begin();
      progress.accept("%.0f packets/s for %d s".formatted(share * most, settings.latencySeconds()));
      Turn turn = fan.stage().turn(1_000 * settings.latencySeconds());
      Latencies.Summary taken = fan.stage().onViewers(latencies::summary);
      List<String> refusals = new ArrayList<>(turn.refusals());
      refusals.addAll(taken.refusals());
      return refusals.isEmpty()
          ? new CaseResult(
              id,
              what,
              figures(turn, taken, stops.millis()),
              notes(saturation, turn, taken),
              List.of())
          : CaseResult.refused(id, what, refusals);
    }
  }

  private static ServerProcess.Settings server(SystemSettings settings, Stops stops) {
    List<String> options = new ArrayList<>(settings.serverOptions());
    options.add(stops.option());
    return ServerProcess.Settings.plain(options);
  }

  private static List<String> notes(
      FanOut.Saturation saturation, Turn turn, Latencies.Summary taken) {
    List<String> notes = new ArrayList<>(saturation.notes());
    notes.add(
        "%d packets, from their making to the kernel's time of arrival in the viewer's socket"
            .formatted(taken.count()));
    if (!turn.keptUp()) {
      notes.add("not all was forwarded: " + turn.shortfall());
    }
    return notes;
  }

  private List<Figure> figures(Turn turn, Latencies.Summary taken, List<Double> stopped) {
    Figure median = Figure.of(Measure.LATENCY_P50_MS, taken.medianMillis());
    long longStops = stopped.stream().filter(millis -> millis > LONG_STOP_MILLIS).count();
    return List.of(
        mostMedianMillis.map(median::atMost).orElse(median),
        Figure.of(Measure.LATENCY_P99_MS, taken.highMillis()).atMost(mostHighMillis),
        Figure.of(Measure.STOPS_ABOVE_2_MS, (double) longStops).atMost(0),
        Figure.of(
            Measure.LONGEST_STOP_MS,
            stopped.stream().mapToDouble(Double::doubleValue).max().orElse(0)),
        Figure.of(Measure.PACKETS_PER_SECOND, turn.server().packetsPerSecond()),
        Figure.of(Measure.BUSY, 100 * turn.server().mediaBusy()));
  }
}
