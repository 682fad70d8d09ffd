package dev.parley.signaling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.core.api.MediaRoom;
import dev.parley.core.api.MediaSession;
import dev.parley.core.api.TrackSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The conversation of a well-behaved client, and of a clumsy one, over a real WebSocket. */
final class SignalingTest {
  private static final String OFFER =
      text(
          FakeMediaServer.offer(
              "audio:0:sendonly", "video:1:sendonly", "audio:2:recvonly", "video:3:recvonly"));
  private static final String WITH_MICROPHONE =
      ",\"sdp\":" + OFFER + ",\"tracks\":[{\"mid\":\"0\",\"source\":\"microphone\"}]";

  private static TestServer server;

  @BeforeAll
  static void start() {
    server = new TestServer(TestServer.development());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String text(String value) {
    return new ObjectMapper().valueToTree(value).toString();
  }

  @Test
  void shouldGreetWithWhatTheClientNeeds() {
    JsonNode hello = server.connect().ok("hello", "{\"versions\":[1,2]}");
    assertEquals(1, hello.path("version").asInt());
    assertTrue(hello.path("sessionId").asText().matches("se_[A-Za-z0-9]{22}"));
    assertEquals(44, hello.path("resumeToken").asText().length());
    assertFalse(hello.path("resumed").asBoolean(true));
    assertEquals(10000, hello.path("ping").path("intervalMs").asInt());
    assertEquals(60000, hello.path("resumeGraceMs").asInt(-1));
    assertFalse(hello.has("iceServersExpireAt"));
    assertEquals("turn:turn.example:3478", hello.at("/iceServers/0/urls/0").asText());
    assertTrue(hello.path("features").toString().contains("whip"));
  }

  @Test
  void shouldShowEachParticipantToTheOthers() {
    TestClient anna = server.greeted();
    TestClient ben = server.greeted();
    JsonNode first = anna.join("show", ",\"displayName\":\"Anna\"" + WITH_MICROPHONE);
    assertEquals("joined", first.path("status").asText());
    assertEquals("show", first.path("room").path("name").asText());
    assertEquals(1, first.path("gen").asInt());
    assertEquals(
        "[{\"mid\":\"2\",\"kind\":\"audio\"},{\"mid\":\"3\",\"kind\":\"video\"}]",
        first.path("slots").toString());
    JsonNode second =
        ben.join("show", ",\"displayName\":\"Ben\\u0007\",\"attributes\":{\"a\":\"b\"}");
    assertEquals("Anna", second.at("/participants/0/displayName").asText());
    assertEquals("microphone", second.at("/participants/0/tracks/0/source").asText());
    assertEquals("audio", second.at("/participants/0/tracks/0/kind").asText());
    assertFalse(second.has("sdp"));
    JsonNode joined = anna.event("participant.joined").path("participant");
    assertEquals("Ben", joined.path("displayName").asText());
    assertEquals("b", joined.at("/attributes/a").asText());
    assertEquals(0, joined.path("csrc").asInt(-1));
    ben.ok("leave", "{}");
    JsonNode left = anna.event("participant.left");
    assertEquals("left", left.path("reason").asText());
    assertEquals(joined.path("id"), left.path("participantId"));
    assertTrue(ben.isQuiet());
  }

  @Test
  void shouldKeepTwoRoomsApart() {
    TestClient anna = server.greeted();
    TestClient ben = server.greeted();
    anna.join("apart-1", WITH_MICROPHONE);
    assertEquals(0, ben.join("apart-2", WITH_MICROPHONE).path("participants").size());
    ben.ok("track.update", "{\"mid\":\"1\",\"active\":true,\"source\":\"camera\"}");
    ben.ok("leave", "{}");
    assertTrue(anna.isQuiet());
  }

  @Test
  void shouldTurnTracksOnAndOff() {
    TestClient anna = server.greeted();
    TestClient ben = server.greeted();
    anna.join("tracks", WITH_MICROPHONE);
    ben.join("tracks", "");
    anna.event("participant.joined");
    String camera = "{\"mid\":\"1\",\"active\":true,\"source\":\"camera\",\"label\":\"cam\"}";
    String first = anna.ok("track.update", camera).path("trackId").asText();
    assertTrue(first.startsWith("tr_"));
    assertEquals(first, ben.event("track.published").at("/track/trackId").asText());
    assertEquals(
        first, anna.ok("track.update", "{\"mid\":\"1\",\"muted\":true}").path("trackId").asText());
    assertTrue(ben.event("track.muted").path("muted").asBoolean());
    anna.ok("track.update", "{\"mid\":\"1\",\"label\":\"other\"}");
    assertTrue(ben.event("participant.updated").toString().contains("other"));
    anna.ok("track.update", "{\"mid\":\"1\",\"active\":false}");
    assertEquals("stopped", ben.event("track.unpublished").path("reason").asText());
    String second = anna.ok("track.update", camera).path("trackId").asText();
    assertFalse(second.equals(first));
    ben.event("track.published");
    anna.ok("track.update", "{\"mid\":\"1\",\"source\":\"screen\"}");
    assertEquals("replaced", ben.event("track.unpublished").path("reason").asText());
    assertEquals("screen", ben.event("track.published").at("/track/source").asText());
    assertEquals(
        "bad_request", anna.errorCode("track.update", "{\"mid\":\"1\",\"source\":\"microphone\"}"));
    assertEquals(
        "bad_request", anna.errorCode("track.update", "{\"mid\":\"7\",\"source\":\"camera\"}"));
    assertTrue(ben.isQuiet());
  }

  @Test
  void shouldReplyToJoinBeforeAnyEvent() {
    TestClient anna = server.greeted();
    int roomsBefore = server.media.rooms.size();
    server.media.holdAnswers = true;
    try {
      int id = anna.send("join", "{\"room\":\"order\"" + WITH_MICROPHONE + "}");
      FakeMediaServer.FakeRoom room = awaitRoomWithSession(roomsBefore);
      FakeMediaServer.FakeSession session = room.lastSession();
      session.listener.onSlots(
          List.of(
              new MediaSession.SlotChange(
                  "2",
                  MediaSession.SlotState.LIVE,
                  Optional.of("pa_x"),
                  Optional.of("tr_x"),
                  Optional.of(TrackSource.MICROPHONE),
                  7,
                  MediaSession.SlotReason.SPEAKER)));
      TestClient ben = server.greeted();
      server.media.holdAnswers = false;
      assertEquals(0, ben.join("order", "").path("participants").size());
      room.answerAll();
      assertEquals(id, anna.next().path("id").asInt());
      JsonNode slots = anna.event("slots").at("/changes/0");
      assertEquals("live", slots.path("state").asText());
      assertEquals("microphone", slots.path("source").asText());
      assertEquals("speaker", slots.path("reason").asText());
      ben.event("participant.joined");
    } finally {
      server.media.holdAnswers = false;
    }
  }

  private static FakeMediaServer.FakeRoom awaitRoomWithSession(int roomsBefore) {
    long deadline = System.nanoTime() + 5_000_000_000L;
    while (System.nanoTime() < deadline) {
      if (server.media.rooms.size() > roomsBefore && !server.media.lastRoom().sessions.isEmpty()) {
        return server.media.lastRoom();
      }
      Thread.onSpinWait();
    }
    throw new AssertionError("no session");
  }

  @Test
  void shouldNumberEventsOneByOne() {
    TestClient anna = server.greeted();
    anna.join("seq", "");
    for (int i = 1; i <= 3; i++) {
      TestClient guest = server.greeted();
      guest.join("seq", "");
      assertEquals(2 * i - 1, anna.next().path("seq").asInt());
      guest.ok("bye", "{}");
      assertEquals(1000, guest.closeCode());
      JsonNode left = anna.next();
      assertEquals(2 * i, left.path("seq").asInt());
      assertEquals("left", left.at("/data/reason").asText());
    }
  }

  @Test
  void shouldKeepTheSeatWhenOnlyTheMediaEnds() {
    TestClient anna = server.greeted();
    TestClient ben = server.greeted();
    anna.join("media", WITH_MICROPHONE);
    FakeMediaServer.FakeSession media = server.media.lastRoom().lastSession();
    ben.join("media", "");
    anna.event("participant.joined");
    media.end("ice_timeout");
    JsonNode notice = anna.event("server.notice");
    assertEquals("rejoin", notice.path("action").asText());
    assertEquals("ice_timeout", ben.event("track.unpublished").path("reason").asText());
    assertEquals("already_joined", anna.errorCode("join", "{\"room\":\"media\"}"));
    anna.ok("leave", "{}");
    assertEquals(1, anna.join("media", WITH_MICROPHONE).path("participants").size());
  }

  @Test
  void shouldTellHowGoodConnectionsAre() {
    TestClient anna = server.greeted();
    String annaId = anna.join("good", WITH_MICROPHONE).at("/self/id").asText();
    server.media.lastRoom().lastSession().listener.onQuality(4);
    JsonNode told = anna.event("quality");
    assertEquals(annaId, told.at("/updates/0/participantId").asText());
    assertEquals(4, told.at("/updates/0/level").asInt());
    TestClient ben = server.greeted();
    ben.join("good", WITH_MICROPHONE);
    assertEquals(told, ben.event("quality"));
    anna.event("participant.joined");
    server.media.lastRoom().sessions.forEach(session -> session.listener.onQuality(2));
    JsonNode both = anna.event("quality");
    assertEquals(2, both.path("updates").size(), "told together");
    assertEquals(both, ben.event("quality"));
    anna.ok("leave", "{}");
    ben.event("participant.left");
    TestClient cleo = server.greeted();
    cleo.join("good", "");
    assertEquals(1, cleo.event("quality").path("updates").size());
  }

  @Test
  void shouldPassSpeakersViewsAndNegotiations() {
    TestClient anna = server.greeted();
    anna.join("view", WITH_MICROPHONE);
    FakeMediaServer.FakeRoom room = server.media.lastRoom();
    room.listener.onSpeakers(List.of(new MediaRoom.SpeakerLevel("pa_1", 0.5)));
    assertEquals(0.5, anna.event("speakers").at("/list/0/level").asDouble());
    anna.ok(
        "view",
        "{\"layout\":\"speaker\",\"video\":[{\"participantId\":\"pa_1\",\"source\":\"screen\"}],"
            + "\"audio\":\"none\",\"maxVideo\":4}");
    assertFalse(room.lastSession().views.getLast().audio());
    assertEquals(4, room.lastSession().views.getLast().maxVideo());
    assertEquals(2, anna.ok("negotiate", "{\"gen\":1,\"sdp\":" + OFFER + "}").path("gen").asInt());
    assertEquals(
        "stale_generation", anna.errorCode("negotiate", "{\"gen\":1,\"sdp\":" + OFFER + "}"));
  }

  @ParameterizedTest
  @CsvSource({
    "SDP_INVALID,sdp_invalid",
    "SDP_UNSUPPORTED,sdp_unsupported",
    "NO_COMMON_CODEC,no_common_codec",
    "SLOT_LIMIT,slot_limit",
    "SERVER_FULL,server_full"
  })
  void shouldPassOnWhyTheOfferWasRefused(String refusal, String code) {
    TestClient anna = server.greeted();
    String data = "{\"room\":\"refused\",\"sdp\":\"v=0\\r\\nfail=" + refusal + "\\r\\n\"}";
    assertEquals(code, anna.errorCode("join", data));
    assertEquals("not_in_room", anna.errorCode("leave", "{}"));
    assertTrue(server.media.lastRoom().closed, "an empty room closes");
  }

  @Test
  void shouldRefuseMoreSlotsThanAllowed() {
    String[] sections = new String[9];
    for (int i = 0; i < sections.length; i++) {
      sections[i] = "audio:" + i + ":recvonly";
    }
    String data = "{\"room\":\"slots\",\"sdp\":" + text(FakeMediaServer.offer(sections)) + "}";
    assertEquals("slot_limit", server.greeted().errorCode("join", data));
    assertTrue(server.media.lastRoom().lastSession().closed);
  }

  @ParameterizedTest
  @CsvSource({
    "ping,{\"t\":1}",
    "join,{\"room\":\"r\"}",
    "join,{}",
    "leave,{}",
    "view,{}",
    "track.update,{\"mid\":\"1\"}",
    "negotiate,{}",
    "bye,{}",
    "chat.send,{}"
  })
  void shouldRefuseEverythingBeforeHello(String type, String data) {
    TestClient client = server.connect();
    assertEquals("not_authenticated", client.errorCode(type, data));
    client.ok("hello", "{\"versions\":[1]}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"leave", "view", "track.update", "negotiate"})
  void shouldRefuseRoomRequestsOutsideARoom(String type) {
    String data =
        switch (type) {
          case "track.update" -> "{\"mid\":\"0\"}";
          case "negotiate" -> "{\"gen\":1,\"sdp\":\"v=0\"}";
          default -> "{}";
        };
    assertEquals("not_in_room", server.greeted().errorCode(type, data));
  }

  @ParameterizedTest
  @ValueSource(strings = {"chat", "ice", "room", "mod.", "timer.stop", "", "nonsense"})
  void shouldNotKnowWhatDoesNotExist(String type) {
    TestClient client = server.greeted();
    assertEquals("unknown_type", client.errorCode(type, "{}"));
    assertTrue(client.isQuiet());
  }

  @ParameterizedTest
  @ValueSource(strings = {"not json", "", "[]", "7", "\"hello\"", "{} {}", "{\"type\":\"a\""})
  void shouldCloseOnWhatIsNoJsonObject(String frame) {
    TestClient client = server.greeted();
    client.raw(frame);
    assertEquals("bad_request", client.next().at("/error/code").asText());
    assertEquals(4001, client.closeCode());
  }

  @Test
  void shouldCloseOnBinaryFrames() {
    TestClient client = server.greeted();
    client.binary(new byte[] {1, 2, 3});
    assertEquals("bad_request", client.next().at("/error/code").asText());
    assertEquals(4001, client.closeCode());
  }

  @Test
  void shouldSurviveFramesWithoutTypeOrId() {
    TestClient client = server.greeted();
    client.raw("{\"type\":\"ping\",\"data\":{\"t\":1}}");
    JsonNode noId = client.next();
    assertEquals("id", noId.at("/error/details/field").asText());
    assertFalse(noId.has("id"));
    client.raw("{\"id\":5}");
    JsonNode noType = client.next();
    assertEquals("type", noType.at("/error/details/field").asText());
    assertEquals(5, noType.path("id").asInt());
    assertTrue(client.isQuiet());
  }

  @Test
  void shouldRefuseFramesTooBigBeforeHello() {
    TestClient client = server.connect();
    client.send("hello", "{\"versions\":[1],\"x\":\"" + "a".repeat(17 << 10) + "\"}");
    assertEquals("message_too_big", client.next().at("/error/code").asText());
    assertEquals(4022, client.closeCode());
  }

  @Test
  void shouldTakeBigFramesAfterHelloAndRefuseBiggerOnes() {
    TestClient client = server.greeted();
    client.ok("ping", "{\"t\":1,\"x\":\"" + "a".repeat(500 << 10) + "\"}");
    client.send("ping", "{\"t\":1,\"x\":\"" + "a".repeat(600 << 10) + "\"}");
    assertEquals(4022, closeCodeAfterErrors(client));
  }

  @Test
  void shouldNotInflateABomb() {
    TestClient client = server.connect();
    client.raw("0".repeat(32 << 20));
    assertEquals(4022, closeCodeAfterErrors(client));
  }

  private static int closeCodeAfterErrors(TestClient client) {
    assertEquals("message_too_big", client.next().at("/error/code").asText());
    return client.closeCode();
  }

  @Test
  void shouldRefuseUnknownVersionsResumesAndASecondHello() {
    TestClient old = server.connect();
    assertEquals("unsupported_version", old.errorCode("hello", "{\"versions\":[9]}"));
    assertEquals(4002, old.closeCode());
    TestClient back = server.connect();
    String resume =
        "{\"versions\":[1],\"resume\":{\"sessionId\":\"se_1\",\"resumeToken\":\"x\",\"lastSeq\":4}}";
    JsonNode refused = back.request("hello", resume);
    assertEquals("session_not_found", refused.at("/error/code").asText());
    assertTrue(refused.at("/error/retryable").asBoolean());
    back.ok("hello", "{\"versions\":[1]}");
    assertEquals("bad_request", back.errorCode("hello", "{\"versions\":[1]}"));
    assertTrue(back.isQuiet());
  }

  @Test
  void shouldParseLikeTheClientWrites() {
    JsonNode reply = server.greeted().ok("ping", "{\"t\":12.5}");
    assertEquals(12.5, reply.path("t").asDouble());
    assertTrue(reply.path("serverTimeMs").asLong() > 1_600_000_000_000L);
  }
}
