package dev.parley.admin.rest;

import dev.parley.signaling.http.Problem;
import dev.parley.signaling.room.Outcome;
import dev.parley.signaling.wire.ErrorCode;
import dev.parley.signaling.wire.Refusal;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * What a request is answered.
 *
 * @param headers besides the content's type
 * @param body a JSON-like map; empty for 204
 */
record Answer(int status, Map<String, String> headers, Map<String, Object> body) {
  static final Answer DONE = new Answer(204, Map.of(), Map.of());

  /** The operation sends it by itself. */
  static final Answer SENT = new Answer(200, Map.of(), Map.of());

  static Answer ok(Map<String, Object> body) {
    return new Answer(200, Map.of(), body);
  }

  @SuppressWarnings("ReferenceEquality")
  boolean isSent() {
    return this == SENT;
  }

  boolean isProblem() {
    return status >= 400;
  }

  /** The code of a problem; empty for any other answer. */
  Optional<String> code() {
    return isProblem() ? Optional.of(String.valueOf(body.get("code"))) : Optional.empty();
  }

  Answer with(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new Answer(status, more, body);
  }

  /** A problem (RFC 9457) whose type is a URN by code. */
  static Answer problem(int status, String code, String detail) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("type", "urn:parley:problem:" + code);
    body.put("title", HttpResponseStatus.valueOf(status).reasonPhrase());
    body.put("status", status);
    body.put("code", code);
    body.put("detail", detail);
    return new Answer(status, Map.of(), body);
  }

  static Answer refused(Refusal refusal) {
    // The server is what it is asked about: it cannot be away.
    int usual = Problem.status(refusal.code());
    int status = refusal.code() == ErrorCode.DRAINING ? 409 : usual;
    Answer answer = problem(status, refusal.code().wireName(), refusal.message());
    answer.body().putAll(refusal.details());
    return status == 503
        ? answer.with("Retry-After", Long.toString(1 + refusal.retryAfterMs().orElse(4000) / 1000))
        : answer;
  }

  /** The answer to what the room thread was asked, on the caller's event loop. */
  static <T> Future<Answer> of(CompletionStage<Outcome<T>> asked, Function<T, Answer> done) {
    return later(asked)
        .map(outcome ->
            switch (outcome) {
              case Outcome.Done<T>(T value) -> done.apply(value);
              case Outcome.Refused<T>(Refusal refusal) -> refused(refusal);
            });
  }

  static <T> Future<T> later(CompletionStage<T> asked) {
    return Future.fromCompletionStage(asked, Vertx.currentContext());
  }
}
