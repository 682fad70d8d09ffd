package dev.parley.admin.rest;

import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Answers lists page by page. */
final class Pages {
  private Pages() {}

  static <T> Future<Answer> answer(
      Call call,
      Future<List<T>> all,
      String name,
      Function<T, String> key,
      Function<T, Map<String, Object>> view) {
    Optional<Page> page = page(call);
    return page.isEmpty()
        ? Future.succeededFuture(NO_PAGE)
        : all.map(items -> Answer.ok(page.get().of(name, items, key, view)));
  }

  static Optional<Page> page(Call call) {
    return Page.of(call.query("limit"), call.query("cursor"));
  }

  static final Answer NO_PAGE =
      Answer.problem(
          400,
          "bad_request",
          "limit: expected 1.." + Page.MOST + "; cursor: expected the nextCursor of a page");
}
