package dev.parley.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.bots.bench.ServeProcess;
import dev.parley.core.turn.TestCertificate;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** By which ways the media of scripted bots reaches a whole server, as the server counts them. */
class BotsWaysTest {
  private static final String PORTS =
      "http.port = 0\nadmin.port = 0\nmedia.udp.port = 0\nmedia.tcp.port = 0\n";

  @TempDir private Path directory;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private ServeProcess serve(String settings) throws IOException {
    Path config = directory.resolve("server.conf");
    Files.writeString(config, PORTS + settings);
    return ServeProcess.start(List.of(), List.of("--dev", "--config", config.toString()));
  }

  private String relay(int tlsPort) throws Exception {
    TestCertificate.write(directory, "relay.test");
    return """
    turn {
      enabled = true
      secret = a-secret-of-thirty-two-bytes-or-so
      port = 0
      tlsPort = %d
      certificateFile = "%s"
      keyFile = "%s"
    }
    """
        .formatted(tlsPort, directory.resolve("cert.pem"), directory.resolve("key.pem"));
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0)) {
      return free.getLocalPort();
    }
  }

  private JsonNode run(ServeProcess server, int code, String text) throws IOException {
    Path scenario = directory.resolve("scenario.yaml");
    Path report = directory.resolve("report.json");
    Files.writeString(scenario, text);
    CommandLine command = Main.commandLine();
    command.setOut(new PrintWriter(out, true));
    command.setErr(new PrintWriter(err, true));
    int ended =
        command.execute(
            "bots",
            "run",
            scenario.toString(),
            "--url=" + server.http(),
            "--admin=" + server.admin(),
            "--json=" + report);
    assertEquals(code, ended, () -> out + "\n" + err);
    return new ObjectMapper().readTree(report.toFile()).path("total");
  }

  /** Clients that the server has seen come by a way. */
  private static double pairs(ServeProcess server, String transport) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      String metrics =
          http.send(
                  HttpRequest.newBuilder(server.admin().resolve("/metrics")).build(),
                  HttpResponse.BodyHandlers.ofString())
              .body();
      Stream<String> lines =
          metrics
              .lines()
              .filter(l -> l.startsWith("sfu_media_selected_pairs_total{"))
              .filter(l -> l.contains("transport=\"" + transport + "\""));
      return lines.mapToDouble(l -> Double.parseDouble(l.substring(l.lastIndexOf(' ')))).sum();
    }
  }

  @Test
  void shouldGoByTcpAndThroughTheRelay() throws Exception {
    try (ServeProcess server = serve(relay(freePort()))) {
      JsonNode total =
          run(
              server,
              0,
              """
              version: 1
              profiles:
                tcp: {transport: tcp, camera: {}, receive: {video: 4, decryptOneIn: 1}}
                relay: {transport: turn-tcp, camera: {}, receive: {video: 4, decryptOneIn: 1}}
                tls: {transport: turn-tls, camera: {}, receive: {video: 4, decryptOneIn: 1}}
                sender: {transport: turn-tls, signaling: whip, camera: {}}
                watcher: {transport: turn-tcp, signaling: whep, receive: {audio: 1, video: 1}}
              scenarios:
                ways:
                  executor: constant-bots
                  bots: 5
                  duration: 10s
                  rooms: {name: ways}
                  roles:
                    - {profile: tcp, count: 1}
                    - {profile: relay, count: 1}
                    - {profile: tls, count: 1}
                    - {profile: sender, count: 1}
                    - {profile: watcher}
              thresholds:
                - {metric: bots.joined, min: 5}
                - {metric: bots.lost, max: 0}
                - {metric: pictures.never, max: 0}
                - {metric: packets.lost, max: 0}
                - {metric: packets.undecryptable, max: 0}
                - {metric: pictures, min: 200}
              """);
      assertEquals("{}", total.path("failures").toString());
      assertEquals(1, pairs(server, "tcp"));
      assertEquals(2, pairs(server, "turn-tcp"));
      assertEquals(2, pairs(server, "turn-tls"));
      assertEquals(0, pairs(server, "udp"));
    }
  }

  @Test
  void shouldFindTheWayByFullIce() throws Exception {
    try (ServeProcess server = serve("")) {
      JsonNode total =
          run(
              server,
              0,
              """
              version: 1
              profiles:
                faithful: {ice: faithful, camera: {}, receive: {video: 4, decryptOneIn: 1}}
                tcp: {ice: faithful, transport: tcp, camera: {}, receive: {video: 4}}
                watcher: {ice: faithful, signaling: whep, receive: {audio: 1, video: 1}}
              scenarios:
                ways:
                  executor: constant-bots
                  bots: 4
                  duration: 15s
                  rooms: {name: ways}
                  roles:
                    - profile: faithful
                      count: 2
                      actions:
                        - {do: switch-network, at: 1s}
                        - {do: restart-ice, at: 3s}
                        - {do: blackout, at: 5s, lasts: 1s}
                    - {profile: tcp, count: 1, actions: [{do: switch-network, at: 2s}]}
                    - {profile: watcher}
              thresholds:
                - {metric: bots.joined, min: 4}
                - {metric: bots.lost, max: 0}
                - {metric: pictures.never, max: 0}
                - {metric: packets.undecryptable, max: 0}
                - {metric: pictures, min: 200}
              """);
      assertEquals("{}", total.path("failures").toString());
      assertEquals(2, total.path("times").path("iceRestart.time").path("count").asInt());
      assertTrue(pairs(server, "udp") >= 3, "by UDP where it goes");
      assertTrue(pairs(server, "tcp") >= 1, "by TCP where nothing else may");
    }
  }

  @Test
  void shouldTellThatTheServerHasNoSuchRelay() throws Exception {
    try (ServeProcess server = serve(relay(0))) {
      JsonNode total =
          run(
              server,
              3,
              """
              version: 1
              profiles:
                tls: {transport: turn-tls, camera: {}}
                watcher: {transport: turn-tls, signaling: whep, receive: {audio: 1, video: 1}}
              scenarios:
                ways:
                  executor: constant-bots
                  bots: 2
                  duration: 3s
                  rooms: {name: ways}
                  roles:
                    - {profile: tls, count: 1}
                    - {profile: watcher}
              """);
      int failures = total.path("counts").path("join.failed").asInt();
      assertTrue(failures >= 2, out::toString);
      assertEquals(failures, total.path("failures").path("relay_not_offered").asInt());
    }
  }

  @Test
  void shouldTellThatTheRelayRefuses() throws Exception {
    try (ServeProcess server = serve(relay(0) + "turn.maxAllocations = 1\n")) {
      JsonNode total =
          run(
              server,
              0,
              """
              version: 1
              profiles:
                relay: {transport: turn-tcp, microphone: {speak: 1s, silence: 0s}}
              scenarios:
                ways:
                  executor: constant-bots
                  bots: 2
                  duration: 4s
                  rooms: {name: ways}
                  roles: [{profile: relay}]
              thresholds:
                - {metric: bots.joined, min: 1, max: 1}
              """);
      assertTrue(total.path("failures").path("relay_refused").asInt() >= 1, out::toString);
    }
  }
}
