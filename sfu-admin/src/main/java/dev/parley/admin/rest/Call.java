package dev.parley.admin.rest;

import dev.parley.signaling.wire.Refusal;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * One request that may be made.
 *
 * @param by the caller's name
 */
record Call(RoutingContext http, String by, Body body) {
  /** A variable of the path. */
  String path(String name) {
    String value = http.pathParam(name);
    return value == null ? "" : value;
  }

  Optional<String> query(String name) {
    return http.queryParam(name).stream().findFirst();
  }

  /**
   * A time of the query, in milliseconds since 1970.
   *
   * @throws DateTimeException when it is none
   */
  Optional<Long> moment(String name) {
    try {
      return query(name).map(text -> Instant.parse(text).toEpochMilli());
    } catch (ArithmeticException tooFar) {
      throw new DateTimeException(name + " is too far from now", tooFar);
    }
  }

  Optional<String> header(String name) {
    return Optional.ofNullable(http.request().getHeader(name));
  }

  /** Goes on unless something is wrong with the body; to be called when all of it is read. */
  Future<Answer> checked(Supplier<Future<Answer>> action) {
    Optional<Refusal> problem = body.problem();
    return problem
        .map(refusal -> Future.succeededFuture(Answer.refused(refusal)))
        .orElseGet(action);
  }
}
