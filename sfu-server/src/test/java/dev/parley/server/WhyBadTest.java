package dev.parley.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.bots.bench.ServeProcess;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * Calls that are bad for one reason each, and what {@code /v1} says why. Bots over modelled
 * networks; a whole server.
 */
@WholeMachine
class WhyBadTest {
  private static final int RUN_SEC = 30;
  private static final int WELL_SEC = 8;
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path directory = Path.of("");
  private ServeProcess server;

  private final HttpClient http = HttpClient.newHttpClient();

  @BeforeEach
  void begin() throws IOException {
    Path config = directory.resolve("dev.conf");
    Files.writeString(
        config,
        """
        http.port = 0
        admin.port = 0
        media.udp.port = 0
        media.tcp.port = 0
        admin.sampleSec = 1
        """);
    server = ServeProcess.start(List.of(), List.of("--dev", "--config", config.toString()));
  }

  @AfterEach
  void end() throws IOException {
    server.close();
  }

  private String scenario(List<String> rooms) throws IOException {
    Path file = directory.resolve("why-bad.yaml");
    StringBuilder text =
        new StringBuilder(
            """
            version: 1
            maxDuration: 90s
            target: {url: "%s", admin: "%s"}
            networks:
              lossy-down: {up: {delay: 20ms}, down: {delay: 20ms, loss: 8%%}}
              lossy-up: {up: {delay: 20ms, loss: 8%%}, down: {delay: 20ms}}
              slow: {up: {delay: 20ms}, down: {rate: 250kbps, queue: 200ms, delay: 20ms}}
              far: {up: {delay: 220ms}, down: {delay: 220ms}}
            profiles:
              good: {microphone: {speak: 60s, silence: 0s}, camera: {}, receive: {audio: 2, video: 3}}
              tcp: {transport: tcp, microphone: {}, camera: {}, receive: {audio: 2, video: 3}}
              lossy-down: {network: lossy-down, receive: {audio: 2, video: 3}}
              lossy-up: {network: lossy-up, microphone: {speak: 60s, silence: 0s}, camera: {}, receive: {audio: 2, video: 3}}
              slow: {network: slow, receive: {audio: 2, video: 3}}
              far: {network: far, receive: {audio: 2, video: 3}}
            scenarios:
            """
                .formatted(
                    server.http().resolve("/").toString().replaceAll("/$", ""),
                    server.admin().resolve("/").toString().replaceAll("/$", "")));
    for (String room : rooms) {
      text.append(
          """
            in-%1$s:
              executor: ramping-bots
              stages: [{duration: 2s, bots: 2}, {duration: %2$ds, bots: 2}, {duration: 1s, bots: 0}]
              rooms: {name: %1$s}
              roles: [{profile: good, count: 1}, {profile: %1$s}]
          """
              .formatted(room, RUN_SEC)
              .indent(2));
    }
    Files.writeString(file, text);
    return file.toString();
  }

  private HttpResponse<byte[]> ask(String method, String path, String body) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server.admin().resolve("/v1/") + path));
    return http.send(
        method.equals("GET")
            ? request.build()
            : request
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build(),
        HttpResponse.BodyHandlers.ofByteArray());
  }

  private JsonNode get(String path) throws Exception {
    HttpResponse<byte[]> response = ask("GET", path, "");
    assertEquals(
        200,
        response.statusCode(),
        () -> path + ": " + new String(response.body(), StandardCharsets.UTF_8));
    return JSON.readTree(response.body());
  }

  /** The verdict on each in the room and its first reason, without who it is; in order. */
  private List<String> why(String room) throws Exception {
    List<String> all = new ArrayList<>();
    for (JsonNode one : get("rooms/" + room + "/quality").path("participants")) {
      String id = one.path("participantId").asText();
      JsonNode diagnosis = get("rooms/" + room + "/participants/" + id + "/diagnosis?sec=15");
      JsonNode first = diagnosis.at("/findings/0");
      String theirs = first.path("theirs").asText();
      all.add(
          (diagnosis.path("verdict").asText()
                  + " "
                  + first.path("cause").asText()
                  + (theirs.isEmpty() ? "" : ":" + theirs))
              .strip());
    }
    return all.stream().sorted().toList();
  }

  /** Bots in rooms of these kinds, and something to do near the end of their calls. */
  private void during(List<String> rooms, Callable<?> action) throws Exception {
    StringWriter out = new StringWriter();
    CommandLine command = Main.commandLine();
    command.setOut(new PrintWriter(out, true));
    command.setErr(new PrintWriter(out, true));
    String file = scenario(rooms);
    CompletableFuture<Integer> run =
        CompletableFuture.supplyAsync(() -> command.execute("bots", "run", file));
    try {
      int code = run.get(RUN_SEC - 5, TimeUnit.SECONDS);
      throw new AssertionError("the calls ended with " + code + ": " + out);
    } catch (TimeoutException stillGoingOn) {
      var unused = action.call();
    }
    assertEquals(0, run.get(60, TimeUnit.SECONDS), out::toString);
  }

  @Test
  void shouldNameTheReasonOfEachBadCall() throws Exception {
    List<String> rooms = List.of("good", "tcp", "lossy-down", "lossy-up", "slow", "far");
    Map<String, List<String>> told = new TreeMap<>();
    List<byte[]> captured = new ArrayList<>();
    during(
        rooms,
        () -> {
          for (String room : rooms) {
            told.put(room, why(room));
          }
          String id = get("rooms/good/quality").at("/participants/0/participantId").asText();
          HttpResponse<byte[]> capture =
              ask("POST", "rooms/good/participants/" + id + ":capture", "{\"sec\":1}");
          assertEquals(200, capture.statusCode());
          return captured.add(capture.body());
        });
    assertEquals(
        Map.of(
            "good", List.of("good", "good"),
            "tcp", List.of("good", "good tcp_path"),
            "lossy-down", List.of("bad loss_down", "good"),
            "lossy-up", List.of("bad loss_up", "bad source:loss_up"),
            "slow", List.of("bad low_bandwidth_down", "good"),
            "far", List.of("bad high_delay", "good")),
        told);
    assertTrue(packets(captured.getFirst()) > 50, "captured: " + packets(captured.getFirst()));
  }

  @Test
  void shouldNameTheServerWhereItHasTooMuchToDo() throws Exception {
    List<Process> others = new CopyOnWriteArrayList<>();
    List<String> told = new ArrayList<>();
    // The calls begin well; then others, who go before the server, fill the machine.
    CompletableFuture<?> crowd =
        CompletableFuture.runAsync(
            () -> crowd(others), CompletableFuture.delayedExecutor(WELL_SEC, TimeUnit.SECONDS));
    try {
      during(List.of("good"), () -> told.addAll(why("good")));
    } finally {
      crowd.join();
      others.forEach(other -> {
        other.descendants().forEach(ProcessHandle::destroy);
        other.destroy();
      });
    }
    assertEquals(List.of("bad server_overload", "bad server_overload"), told);
  }

  private void crowd(List<Process> others) {
    try {
      // A priority belongs to a thread, and those that come later take after it.
      List<String> yielding = new ArrayList<>(List.of("renice", "-n", "15", "-p"));
      try (Stream<Path> threads = Files.list(Path.of("/proc/" + server.pid() + "/task"))) {
        threads.forEach(thread -> yielding.add(thread.getFileName().toString()));
      }
      others.add(start(yielding.toArray(new String[0])));
      for (int i = 0; i < 2 * Runtime.getRuntime().availableProcessors(); i++) {
        others.add(
            start(
                "timeout",
                Integer.toString(RUN_SEC - WELL_SEC),
                "sh",
                "-c",
                "while :; do :; done"));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Process start(String... command) throws IOException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  /** How many records a pcap file has, each as long as it says. */
  private static int packets(byte[] file) {
    ByteBuffer left = ByteBuffer.wrap(file);
    assertEquals(0xa1b23c4d, left.getInt());
    left.position(24);
    int count = 0;
    while (left.hasRemaining()) {
      int kept = left.getInt(left.position() + 8);
      left.position(left.position() + 16 + kept);
      count++;
    }
    return count;
  }
}
