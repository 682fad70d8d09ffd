package dev.parley.admin.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class RestTest {
  private static final String OPERATE = "Bearer " + RunningServer.OPERATE;

  private RunningServer server;

  @BeforeEach
  void start() {
    server = new RunningServer(List.of());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void shouldOpenARoomBeforeItsFirstVisitor() {
    RunningServer.Reply made =
        server.post(
            "/v1/rooms",
            "{\"name\":\"clinic\",\"settings\":{\"preset\":\"consultation\",\"password\":\"x\"}}");
    assertEquals(201, made.status());
    assertEquals("/v1/rooms/clinic", made.header("Location"));
    assertTrue(made.body().path("hasPassword").asBoolean());
    assertFalse(made.body().path("settings").has("password"));
    assertEquals(1, made.body().at("/settings/maxParticipants").asInt());
    assertEquals("clinic", server.get("/v1/rooms").body().at("/rooms/0/name").asText());
    assertEquals("room_exists", server.post("/v1/rooms", "{\"name\":\"clinic\"}").code());
    assertEquals("wrong_password", server.join("clinic").error());

    assertEquals(204, server.post("/v1/rooms/clinic:end", "").status());
    assertEquals(404, server.get("/v1/rooms/clinic").status());
  }

  @Test
  void shouldChangeARoomOnlyAsItWasSeen() {
    server.post("/v1/rooms", "{\"name\":\"r\"}");
    String seen = server.get("/v1/rooms/r").header("ETag");
    String change = "{\"settings\":{\"maxParticipants\":5,\"queue\":{\"message\":\"Soon\"}}}";
    assertEquals(428, server.ask("PATCH", "/v1/rooms/r", change).status());
    RunningServer.Reply changed = server.ask("PATCH", "/v1/rooms/r", change, "If-Match", seen);
    assertEquals(200, changed.status());
    assertEquals(5, changed.body().at("/settings/maxParticipants").asInt());
    assertEquals("Soon", changed.body().at("/settings/queue/message").asText());
    assertNotEquals(seen, changed.header("ETag"));
    assertEquals(412, server.ask("PATCH", "/v1/rooms/r", change, "If-Match", seen).status());
    assertEquals(412, server.ask("PATCH", "/v1/rooms/r", change, "If-Match", "\"x\"").status());

    server.post("/v1/rooms/r:lock", "");
    assertEquals(
        412,
        server
            .ask("PATCH", "/v1/rooms/r", "{\"locked\":false}", "If-Match", changed.header("ETag"))
            .status());
    RunningServer.Reply timed =
        server.ask("PATCH", "/v1/rooms/r", "{\"settings\":{\"guestSlotSec\":9}}", "If-Match", "*");
    assertEquals(400, timed.status());
    assertEquals("settings.timer", timed.body().path("field").asText());
  }

  @Test
  void shouldNotTakeARoomForAnEarlierOneOfItsName() {
    server.post("/v1/rooms", "{\"name\":\"r\"}");
    String earlier = server.get("/v1/rooms/r").header("ETag");
    server.post("/v1/rooms/r:end", "");
    server.post("/v1/rooms", "{\"name\":\"r\"}");
    assertEquals(
        412, server.ask("PATCH", "/v1/rooms/r", "{\"locked\":true}", "If-Match", earlier).status());
  }

  @Test
  void shouldTellAndRemovePeople() {
    RunningServer.Guest ann = server.join("r");
    server.join("r");
    String there = "/v1/rooms/r/participants/" + ann.id();
    RunningServer.Reply one = server.get(there);
    assertEquals("Ann", one.body().path("displayName").asText());
    assertEquals("inside", one.body().path("phase").asText());
    assertEquals(204, server.post("/v1/rooms/r:message", "{\"text\":\"Tea!\"}").status());
    assertEquals("Tea!", ann.event("server.notice").path("text").asText());
    assertEquals(204, server.post(there + ":mute", "{\"source\":\"camera\"}").status());
    assertEquals(204, server.post(there + ":kick", "{\"reason\":\"noise\"}").status());
    assertEquals("not_in_room", server.post(there + ":kick", "").code());
    assertEquals("room_not_found", server.post("/v1/rooms/s:lock", "").code());
  }

  @Test
  void shouldRunTheQueue() {
    server.post(
        "/v1/rooms",
        "{\"name\":\"r\",\"settings\":{\"queue\":{\"enabled\":true,\"mode\":\"approval\"}}}");
    RunningServer.Guest ann = server.join("r");
    RunningServer.Guest ben = server.join("r");
    assertEquals("queued", ann.joined.path("status").asText());
    JsonNode tickets = server.get("/v1/rooms/r/queue").body().path("tickets");
    assertEquals(2, tickets.size());
    String second = tickets.at("/1/ticketId").asText();
    String path = "/v1/rooms/r/queue";
    assertEquals(204, server.post(path + "/" + second + ":move", "{\"position\":1}").status());
    assertEquals(second, server.get(path).body().at("/tickets/0/ticketId").asText());
    assertEquals(204, server.post(path + ":pause", "").status());
    assertTrue(server.get("/v1/rooms/r").body().path("queueClosed").asBoolean());
    assertEquals("queue_closed", server.join("r").error());
    assertEquals(204, server.post(path + ":resume", "").status());
    assertEquals(204, server.post(path + ":admit", "{\"ticketId\":\"" + second + "\"}").status());
    assertEquals(second, ben.event("queue.admitted").path("ticketId").asText());
    String first = tickets.at("/0/ticketId").asText();
    assertEquals(204, server.post(path + "/" + first + ":deny", "{\"text\":\"no\"}").status());
    assertEquals("no", ann.event("queue.denied").path("text").asText());
    assertEquals(410, server.post(path + "/" + first + ":deny", "").status());
  }

  @Test
  void shouldRunTheTimer() {
    server.post(
        "/v1/rooms",
        "{\"name\":\"r\",\"settings\":{\"timer\":{\"durationSec\":600,\"startOn\":\"manual\"}}}");
    String timer = "/v1/rooms/r/timer";
    assertEquals("idle", server.get(timer).body().path("state").asText());
    assertEquals("running", server.post(timer + ":start", "").body().path("state").asText());
    assertEquals("timer_conflict", server.post(timer + ":start", "").code());
    assertEquals("paused", server.post(timer + ":pause", "").body().path("state").asText());
    assertEquals("running", server.post(timer + ":resume", "").body().path("state").asText());
    assertEquals(
        60, server.post(timer + ":extend", "{\"sec\":60}").body().path("extendedSec").asInt());
    assertEquals("ended", server.post(timer + ":stop", "").body().path("state").asText());
  }

  @Test
  void shouldEndSessionsAndLetNobodyIn() {
    server.join("r");
    JsonNode sessions = server.get("/v1/sessions").body().path("sessions");
    assertEquals(1, sessions.size());
    assertEquals(204, server.post("/v1/server:drain", "").status());
    assertEquals("draining", server.join("r").error());
    assertTrue(server.get("/v1/server").body().path("draining").asBoolean());
    assertEquals("draining", server.post("/v1/rooms", "{\"name\":\"new\"}").code());
    server.post("/v1/server:resume", "");
    assertEquals("joined", server.join("r").joined.path("status").asText());
    String id = sessions.at("/0/sessionId").asText();
    assertEquals(204, server.post("/v1/sessions/" + id + ":end", "").status());
    assertEquals("session_not_found", server.post("/v1/sessions/" + id + ":end", "").code());
  }

  @Test
  void shouldMintCredentials() {
    RunningServer.Reply token =
        server.post(
            "/v1/tokens",
            "{\"identity\":\"ann\",\"rooms\":[\"r\"],\"role\":\"host\",\"publish\":[\"camera\"]}");
    assertEquals(201, token.status());
    assertEquals(3, token.body().path("token").asText().split("\\.", -1).length);
    RunningServer.Reply ice = server.post("/v1/iceServers", "{\"owner\":\"ann\"}");
    assertEquals("turn:turn.example", ice.body().at("/iceServers/0/urls/0").asText());
  }

  @Test
  void shouldCarryARepeatedRequestOutOnce() {
    String[] key = {"Idempotency-Key", "one"};
    RunningServer.Reply first = server.post("/v1/rooms", "{\"name\":\"r\"}", key);
    RunningServer.Reply again = server.post("/v1/rooms", "{\"name\":\"r\"}", key);
    assertEquals(201, again.status());
    assertEquals(first.body(), again.body());
    assertEquals("true", again.header("Idempotent-Replayed"));
    assertEquals(422, server.post("/v1/rooms", "{\"name\":\"s\"}", key).status());
    assertEquals(1, server.get("/v1/rooms").body().path("rooms").size());
  }

  @Test
  void shouldReadPageByPage() {
    for (String name : List.of("b", "c", "a")) {
      server.post("/v1/rooms", "{\"name\":\"" + name + "\"}");
    }
    RunningServer.Reply first = server.get("/v1/rooms?limit=2");
    assertEquals("a", first.body().at("/rooms/0/name").asText());
    String cursor = first.body().path("nextCursor").asText();
    RunningServer.Reply last = server.get("/v1/rooms?limit=2&cursor=" + cursor);
    assertEquals("c", last.body().at("/rooms/0/name").asText());
    assertFalse(last.body().has("nextCursor"));
    assertEquals(400, server.get("/v1/rooms?limit=0").status());
  }

  @Test
  void shouldLetPagesOfOthersAndProxiesDoNothing() {
    assertEquals(
        403, server.post("/v1/server:drain", "", "Origin", "https://evil.example").status());
    assertEquals(
        401, server.post("/v1/server:drain", "", "X-Forwarded-For", "203.0.113.9").status());
    assertEquals(
        415, server.post("/v1/rooms", "{\"name\":\"r\"}", "Content-Type", "text/plain").status());
    assertEquals(
        415,
        server.post("/v1/rooms", "", "Content-Type", "multipart/form-data; boundary=x").status());
    assertEquals(403, server.get("/v1/server", "Sec-Fetch-Site", "cross-site").status());
    assertEquals(401, server.get("/v1/server", "Authorization", "Bearer guess").status());
    assertFalse(server.get("/v1/server").body().path("draining").asBoolean());
  }

  @Test
  void shouldAskForATokenWhereThereAreSome() {
    try (RunningServer guarded = new RunningServer(RunningServer.TOKENS)) {
      RunningServer.Reply without = guarded.get("/v1/server");
      assertEquals(401, without.status());
      assertEquals("Bearer", without.header("WWW-Authenticate"));
      assertEquals(
          "token_invalid", guarded.get("/v1/server", "Authorization", "Bearer wrong").code());
      String[] read = {"Authorization", "Bearer " + RunningServer.READ};
      assertEquals(200, guarded.get("/v1/server", read).status());
      assertEquals(403, guarded.post("/v1/server:drain", "", read).status());
      assertEquals(401, guarded.get("/debug").status());
      assertEquals(200, guarded.get("/debug", read).status());
      assertEquals(204, guarded.post("/v1/server:drain", "", "Authorization", OPERATE).status());
    }
  }

  @Test
  void shouldSayWhatIsAllowed() {
    RunningServer.Reply reply = server.ask("DELETE", "/v1/rooms/r", "");
    assertEquals(405, reply.status());
    assertEquals("GET, PATCH", reply.header("Allow"));
    assertEquals(
        413, server.post("/v1/rooms", "{\"name\":\"" + "x".repeat(70_000) + "\"}").status());
  }

  @Test
  void shouldTellWhatHappens() throws InterruptedException {
    BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    RunningServer.get(
        server
            .send(
                "GET",
                "/v1/events?room=r",
                "",
                Map.of(),
                response -> {
                  lines.add(response.getHeader("Content-Type"));
                  response.handler(chunk -> chunk.toString().lines().forEach(lines::add));
                  return Future.succeededFuture(true);
                })
            .toCompletionStage());
    assertEquals("text/event-stream", lines.poll(20, TimeUnit.SECONDS));
    server.post("/v1/rooms", "{\"name\":\"other\"}");
    server.join("r");
    server.post("/v1/rooms/r:end", "");
    List<String> types =
        List.of(
            "room.opened", "participant.joined", "participant.left", "room.closed", "moderation");
    for (String type : types) {
      String line = "";
      while (!line.startsWith("event: ")) {
        line = String.valueOf(lines.poll(20, TimeUnit.SECONDS));
        assertNotEquals("null", line, "before " + type);
        assertFalse(line.contains("\"room\":\"other\""), line);
      }
      assertEquals("event: " + type, line);
    }
  }

  @Test
  void shouldForgetReadersWhoAreGone() {
    for (int i = 0; i <= EventFeed.MOST_STREAMS + 5; i++) {
      int status =
          RunningServer.get(
              server
                  .send(
                      "GET",
                      "/v1/events",
                      "",
                      Map.of(),
                      response ->
                          response
                              .request()
                              .connection()
                              .close()
                              .map(closed -> response.statusCode()))
                  .toCompletionStage());
      assertEquals(200, status, "reader " + i);
    }
  }
}
