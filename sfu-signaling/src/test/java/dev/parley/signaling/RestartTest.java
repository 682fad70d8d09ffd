package dev.parley.signaling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.signaling.config.RoomConfig;
import dev.parley.signaling.config.SignalingConfig;
import dev.parley.signaling.rules.EchoRooms;
import dev.parley.signaling.rules.QueueSettings;
import dev.parley.signaling.rules.RoomSettings;
import dev.parley.signaling.rules.TimerSettings;
import dev.parley.signaling.token.Grants;
import dev.parley.signaling.token.TokenMinter;
import dev.parley.signaling.token.TokenVerdict;
import dev.parley.signaling.wire.Role;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that dies without a word, and the next one that finds its state file. */
final class RestartTest {
  private static final RoomSettings TWO_SEATS =
      new RoomSettings(
          Optional.empty(),
          new QueueSettings(
              2, true, true, QueueSettings.Mode.CAPACITY, 50, 20, true, true, 30, 60, true, ""),
          new TimerSettings(
              3600,
              TimerSettings.StartOn.FIRST_JOIN,
              OptionalLong.empty(),
              List.of(),
              TimerSettings.OnEnd.END,
              0,
              List.of(60),
              7200,
              false),
          0);

  @TempDir Path folder;
  private int ends;

  private Path state() {
    return folder.resolve("rooms" + ends + ".json");
  }

  /**
   * The server that runs is dead from now on, as far as the next one sees: what it still writes is
   * not that one's file.
   */
  private void dies() throws IOException {
    Path last = state();
    ends++;
    Files.copy(last, state());
  }

  private TestServer start() {
    Path state = state();
    SignalingConfig config =
        TestServer.with(
            TestServer.secured(),
            new RoomConfig(TWO_SEATS, Map.of(), Optional.of(state), EchoRooms.DEFAULT));
    return new TestServer(config);
  }

  private static TestClient as(TestServer server, String identity) {
    TokenVerdict.Granted who =
        new TokenVerdict.Granted(
            identity,
            Optional.of(identity),
            Map.of(),
            List.of(),
            Grants.of(Role.PARTICIPANT),
            Optional.empty());
    long nowSec = System.currentTimeMillis() / 1000;
    String token =
        new TokenMinter(server.vertx, TestServer.TOKENS).mint(who, Duration.ofHours(1), nowSec);
    TestClient client = server.connect();
    client.ok("hello", "{\"versions\":[1],\"token\":\"" + token + "\"}");
    return client;
  }

  private void awaitSaved(String text) throws IOException {
    Path file = state();
    long endNanos = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (!Files.exists(file) || !Files.readString(file).contains(text)) {
      assertTrue(System.nanoTime() < endNanos, () -> "never saved: " + text);
      Thread.onSpinWait();
    }
  }

  @Test
  void shouldBringEverybodyBackToTheSamePlace() throws IOException {
    TestServer first = start();
    JsonNode timer = as(first, "in-1").join("one", "").path("timer");
    as(first, "in-2").join("one", "");
    as(first, "in-3").join("two", "");
    as(first, "in-4").join("two", "");
    for (int i = 1; i <= 3; i++) {
      assertEquals(i, as(first, "q" + i).join("one", "").at("/ticket/position").asInt());
    }
    for (int i = 4; i <= 5; i++) {
      assertEquals(i - 3, as(first, "q" + i).join("two", "").at("/ticket/position").asInt());
    }
    awaitSaved("\"q5\"");
    dies();
    // The first one is left as it is, as nothing of it could be told in time.
    try (TestServer second = start()) {
      assertEquals(2, second.signaling.openRooms());
      assertEquals("queued", as(second, "stranger").join("one", "").path("status").asText());
      assertEquals(3, as(second, "q3").join("one", "").at("/ticket/position").asInt());
      assertEquals(1, as(second, "q1").join("one", "").at("/ticket/position").asInt());
      assertEquals(2, as(second, "q5").join("two", "").at("/ticket/position").asInt());
      JsonNode back = as(second, "in-2").join("one", "");
      assertEquals("joined", back.path("status").asText());
      assertEquals("joined", as(second, "in-1").join("one", "").path("status").asText());
      assertEquals("joined", as(second, "in-4").join("two", "").path("status").asText());
      assertEquals(2, as(second, "q2").join("one", "").at("/ticket/position").asInt());
      assertEquals(
          Instant.parse(timer.path("endsAt").asText()),
          Instant.parse(back.at("/timer/endsAt").asText()));
    } finally {
      first.close();
    }
  }

  private TestServer startInDevelopment() {
    Path state = state();
    return new TestServer(
        TestServer.with(
            TestServer.development(),
            new RoomConfig(TWO_SEATS, Map.of(), Optional.of(state), EchoRooms.DEFAULT)));
  }

  /** Somebody without a token, with what the client keeps of its session. */
  private record Nameless(TestClient client, String sessionId, String resumeToken) {
    static Nameless at(TestServer server) {
      return of(server.connect(), "{\"versions\":[1]}");
    }

    private static Nameless of(TestClient client, String hello) {
      JsonNode reply = client.ok("hello", hello);
      return new Nameless(
          client, reply.path("sessionId").asText(), reply.path("resumeToken").asText());
    }

    String resume() {
      return "{\"versions\":[1],\"resume\":{\"sessionId\":\"%s\",\"resumeToken\":\"%s\",\"lastSeq\":0}}"
          .formatted(sessionId, resumeToken);
    }

    Nameless resumed(TestServer server) {
      return of(server.connect().startAt(100), resume());
    }

    /** As a client does whose session the server does not know any more. */
    Nameless back(TestServer server) {
      TestClient again = server.connect();
      assertEquals("session_not_found", again.errorCode("hello", resume()));
      return of(again, "{\"versions\":[1]}");
    }

    String hash() {
      try {
        byte[] bytes = resumeToken.getBytes(StandardCharsets.US_ASCII);
        return Base64.getEncoder()
            .encodeToString(MessageDigest.getInstance("SHA-256").digest(bytes));
      } catch (NoSuchAlgorithmException impossible) {
        throw new AssertionError(impossible);
      }
    }
  }

  @Test
  void shouldKnowPeopleWithoutATokenByTheirResumeToken() throws IOException {
    TestServer first = startInDevelopment();
    Nameless in1 = Nameless.at(first);
    in1.client().join("one", "");
    Nameless in2 = Nameless.at(first);
    in2.client().join("one", "");
    Nameless q1 = Nameless.at(first);
    q1.client().join("one", "");
    Nameless q2 = Nameless.at(first);
    assertEquals(2, q2.client().join("one", "").at("/ticket/position").asInt());
    Nameless absent = Nameless.at(first);
    Nameless renewed = in2.resumed(first);
    for (Nameless known : List.of(in1, renewed, q1, q2)) {
      awaitSaved(known.hash());
    }
    String state = Files.readString(state());
    for (Nameless known : List.of(in1, in2, renewed, q1, q2, absent)) {
      assertFalse(state.contains(known.resumeToken()), "a resume token in clear");
    }
    assertFalse(state.contains(absent.hash()), "nobody who has no place is kept");
    dies();
    TestServer second = startInDevelopment();
    try {
      assertEquals(3, Nameless.at(second).client().join("one", "").at("/ticket/position").asInt());
      Nameless thief = new Nameless(q2.client(), q2.sessionId(), q1.resumeToken()).back(second);
      assertEquals(4, thief.client().join("one", "").at("/ticket/position").asInt());
      Nameless q2Back = q2.back(second);
      assertEquals(2, q2Back.client().join("one", "").at("/ticket/position").asInt());
      assertEquals("joined", renewed.back(second).client().join("one", "").path("status").asText());
      // The next end comes before the first two are back.
      awaitSaved(q2Back.hash());
      awaitSaved(in1.hash());
      dies();
      try (TestServer third = startInDevelopment()) {
        assertEquals(2, q2Back.back(third).client().join("one", "").at("/ticket/position").asInt());
        assertEquals(1, q1.back(third).client().join("one", "").at("/ticket/position").asInt());
        assertEquals("joined", in1.back(third).client().join("one", "").path("status").asText());
      }
    } finally {
      second.close();
      first.close();
    }
  }

  @Test
  void shouldStartWithoutAStateThatCannotBeRead() throws IOException {
    Files.writeString(state(), "{\"version\":1,\"rooms\":[{");
    try (TestServer server = start()) {
      assertEquals(0, server.signaling.openRooms());
      assertEquals("joined", as(server, "anna").join("one", "").path("status").asText());
    }
    assertTrue(Files.exists(folder.resolve("rooms0.json.unreadable")));
  }
}
