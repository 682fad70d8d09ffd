package dev.parley.signaling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.core.api.MediaRoom;
import dev.parley.signaling.config.SignalingConfig;
import dev.parley.signaling.token.TokenMinter;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocketConnectOptions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** Refusals that concern the connection, each over a real socket. */
final class LimitsOnTheWireTest {
  private static final Duration LONG = Duration.ofSeconds(10);

  private static TestServer server(SignalingConfig.Limits limits) {
    return new TestServer(TestServer.with(limits, Optional.empty(), Duration.ofSeconds(30)));
  }

  private static String token(TestServer server, Duration ttl, long startSec) {
    return new TokenMinter(server.vertx, TestServer.TOKENS)
        .mint("anna", Optional.of("Anna"), Optional.of("mine"), ttl, startSec);
  }

  private static String hello(String token) {
    return "{\"versions\":[1],\"token\":\"" + token + "\"}";
  }

  private static long nowSec() {
    return System.currentTimeMillis() / 1000;
  }

  @Test
  void shouldRefuseFloodsAndThenClose() {
    try (TestServer server = server(TestServer.limits(3, 10, 5, 10, LONG, 5))) {
      TestClient client = server.greeted();
      for (int i = 0; i < 60; i++) {
        client.send("ping", "{\"t\":1}");
      }
      int refused = 0;
      JsonNode last = client.next();
      while (refused < 10) {
        if (last.path("type").asText().equals("error")) {
          assertEquals("rate_limited", last.at("/error/code").asText());
          assertTrue(last.at("/error/retryAfterMs").asLong() > 0);
          assertTrue(last.path("id").asInt() > 0);
          refused++;
        }
        last = client.next();
      }
      assertEquals(4008, client.closeCode());
      TestClient pings = server.greeted();
      for (int i = 0; i < 60; i++) {
        pings.socket().writePing(Buffer.buffer("x"));
      }
      assertEquals(4008, pings.closeCode());
    }
  }

  @Test
  void shouldCloseWhoDoesNotSayHelloOrFallsSilent() {
    SignalingConfig.Limits limits =
        TestServer.limits(3, 10, 100_000, 100_000, Duration.ofSeconds(1), 5);
    try (TestServer server =
        new TestServer(
            TestServer.with(
                TestServer.with(limits, Optional.empty(), Duration.ofSeconds(3)),
                TestServer.grace(Duration.ZERO)))) {
      TestClient mute = server.connect();
      TestClient witness = server.greeted();
      TestClient silent = server.greeted();
      witness.join("r", "");
      silent.join("r", "");
      witness.event("participant.joined");
      assertEquals(4003, mute.closeCode());
      // The witness keeps talking until the silent one is gone.
      JsonNode left;
      do {
        witness.send("ping", "{\"t\":1}");
        left = witness.next();
      } while (!left.path("type").asText().equals("participant.left"));
      assertEquals("timeout", left.at("/data/reason").asText());
      assertEquals(4009, silent.closeCode());
    }
  }

  @Test
  void shouldLimitRoomsUsersAndConnections() {
    try (TestServer server = server(TestServer.limits(3, 3, 50, 100, LONG, 2))) {
      TestClient first = server.greeted();
      TestClient second = server.greeted();
      TestClient third = server.greeted();
      first.join("small", "");
      second.join("small", "");
      JsonNode full = third.request("join", "{\"room\":\"small\"}");
      assertEquals("room_full", full.at("/error/code").asText());
      assertEquals(5000, full.at("/error/retryAfterMs").asInt());
      TestClient fourth = server.connect();
      assertEquals("server_full", fourth.errorCode("hello", "{\"versions\":[1]}"));
      assertEquals(4021, fourth.closeCode());
    }
    SignalingConfig.Limits limits = TestServer.limits(1, 9, 50, 100, LONG, 2);
    try (TestServer server =
        new TestServer(
            TestServer.with(limits, Optional.of(TestServer.TOKENS), Duration.ofSeconds(30)))) {
      String token = token(server, LONG, nowSec());
      TestClient one = server.connect();
      one.ok("hello", hello(token));
      TestClient two = server.connect();
      assertEquals("too_many_connections", two.errorCode("hello", hello(token)));
      assertEquals(4021, two.closeCode());
      one.ok("bye", "{}");
      assertEquals(1000, one.closeCode());
      server.connect().ok("hello", hello(token));
    }
  }

  @Test
  void shouldAskForTokens() {
    try (TestServer server = new TestServer(TestServer.secured())) {
      String valid = token(server, LONG, nowSec());
      TestClient none = server.connect();
      assertEquals("not_authenticated", none.errorCode("hello", "{\"versions\":[1]}"));
      assertEquals(4004, none.closeCode());
      TestClient expired = server.connect();
      assertEquals(
          "token_expired", expired.errorCode("hello", hello(token(server, LONG, nowSec() - 3600))));
      assertEquals(4004, expired.closeCode());
      TestClient early = server.connect();
      assertEquals(
          "token_not_yet_valid",
          early.errorCode("hello", hello(token(server, LONG, nowSec() + 3600))));
      assertEquals(4004, early.closeCode());
      TestClient forged = server.connect();
      assertEquals("token_invalid", forged.errorCode("hello", hello(valid + "x")));
      assertEquals(4004, forged.closeCode());
      TestClient header =
          TestClient.connect(
              server.vertx,
              TestClient.options(server.port()).putHeader("Authorization", "Bearer " + valid));
      header.ok("hello", "{\"versions\":[1]}");
      assertEquals("forbidden", header.errorCode("join", "{\"room\":\"other\"}"));
      assertEquals("Anna", header.join("mine", "").at("/self/displayName").asText());
    }
  }

  @Test
  void shouldCheckTheUpgrade() {
    try (TestServer server = new TestServer(TestServer.development())) {
      WebSocketConnectOptions plain =
          new WebSocketConnectOptions()
              .setHost("127.0.0.1")
              .setPort(server.port())
              .setURI("/v1/signal");
      assertEquals(400, rejection(server, plain));
      assertEquals(
          403,
          rejection(
              server,
              TestClient.options(server.port()).putHeader("Origin", "https://evil.example")));
      for (String origin :
          new String[] {"https://allowed.example", "http://127.0.0.1:" + server.port()}) {
        TestClient.connect(
                server.vertx, TestClient.options(server.port()).putHeader("Origin", origin))
            .ok("hello", "{\"versions\":[1]}");
      }
    }
  }

  private static int rejection(TestServer server, WebSocketConnectOptions options) {
    CompletionException failure =
        assertThrows(CompletionException.class, () -> TestClient.connect(server.vertx, options));
    return failure.getCause() instanceof UpgradeRejectedException rejected
        ? rejected.getStatus()
        : -1;
  }

  @Test
  void shouldCutOffWhoDoesNotRead() {
    SignalingConfig.Limits limits = TestServer.limits(3, 10, 100_000, 100_000, LONG, 5);
    try (TestServer server =
        new TestServer(
            TestServer.with(
                TestServer.with(limits, Optional.empty(), Duration.ofSeconds(30)),
                TestServer.grace(Duration.ZERO)))) {
      TestClient witness = server.greeted();
      TestClient slow = server.greeted();
      witness.join("r", "");
      slow.join("r", "");
      witness.event("participant.joined");
      slow.socket().pause();
      // Random ids do not compress: the kernel's buffers fill, then the server's.
      Random random = new Random(7);
      long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
      JsonNode seen;
      do {
        assertTrue(System.nanoTime() < deadline, "the slow one is still there");
        server.media.lastRoom().listener.onSpeakers(manySpeakers(random));
        seen = witness.next();
      } while (seen.path("type").asText().equals("speakers"));
      assertEquals("participant.left", seen.path("type").asText());
      assertEquals("disconnected", seen.at("/data/reason").asText());
      slow.socket().resume();
    }
  }

  private static List<MediaRoom.SpeakerLevel> manySpeakers(Random random) {
    return random
        .longs(600)
        .mapToObj(id -> new MediaRoom.SpeakerLevel(Long.toString(id, 36), 0.5))
        .toList();
  }

  @Test
  void shouldTellEverybodyAboutARestart() {
    TestServer server = new TestServer(TestServer.development());
    TestClient anna = server.greeted();
    TestClient stranger = server.connect();
    anna.join("r", "");
    server.close();
    JsonNode notice = anna.event("server.notice");
    assertEquals("restarting", notice.path("kind").asText());
    assertEquals("rejoin", notice.path("action").asText());
    assertEquals(1012, anna.closeCode());
    assertEquals(1012, stranger.closeCode());
    assertTrue(server.media.lastRoom().closed);
    assertEquals(0, server.signaling.counters().openConnections());
  }
}
