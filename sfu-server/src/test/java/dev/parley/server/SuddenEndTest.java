package dev.parley.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.bots.bench.ServeProcess;
import dev.parley.bots.bench.SignalSocket;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * A server's process is killed with people in two rooms and before them. {@code -Dparley.seed=N}
 * repeats the order in which they come back.
 */
class SuddenEndTest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** From the start of the next process until everybody is back. */
  private static final Duration BACK_WITHIN = Duration.ofSeconds(10);

  @TempDir private Path folder = Path.of("");
  private final HttpClient http = HttpClient.newHttpClient();
  private Path config = Path.of("");
  private Path state = Path.of("");

  @BeforeEach
  void configure() throws IOException {
    state = folder.resolve("state.json");
    Path rooms =
        Files.writeString(
            folder.resolve("rooms.json"),
            """
            {"defaults": {"queue": {"enabled": true}},
             "rooms": {
               "one": {"maxParticipants": 3, "timer": {"durationSec": 3600, "onEnd": "notify"}},
               "two": {"maxParticipants": 2, "timer": {"durationSec": 1800, "onEnd": "notify"}}}}
            """);
    try (ServerSocket web = new ServerSocket(0);
        ServerSocket admin = new ServerSocket(0);
        DatagramSocket media = new DatagramSocket(0)) {
      config =
          Files.writeString(
              folder.resolve("parley.conf"),
              """
              http.host = "127.0.0.1"
              http.port = %d
              admin.port = %d
              media.udp.port = %d
              auth.secret = one-secret-of-this-test-long-enough
              rooms.settingsFile = "%s"
              rooms.stateFile = "%s"
              """
                  .formatted(
                      web.getLocalPort(),
                      admin.getLocalPort(),
                      media.getLocalPort(),
                      rooms,
                      state));
    }
  }

  @AfterEach
  void closeClients() {
    http.shutdownNow();
  }

  private ServeProcess start() throws IOException {
    return ServeProcess.start(
        List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
        List.of("--config", config.toString()));
  }

  private static ObjectNode data() {
    return SignalSocket.JSON.createObjectNode();
  }

  /** A client with what it keeps over the end of its connection. */
  private final class Person {
    private final String identity;
    private final String room;
    private final String token;
    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    private Optional<SignalSocket> socket = Optional.empty();
    private JsonNode session = data();

    Person(String identity, String room) {
      this.identity = identity;
      this.room = room;
      this.token = sign(identity);
    }

    private String sign(String who) {
      StringWriter out = new StringWriter();
      CommandLine command = Main.commandLine();
      command.setOut(new PrintWriter(out, true));
      assertEquals(0, command.execute("token", "--config=" + config, "--identity=" + who));
      return out.toString().strip();
    }

    SignalSocket socket() {
      return socket.orElseThrow();
    }

    private ObjectNode hello() {
      ObjectNode data = data().put("token", token);
      data.putArray("versions").add(1);
      return data;
    }

    /** Comes for the first time. */
    JsonNode arrive(ServeProcess server) throws IOException {
      connect(server);
      return greetAndJoin();
    }

    /** As a client does whose server ended: it asks for its session, then joins anew. */
    JsonNode comeBack(ServeProcess server) throws IOException {
      connect(server);
      ObjectNode resume = hello();
      resume
          .putObject("resume")
          .put("sessionId", session.path("sessionId").asText())
          .put("resumeToken", session.path("resumeToken").asText())
          .put("lastSeq", 0);
      assertEquals("session_not_found", socket().request("hello", resume).errorCode());
      return greetAndJoin();
    }

    private void connect(ServeProcess server) throws IOException {
      events.clear();
      socket = Optional.of(SignalSocket.open(http, server.http(), events::add));
    }

    private JsonNode greetAndJoin() throws IOException {
      session = socket().ok("hello", hello()).data();
      return socket().ok("join", data().put("room", room)).data();
    }

    void awaitLost() throws Exception {
      assertEquals(1006, socket().closed().get(PATIENCE.toSeconds(), TimeUnit.SECONDS));
    }

    JsonNode awaitEvent(String type) throws Exception {
      while (true) {
        String event = events.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertTrue(event != null, () -> identity + " heard no " + type);
        if (event.startsWith("{\"type\":\"" + type + "\"")) {
          return SignalSocket.JSON.readTree(event).path("data");
        }
      }
    }
  }

  /** Where somebody is, in words: seated, or the position in the queue. */
  private static String place(JsonNode reply) {
    return reply.path("status").asText() + " " + reply.at("/ticket/position").asText("");
  }

  private static Instant endsAt(JsonNode reply) {
    return Instant.parse(reply.at("/timer/endsAt").asText()).truncatedTo(ChronoUnit.SECONDS);
  }

  /** Whether the file knows so many inside and so many who wait, and a timer that runs. */
  private boolean isSaved(String room, int inside, int waiting) throws IOException {
    if (!Files.exists(state)) {
      return false;
    }
    for (JsonNode saved : SignalSocket.JSON.readTree(Files.readString(state)).path("rooms")) {
      if (saved.path("name").asText().equals(room)) {
        return saved.at("/admission/inside").size() == inside
            && saved.at("/admission/waiting").size() == waiting
            && saved.at("/timer/state").asText().equals("running");
      }
    }
    return false;
  }

  private void awaitSaved() throws IOException {
    long endNanos = System.nanoTime() + PATIENCE.toNanos();
    while (!isSaved("one", 3, 3) || !isSaved("two", 2, 2)) {
      assertTrue(System.nanoTime() < endNanos, "the state was never saved");
      LockSupport.parkNanos(1_000_000);
    }
  }

  private static double secondsSince(long nanos) {
    return (System.nanoTime() - nanos) / 1e9;
  }

  @Test
  void shouldBringEverybodyBackToTheSamePlaceAfterSigkill() throws Exception {
    long seed = Long.getLong("parley.seed", System.nanoTime());
    Map<Person, String> places = new HashMap<>();
    Map<String, Instant> ends = new HashMap<>();
    List<Person> people = new ArrayList<>();
    ServeProcess first = start();
    try {
      for (String room : List.of("one", "two")) {
        int seats = room.equals("one") ? 3 : 2;
        for (int i = 0; i < 2 * seats; i++) {
          Person person = new Person(room + "-" + i, room);
          JsonNode reply = person.arrive(first);
          assertEquals(i < seats ? "joined " : "queued " + (i - seats + 1), place(reply));
          places.put(person, place(reply));
          if (i == 0) {
            ends.put(room, endsAt(reply));
          }
          people.add(person);
        }
      }
      awaitSaved();
    } finally {
      first.kill();
    }
    for (Person person : people) {
      person.awaitLost();
      assertFalse(
          Files.readString(state).contains(person.session.path("resumeToken").asText("none")),
          "a resume token in clear");
    }

    List<Person> returning = new ArrayList<>(people);
    Person stranger = new Person("stranger", "one");
    returning.add(stranger);
    Collections.shuffle(returning, new Random(seed));
    long startNanos = System.nanoTime();
    try (ServeProcess second = start()) {
      double readySeconds = secondsSince(startNanos);
      for (Person person : returning) {
        if (person == stranger) {
          assertEquals("queued 4", place(person.arrive(second)), "seed " + seed);
          continue;
        }
        JsonNode reply = person.comeBack(second);
        assertEquals(places.get(person), place(reply), person.identity + ", seed " + seed);
        if (place(reply).startsWith("joined")) {
          assertEquals(ends.get(person.room), endsAt(reply), person.room);
        }
      }
      double backSeconds = secondsSince(startNanos);
      System.out.printf(
          "SIGKILL, seed %d: ready %.2f s after the start, everybody back after %.2f s%n",
          seed, readySeconds, backSeconds);
      assertTrue(backSeconds < BACK_WITHIN.toSeconds(), () -> "back after " + backSeconds + " s");
      // The seat that becomes free is that of the first who waited before the end.
      var unused = people.get(0).socket().ok("bye", data());
      assertFalse(people.get(3).awaitEvent("queue.admitted").path("admitToken").asText().isEmpty());
    }
  }
}
