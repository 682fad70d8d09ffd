package dev.parley.admin.rest;

import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.util.function.Function;

/**
 * One thing that can be asked.
 *
 * @param path as in OpenAPI, for instance {@code /v1/rooms/{room}:end}
 * @param remembered whether an {@code Idempotency-Key} counts
 * @param action starts on the port's event loop; fails for a fault of ours only
 */
record Operation(
    HttpMethod method,
    String path,
    AdminRole role,
    boolean remembered,
    Function<Call, Future<Answer>> action) {
  static Operation get(String path, Function<Call, Future<Answer>> action) {
    return new Operation(HttpMethod.GET, path, AdminRole.READ, false, action);
  }

  static Operation post(String path, Function<Call, Future<Answer>> action) {
    return new Operation(HttpMethod.POST, path, AdminRole.OPERATE, true, action);
  }

  /** A secret that is made anew each time, and never kept. */
  static Operation mint(String path, Function<Call, Future<Answer>> action) {
    return new Operation(HttpMethod.POST, path, AdminRole.OPERATE, false, action);
  }

  /** A variable takes all but slashes and the colon of a verb. */
  String regex() {
    return "^" + path.replace(".", "\\.").replaceAll("\\{(\\w+)}", "(?<$1>[^/:]+)") + "$";
  }

  boolean changes() {
    return role == AdminRole.OPERATE;
  }
}
