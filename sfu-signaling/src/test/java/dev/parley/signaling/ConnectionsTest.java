package dev.parley.signaling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.signaling.config.SessionConfig;
import dev.parley.signaling.config.SignalingConfig;
import dev.parley.signaling.config.TrustedProxies;
import dev.parley.signaling.session.Credentials;
import dev.parley.signaling.session.IceOffer;
import dev.parley.signaling.token.TokenMinter;
import io.vertx.core.MultiMap;
import io.vertx.core.http.WebSocketConnectOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** How many may connect, what they are told in time, and how the server drains. */
final class ConnectionsTest {
  private static final String HELLO = "{\"versions\":[1]}";

  private static String token(TestServer server, String identity, Duration ttl) {
    return new TokenMinter(server.vertx, TestServer.TOKENS)
        .mint(identity, Optional.empty(), Optional.empty(), ttl, System.currentTimeMillis() / 1000);
  }

  private static String hello(String token, String more) {
    return "{\"versions\":[1],\"token\":\"" + token + "\"" + more + "}";
  }

  @Test
  void shouldRefuseTheFourthConnectionOfAUserAndNotCountTheOnesInGrace() {
    try (TestServer server = new TestServer(TestServer.secured())) {
      String token = token(server, "anna", Duration.ofHours(1));
      TestClient first = server.connect();
      JsonNode kept = first.ok("hello", hello(token, ""));
      TestClient second = server.connect();
      second.ok("hello", hello(token, ""));
      server.connect().ok("hello", hello(token, ""));
      TestClient fourth = server.connect();
      assertEquals("too_many_connections", fourth.errorCode("hello", hello(token, "")));
      assertEquals(4021, fourth.closeCode());
      first.socket().close();
      Await.until("grace", () -> server.signaling.counters().sessionsInGrace() == 1);
      server.connect().ok("hello", hello(token, ""));
      // The one in grace is a connection again when it comes back: it would be the fourth.
      String resume =
          ",\"resume\":{\"sessionId\":\"%s\",\"resumeToken\":\"%s\",\"lastSeq\":0}"
              .formatted(kept.path("sessionId").asText(), kept.path("resumeToken").asText());
      TestClient back = server.connect();
      assertEquals("too_many_connections", back.errorCode("hello", hello(token, resume)));
      assertEquals(4021, back.closeCode());
      second.ok("bye", "{}");
      second.closeCode();
      assertTrue(server.connect().ok("hello", hello(token, resume)).path("resumed").asBoolean());
    }
  }

  @Test
  void shouldLimitTheSocketsOfAnAddressThatTheProxyNames() {
    SessionConfig sessions = behind(TrustedProxies.LOOPBACK, 2);
    try (TestServer server = new TestServer(TestServer.with(TestServer.development(), sessions))) {
      TestClient first = from(server, "198.51.100.7");
      first.ok("hello", HELLO);
      // What the client itself claims stands before what the proxy added.
      from(server, "203.0.113.1, 198.51.100.7").ok("hello", HELLO);
      TestClient third = from(server, "198.51.100.7");
      assertEquals("too_many_connections", third.next().at("/error/code").asText());
      assertEquals(4021, third.closeCode());
      from(server, "198.51.100.8").ok("hello", HELLO);
      for (int i = 0; i < 3; i++) {
        from(server, "no address").ok("hello", HELLO);
        server.greeted();
      }
      from(server, "2001:db8::1").ok("hello", HELLO);
      from(server, "2001:db8::2").ok("hello", HELLO);
      assertEquals(
          "too_many_connections",
          from(server, "2001:db8:0:0:ffff::3").next().at("/error/code").asText());
      from(server, "2001:db8:0:1::1").ok("hello", HELLO);
      first.ok("bye", "{}");
      first.closeCode();
      from(server, "198.51.100.7").ok("hello", HELLO);
    }
  }

  @Test
  void shouldNotTakeTheWordOfAStrangerForWhoItsClientIs() {
    SessionConfig sessions = behind(new TrustedProxies(List.of("10.0.0.0/8")), 1);
    try (OpenedSockets log = new OpenedSockets();
        TestServer server = new TestServer(TestServer.with(TestServer.development(), sessions))) {
      from(server, "198.51.100.7").ok("hello", HELLO);
      from(server, "198.51.100.7").ok("hello", HELLO);
      assertEquals(2, server.signaling.counters().openConnections());
      assertTrue(
          log.lines().stream().allMatch(line -> line.startsWith("socket.opened 127.0.0.1:")),
          () -> log.lines().toString());
    }
  }

  /** As HAProxy does: what the client wrote stays in a line of its own before the proxy's. */
  @Test
  void shouldTakeTheLastOfSeveralHeaderLines() {
    SessionConfig sessions = behind(TrustedProxies.LOOPBACK, 200);
    try (OpenedSockets log = new OpenedSockets();
        TestServer server = new TestServer(TestServer.with(TestServer.development(), sessions))) {
      WebSocketConnectOptions options = TestClient.options(server.port());
      options.setHeaders(
          MultiMap.caseInsensitiveMultiMap()
              .add("X-Forwarded-For", "203.0.113.1")
              .add("X-Forwarded-For", "198.51.100.7"));
      TestClient.connect(server.vertx, options).ok("hello", HELLO);
      assertEquals(List.of("socket.opened 198.51.100.7"), log.lines());
    }
  }

  @Test
  void shouldLogWhomATrustedProxyNames() {
    SessionConfig sessions =
        behind(TrustedProxies.LOOPBACK, SessionConfig.DEFAULT.socketsPerAddress());
    try (OpenedSockets log = new OpenedSockets();
        TestServer server = new TestServer(TestServer.with(TestServer.development(), sessions))) {
      from(server, "203.0.113.1, 198.51.100.7").ok("hello", HELLO);
      assertEquals(List.of("socket.opened 198.51.100.7"), log.lines());
    }
  }

  private static SessionConfig behind(TrustedProxies proxies, int socketsPerAddress) {
    SessionConfig d = SessionConfig.DEFAULT;
    return new SessionConfig(
        d.resumeGrace(),
        d.replayEvents(),
        d.replayChars(),
        d.rememberedReplies(),
        d.onDuplicate(),
        socketsPerAddress,
        Optional.of("X-Forwarded-For"),
        proxies);
  }

  private static TestClient from(TestServer server, String address) {
    return TestClient.connect(
        server.vertx, TestClient.options(server.port()).putHeader("X-Forwarded-For", address));
  }

  @Test
  void shouldGiveAFreshTokenBeforeTheOldOneExpires() {
    SignalingConfig config = TestServer.secured();
    AtomicInteger minted = new AtomicInteger();
    Credentials fixed = Credentials.fixed(config);
    TestServer[] holder = new TestServer[1];
    try (TestServer server =
        new TestServer(
            config,
            new Credentials(
                who -> {
                  minted.incrementAndGet();
                  return Optional.of(token(holder[0], who.identity(), Duration.ofHours(1)));
                },
                fixed.iceServers()))) {
      holder[0] = server;
      TestClient anna = server.connect();
      JsonNode kept = anna.ok("hello", hello(token(server, "anna", Duration.ofSeconds(3)), ""));
      JsonNode fresh = anna.event("token.refresh");
      long leftMs =
          Instant.parse(fresh.path("expiresAt").asText()).toEpochMilli()
              - System.currentTimeMillis();
      assertTrue(leftMs > 3_500_000, "of " + leftMs);
      assertEquals(1, minted.get());
      anna.socket().close();
      String resume =
          ",\"resume\":{\"sessionId\":\"%s\",\"resumeToken\":\"%s\",\"lastSeq\":1}"
              .formatted(kept.path("sessionId").asText(), kept.path("resumeToken").asText());
      TestClient back = server.connect();
      back.ok("hello", hello(fresh.path("token").asText(), resume));
      assertTrue(back.isQuiet());
    }
  }

  @Test
  void shouldTellFreshIceServersBeforeTheOldOnesExpire() {
    SignalingConfig config = TestServer.development();
    AtomicInteger made = new AtomicInteger();
    Credentials credentials =
        new Credentials(
            who -> Optional.empty(),
            identity ->
                new IceOffer(
                    List.of(
                        new SignalingConfig.IceServer(
                            List.of("turn:turn.example"),
                            Optional.of("user-" + made.incrementAndGet()),
                            Optional.of("p"))),
                    OptionalLong.of(System.currentTimeMillis() + 2000)));
    try (TestServer server = new TestServer(config, credentials)) {
      TestClient anna = server.connect();
      JsonNode hello = anna.ok("hello", HELLO);
      assertEquals("user-1", hello.at("/iceServers/0/username").asText());
      Instant first = Instant.parse(hello.path("iceServersExpireAt").asText());
      JsonNode fresh = anna.event("ice.servers");
      assertEquals("user-2", fresh.at("/iceServers/0/username").asText());
      assertTrue(Instant.parse(fresh.path("iceServersExpireAt").asText()).isAfter(first));
    }
  }

  @Test
  void shouldLetNobodyInWhileDrainingAndDisturbNoCall() {
    try (TestServer server = new TestServer(TestServer.development())) {
      TestClient anna = server.greeted();
      anna.join("r", "");
      server.signaling.announce("coffee");
      JsonNode info = anna.event("server.notice");
      assertEquals("info", info.path("kind").asText());
      assertEquals("coffee", info.path("text").asText());
      server.signaling.drain();
      JsonNode notice = anna.event("server.notice");
      assertEquals("draining", notice.path("kind").asText());
      assertEquals("none", notice.path("action").asText());
      assertEquals("draining", server.greeted().errorCode("join", "{\"room\":\"r\"}"));
      anna.ok("view", "{}");
      assertEquals(1, server.signaling.participants());
    }
  }
}
