package dev.parley.signaling.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.signaling.wire.ErrorCode;
import dev.parley.signaling.wire.Refusal;
import dev.parley.signaling.wire.WireJson;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;

/** Errors over HTTP: problem details (RFC 9457) whose {@code code} is that of {@code sfu.v1}. */
public final class Problem {
  private Problem() {}

  /** Answers with a refusal; the status follows from its code. */
  public static void send(HttpServerResponse response, Refusal refusal) {
    int status = status(refusal.code());
    if (status == 401) {
      response.putHeader(
          "WWW-Authenticate",
          refusal.code() == ErrorCode.NOT_AUTHENTICATED
              ? "Bearer"
              : "Bearer error=\"invalid_token\"");
    }
    if (status == 503 || status == 429) {
      long retryMs = refusal.retryAfterMs().orElse(5000);
      response.putHeader("Retry-After", Long.toString(Math.max(1, (retryMs + 999) / 1000)));
    }
    ObjectNode problem = body(status, refusal.message()).put("code", refusal.code().wireName());
    refusal.details().forEach(problem::put);
    end(response, status, problem);
  }

  /** Answers what HTTP itself refuses: a path, a method, a media type. */
  public static void send(HttpServerResponse response, int status, String detail) {
    end(response, status, body(status, detail));
  }

  /** The HTTP status of a code. */
  public static int status(ErrorCode code) {
    return switch (code) {
      case BAD_REQUEST, UNSUPPORTED_VERSION, SDP_INVALID -> 400;
      case NOT_AUTHENTICATED, TOKEN_INVALID, TOKEN_EXPIRED, TOKEN_NOT_YET_VALID -> 401;
      case FORBIDDEN, WRONG_PASSWORD, BANNED, QUEUE_DENIED -> 403;
      case UNKNOWN_TYPE, SESSION_NOT_FOUND, NOT_IN_ROOM, ROOM_NOT_FOUND -> 404;
      case ALREADY_JOINED, DUPLICATE_IDENTITY, STALE_GENERATION, TIMER_CONFLICT -> 409;
      case ROOM_ENDED, TICKET_EXPIRED -> 410;
      case MESSAGE_TOO_BIG -> 413;
      case SDP_UNSUPPORTED, NO_COMMON_CODEC, SLOT_LIMIT -> 422;
      case RATE_LIMITED -> 429;
      case INTERNAL -> 500;
      case ROOM_FULL,
          ROOM_LOCKED,
          QUEUE_FULL,
          QUEUE_CLOSED,
          TOO_MANY_CONNECTIONS,
          SERVER_FULL,
          DRAINING ->
          503;
    };
  }

  private static ObjectNode body(int status, String detail) {
    return WireJson.MAPPER
        .createObjectNode()
        .put("type", "about:blank")
        .put("title", HttpResponseStatus.valueOf(status).reasonPhrase())
        .put("status", status)
        .put("detail", detail);
  }

  private static void end(HttpServerResponse response, int status, ObjectNode problem) {
    response
        .setStatusCode(status)
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/problem+json")
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .end(WireJson.write(problem));
  }
}
