package dev.parley.admin.rest;

import dev.parley.admin.quality.QualityWatch;
import dev.parley.signaling.Operator;
import dev.parley.signaling.room.OperatorRooms;
import dev.parley.signaling.room.Outcome;
import dev.parley.signaling.room.RoomView;
import dev.parley.signaling.wire.Refusal;
import io.vertx.core.Future;
import java.time.DateTimeException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** How good calls are: {@code quality} of a room, {@code timeline} and {@code diagnosis}. */
final class QualityOperations {
  private static final String ONE = "/v1/rooms/{room}/participants/{participant}";
  private static final int USUAL_SEC = 300;
  private static final int MOST_SEC = 600;

  private final Operator operator;
  private final QualityWatch watch;
  private final InstantSource clock = InstantSource.system();

  QualityOperations(Operator operator, QualityWatch watch) {
    this.operator = operator;
    this.watch = watch;
  }

  List<Operation> all() {
    return List.of(
        Operation.get("/v1/rooms/{room}/quality", this::room),
        Operation.get(ONE + "/timeline", this::timeline),
        Operation.get(ONE + "/diagnosis", this::diagnosis));
  }

  private Future<Answer> room(Call call) {
    String name = call.path("room");
    return Answer.of(
        operator.rooms(rooms -> rooms.get(name)),
        (RoomView open) -> {
          List<QualityWatch.View> everybody = watch.room(name);
          List<Map<String, Object>> participants = new ArrayList<>();
          List<Map<String, Object>> views = new ArrayList<>();
          for (QualityWatch.View view : everybody) {
            Map<String, Object> one = who(view.person());
            view.latest().map(QualityViews::of).ifPresent(one::putAll);
            participants.add(one);
            view.shown()
                .forEach(shown -> views.add(QualityViews.of(view.person().participantId(), shown)));
          }
          Map<String, Object> map = new LinkedHashMap<>();
          map.put("room", name);
          map.put("at", QualityViews.time(clock.millis()));
          map.put("participants", participants);
          map.put("views", views);
          return Answer.ok(map);
        });
  }

  private static Map<String, Object> who(OperatorRooms.Person person) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("participantId", person.participantId());
    map.put("identity", person.identity());
    map.put("displayName", person.displayName());
    map.put("role", person.role());
    return map;
  }

  private Future<Answer> timeline(Call call) {
    long sinceMs;
    try {
      sinceMs = call.moment("since").orElse(0L);
    } catch (DateTimeException notOne) {
      return Future.succeededFuture(
          Answer.refused(Refusal.badField("since", "a time such as 2026-01-31T12:00:00Z")));
    }
    return of(
        call,
        sinceMs,
        history -> {
          Map<String, Object> map = who(history.person());
          map.put("intervalSec", watch.interval().toMillis() / 1000.0);
          map.put("samples", QualityViews.samples(history.samples()));
          map.put("switches", history.switches().stream().map(QualityViews::of).toList());
          return map;
        });
  }

  /** Empty: not 1 to {@value #MOST_SEC}. */
  private static Optional<Integer> seconds(String text) {
    try {
      return Optional.of(Integer.parseInt(text)).filter(sec -> sec > 0 && sec <= MOST_SEC);
    } catch (NumberFormatException notOne) {
      return Optional.empty();
    }
  }

  private Future<Answer> diagnosis(Call call) {
    Optional<Integer> seconds =
        call.query("sec").map(QualityOperations::seconds).orElse(Optional.of(USUAL_SEC));
    if (seconds.isEmpty()) {
      return Future.succeededFuture(Answer.refused(Refusal.badField("sec", "1 to " + MOST_SEC)));
    }
    return of(
        call,
        clock.millis() - seconds.get() * 1000L,
        history -> {
          Map<String, Object> map = who(history.person());
          map.putAll(QualityViews.of(history.diagnosis()));
          return map;
        });
  }

  /** Who is inside and was not measured yet has an empty history. */
  private Future<Answer> of(
      Call call, long sinceMs, Function<QualityWatch.History, Map<String, Object>> view) {
    String room = call.path("room");
    String id = call.path("participant");
    return Answer.later(operator.rooms(rooms -> rooms.person(room, id)))
        .map(outcome ->
            switch (outcome) {
              case Outcome.Refused<OperatorRooms.Person>(Refusal refusal) ->
                  Answer.refused(refusal);
              case Outcome.Done<OperatorRooms.Person>(OperatorRooms.Person person) ->
                  Answer.ok(
                      view.apply(
                          watch
                              .history(room, id, sinceMs)
                              .orElseGet(
                                  () -> new QualityWatch.History(person, List.of(), List.of()))));
            });
  }
}
