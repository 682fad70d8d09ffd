package dev.parley.admin.rest;

import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.util.function.Function;

/**
 * One thing that can be asked.
 *
 * @param path as in OpenAPI, for instance {@code /v1/rooms/{room}:end}
 * @param action starts on the port's event loop; fails for a fault of ours only
 */
record Operation(
    HttpMethod method, String path, AdminRole role, Function<Call, Future<Answer>> action) {
  static Operation get(String path, Function<Call, Future<Answer>> action) {
    return new Operation(HttpMethod.GET, path, AdminRole.READ, action);
  }

  static Operation post(String path, Function<Call, Future<Answer>> action) {
    return new Operation(HttpMethod.POST, path, AdminRole.OPERATE, action);
  }

  /** A variable takes all but slashes and the colon of a verb. */
  String regex() {
    return "^" + path.replace(".", "\\.").replaceAll("\\{(\\w+)}", "(?<$1>[^/:]+)") + "$";
  }

  boolean changes() {
    return role == AdminRole.OPERATE;
  }
}
