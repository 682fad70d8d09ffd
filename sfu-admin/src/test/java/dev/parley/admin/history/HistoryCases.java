package dev.parley.admin.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.admin.audit.AuditEntry;
import dev.parley.admin.quality.QualityMinute;
import dev.parley.admin.quality.VisitRef;
import dev.parley.signaling.room.RoomEvent;
import dev.parley.signaling.wire.WireJson;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every database must do; each one has a subclass that says where it is. */
abstract class HistoryCases {
  private static final long T = Instant.parse("2030-01-01T00:00:00Z").toEpochMilli();

  private final AtomicLong nowMs = new AtomicLong(T);
  private HistoryPlace place;
  private History history;

  /** A place that nobody has used. */
  abstract HistoryPlace fresh() throws Exception;

  @BeforeEach
  void open() throws Exception {
    place = fresh();
    history = reopened();
  }

  @AfterEach
  void close() {
    history.close();
  }

  private History reopened() {
    History opened =
        History.open(
            new HistoryConfig(place, 30, 5000),
            () -> Instant.ofEpochMilli(nowMs.get()),
            Duration.ofMillis(20));
    get(opened.written());
    return opened;
  }

  private static <T> T get(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }

  private List<ObjectNode> rows(Listing listing) {
    return rows(HistoryQuery.of(listing, 100));
  }

  private List<ObjectNode> rows(HistoryQuery query) {
    get(history.written());
    return get(history.find(query)).rows();
  }

  private Happenings room(String name) {
    return new Happenings(history, name, "rm_" + name);
  }

  @Test
  void shouldTellOfAVisitFromTheQueueToItsEnd() {
    Happenings clinic = room("clinic");
    clinic.opened(T);
    clinic.tell(RoomEvent.Type.QUEUE_JOINED, T + 1000, "ticketId", "qt_1", "identity", "ann");
    clinic.tell(RoomEvent.Type.QUEUE_ADMITTED, T + 31_000, "ticketId", "qt_1", "identity", "ann");
    clinic.joined("pa_1", "ann", T + 32_000);
    clinic.tell(
        RoomEvent.Type.PARTICIPANT_CONNECTED,
        T + 32_400,
        "participantId",
        "pa_1",
        "identity",
        "ann",
        "answerMs",
        "11",
        "iceMs",
        "120",
        "dtlsMs",
        "60");
    nowMs.set(T + 40_000);
    JsonNode inside = rows(Listing.VISITS).getFirst();
    assertTrue(inside.path("leftAt").isNull());
    assertEquals(8.0, inside.path("durationSec").asDouble());
    clinic.tell(
        RoomEvent.Type.PARTICIPANT_LEFT,
        T + 92_000,
        "participantId",
        "pa_1",
        "identity",
        "ann",
        "reason",
        "kicked",
        "cause",
        "banned",
        "answerMs",
        "11",
        "iceMs",
        "120",
        "dtlsMs",
        "60",
        "firstPacketMs",
        "35");
    clinic.closed(T + 93_000);
    JsonNode visit = rows(Listing.VISITS).getFirst();
    assertEquals("clinic", visit.path("room").asText());
    assertEquals("rm_clinic", visit.path("roomId").asText());
    assertEquals("pa_1", visit.path("participantId").asText());
    assertEquals("ann", visit.path("identity").asText());
    assertEquals("The ann", visit.path("displayName").asText());
    assertEquals("guest", visit.path("role").asText());
    assertEquals("2030-01-01T00:00:32Z", visit.path("joinedAt").asText());
    assertEquals("2030-01-01T00:01:32Z", visit.path("leftAt").asText());
    assertEquals(60.0, visit.path("durationSec").asDouble());
    assertEquals("banned", visit.path("leaveReason").asText());
    assertEquals(30.0, visit.path("queueWaitSec").asDouble());
    assertEquals(
        "{\"answerMs\":11,\"iceMs\":120,\"dtlsMs\":60,\"firstPacketMs\":35}",
        visit.path("join").toString());
    assertTrue(visit.path("levelMean").isNull());
    assertEquals("unknown", visit.path("verdict").asText());
    JsonNode wait = rows(Listing.QUEUE).getFirst();
    assertEquals("joined", wait.path("outcome").asText());
    assertEquals(30.0, wait.path("waitedSec").asDouble());
    assertEquals(
        visit,
        get(history.visit(visit.path("visitId").asText())).orElseThrow().row(),
        "the same by id");
    assertTrue(get(history.visit("vi_999999")).isEmpty());
    assertTrue(get(history.visit("'; DROP TABLE visit; --")).isEmpty());
  }

  private static QualityMinute minute(long atMs, int seconds, int poor, int least, double mean) {
    return new QualityMinute(
        atMs,
        seconds,
        poor,
        least,
        mean,
        0.05,
        0.2,
        0.01,
        0.02,
        45,
        90,
        7,
        -1,
        100,
        200,
        300,
        0,
        3,
        "udp",
        java.util.Map.of("loss_down", poor));
  }

  @Test
  void shouldJudgeAVisitByItsMinutes() {
    Happenings room = room("r");
    VisitRef ann = new VisitRef("r", "rm_r", "pa_1", "ann", "Ann");
    room.opened(T);
    room.joined("pa_1", "ann", T);
    room.joined("pa_2", "ben", T);
    history.onMinute(ann, minute(T, 60, 0, 4, 4.5));
    history.onMinute(ann, minute(T + 60_000, 60, 40, 1, 2.5));
    JsonNode inside = rows(HistoryQuery.of(Listing.VISITS, 9).where("identity", "ann")).getFirst();
    assertEquals(3.5, inside.path("levelMean").asDouble());
    assertEquals(1, inside.path("levelLeast").asInt());
    assertEquals("udp", inside.path("path").asText());
    assertEquals("unknown", inside.path("verdict").asText(), "it is not over");
    room.left("pa_1", "ann", "left", T + 130_000);
    // The minute that was not whole is told last.
    history.onMinute(ann, minute(T + 120_000, 10, 10, 0, 0));
    history.onMinute(new VisitRef("r", "rm_r", "pa_gone", "x", "X"), minute(T, 60, 0, 5, 5));
    String id =
        rows(HistoryQuery.of(Listing.VISITS, 9).where("identity", "ann"))
            .getFirst()
            .path("visitId")
            .asText();
    PastVisit visit = get(history.visit(id)).orElseThrow();
    assertEquals("bad", visit.row().path("verdict").asText());
    assertEquals(0, visit.row().path("levelLeast").asInt());
    assertEquals(
        List.of(
            minute(T, 60, 0, 4, 4.5),
            minute(T + 60_000, 60, 40, 1, 2.5),
            minute(T + 120_000, 10, 10, 0, 0)),
        visit.minutes());
    assertEquals(3.23, rows(Listing.ROOMS).getFirst().path("levelMean").asDouble());
    assertEquals(0, history.dropped());
    assertEquals(3, get(history.forget("ann")), "a visit, and two events of it");
    assertTrue(get(history.visit(id)).isEmpty());
  }

  @Test
  void shouldSayHowEachOneLeft() {
    Happenings room = room("r");
    room.opened(T);
    List<String> reasons =
        List.of("left", "disconnected", "timeout", "kicked", "time_up", "switched", "room_ended");
    for (String reason : reasons) {
      room.joined("pa_" + reason, "i-" + reason, T);
      room.left("pa_" + reason, "i-" + reason, reason, T + 1);
    }
    assertEquals(
        List.of(
            "room_ended",
            "switched",
            "time_up",
            "kicked",
            "connection_lost",
            "connection_lost",
            "left"),
        rows(Listing.VISITS).stream().map(row -> row.path("leaveReason").asText()).toList());
  }

  @Test
  void shouldCountTheVisitsAndThePeakOfARoom() {
    Happenings room = room("r");
    room.opened(T);
    room.joined("pa_1", "a", T + 1);
    room.joined("pa_2", "b", T + 2);
    room.left("pa_1", "a", "left", T + 3);
    room.joined("pa_3", "a", T + 4);
    JsonNode open = rows(Listing.ROOMS).getFirst();
    assertEquals(3, open.path("visits").asInt());
    assertEquals(2, open.path("peakParticipants").asInt());
    assertTrue(open.path("closedAt").isNull());
    room.closed(T + 5000);
    assertEquals("2030-01-01T00:00:05Z", rows(Listing.ROOMS).getFirst().path("closedAt").asText());
    // Nobody is inside a closed room, even if its end was not heard.
    assertTrue(rows(Listing.VISITS).stream().noneMatch(row -> row.path("leaveReason").isNull()));
  }

  @Test
  void shouldGiveThePlaceUpOfWhoWasAdmittedAndDidNotCome() {
    Happenings room = room("r");
    room.tell(RoomEvent.Type.QUEUE_JOINED, T, "ticketId", "qt_1", "identity", "ann");
    room.tell(RoomEvent.Type.QUEUE_ADMITTED, T + 5000, "ticketId", "qt_1", "identity", "ann");
    room.tell(RoomEvent.Type.QUEUE_EXPIRED, T + 65_000, "ticketId", "qt_1", "identity", "ann");
    JsonNode wait = rows(Listing.QUEUE).getFirst();
    assertEquals("expired", wait.path("outcome").asText());
    assertEquals(5.0, wait.path("waitedSec").asDouble());
  }

  @Test
  void shouldChooseByRoomPersonAndTime() {
    for (int i = 0; i < 6; i++) {
      Happenings room = room(i % 2 == 0 ? "even" : "odd");
      room.joined("pa_" + i, "person-" + i / 2, T + i * 1000L);
    }
    HistoryQuery all = HistoryQuery.of(Listing.VISITS, 100);
    assertEquals(3, rows(all.where("room", "even")).size());
    assertEquals(2, rows(all.where("identity", "person-1")).size());
    assertEquals(0, rows(all.where("identity", "Person-1")).size(), "case counts");
    assertEquals(
        List.of("pa_3", "pa_2"),
        rows(
                new HistoryQuery(
                    Listing.VISITS,
                    java.util.Map.of(),
                    T + 2000,
                    T + 4000,
                    HistoryQuery.FROM_START,
                    100))
            .stream()
            .map(row -> row.path("participantId").asText())
            .toList());
    assertEquals(3, rows(HistoryQuery.of(Listing.EVENTS, 100).where("roomId", "rm_odd")).size());
  }

  @Test
  void shouldGivePagesThatNewRowsDoNotMove() {
    Happenings room = room("r");
    for (int i = 0; i < 25; i++) {
      room.joined("pa_" + i, "ann", T + i);
    }
    get(history.written());
    List<String> seen = new ArrayList<>();
    HistoryQuery query = HistoryQuery.of(Listing.VISITS, 10);
    while (true) {
      HistoryPage page = get(history.find(query));
      page.rows().forEach(row -> seen.add(row.path("participantId").asText()));
      room.joined("pa_new" + seen.size(), "ann", T + 100);
      get(history.written());
      if (page.lastId().isEmpty()) {
        break;
      }
      query = query.behind(page.lastId().getAsLong());
    }
    List<String> expected = new ArrayList<>();
    for (int i = 24; i >= 0; i--) {
      expected.add("pa_" + i);
    }
    assertEquals(expected, seen);
  }

  @Test
  void shouldKeepWhatOperatorsDid() {
    history.onAudit(
        new AuditEntry(T, "ops", "192.0.2.1", "POST /v1/rooms", "/v1/rooms", 201, "done"));
    history.onAudit(
        new AuditEntry(T + 1, "bot", "192.0.2.2", "POST /v1/x", "/v1/x", 409, "conflict"));
    assertEquals(2, rows(Listing.AUDIT).size());
    JsonNode one = rows(HistoryQuery.of(Listing.AUDIT, 10).where("by", "ops")).getFirst();
    assertEquals(
        "{\"at\":\"2030-01-01T00:00:00Z\",\"by\":\"ops\",\"from\":\"192.0.2.1\","
            + "\"operation\":\"POST /v1/rooms\",\"on\":\"/v1/rooms\",\"status\":201,"
            + "\"outcome\":\"done\"}",
        one.toString());
  }

  @Test
  void shouldTakeAnyText() {
    String odd = "\"'; --\\ \u0000\u202e\ud800 ґ 😀 =1+1";
    Happenings room = room("r");
    room.joined("pa_1", odd, T);
    room.joined("pa_2", "x".repeat(5000), T);
    List<ObjectNode> visits = rows(Listing.VISITS);
    assertEquals(2, visits.size());
    assertEquals(256, visits.getFirst().path("identity").asText().length());
    assertEquals("\"'; --\\  ґ 😀 =1+1", visits.getLast().path("identity").asText());
    assertEquals(
        1, rows(HistoryQuery.of(Listing.VISITS, 10).where("identity", odd)).size(), "found by it");
    assertEquals(0, history.dropped());
  }

  @Test
  void shouldDropWhatCannotBeWrittenAndNothingElse() {
    Happenings room = room("r");
    room.joined("pa_1", "ann", T);
    new Happenings(history, "r", "rm_" + "x".repeat(100)).joined("pa_2", "ben", T);
    room.joined("pa_3", "cem", T);
    assertEquals(
        List.of("pa_3", "pa_1"),
        rows(Listing.VISITS).stream().map(row -> row.path("participantId").asText()).toList());
    assertEquals(1, history.dropped());
  }

  @Test
  void shouldCloseAtTheNextStartWhatWasLeftOpen() {
    Happenings room = room("r");
    room.opened(T);
    room.joined("pa_1", "ann", T + 1000);
    room.tell(RoomEvent.Type.QUEUE_JOINED, T + 2000, "ticketId", "qt_1", "identity", "ben");
    room.tell(RoomEvent.Type.TIMER_STATE, T + 9000, "state", "running");
    get(history.written());
    history.close();
    nowMs.set(T + 3_600_000);
    history = reopened();
    JsonNode visit = rows(Listing.VISITS).getFirst();
    assertEquals("server_stopped", visit.path("leaveReason").asText());
    assertEquals("2030-01-01T00:00:09Z", visit.path("leftAt").asText());
    assertEquals("2030-01-01T00:00:09Z", rows(Listing.ROOMS).getFirst().path("closedAt").asText());
    assertEquals("server_stopped", rows(Listing.QUEUE).getFirst().path("outcome").asText());
    // The rooms' state file brought the ticket back.
    room("r")
        .tell(RoomEvent.Type.QUEUE_ADMITTED, T + 20_000, "ticketId", "qt_1", "identity", "ben");
    JsonNode wait = rows(Listing.QUEUE).getFirst();
    assertEquals("admitted", wait.path("outcome").asText());
    assertEquals(18.0, wait.path("waitedSec").asDouble());
  }

  @Test
  void shouldNotTakeAnAdmissionBeforeAStopForTheNextVisitsWait() {
    Happenings before = room("r");
    before.tell(RoomEvent.Type.QUEUE_JOINED, T, "ticketId", "qt_1", "identity", "ann");
    before.tell(RoomEvent.Type.QUEUE_ADMITTED, T + 5000, "ticketId", "qt_1", "identity", "ann");
    get(history.written());
    history.close();
    history = reopened();
    JsonNode wait = rows(Listing.QUEUE).getFirst();
    assertEquals("server_stopped", wait.path("outcome").asText());
    assertEquals(5.0, wait.path("waitedSec").asDouble());
    new Happenings(history, "r", "rm_later").joined("pa_1", "ann", T + 86_400_000);
    assertTrue(rows(Listing.VISITS).getFirst().path("queueWaitSec").isNull());
  }

  @Test
  void shouldEndTheWaitsOfARoomWithIt() {
    Happenings room = room("r");
    room.opened(T);
    room.tell(RoomEvent.Type.QUEUE_JOINED, T, "ticketId", "qt_1", "identity", "ann");
    room.tell(RoomEvent.Type.QUEUE_JOINED, T, "ticketId", "qt_2", "identity", "ben");
    room.tell(RoomEvent.Type.QUEUE_ADMITTED, T + 5000, "ticketId", "qt_2", "identity", "ben");
    room("other").tell(RoomEvent.Type.QUEUE_JOINED, T, "ticketId", "qt_3", "identity", "cem");
    // What became of them was dropped.
    room.closed(T + 9000);
    assertEquals(
        List.of("cem waiting", "ben left 5.0", "ann left 9.0"),
        rows(Listing.QUEUE).stream()
            .map(row -> {
              String outcome = row.path("outcome").asText();
              String waited = " " + row.path("waitedSec").asDouble();
              return row.path("identity").asText()
                  + " "
                  + outcome
                  + (outcome.equals("waiting") ? "" : waited);
            })
            .toList());
  }

  @Test
  void shouldForgetOnePersonOnly() {
    Happenings room = room("r");
    for (String identity : List.of("ann", "ben")) {
      room.joined("pa_" + identity, identity, T);
      room.tell(RoomEvent.Type.QUEUE_JOINED, T, "ticketId", "qt_" + identity, "identity", identity);
      room.tell(RoomEvent.Type.MODERATION, T, "by", identity, "request", "mute", "done", "true");
    }
    assertEquals(5, get(history.forget("ann")), "a visit, a wait, three events");
    for (Listing listing : List.of(Listing.VISITS, Listing.EVENTS, Listing.QUEUE)) {
      List<ObjectNode> rows = rows(listing);
      assertFalse(rows.isEmpty());
      assertFalse(rows.toString().contains("ann"), listing.wireName());
    }
    assertEquals(0, get(history.forget("ann")));
  }

  @Test
  void shouldDeleteWhatIsOlderThanItMayBe() {
    for (int day = 0; day < 40; day++) {
      long atMs = T + Duration.ofDays(day).toMillis();
      Happenings room = new Happenings(history, "r", "rm_" + day);
      room.opened(atMs);
      room.joined("pa_" + day, "ann", atMs);
      room.left("pa_" + day, "ann", "left", atMs + 1);
      room.closed(atMs + 2);
    }
    Happenings running = new Happenings(history, "r", "rm_running");
    running.joined("pa_running", "ben", T);
    assertEquals(41, rows(Listing.VISITS).size());
    nowMs.set(T + Duration.ofDays(40).toMillis());
    awaitRows(Listing.VISITS, 31);
    assertEquals(30, rows(Listing.ROOMS).size());
    assertEquals(30 * 4, get(history.find(HistoryQuery.of(Listing.EVENTS, 1000))).rows().size());
    assertTrue(rows(Listing.VISITS).toString().contains("pa_running"), "it is still going on");
  }

  /** The writer deletes between its batches, so each look gives it another turn. */
  private void awaitRows(Listing listing, int expected) {
    for (int looks = 0; looks < 1000; looks++) {
      if (rows(listing).size() == expected) {
        return;
      }
    }
    assertEquals(expected, rows(listing).size());
  }

  @Test
  void shouldKeepReportsUnderACodeThatCanBeReadOut() throws Exception {
    ObjectNode report =
        (ObjectNode) WireJson.MAPPER.readTree("{\"verdict\":\"ok\",\"x\":[\"\\u0000\\ud800\"]}");
    Set<String> codes = new HashSet<>();
    for (int i = 0; i < 50; i++) {
      codes.add(get(history.keepReport(report)));
    }
    assertEquals(50, codes.size());
    String code = codes.iterator().next();
    assertTrue(code.matches("[0-9A-HJKMNP-TV-Z]{8}"), code);
    String written = code.toLowerCase(java.util.Locale.ROOT).replace('0', 'o').replace('1', 'l');
    JsonNode found =
        get(history.report(written.substring(0, 4) + "-" + written.substring(4))).orElseThrow();
    assertEquals(code, found.path("reportId").asText());
    assertEquals("ok", found.at("/report/verdict").asText());
    assertEquals("\u0000?", found.at("/report/x/0").asText());
    assertEquals(50, rows(Listing.REPORTS).size());
    assertFalse(rows(Listing.REPORTS).toString().contains("verdict"));
  }
}
