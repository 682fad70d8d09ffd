package dev.parley.signaling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.parley.signaling.config.OnDuplicate;
import dev.parley.signaling.config.SessionConfig;
import dev.parley.signaling.token.TokenMinter;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The same person in the same room twice. */
final class DuplicatesTest {
  private static final String WITH_OFFER =
      ",\"sdp\":" + new TextNode(FakeMediaServer.offer("audio:0:sendonly"));

  private static TestServer server(OnDuplicate rule, int roomSize) {
    SessionConfig d = SessionConfig.DEFAULT;
    return new TestServer(
        TestServer.with(
            TestServer.with(
                TestServer.limits(3, 10, 50, 100, Duration.ofSeconds(10), roomSize),
                Optional.of(TestServer.TOKENS),
                Duration.ofSeconds(30)),
            new SessionConfig(
                d.resumeGrace(),
                d.replayEvents(),
                d.replayChars(),
                d.rememberedReplies(),
                rule,
                d.socketsPerAddress(),
                Optional.empty())));
  }

  private static TestClient greeted(TestServer server, String identity) {
    TestClient client = server.connect();
    client.ok("hello", hello(server, identity, ""));
    return client;
  }

  private static String hello(TestServer server, String identity, String more) {
    return "{\"versions\":[1],\"token\":\""
        + new TokenMinter(server.vertx, TestServer.TOKENS)
            .mint(
                identity,
                Optional.empty(),
                Optional.empty(),
                Duration.ofHours(1),
                System.currentTimeMillis() / 1000)
        + "\""
        + more
        + "}";
  }

  @Test
  void shouldReplaceTheOldSessionEvenInAFullRoom() {
    try (TestServer server = server(OnDuplicate.REPLACE, 2)) {
      TestClient first = greeted(server, "anna");
      JsonNode before = first.join("r", WITH_OFFER).path("self");
      FakeMediaServer.FakeSession media = server.media.lastRoom().lastSession();
      TestClient ben = greeted(server, "ben");
      ben.join("r", "");
      TestClient second = greeted(server, "anna");
      assertEquals(
          "sdp_invalid",
          second.errorCode("join", "{\"room\":\"r\",\"sdp\":\"v=0\\r\\nfail=SDP_INVALID\\r\\n\"}"));
      assertFalse(media.closed, "a join that fails replaces nobody");
      assertEquals(1, second.join("r", WITH_OFFER).path("participants").size());
      first.event("participant.joined");
      assertEquals(4011, first.closeCode());
      assertTrue(media.closed);
      JsonNode left = ben.event("participant.left");
      assertEquals("replaced", left.path("reason").asText());
      assertEquals(before.path("id"), left.path("participantId"));
      ben.event("participant.joined");
      assertTrue(ben.isQuiet());
      assertEquals(2, server.signaling.counters().openSessions());
      assertEquals("room_full", greeted(server, "eve").errorCode("join", "{\"room\":\"r\"}"));
      greeted(server, "anna").join("elsewhere", "");
      assertTrue(second.isQuiet());
    }
  }

  @Test
  void shouldRejectTheNewSessionUnlessTheOldOneIsAway() {
    try (TestServer server = server(OnDuplicate.REJECT, 9)) {
      TestClient first = server.connect();
      JsonNode kept = first.ok("hello", hello(server, "anna", ""));
      first.join("r", "");
      TestClient second = greeted(server, "anna");
      assertEquals("duplicate_identity", second.errorCode("join", "{\"room\":\"r\"}"));
      assertTrue(first.isQuiet());
      TestClient ben = greeted(server, "ben");
      ben.join("r", "");
      first.socket().close();
      Await.until("grace", () -> server.signaling.counters().sessionsInGrace() == 1);
      second.join("r", "");
      assertEquals("replaced", ben.event("participant.left").path("reason").asText());
      assertEquals(0, server.signaling.counters().sessionsInGrace());
      assertEquals(2, server.signaling.counters().openSessions());
      // Who was replaced while away is told on return, and does not replace in turn.
      TestClient back = server.connect();
      String resume =
          ",\"resume\":{\"sessionId\":\"%s\",\"resumeToken\":\"%s\",\"lastSeq\":0}"
              .formatted(kept.path("sessionId").asText(), kept.path("resumeToken").asText());
      assertEquals("session_not_found", back.errorCode("hello", hello(server, "anna", resume)));
      assertEquals(4011, back.closeCode());
    }
  }

  @Test
  void shouldAllowBoth() {
    try (TestServer server = server(OnDuplicate.ALLOW, 9)) {
      TestClient first = greeted(server, "anna");
      first.join("r", "");
      assertEquals(1, greeted(server, "anna").join("r", "").path("participants").size());
      first.event("participant.joined");
      assertTrue(first.isQuiet());
      assertEquals(2, server.signaling.participants());
    }
  }
}
