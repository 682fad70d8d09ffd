package dev.parley.admin.rest;

import dev.parley.signaling.Operator;
import dev.parley.signaling.session.SessionView;
import io.vertx.core.Future;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code /v1/sessions}. */
final class SessionOperations {
  private final Operator operator;

  SessionOperations(Operator operator) {
    this.operator = operator;
  }

  List<Operation> all() {
    return List.of(
        Operation.get(
            "/v1/sessions",
            call ->
                Pages.answer(
                    call,
                    Answer.later(operator.sessions()),
                    "sessions",
                    SessionView::sessionId,
                    SessionOperations::view)),
        Operation.post("/v1/sessions/{session}:end", this::end));
  }

  private Future<Answer> end(Call call) {
    String reason = call.body().text("reason", RoomOperations.TEXT_CHARS).orElse("");
    return call.checked(
        () -> Answer.of(operator.endSession(call.path("session"), reason), done -> Answer.DONE));
  }

  private static Map<String, Object> view(SessionView session) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("sessionId", session.sessionId());
    map.put("identity", session.identity());
    map.put("away", session.away());
    return map;
  }
}
