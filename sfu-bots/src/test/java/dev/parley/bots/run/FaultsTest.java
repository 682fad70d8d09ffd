package dev.parley.bots.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.bots.client.ClientLoop;
import dev.parley.bots.measure.Metric;
import dev.parley.bots.measure.Stat;
import dev.parley.bots.report.TextReport;
import dev.parley.bots.run.FaultyServer.Fault;
import dev.parley.bots.scenario.Scenario;
import dev.parley.bots.scenario.ScenarioReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What a server does wrong is reported; what it does not do wrong is not. */
@Execution(ExecutionMode.CONCURRENT)
class FaultsTest {
  private static final String MEETING =
      """
      version: 1
      target: {url: "%s"}
      profiles:
        talker:
          microphone: {speak: 1s, silence: 0s}
          camera: {encodings: [{rid: q, size: 320x180, rate: 300kbps}]}
          receive: {audio: 2, video: 2, decryptOneIn: 2}
      scenarios:
        meeting:
          executor: ramping-bots
          startBots: 2
          stages: [{duration: 2s, bots: 2}, {duration: 2s, bots: 4}, {duration: 5s, bots: 4}]
          rooms: {name: faults}
          roles: [{profile: talker}]
      thresholds:
        - {metric: packets.unknownSsrc, max: 0}
        - {metric: tracks.missing, max: 10%%}
        - {metric: loss.beforeRepair, max: 2%%}
        - {metric: queue.outOfOrder, max: 0}
        - {metric: bots.joined, min: 4}
      """;
  private static final String LINE =
      """
      version: 1
      target: {url: "%s"}
      profiles: {caller: {microphone: {}, receive: {audio: 1, video: 0}}}
      scenarios:
        line:
          executor: arrival-rate
          startPerSec: 2
          stages: [{duration: 3s, perSec: 2}, {duration: 3s, perSec: 0}]
          stay: 3s
          maxBots: 9
          rooms: {name: line}
          roles: [{profile: caller}]
      thresholds:
        - {metric: queue.outOfOrder, max: 0}
        - {metric: queue.tickets, min: 2}
      """;

  @TempDir Path directory;

  private Outcome run(FaultyServer server, String text) throws Exception {
    Path file = directory.resolve("faults.yaml");
    Files.writeString(file, text.formatted(server.url()));
    Scenario scenario = ScenarioReader.read(file);
    try (Run run = new Run(scenario, 1, ClientLoop.Settings.anywhere(), point -> {})) {
      return run.run();
    }
  }

  private static void assertFails(Outcome outcome, Metric metric) {
    for (Outcome.Verdict verdict : outcome.verdicts()) {
      if (verdict.threshold().metric() == metric) {
        assertFalse(verdict.holds(), () -> TextReport.of(outcome));
      }
    }
    assertEquals(2, outcome.exitCode(), () -> TextReport.of(outcome));
  }

  private static double value(Outcome outcome, Metric metric, Stat stat) {
    return outcome.total().value(metric, stat).orElse(0);
  }

  @Test
  void shouldFindNothingWrongWithAGoodServer() throws Exception {
    try (FaultyServer server = new FaultyServer(9)) {
      Outcome outcome = run(server, MEETING);
      assertEquals(0, outcome.exitCode(), () -> TextReport.of(outcome));
      assertFalse(TextReport.of(outcome).contains("PROBLEM"), () -> TextReport.of(outcome));
      assertTrue(outcome.total().count(Metric.PICTURES) > 100, () -> TextReport.of(outcome));
    }
  }

  @Test
  void shouldReportPacketsOfAnSsrcThatNobodyAnnounced() throws Exception {
    try (FaultyServer server = new FaultyServer(9, Fault.WRONG_SSRC)) {
      Outcome outcome = run(server, MEETING);
      assertFails(outcome, Metric.PACKETS_UNKNOWN_SSRC);
      assertFails(outcome, Metric.TRACKS_MISSING);
      assertTrue(TextReport.of(outcome).contains("PROBLEM  packets.unknownSsrc"));
    }
  }

  @Test
  void shouldReportWhatWasDroppedAndWhatRepairBroughtBack() throws Exception {
    try (FaultyServer server = new FaultyServer(9, Fault.DROPPED_PACKETS)) {
      Outcome outcome = run(server, MEETING);
      assertFails(outcome, Metric.LOSS_BEFORE_REPAIR);
      double before = value(outcome, Metric.LOSS_BEFORE_REPAIR, Stat.COUNT);
      double after = value(outcome, Metric.LOSS_AFTER_REPAIR, Stat.COUNT);
      assertEquals(0.1, before, 0.05, () -> TextReport.of(outcome));
      assertTrue(after < before * 0.8, () -> TextReport.of(outcome));
      assertTrue(outcome.total().count(Metric.NACKS) > 10, () -> TextReport.of(outcome));
    }
  }

  @Test
  void shouldReportHowLongAKeyFrameWasMissing() throws Exception {
    try (FaultyServer server = new FaultyServer(9, Fault.LATE_KEY_FRAMES)) {
      Outcome outcome =
          run(server, MEETING + "  - {metric: join.firstPicture, stat: max, max: 1s}\n");
      assertFails(outcome, Metric.JOIN_FIRST_PICTURE);
    }
  }

  /** They neither came in nor were refused: the run was over before. */
  @Test
  void shouldReportWhoDidNotComeInBeforeTheEnd() throws Exception {
    String crowd =
        """
        version: 1
        target: {url: "%s"}
        profiles: {caller: {microphone: {}, receive: {audio: 1, video: 0}}}
        scenarios:
          crowd:
            executor: constant-bots
            bots: 2
            duration: 6s
            rooms: {name: crowd}
            roles: [{profile: caller}]
        """;
    try (FaultyServer server = new FaultyServer(9, Fault.SILENT_DOOR)) {
      Outcome outcome = run(server, crowd);
      assertEquals(1, value(outcome, Metric.JOIN_FAILURES, Stat.COUNT));
      assertEquals(Map.of("not_in_time", 2L), outcome.total().failures());
      assertEquals(3, outcome.exitCode(), "nobody came in at all");
    }
  }

  @Test
  void shouldReportWhoWasPassedOverInTheLine() throws Exception {
    try (FaultyServer good = new FaultyServer(1)) {
      Outcome outcome = run(good, LINE);
      assertEquals(0, outcome.exitCode(), () -> TextReport.of(outcome));
    }
    try (FaultyServer server = new FaultyServer(1, Fault.WRONG_QUEUE_ORDER)) {
      Outcome outcome = run(server, LINE);
      assertFails(outcome, Metric.QUEUE_OUT_OF_ORDER);
      assertTrue(TextReport.of(outcome).contains("PROBLEM  queue.outOfOrder"));
    }
  }

  @Test
  void shouldReportThatIceFailsWhereTheServerNamesAWrongPassword() throws Exception {
    try (FaultyServer server = new FaultyServer(9, Fault.WRONG_PASSWORD)) {
      Outcome outcome =
          run(
              server,
              """
              version: 1
              target: {url: "%s"}
              profiles: {caller: {ice: faithful, microphone: {}}}
              scenarios:
                call:
                  executor: constant-bots
                  bots: 1
                  duration: 15s
                  rooms: {name: call}
                  roles: [{profile: caller}]
              """);
      assertEquals(0, outcome.total().count(Metric.BOTS_JOINED));
      assertEquals(Set.of("ice_failed"), outcome.total().failures().keySet());
      assertEquals(Outcome.End.REFUSED, outcome.end());
    }
  }
}
