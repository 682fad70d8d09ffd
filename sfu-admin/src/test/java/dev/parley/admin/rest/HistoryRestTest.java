package dev.parley.admin.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.admin.history.HistoryPlace;
import dev.parley.signaling.room.RoomEvent;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class HistoryRestTest {
  private RunningServer server;

  @BeforeEach
  void start() {
    server = new RunningServer(List.of());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private JsonNode ask(String path) {
    server.settle();
    RunningServer.Reply reply = server.get(path);
    assertEquals(200, reply.status(), path + ": " + reply);
    return reply.body();
  }

  private String text(String path) {
    server.settle();
    return RunningServer.get(
        server
            .send("GET", path, "", Map.of(), response -> response.body().map(Buffer::toString))
            .toCompletionStage());
  }

  /** Events as rooms tell them, without anybody having to be there. */
  private void joins(String room, int people) {
    for (int i = 0; i < people; i++) {
      server
          .history()
          .onRoomEvent(
              new RoomEvent(
                  RoomEvent.Type.PARTICIPANT_JOINED,
                  room,
                  "rm_" + room,
                  1_000_000L + i,
                  Map.of("participantId", "pa_" + i, "identity", "=person " + i)));
    }
  }

  @Test
  void shouldTellOfACallFromItsBeginningToItsEnd() {
    RunningServer.Guest ann = server.join("standup");
    String kick = "/v1/rooms/standup/participants/" + ann.id() + ":kick";
    assertEquals(204, server.post(kick, "{\"banSec\":60}").status());
    JsonNode visit = ask("/v1/history/visits?room=standup").at("/visits/0");
    assertEquals(ann.id(), visit.path("participantId").asText());
    assertEquals("Ann", visit.path("displayName").asText());
    assertEquals("banned", visit.path("leaveReason").asText());
    assertFalse(visit.path("leftAt").isNull());
    String id = visit.path("visitId").asText();
    ObjectNode whole = ask("/v1/history/visits/" + id).deepCopy();
    assertEquals(0, whole.remove("minutes").size());
    assertEquals("unknown", whole.remove("diagnosis").path("verdict").asText());
    assertEquals(visit, whole);
    assertEquals(404, server.get("/v1/history/visits/vi_0").status());
    JsonNode room = ask("/v1/history/rooms").at("/rooms/0");
    assertEquals("standup", room.path("room").asText());
    assertEquals(1, room.path("peakParticipants").asInt());
    List<String> types = new ArrayList<>();
    ask("/v1/history/events?room=standup")
        .path("events")
        .forEach(event -> types.add(event.path("type").asText()));
    assertEquals(
        List.of("moderation", "participant.left", "participant.joined", "room.opened"), types);
    JsonNode audit = ask("/v1/history/audit?by=loopback").at("/audit/0");
    assertEquals(
        "POST /v1/rooms/{room}/participants/{participant}:kick", audit.path("operation").asText());
    assertEquals(kick, audit.path("on").asText());
    assertEquals("done", audit.path("outcome").asText());
  }

  @Test
  void shouldSayThatTheServerStopped() {
    server.join("r");
    server.stopSignaling();
    assertEquals("server_stopped", ask("/v1/history/visits").at("/visits/0/leaveReason").asText());
  }

  @Test
  void shouldGivePages() {
    joins("r", 25);
    List<String> seen = new ArrayList<>();
    String cursor = "";
    do {
      JsonNode page = ask("/v1/history/visits?limit=10" + cursor);
      page.path("visits").forEach(visit -> seen.add(visit.path("participantId").asText()));
      joins("other", 1);
      cursor = page.has("nextCursor") ? "&cursor=" + page.path("nextCursor").asText() : "";
    } while (!cursor.isEmpty());
    assertEquals(25, seen.size());
    assertEquals("pa_24", seen.getFirst());
    assertEquals("pa_0", seen.getLast());
  }

  @Test
  void shouldExportMoreThanOnePage() throws Exception {
    joins("r", 1234);
    JsonNode all = RunningServer.JSON.readTree(text("/v1/history/visits:export"));
    assertEquals(1234, all.path("visits").size());
    assertEquals("pa_0", all.at("/visits/1233/participantId").asText());
    List<String> lines = text("/v1/history/visits:export?format=csv&room=r").lines().toList();
    assertEquals(1235, lines.size());
    assertTrue(lines.getFirst().startsWith("visitId,room,"), lines.getFirst());
    assertTrue(lines.get(1).contains(",'=person 1233,"), lines.get(1));
    assertEquals(1, text("/v1/history/visits:export?format=csv&room=none").lines().count());
    assertEquals("{\"rooms\":[\n]}\n", text("/v1/history/rooms:export"));
  }

  @Test
  void shouldGoOnWhenASlowReaderDoes() {
    joins("r", 3000);
    server.settle();
    // Reads nothing, then all: the rest of the list waits in the database meanwhile.
    int bytes =
        RunningServer.get(
            server
                .send(
                    "GET",
                    "/v1/history/visits:export",
                    "",
                    Map.of(),
                    response -> {
                      response.pause();
                      return server
                          .later(() -> response.resume())
                          .compose(done -> response.body())
                          .map(Buffer::length);
                    })
                .toCompletionStage());
    assertTrue(bytes > 3000 * 100, "bytes: " + bytes);
  }

  @Test
  void shouldRefuseWhatItCannotUnderstand() {
    for (String query :
        List.of("since=yesterday", "until=1", "limit=0", "limit=x", "cursor=%25", "cursor=Zm9v")) {
      RunningServer.Reply reply = server.get("/v1/history/visits?" + query);
      assertEquals(400, reply.status(), query);
      assertEquals("bad_request", reply.code(), query);
    }
    assertEquals(400, server.get("/v1/history/visits:export?format=xls").status());
    assertEquals(400, server.post("/v1/history:forget", "{}").status());
  }

  @Test
  void shouldForgetAPersonAndRememberWhoAskedForIt() {
    joins("r", 3);
    server.settle();
    RunningServer.Reply reply = server.post("/v1/history:forget", "{\"identity\":\"=person 1\"}");
    assertEquals("{\"removedRows\":2}", reply.body().toString());
    assertEquals(2, ask("/v1/history/visits").path("visits").size());
    String audit = ask("/v1/history/audit").toString();
    assertTrue(audit.contains("POST /v1/history:forget"), audit);
    assertFalse(audit.contains("person"), audit);
  }

  @Test
  void shouldGiveReportsByTheirCode() {
    String code =
        RunningServer.get(
            server
                .history()
                .keepReport(JsonNodeFactory.instance.objectNode().put("verdict", "failed")));
    assertEquals(code, ask("/v1/diagnostics").at("/reports/0/reportId").asText());
    assertEquals("failed", ask("/v1/diagnostics/" + code).at("/report/verdict").asText());
    assertEquals(404, server.get("/v1/diagnostics/00000000").status());
  }

  @Test
  void shouldSayThatThereIsNoHistory() {
    try (RunningServer without =
        new RunningServer(List.of(), new HistoryPlace.None("history.enabled is false"))) {
      for (String path :
          List.of(
              "/v1/history/visits",
              "/v1/history/visits/vi_1",
              "/v1/history/audit:export",
              "/v1/diagnostics")) {
        RunningServer.Reply reply = without.get(path);
        assertEquals(503, reply.status(), path);
        assertEquals("history_unavailable", reply.code());
        assertEquals("history.enabled is false", reply.body().path("detail").asText());
      }
      assertEquals(503, without.post("/v1/history:forget", "{\"identity\":\"ann\"}").status());
      assertEquals("", without.join("standup").error());
      assertEquals("[]", without.get("/readyz").body().path("warnings").toString());
    }
  }

  @Test
  void shouldWarnWhileTheDatabaseIsBroken(
      @org.junit.jupiter.api.io.TempDir java.nio.file.Path directory) throws Exception {
    java.nio.file.Path file = java.nio.file.Files.writeString(directory.resolve("f"), "no folder");
    try (RunningServer broken =
        new RunningServer(List.of(), new HistoryPlace.File(file.resolve("below")), false)) {
      while (broken.history().trouble().isEmpty()) {
        Thread.onSpinWait();
      }
      RunningServer.Reply ready = broken.get("/readyz");
      assertEquals(200, ready.status());
      assertTrue(ready.body().path("warnings").toString().contains("takes no entries"));
      assertEquals("history_unavailable", broken.get("/v1/history/rooms").code());
      assertEquals("", broken.join("standup").error());
    }
  }
}
