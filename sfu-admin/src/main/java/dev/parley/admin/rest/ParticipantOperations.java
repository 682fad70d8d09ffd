package dev.parley.admin.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.parley.signaling.Operator;
import dev.parley.signaling.room.OperatorRooms;
import dev.parley.signaling.room.Outcome;
import dev.parley.signaling.wire.Moderation;
import dev.parley.signaling.wire.Refusal;
import dev.parley.signaling.wire.RequestCodec;
import dev.parley.signaling.wire.WireJson;
import io.vertx.core.Future;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** {@code /v1/rooms/{room}/participants}. */
final class ParticipantOperations {
  private static final int MOST_BAN_SEC = 7 * 86_400;
  private static final String ONE = "/v1/rooms/{room}/participants/{participant}";

  private final Operator operator;

  ParticipantOperations(Operator operator) {
    this.operator = operator;
  }

  List<Operation> all() {
    return List.of(
        Operation.get("/v1/rooms/{room}/participants", this::list),
        Operation.get(ONE, this::get),
        Operation.post(
            ONE + ":mute",
            call ->
                moderate(
                    call,
                    body ->
                        new Moderation.Mute(
                            id(call), body.word("source", RoomOperations.SOURCES)))),
        Operation.post(
            ONE + ":kick",
            call ->
                moderate(
                    call,
                    body ->
                        new Moderation.Kick(
                            id(call),
                            body.integer("banSec", 0, MOST_BAN_SEC).orElse(0),
                            body.text("reason", RoomOperations.TEXT_CHARS).orElse("")))),
        Operation.post(ONE + ":move", this::move),
        Operation.post(
            ONE + ":toQueue",
            call ->
                moderate(
                    call,
                    body -> new Moderation.ToQueue(id(call), body.flag("head").orElse(false)))));
  }

  private static String id(Call call) {
    return call.path("participant");
  }

  private Future<Answer> moderate(Call call, Function<Body, Moderation> reader) {
    Moderation request = reader.apply(call.body());
    return call.checked(() -> RoomOperations.moderate(operator, call, request));
  }

  private Future<Answer> move(Call call) {
    String to = call.body().requiredMatch("room", RequestCodec.ROOM);
    String text = call.body().text("text", RoomOperations.TEXT_CHARS).orElse("");
    return call.checked(() ->
        Answer.of(
            operator.rooms(rooms -> rooms.move(call.path("room"), call.by(), id(call), to, text)),
            done -> Answer.DONE));
  }

  private Future<Answer> list(Call call) {
    Optional<Page> page = Pages.page(call);
    return page.isEmpty()
        ? Future.succeededFuture(Pages.NO_PAGE)
        : Answer.of(
            operator.rooms(rooms -> rooms.participants(call.path("room"))),
            all ->
                Answer.ok(
                    page.get()
                        .of(
                            "participants",
                            all,
                            one -> String.valueOf(one.get("id")),
                            ParticipantOperations::view)));
  }

  private Future<Answer> get(Call call) {
    return Answer.later(operator.rooms(rooms -> rooms.participant(call.path("room"), id(call))))
        .compose(outcome ->
            switch (outcome) {
              case Outcome.Refused<OperatorRooms.Visit>(Refusal refusal) ->
                  Future.succeededFuture(Answer.refused(refusal));
              case Outcome.Done<OperatorRooms.Visit>(OperatorRooms.Visit visit) -> whole(visit);
            });
  }

  /** Media that ends meanwhile is as none. */
  private static Future<Answer> whole(OperatorRooms.Visit visit) {
    Map<String, Object> map = view(visit.participant());
    return visit
        .media()
        .map(media ->
            Answer.later(media.snapshot())
                .otherwise(Map.of())
                .map(state -> {
                  if (!state.isEmpty()) {
                    map.put("media", state);
                  }
                  return Answer.ok(map);
                }))
        .orElseGet(() -> Future.succeededFuture(Answer.ok(map)));
  }

  private static Map<String, Object> view(Map<String, Object> participant) {
    Map<String, Object> map = new LinkedHashMap<>(participant);
    map.put("participantId", participant.get("id"));
    map.put("sessionId", participant.get("session"));
    map.remove("id");
    map.remove("session");
    if (map.get("clientStats") instanceof String text) {
      try {
        map.put("clientStats", WireJson.MAPPER.readValue(text, Map.class));
      } catch (JsonProcessingException notAnObject) {
        map.remove("clientStats");
      }
    }
    return map;
  }
}
