package dev.parley.signaling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A media engine that has no time for newcomers, and those who are no such. */
final class FullServerTest {
  private static final String OFFER =
      new TextNode(FakeMediaServer.offer("audio:0:sendonly", "audio:1:recvonly")).toString();
  private static final String MEDIA = ",\"sdp\":" + OFFER;

  private final TestServer server = new TestServer(TestServer.development());

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void shouldRefuseNewcomersAndSayWhenToComeAgain() {
    TestClient anna = server.greeted();
    anna.join("call", MEDIA);
    server.media.full = true;
    TestClient ben = server.greeted();
    for (String room : new String[] {"call", "another"}) {
      JsonNode refused = ben.request("join", "{\"room\":\"" + room + "\"" + MEDIA + "}");
      assertEquals("server_full", refused.at("/error/code").asText());
      assertTrue(refused.at("/error/retryable").asBoolean());
      assertEquals(5000, refused.at("/error/retryAfterMs").asInt());
    }
    assertEquals(1, server.signaling.openRooms(), "no room was opened for nobody");
    assertTrue(anna.isQuiet(), "those inside hear nothing of it");
    server.media.full = false;
    ben.join("call", MEDIA);
    anna.event("participant.joined");
  }

  @Test
  void shouldGoOnForThoseInside() {
    TestClient anna = server.greeted();
    anna.join("call", MEDIA);
    server.media.full = true;
    anna.ok("negotiate", "{\"gen\":1,\"sdp\":" + OFFER + "}");
    anna.ok("view", "{\"layout\":\"grid\"}");
    anna.ok("room.switch", "{\"room\":\"elsewhere\"}");
    FakeMediaServer.FakeRoom room = server.media.lastRoom();
    room.lastSession().end("consent_expired");
    anna.next();
    assertFalse(anna.join("elsewhere", MEDIA).path("sdp").isMissingNode(), "its media begins anew");
  }
}
