package dev.parley.bots.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.bots.measure.Metric;
import dev.parley.bots.measure.Stat;
import dev.parley.bots.network.LinkConditions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What is read, and what is said of what cannot be. */
class ScenarioReaderTest {
  private static final String GOOD =
      """
      version: 1
      name: Two of a kind
      seed: 7
      maxDuration: 90s
      target:
        url: http://127.0.0.1:9
        admin: http://127.0.0.1:10
      profiles:
        talker:
          microphone: {speak: 2s, silence: 0s}
          camera:
            fps: 10
            encodings:
              - {rid: q, size: 320x180, rate: 100kbps}
              - {rid: h, size: 640x360, rate: 0.5Mbps}
          receive: {audio: 2, video: 4, decryptOneIn: 8}
        watcher:
          receive: {audio: 1, video: 1}
          network: train
      networks:
        train:
          up: {rate: 2Mbps, delay: 40ms, jitter: 8ms, loss: 1%, lossRun: 2}
      scenarios:
        talks:
          executor: ramping-bots
          startBots: 2
          stages:
            - {duration: 10s, bots: 12}
            - {duration: 5s, bots: 12}
          rooms: {name: talk-*, size: 6}
          roles:
            - {profile: talker, count: 2, role: host}
            - profile: watcher
              actions:
                - {do: drop-socket, at: 3s, share: 50%}
        passers:
          executor: arrival-rate
          start: 2s
          stages: [{duration: 4s, perSec: 2}]
          stay: 1.5s
          maxBots: 5
          rooms: {name: lobby}
          roles: [{profile: watcher}]
      thresholds:
        - {metric: join.total, stat: p99, max: 1.5s, abortOnFail: true}
        - {metric: loss.afterRepair, max: 0.5%, scenario: talks}
        - {metric: bots.joined, min: 10}
      """;

  @TempDir Path directory;

  private Scenario read(String text) throws ScenarioException {
    return ScenarioReader.parse(
        "test.yaml",
        text,
        directory,
        name -> name.equals("SECRET") ? Optional.of("s".repeat(32)) : Optional.empty());
  }

  @Test
  void shouldReadWhatIsWritten() throws ScenarioException {
    Scenario scenario = read(GOOD);
    assertEquals("Two of a kind", scenario.name());
    assertEquals(7, scenario.seed());
    assertEquals(Duration.ofSeconds(15), scenario.duration());
    Group talks = scenario.groups().getFirst();
    assertEquals("talk-1", talks.room(6));
    assertEquals("host", talks.role(7).tokenRole());
    assertEquals("watcher", talks.role(8).profile().name());
    assertEquals(0.5, talks.role(8).actions().getFirst().share());
    Profile talker = talks.role(0).profile();
    assertEquals(500_000, talker.camera().orElseThrow().encodings().getLast().bitsPerSecond());
    assertEquals(2_000_000_000, talker.microphone().orElseThrow().talk().speakNanos());
    LinkConditions up = talks.role(2).profile().network().up();
    assertEquals(new LinkConditions(2_000_000, 200_000_000, 40_000_000, 8_000_000, 0.01, 2), up);
    assertEquals(LinkConditions.IDEAL, talks.role(2).profile().network().down());
    Executor.ArrivalRate passers = (Executor.ArrivalRate) scenario.groups().getLast().executor();
    assertEquals(Duration.ofMillis(1500), passers.stay());
    assertEquals("lobby", scenario.groups().getLast().room(3));
    Threshold first = scenario.thresholds().getFirst();
    assertEquals(Metric.JOIN_TOTAL, first.metric());
    assertEquals(Stat.P99, first.stat());
    assertEquals(1500, first.max().orElseThrow());
    assertEquals(0.005, scenario.thresholds().get(1).max().orElseThrow());
  }

  @ParameterizedTest
  @EnumSource
  void shouldReadByWhatMediaGoes(Profile.Transport transport) throws ScenarioException {
    Scenario scenario = read(GOOD.replace("network: train", "transport: " + transport));
    assertEquals(transport, scenario.groups().getLast().role(0).profile().transport());
  }

  @Test
  void shouldReadTheExamples() throws Exception {
    Path examples = Path.of("..", "docs", "scenarios");
    try (Stream<Path> files = Files.list(examples)) {
      List<Path> all = files.filter(f -> f.toString().endsWith(".yaml")).toList();
      assertTrue(!all.isEmpty());
      for (Path file : all) {
        Scenario scenario = ScenarioReader.read(file);
        assertTrue(scenario.duration().compareTo(Duration.ofMinutes(5)) < 0, file.toString());
        assertTrue(!scenario.thresholds().isEmpty(), file + " cannot fail");
      }
    }
  }

  /** Line to be replaced, its replacement, the line that is told, a part of the message. */
  static Stream<Arguments> faults() {
    return Stream.of(
        Arguments.of("seed: 7", "sead: 7", 3, "did you mean 'seed'?"),
        Arguments.of("seed: 7", "seed: many", 3, "integer"),
        Arguments.of("version: 1", "version: 2", 1, "version"),
        Arguments.of("seed: 7", "seed: 7\nseed: 8", 4, "twice"),
        Arguments.of("  url: http://127.0.0.1:9", "  url: 127.0.0.1", 6, "target.url"),
        Arguments.of("maxDuration: 90s", "maxDuration: 90", 4, "string expected"),
        Arguments.of("maxDuration: 90s", "maxDuration: 90 sec", 4, "For instance 500ms"),
        Arguments.of("maxDuration: 90s", "maxDuration: 0s", 4, "no length"),
        Arguments.of("    startBots: 2", "    stay: 1s\n    perSec: 2", 27, "perSec"),
        Arguments.of("executor: arrival-rate", "executor: constant-bots", 36, "bots"),
        Arguments.of("executor: arrival-rate", "executor: sometimes", 37, "constant-bots"),
        Arguments.of("profile: talker,", "profile: talkers,", 32, "there is no profile"),
        Arguments.of(", count: 2, role: host", ", role: host", 32, "only the last role"),
        Arguments.of("{name: talk-*, size: 6}", "{name: talk, size: 6}", 30, "put a *"),
        Arguments.of("{name: talk-*, size: 6}", "{name: talk-*, size: 1}", 30, "need 2 places"),
        Arguments.of("do: drop-socket", "do: toggle-camera", 35, "has nothing for"),
        Arguments.of("at: 3s,", "at: 3s, every: 2s,", 35, "one of at and every"),
        Arguments.of("at: 3s, share: 50%", "share: 50%", 35, "one of at and every"),
        Arguments.of("at: 3s,", "every: 2ms,", 35, "no more often"),
        Arguments.of("do: drop-socket", "do: switch-room", 35, "needs a room"),
        Arguments.of("share: 50%", "share: 150%", 35, "0% to 100%"),
        Arguments.of("join.total", "join.totally", 45, "no metric"),
        Arguments.of("max: 1.5s", "max: 3", 45, "no duration"),
        Arguments.of("max: 0.5%", "max: 0.5s", 46, "no share"),
        Arguments.of("scenario: talks", "scenario: walks", 46, "no scenario 'walks'"),
        Arguments.of("bots.joined, min: 10", "bots.joined, min: 10, max: 9", 47, "at least min"),
        Arguments.of("bots.joined, min: 10", "bots.joined", 47, "it could not fail"),
        Arguments.of("bots.joined, min: 10", "bots.joined, stat: p50, min: 1", 47, "one value"),
        Arguments.of("rid: h", "rid: q", 15, "two encodings"),
        Arguments.of("  url:", "  token: {file: none.txt}\n  url:", 6, "cannot be read"),
        Arguments.of("  url:", "  token: {secretEnv: OTHER}\n  url:", 6, "is not set"),
        Arguments.of("  url:", "  token: {kid: a}\n  url:", 6, "one of secretEnv"),
        Arguments.of(
            "microphone: {speak: 2s, silence: 0s}", "microphone: {file: no.ogg}", 10, "no file"),
        Arguments.of("network: train", "signaling: whip", 19, "by whip a bot publishes"),
        Arguments.of("network: train", "network: plane", 19, "no network 'plane'"),
        Arguments.of("network: train", "network: train\n    transport: tcp", 19, "by udp, not tcp"),
        Arguments.of(
            "network: train", "network: train\n    transport: turn-tls", 19, "not turn-tls"),
        Arguments.of("network: train", "transport: turn", 19, "turn-tcp"),
        Arguments.of("network: train", "ice: lite", 19, "faithful"),
        Arguments.of("network: train", "network: train\n    ice: faithful", 20, "are light"),
        Arguments.of(
            "network: train", "ice: faithful\n    transport: turn-tcp", 19, "a relay bots are"),
        Arguments.of("loss: 1%", "loss: 101%", 22, "0% to 100%"),
        Arguments.of("size: 6}", "size: 6, count: 2}", 30, "one of size and count"),
        Arguments.of("profiles:", "profiles: [", 10, "no YAML"),
        Arguments.of("seed: 7", "seed: &a [*a]", 3, "scenario may have"));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void shouldTellWhatIsWrongAndWhere(String from, String to, int line, String message) {
    assertTrue(GOOD.contains(from), from);
    ScenarioException refused =
        assertThrows(ScenarioException.class, () -> read(GOOD.replace(from, to)));
    assertTrue(
        refused.problems().stream().anyMatch(p -> p.line() == line && p.text().contains(message)),
        refused.getMessage());
    assertTrue(refused.getMessage().startsWith("test.yaml:"), refused.getMessage());
  }

  @Test
  void shouldTellAllThatIsWrongAtOnce() {
    String text = GOOD.replace("join.total", "join.never").replace("rid: h", "rid: q");
    ScenarioException refused = assertThrows(ScenarioException.class, () -> read(text));
    assertEquals(List.of(15, 45), refused.problems().stream().map(p -> p.line()).toList());
  }

  @Test
  void shouldRefuseAnEmptyFile() {
    assertThrows(ScenarioException.class, () -> read(""));
    assertThrows(ScenarioException.class, () -> read("# nothing\n"));
    assertThrows(ScenarioException.class, () -> read("[]"));
  }

  @Test
  void shouldTakeTheSecretFromTheEnvironmentAndTellNobody() throws ScenarioException {
    Scenario scenario =
        read(GOOD.replace("  url:", "  token: {secretEnv: SECRET, kid: a}\n  url:"));
    Tokens.Signed signed = (Tokens.Signed) scenario.target().tokens();
    assertEquals("s".repeat(32), signed.secret());
    assertTrue(!scenario.toString().contains("sss"), scenario.toString());
  }
}
