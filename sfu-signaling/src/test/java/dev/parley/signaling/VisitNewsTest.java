package dev.parley.signaling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.parley.core.api.MediaSession;
import dev.parley.signaling.room.RoomEvent;
import dev.parley.signaling.wire.Moderation;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an operator hears of one visit: how joining went, and why it ended. */
final class VisitNewsTest {
  private static final String MICROPHONE =
      ",\"displayName\":\"Ann\",\"sdp\":"
          + TextNode.valueOf(FakeMediaServer.offer("audio:0:sendonly"))
          + ",\"tracks\":[{\"mid\":\"0\",\"source\":\"microphone\"}]";

  private final BlockingQueue<RoomEvent> heard = new LinkedBlockingQueue<>();
  private TestServer server;

  @BeforeEach
  void start() {
    server = new TestServer(TestServer.development());
    Runnable unused = server.signaling.operator().listen(heard::add);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Map<String, String> next(RoomEvent.Type type) {
    try {
      while (true) {
        RoomEvent event = heard.poll(20, TimeUnit.SECONDS);
        if (event == null) {
          throw new AssertionError("nothing more was heard");
        }
        if (event.type() == type) {
          return event.details();
        }
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private FakeMediaServer.FakeSession join(TestClient client) {
    client.join("r", MICROPHONE);
    return server.media.lastRoom().lastSession();
  }

  private TestClient greeted() {
    return TestClient.greeted(server.vertx, server.signaling.port());
  }

  @Test
  void shouldTellHowLongTheStepsOfTheJoinTook() {
    TestClient ann = greeted();
    FakeMediaServer.FakeSession media = join(ann);
    Map<String, String> joined = next(RoomEvent.Type.PARTICIPANT_JOINED);
    assertEquals("Ann", joined.get("displayName"));
    media.report(MediaSession.State.ICE_CONNECTED);
    media.report(MediaSession.State.CONNECTED);
    Map<String, String> connected = next(RoomEvent.Type.PARTICIPANT_CONNECTED);
    assertEquals(joined.get("participantId"), connected.get("participantId"));
    for (String step : new String[] {"answerMs", "iceMs", "dtlsMs"}) {
      assertTrue(Long.parseLong(connected.get(step)) >= 0, step);
    }
    assertFalse(connected.containsKey("firstPacketMs"));
    media.firstPacket();
    media.report(MediaSession.State.INTERRUPTED);
    media.report(MediaSession.State.CONNECTED);
    media.end("dtls_closed");
    ann.event("server.notice");
    var unused = ann.ok("leave", "{}");
    Map<String, String> left = next(RoomEvent.Type.PARTICIPANT_LEFT);
    assertEquals(connected.get("iceMs"), left.get("iceMs"));
    assertFalse(left.containsKey("cause"), left::toString);
    assertTrue(left.containsKey("firstPacketMs"));
    assertTrue(heard.stream().noneMatch(e -> e.type() == RoomEvent.Type.PARTICIPANT_CONNECTED));
  }

  @Test
  void shouldTellWhyTheMediaOrTheModeratorEndedIt() {
    TestClient ann = greeted();
    join(ann).end("dtls_failed");
    ann.event("server.notice");
    var unusedReply = ann.ok("leave", "{}");
    Map<String, String> failed = next(RoomEvent.Type.PARTICIPANT_LEFT);
    assertEquals("left", failed.get("reason"), "what others hear");
    assertEquals("media_failed", failed.get("cause"));
    join(greeted());
    String id = heard.stream().toList().getLast().details().getOrDefault("participantId", "");
    var unused =
        TestClient.get(
            server
                .signaling
                .operator()
                .rooms(rooms -> rooms.moderate("r", "ops", new Moderation.Kick(id, 60, ""))));
    Map<String, String> banned = next(RoomEvent.Type.PARTICIPANT_LEFT);
    assertEquals("kicked", banned.get("reason"));
    assertEquals("banned", banned.get("cause"));
  }

  @Test
  void shouldTellThatTheServerStops() {
    join(greeted());
    TestClient.get(server.signaling.stop());
    assertEquals("server_stopped", next(RoomEvent.Type.PARTICIPANT_LEFT).get("cause"));
    server = new TestServer(TestServer.development());
  }
}
