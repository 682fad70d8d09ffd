package dev.parley.admin.rest;

import dev.parley.signaling.Operator;
import dev.parley.signaling.rules.TimerView;
import dev.parley.signaling.wire.TimerControl;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** {@code /v1/rooms/{room}/timer}. */
final class TimerOperations {
  private static final int LONGEST_SEC = 7 * 86_400;
  private static final String TIMER = "/v1/rooms/{room}/timer";

  private final Operator operator;

  TimerOperations(Operator operator) {
    this.operator = operator;
  }

  List<Operation> all() {
    return List.of(
        Operation.get(
            TIMER,
            call ->
                Answer.of(
                    operator.rooms(rooms -> rooms.timer(call.path("room"))),
                    TimerOperations::view)),
        Operation.post(
            TIMER + ":set",
            call ->
                control(
                    call,
                    body ->
                        new TimerControl.Set(body.requiredInteger("durationSec", 1, LONGEST_SEC)))),
        Operation.post(TIMER + ":start", call -> control(call, body -> new TimerControl.Start())),
        Operation.post(
            TIMER + ":pause", call -> control(call, body -> new TimerControl.Pause(true))),
        Operation.post(
            TIMER + ":resume", call -> control(call, body -> new TimerControl.Pause(false))),
        Operation.post(
            TIMER + ":extend",
            call ->
                control(
                    call,
                    body -> new TimerControl.Extend(body.requiredInteger("sec", 1, LONGEST_SEC)))),
        Operation.post(TIMER + ":stop", this::stop));
  }

  private Future<Answer> control(Call call, Function<Body, TimerControl> reader) {
    TimerControl request = reader.apply(call.body());
    return call.checked(() ->
        Answer.of(
            operator.rooms(rooms -> rooms.timer(call.path("room"), call.by(), request)),
            TimerOperations::view));
  }

  private Future<Answer> stop(Call call) {
    return call.checked(() ->
        Answer.of(
            operator.rooms(rooms -> rooms.stopTimer(call.path("room"), call.by())),
            TimerOperations::view));
  }

  private static Answer view(TimerView timer) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("state", timer.state().wireName());
    timer
        .startedAtMs()
        .ifPresent(atMs -> map.put("startedAt", Instant.ofEpochMilli(atMs).toString()));
    timer.endsAtMs().ifPresent(atMs -> map.put("endsAt", Instant.ofEpochMilli(atMs).toString()));
    map.put("remainingMs", timer.remainingMs());
    map.put("extendedSec", timer.extendedSec());
    return Answer.ok(map);
  }
}
