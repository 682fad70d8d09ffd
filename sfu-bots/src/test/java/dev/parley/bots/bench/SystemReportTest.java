package dev.parley.bots.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.bots.bench.SystemResult.CaseResult;
import dev.parley.bots.bench.SystemResult.Figure;
import dev.parley.core.api.MediaKind;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SystemReportTest {
  private static final Machine MACHINE = new Machine("a processor", 2, "Linux 6", "a JVM");
  private static final SystemSettings SETTINGS =
      new SystemSettings(List.of("fan-50"), 5, 1000, 4000, 8, 7, List.of());

  private static String report(CaseResult... cases) {
    return SystemReport.of(
        new SystemResult(MACHINE, "abc1234", "2026-01-01T00:00:00Z", SETTINGS, List.of(cases)));
  }

  private static CaseResult ratio(double median) {
    return new CaseResult(
        "fan-50",
        "video 1 to 50",
        List.of(Figure.of(Measure.RATIO, new Spread(median, 1.1, 1.5)).atMost(1.3)),
        List.of("a word"),
        List.of());
  }

  @Test
  void shouldSayWhetherAnAimWasMet() {
    String met = report(ratio(1.25));
    assertTrue(met.contains("1.25 (1.10–1.50)"), met);
    assertTrue(met.contains("≤ 1.30: met"), met);
    assertTrue(met.contains("1 of 1 aims met, 0 cases refused"), met);
    assertTrue(report(ratio(1.35)).contains("≤ 1.30: missed"));
  }

  @Test
  void shouldSayWhereItWasMeasured() {
    String text = report(ratio(1.25));
    assertTrue(text.contains("a processor, 2 cores"), text);
    assertTrue(text.contains("seed 7; commit abc1234"), text);
  }

  @Test
  void shouldGiveReasonsInPlaceOfFiguresThatSpeakOfTheLoad() {
    String text = report(CaseResult.refused("audio-3000", "audio", List.of("it was too much")));
    assertTrue(text.contains("no figure: it was too much"), text);
    assertTrue(text.contains("0 of 0 aims met, 1 cases refused"), text);
  }

  private static Turn turn(double published, double lost, double load, Map<String, Long> drops) {
    ServerSample from = new ServerSample(0, List.of(0L, 0L), 0, 0, 0, totals(0), Map.of());
    ServerSample to =
        new ServerSample(
            1_000_000_000,
            List.of(400_000_000L, 100_000_000L),
            600_000_000,
            0,
            0,
            totals(1000),
            drops);
    return new Turn(new Interval(from, to), published, 1, 1, lost, load, 0, 0);
  }

  private static Stage.FloorTurn floor(long packets, long refused) {
    return floor(packets, refused, 1);
  }

  private static Stage.FloorTurn floor(long packets, long refused, double arrivedShare) {
    return new Stage.FloorTurn(
        new Floor.Run(packets, 0, 0, refused, 400 * packets, 0, 0), arrivedShare);
  }

  private static Map<String, Long> totals(long value) {
    return Stream.of("rtp_forwarded", "datagrams_sent", "gso_sends", "gso_datagrams", "bytes_sent")
        .collect(Collectors.toMap(id -> id, id -> value));
  }

  @Test
  void shouldSeeThatTheLoadWasTheBottleneck() {
    assertFalse(turn(1, 0, 0.5, Map.of()).loadBehind());
    assertTrue(turn(0.9, 0, 0.5, Map.of()).loadBehind());
    assertTrue(turn(1, 0.01, 0.5, Map.of()).loadBehind());
    assertTrue(turn(1, 0, 0.99, Map.of()).loadBehind());
  }

  @Test
  void shouldGiveNoFiguresBesideWhatElseRunsHere() {
    assertTrue(Turn.othersReason(0.05).isEmpty());
    assertEquals("something else used 70 % of a core", Turn.othersReason(0.7).orElse(""));
  }

  @Test
  void shouldNotCountItselfAmongTheOthers() {
    SystemUse before = new SystemUse(1_000, 500, 0);
    assertEquals(0, new SystemUse(3_000, 2_500, 1_000).othersSince(before));
    assertEquals(0.5, new SystemUse(3_500, 2_500, 1_000).othersSince(before));
  }

  @Test
  void shouldReadTheLengthOfStops() {
    String line =
        "Safepoint \"ZMarkStart\", Time since last: 9 ns, Reaching safepoint: 2 ns, At safepoint: 3"
            + " ns, Leaving safepoint: 4 ns, Total: 2500000 ns, Threads: 1 runnable, 9 total";
    assertEquals(List.of(2.5), Stops.parse(List.of("something else", line)));
  }

  @Test
  void shouldReadAListOfCores() {
    assertEquals(List.of(0, 1, 2, 5), Cores.parse("\t0-2,5\n"));
  }

  @Test
  void shouldNotBlameTheLoadForWhatTheServerKeptBack() {
    Turn turn = turn(1, 0.01, 0.5, Map.of("pacer_full", 10L));
    assertFalse(turn.loadBehind());
    assertFalse(turn.keptUp());
  }

  @Test
  void shouldGiveNoFiguresOfAMeetingWhosePicturesStandStill() {
    Turn all = turn(1, 0, 0.5, Map.of());
    Turn some = new Turn(all.server(), 1, 1, 1, 0, 0.5, 0, 3);
    assertTrue(all.refusals().isEmpty());
    assertEquals(List.of("3 pictures stood still"), some.refusals());
  }

  @Test
  void shouldNotDivideByAFloorThatTheSystemRefused() {
    Turn turn = turn(1, 0, 0.5, Map.of());
    assertEquals(1500, new CostRounds.Round(turn, floor(1000, 10)).ratio());
    assertTrue(new CostRounds.Round(turn, floor(1000, 10)).refusals().isEmpty());
    assertEquals(
        List.of("the system refused more than 1 % of the floor's packets"),
        new CostRounds.Round(turn, floor(1000, 11)).refusals());
    assertEquals(
        List.of("the floor sent nothing"), new CostRounds.Round(turn, floor(0, 9)).refusals());
    assertTrue(new CostRounds.Round(turn, floor(1000, 0, 0.99)).refusals().isEmpty());
    assertEquals(
        List.of("98.0 % of the floor's packets reached the viewers"),
        new CostRounds.Round(turn, floor(1000, 0, 0.98)).refusals());
  }

  @Test
  void shouldMakeFiguresOfAcceptedRoundsOnly() {
    Rounds<Integer> most =
        Rounds.of(List.of(1, 2, 3, 90), n -> n > 9 ? List.of("late") : List.of());
    assertTrue(most.refusals().isEmpty());
    assertEquals(new Spread(2, 1, 3), most.spread(n -> n));
    assertEquals(List.of("left out of the figures: 1 of 4 rounds: late"), most.notes());
    Rounds<Integer> half = Rounds.of(List.of(1, 90), n -> n > 9 ? List.of("late") : List.of());
    assertEquals(List.of("late"), half.refusals());
  }

  @Test
  void shouldNotTakeOneBusyWorkerForTwo() {
    assertEquals(
        List.of("one of the workers had 20 % of the work"),
        WorkersCase.refusalsOfTwo(turn(1, 0, 0.5, Map.of())));
  }

  @Test
  void shouldGiveNoLatencyWhenNothingArrived() {
    Latencies latencies = new Latencies();
    assertEquals(List.of("no packet with a stamp arrived"), latencies.summary().refusals());
    latencies.onLatency(MediaKind.VIDEO, 2_000_000);
    assertTrue(latencies.summary().refusals().isEmpty());
    assertEquals(2, latencies.summary().medianMillis(), 0.01);
  }

  @Test
  void shouldGoOnWhenACaseFails() throws InterruptedException {
    SystemCase failing =
        new SystemCase() {
          @Override
          public String id() {
            return "broken";
          }

          @Override
          public CaseResult run(SystemSettings settings, Consumer<String> progress)
              throws IOException {
            throw new IOException("the process ended");
          }
        };
    CaseResult result = SystemBench.run(failing, SETTINGS, step -> {});
    assertEquals(List.of("it failed: the process ended"), result.refusals());
  }

  @Test
  void shouldDivideByThePacketsForwarded() {
    Interval interval = turn(1, 0, 0, Map.of()).server();
    assertEquals(600_000, interval.processNanosPerPacket());
    assertEquals(500_000, interval.mediaNanosPerPacket());
    assertEquals(1_000, interval.packetsPerSecond());
  }
}
