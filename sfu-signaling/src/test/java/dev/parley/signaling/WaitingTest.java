package dev.parley.signaling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.parley.core.api.ViewWish;
import dev.parley.signaling.room.Outcome;
import dev.parley.signaling.rules.QueueSettings;
import dev.parley.signaling.rules.RoomSettings;
import dev.parley.signaling.rules.TimerSettings;
import dev.parley.signaling.token.TokenMinter;
import dev.parley.signaling.wire.Refusal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The queue before a room of one seat, as clients see it. */
final class WaitingTest {
  private static final QueueSettings ONE_SEAT =
      new QueueSettings(
          1, false, true, QueueSettings.Mode.CAPACITY, 3, 20, true, true, 30, 60, true, "Soon!");

  private TestServer server;
  private int guests;

  @BeforeEach
  void start() {
    server =
        new TestServer(
            TestServer.with(
                TestServer.secured(),
                new RoomSettings(Optional.of("sesame"), ONE_SEAT, TimerSettings.NONE, 0)));
  }

  /** Somebody new, who moderates nothing. */
  private TestClient guest() {
    String token =
        new TokenMinter(server.vertx, TestServer.TOKENS)
            .mint(
                "guest-" + ++guests,
                Optional.empty(),
                Optional.empty(),
                Duration.ofHours(1),
                System.currentTimeMillis() / 1000);
    TestClient client = server.connect();
    client.ok("hello", "{\"versions\":[1],\"token\":\"" + token + "\"}");
    return client;
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static final String KEY = ",\"password\":\"sesame\"";

  @Test
  void shouldAskForThePassword() {
    TestClient anna = guest();
    assertEquals("wrong_password", anna.errorCode("join", "{\"room\":\"r\"}"));
    assertEquals(
        "wrong_password", anna.errorCode("join", "{\"room\":\"r\",\"password\":\"Sesame\"}"));
    assertEquals("joined", anna.join("r", KEY).path("status").asText());
    assertEquals(1, server.signaling.openRooms());
  }

  @Test
  void shouldLetPeopleInOneAfterTheOther() {
    TestClient anna = guest();
    anna.join("r", KEY);
    TestClient ben = guest();
    JsonNode queued = ben.join("r", KEY + ",\"displayName\":\"Ben\"");
    assertEquals("queued", queued.path("status").asText());
    assertEquals("Soon!", queued.path("message").asText());
    assertFalse(queued.path("paused").asBoolean(true));
    JsonNode ticket = queued.path("ticket");
    assertTrue(ticket.path("ticketId").asText().startsWith("qt_"));
    assertEquals("waiting", ticket.path("state").asText());
    assertEquals(1, ticket.path("position").asInt());
    assertEquals(0, ticket.path("ahead").asInt(-1));
    assertEquals("unknown", ticket.at("/eta/basis").asText());
    assertFalse(ticket.has("displayName"));
    TestClient cleo = guest();
    assertEquals(2, cleo.join("r", KEY).at("/ticket/position").asInt());

    anna.ok("leave", "{}");
    JsonNode admitted = ben.event("queue.admitted");
    assertEquals(30_000, admitted.path("windowMs").asInt());
    assertEquals(ticket.path("ticketId"), admitted.path("ticketId"));
    String token = ",\"admitToken\":\"" + admitted.path("admitToken").asText() + "\"";
    assertEquals("queued", cleo.join("r", KEY + token).path("status").asText());
    JsonNode joined = ben.join("r", KEY + token);
    assertEquals("joined", joined.path("status").asText());
    assertEquals(0, joined.path("participants").size());
    JsonNode update = cleo.event("queue.update");
    assertEquals(1, update.at("/ticket/position").asInt());
    assertEquals("history", update.at("/ticket/eta/basis").asText());
    ben.ok("bye", "{}");
    cleo.event("queue.admitted");
  }

  @Test
  void shouldRefuseWhenTooManyWait() {
    guest().join("r", KEY);
    for (int i = 0; i < 3; i++) {
      assertEquals("queued", guest().join("r", KEY).path("status").asText());
    }
    TestClient late = guest();
    JsonNode error = late.request("join", "{\"room\":\"r\"" + KEY + "}").path("error");
    assertEquals("queue_full", error.path("code").asText());
    assertTrue(error.path("retryable").asBoolean());
  }

  @Test
  void shouldLeaveTheQueue() {
    TestClient anna = guest();
    anna.join("r", KEY);
    TestClient ben = guest();
    ben.join("r", KEY);
    TestClient cleo = guest();
    cleo.join("r", KEY);
    ben.ok("leave", "{}");
    assertEquals("not_in_room", ben.errorCode("leave", "{}"));
    assertEquals(1, cleo.event("queue.update").at("/ticket/position").asInt());
    anna.ok("leave", "{}");
    cleo.event("queue.admitted");
    assertTrue(ben.isQuiet());
  }

  @Test
  void shouldCloseTheRoomWhenNobodyIsThereOrWaits() {
    TestClient anna = guest();
    anna.join("r", KEY);
    TestClient ben = guest();
    ben.join("r", KEY);
    anna.ok("bye", "{}");
    ben.event("queue.admitted");
    assertEquals(1, server.signaling.openRooms());
    ben.ok("leave", "{}");
    assertEquals(0, server.signaling.openRooms());
  }

  @Test
  void shouldWaitForAnotherRoomInsideTheOneBefore() {
    TestClient anna = guest();
    anna.join("to", KEY);
    TestClient ben = guest();
    ben.join("from", KEY);
    JsonNode queued = ben.ok("room.switch", "{\"room\":\"to\"" + KEY + "}");
    assertEquals("queued", queued.path("status").asText());
    ben.send("chat.send", "{\"text\":\"still here\"}");
    ben.event("chat.message");
    ben.next();
    anna.ok("bye", "{}");
    String token = ben.event("queue.admitted").path("admitToken").asText();
    JsonNode joined =
        ben.ok("room.switch", "{\"room\":\"to\",\"admitToken\":\"" + token + "\"" + KEY + "}");
    assertEquals("joined", joined.path("status").asText());
    assertEquals("to", joined.at("/room/name").asText());
    assertEquals(1, server.signaling.openRooms());
  }

  @Test
  void shouldLetInWhomAnOperatorMovesWithoutPasswordAndLock() throws Exception {
    TestClient anna = guest();
    String id = anna.join("from", KEY).at("/self/id").asText();
    assertEquals("wrong_password", anna.errorCode("room.switch", "{\"room\":\"to\"}"));
    assertEquals("bad_request", moved("from", id, "from"));
    assertEquals("not_in_room", moved("from", "pa_nobody", "to"));
    assertEquals("room_not_found", moved("nowhere", id, "to"));
    assertEquals("done", moved("from", id, "to"));
    assertEquals("to", anna.event("room.move").path("room").asText());
    assertEquals("wrong_password", anna.errorCode("room.switch", "{\"room\":\"else\"}"));
    JsonNode there = anna.ok("room.switch", "{\"room\":\"to\"}");
    assertEquals("to", there.at("/room/name").asText());
    assertEquals(1, server.signaling.openRooms());
  }

  private String moved(String room, String participant, String to) throws Exception {
    return switch (server
        .signaling
        .operator()
        .rooms(rooms -> rooms.move(room, "ops", participant, to, ""))
        .toCompletableFuture()
        .get()) {
      case Outcome.Done<Boolean> _ -> "done";
      case Outcome.Refused<Boolean>(Refusal refusal) -> refusal.code().wireName();
    };
  }

  @Test
  void shouldTakeAlongWhatOneWishedToSeeAndHear() {
    TestClient anna = guest();
    String offer =
        TextNode.valueOf(FakeMediaServer.offer("audio:0:recvonly", "video:1:recvonly")).toString();
    anna.join("from", KEY + ",\"sdp\":" + offer);
    anna.ok(
        "view",
        "{\"layout\":\"speaker\",\"audio\":\"none\",\"maxVideo\":3,\"video\":[{\"participantId\":\"pa_abcdefghijkl\","
            + "\"source\":\"camera\",\"width\":640,\"height\":360}]}");
    anna.ok("room.switch", "{\"room\":\"to\"" + KEY + "}");
    ViewWish there = server.media.lastRoom().lastSession().views.getLast();
    assertEquals(
        new ViewWish(ViewWish.Layout.SPEAKER, List.of(), 0, 3, false, Optional.empty()), there);
  }
}
