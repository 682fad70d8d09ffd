package dev.parley.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.bots.bench.ServeProcess;
import dev.parley.bots.probe.Probe;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code ./sfu bots} against a whole server, a few bots for a few seconds. */
class BotsTest {
  private static final String PORTS =
      "http.port = 0\nadmin.port = 0\nmedia.udp.port = 0\nmedia.tcp.port = 0\n";
  private static final String SECRET = "a-secret-of-thirty-two-bytes-or-so";

  @TempDir private static Path directory = Path.of("");
  private static ServeProcess server;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeAll
  static void start() throws IOException {
    Path config = directory.resolve("dev.conf");
    Files.writeString(config, PORTS);
    server = ServeProcess.start(List.of(), List.of("--dev", "--config", config.toString()));
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  private int run(String... arguments) {
    return run(new PrintWriter(err, true), arguments);
  }

  private int run(PrintWriter errors, String... arguments) {
    CommandLine command = Main.commandLine();
    command.setOut(new PrintWriter(out, true));
    command.setErr(errors);
    return command.execute(arguments);
  }

  /** Kills a server when a run tells for the first time how it goes. */
  private static final class KillOnProgress extends StringWriter {
    private final ServeProcess server;
    private boolean killed;

    KillOnProgress(ServeProcess server) {
      this.server = server;
    }

    @Override
    public void flush() {
      if (!killed && toString().contains("bots inside")) {
        killed = true;
        try {
          server.kill();
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
      }
    }
  }

  private String scenario(String scenarios) throws IOException {
    Path file = directory.resolve("scenario.yaml");
    Files.writeString(
        file,
        """
        version: 1
        maxDuration: 30s
        target: {url: "%s", admin: "%s"}
        profiles:
          both:
            microphone: {speak: 1s, silence: 0s}
            camera: {}
            screen: {fps: 5}
            receive: {audio: 2, video: 3, decryptOneIn: 2}
        """
                .formatted(
                    server.http().resolve("/").toString().replaceAll("/$", ""),
                    server.admin().resolve("/").toString().replaceAll("/$", ""))
            + scenarios);
    return file.toString();
  }

  private JsonNode json(Path file) throws IOException {
    return new ObjectMapper().readTree(file.toFile());
  }

  @Test
  void shouldReportWhatBotsGotAndAgreeWithTheServer() throws IOException {
    Path file = directory.resolve("quick.json");
    int code =
        run(
            "bots",
            "quick",
            "--bots=6",
            "--room-size=3",
            "--seconds=20",
            "--url=" + server.http(),
            "--admin=" + server.admin(),
            "--json=" + file);
    assertEquals(0, code, () -> out + "\n" + err);
    JsonNode report = json(file);
    JsonNode counts = report.path("total").path("counts");
    assertEquals(1, report.path("version").asInt());
    assertEquals(6, counts.path("bots.joined").asInt(), out::toString);
    assertEquals(0, counts.path("bots.lost").asInt(), out::toString);
    assertEquals(0, counts.path("packets.unknownSsrc").asInt());
    assertEquals(0, counts.path("packets.undecryptable").asInt());
    assertEquals(0, counts.path("packets.lost").asInt(), "on loopback nothing is lost");
    assertTrue(counts.path("pictures").asInt() > 10, out::toString);
    JsonNode times = report.path("total").path("times");
    for (String metric :
        List.of("join.total", "join.firstPicture", "latency.video", "latency.audio")) {
      assertTrue(times.path(metric).path("p50").asDouble() > 0, metric);
    }
    double sent = counts.path("packets.sent").asDouble();
    assertEquals(1, report.path("server").path("rtpReceived").asDouble() / sent, 0.001);
    assertTrue(report.path("server").path("forwardingP99Ms").asDouble() > 0, out::toString);
    assertTrue(out.toString().contains("join.total"), out::toString);
  }

  @Test
  void shouldDoWhatTheScenarioSaysAndFailByItsThresholds() throws IOException {
    Path file = directory.resolve("run.json");
    int code =
        run(
            "bots",
            "run",
            scenario(
                """
                scenarios:
                  restless:
                    executor: constant-bots
                    bots: 4
                    duration: 18s
                    rooms: {name: restless}
                    roles:
                      - profile: both
                        actions:
                          - {do: toggle-camera, every: 2s}
                          - {do: publish-screen, at: 1s}
                          - {do: unpublish-screen, at: 4s}
                          - {do: drop-socket, at: 2s}
                          - {do: restart-ice, at: 3s}
                          - {do: switch-network, at: 4s}
                          - {do: chat, at: 1s}
                          - {do: switch-room, at: 5s, room: elsewhere}
                thresholds:
                  - {metric: bots.joined, min: 4}
                  - {metric: join.total, stat: p50, max: 0s}
                  - {metric: server.missing, max: 1%}
                """),
            "--json=" + file);
    assertEquals(2, code, () -> out + "\n" + err);
    JsonNode total = json(file).path("total");
    assertEquals(4, total.path("counts").path("bots.joined").asInt(), out::toString);
    assertEquals(0, total.path("counts").path("bots.lost").asInt(), out::toString);
    assertEquals(4, total.path("counts").path("reconnect.count").asInt(), out::toString);
    assertEquals(4, total.path("times").path("reconnect.time").path("count").asInt());
    assertEquals(4, total.path("times").path("iceRestart.time").path("count").asInt());
    assertEquals("{}", total.path("failures").toString());
    assertTrue(out.toString().contains("ok      bots.joined: 4, at least 4"), out::toString);
    assertTrue(out.toString().contains("FAILED  join.total p50"), out::toString);
    assertTrue(out.toString().contains("ok      server.missing"), out::toString);
  }

  @Test
  void shouldPublishByWhipWatchByWhepAndSpeakVp9() throws IOException {
    Path file = directory.resolve("http.json");
    String text =
        Files.readString(
            Path.of(
                scenario(
                    """
                      sender:
                        signaling: whip
                        microphone: {speak: 1s, silence: 0s}
                        camera: {codec: vp9}
                      watcher:
                        signaling: whep
                        receive: {audio: 1, video: 1, decryptOneIn: 1}
                      member:
                        camera: {codec: vp9}
                        receive: {audio: 1, video: 2}
                    scenarios:
                      broadcast:
                        executor: constant-bots
                        bots: 4
                        duration: 8s
                        rooms: {name: broadcast}
                        roles:
                          - {profile: sender, count: 1}
                          - {profile: member, count: 1}
                          - profile: watcher
                            actions: [{do: restart-ice, at: 4s}]
                    thresholds:
                      - {metric: bots.joined, min: 4}
                      - {metric: bots.lost, max: 0}
                      - {metric: pictures.never, max: 0}
                      - {metric: packets.undecryptable, max: 0}
                      - {metric: pictures, min: 50}
                    """)));
    Files.writeString(directory.resolve("http.yaml"), text);
    int code = run("bots", "run", directory.resolve("http.yaml").toString(), "--json=" + file);
    assertEquals(0, code, () -> out + "\n" + err);
    JsonNode total = json(file).path("total");
    assertEquals(2, total.path("times").path("iceRestart.time").path("count").asInt());
    assertTrue(total.path("times").path("latency.video").path("count").asInt() > 50);
  }

  @Test
  void shouldSeeThroughABrowserWhatBotsSend() throws IOException {
    assumeTrue(Probe.browser().isPresent(), "there is no Chromium here");
    Path file = directory.resolve("probe.json");
    int code =
        run(
            "bots",
            "probe",
            "--tabs=2",
            "--seconds=15",
            "--room=probed",
            "--url=" + server.http(),
            "--json=" + file);
    assertEquals(0, code, () -> out + "\n" + err);
    for (JsonNode tab : json(file).path("tabs")) {
      assertEquals(1, tab.path("streams").asInt(), tab::toString);
      assertTrue(tab.path("framesDecoded").asInt() > 10, tab::toString);
      assertTrue(tab.path("pictureMs").asDouble() > 0, tab::toString);
    }
  }

  @Test
  void shouldCompareTwoReports() throws IOException {
    Path base = directory.resolve("base.json");
    Path slow = directory.resolve("slow.json");
    String report =
        """
        {"version": 1, "name": "a", "startedAt": "then",
         "total": {"times": {"join.total": {"p50": %d, "p95": 100}}, "shares": {}, "counts": {}}}
        """;
    Files.writeString(base, report.formatted(50));
    Files.writeString(slow, report.formatted(90));
    assertEquals(0, run("bots", "compare", base.toString(), base.toString()), err::toString);
    assertEquals(2, run("bots", "compare", base.toString(), slow.toString()));
    assertTrue(out.toString().contains("+80 %  WORSE"), out::toString);
    assertEquals(0, run("bots", "compare", "--tolerance=100%", base.toString(), slow.toString()));
    Files.writeString(slow, "{}");
    assertEquals(1, run("bots", "compare", base.toString(), slow.toString()));
  }

  /** A dead server has no bad times, and no good ones either. */
  @Test
  void shouldCallWorseWhatOnlyTheFirstReportHas() throws IOException {
    Path base = directory.resolve("base.json");
    Path dead = directory.resolve("dead.json");
    String report =
        """
        {"version": 1, "name": "a", "startedAt": "then", "end": "%s",
         "total": {"times": {%s}, "shares": {}, "counts": {}}}
        """;
    String times = "\"join.total\": {\"p50\": 50, \"p95\": 100}";
    Files.writeString(base, report.formatted("completed", times));
    Files.writeString(dead, report.formatted("completed", ""));
    assertEquals(2, run("bots", "compare", base.toString(), dead.toString()), out::toString);
    Files.writeString(dead, report.formatted("unreachable", times));
    assertEquals(2, run("bots", "compare", base.toString(), dead.toString()), out::toString);
    assertEquals(0, run("bots", "compare", dead.toString(), base.toString()), out::toString);
  }

  @Test
  void shouldTellThatNobodyIsLetIn() throws IOException {
    Path config = directory.resolve("closed.conf");
    Files.writeString(config, PORTS + "auth.secret = " + SECRET + "\nhttp.host = 127.0.0.1\n");
    try (ServeProcess closed =
        ServeProcess.start(List.of(), List.of("--config", config.toString()))) {
      int code = run("bots", "quick", "--bots=12", "--seconds=20", "--url=" + closed.http());
      assertEquals(3, code, () -> out + "\n" + err);
      assertTrue(out.toString().contains("the server lets nobody in"), out::toString);
    }
  }

  @Test
  void shouldComeInWithTokensItSigns() throws IOException {
    Path config = directory.resolve("signed.conf");
    Files.writeString(config, PORTS + "auth.secret = " + SECRET + "\nhttp.host = 127.0.0.1\n");
    Files.writeString(directory.resolve("secret.txt"), SECRET + "\n");
    try (ServeProcess signed =
        ServeProcess.start(List.of(), List.of("--config", config.toString()))) {
      String text =
          Files.readString(
                  Path.of(
                      scenario(
                          """
                          scenarios:
                            few:
                              executor: constant-bots
                              bots: 2
                              duration: 12s
                              rooms: {name: few}
                              roles: [{profile: both, role: host}]
                          thresholds:
                            - {metric: bots.joined, min: 2}
                          """)))
              .replaceFirst(
                  "target: .*",
                  "target: {url: \"http://127.0.0.1:1\", token: {secretFile: secret.txt}}");
      Path file = directory.resolve("signed.yaml");
      Files.writeString(file, text);
      int code = run("bots", "run", file.toString(), "--url=" + signed.http());
      assertEquals(0, code, () -> out + "\n" + err);
    }
  }

  @Test
  void shouldTellThatTheServerIsNotThere() {
    assertEquals(4, run("bots", "quick", "--url=http://127.0.0.1:1"));
    assertTrue(out.toString().contains("nothing answers at http://127.0.0.1:1"), out::toString);
  }

  @Test
  void shouldReportWhatWasMeasuredUntilTheServerDied() throws IOException {
    Path config = directory.resolve("dying.conf");
    Files.writeString(config, PORTS);
    Path file = directory.resolve("dying.json");
    ServeProcess dying =
        ServeProcess.start(List.of(), List.of("--dev", "--config", config.toString()));
    int code =
        run(
            new PrintWriter(new KillOnProgress(dying), true),
            "bots",
            "quick",
            "--bots=4",
            "--seconds=30",
            "--url=" + dying.http(),
            "--json=" + file);
    assertEquals(4, code, () -> out + "\n" + err);
    assertTrue(out.toString().contains("has not answered for"), out::toString);
    assertEquals("unreachable", json(file).path("end").asText());
  }

  @Test
  void shouldRefuseAServerElsewhereUnlessTold() {
    assertEquals(1, run("bots", "quick", "--url=http://192.0.2.1:8080"));
    assertTrue(err.toString().contains("--allow-remote"), err::toString);
  }

  @Test
  void shouldExplainItself() {
    assertEquals(1, run("bots"));
    assertEquals(1, run("bots", "quick", "--bots=0"));
    assertEquals(1, run("bots", "run", "no-such-file.yaml"));
    assertTrue(err.toString().contains("there is no file no-such-file.yaml"), err::toString);
    assertEquals(0, run("bots", "--help"));
    assertTrue(out.toString().contains("Exit codes:"), out::toString);
  }
}
