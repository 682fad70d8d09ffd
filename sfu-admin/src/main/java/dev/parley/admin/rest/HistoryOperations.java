package dev.parley.admin.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.admin.history.History;
import dev.parley.admin.history.HistoryPage;
import dev.parley.admin.history.HistoryQuery;
import dev.parley.admin.history.HistoryUnavailableException;
import dev.parley.admin.history.Listing;
import dev.parley.admin.history.PastVisit;
import dev.parley.admin.quality.Diagnosis;
import io.vertx.core.Future;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** {@code /v1/history} and {@code /v1/diagnostics}. */
final class HistoryOperations {
  private static final int IDENTITY_CHARS = 256;
  private static final String RETRY_SEC = "10";

  private final History history;

  HistoryOperations(History history) {
    this.history = history;
  }

  List<Operation> all() {
    List<Operation> all = new ArrayList<>();
    for (Listing listing : Listing.values()) {
      if (listing != Listing.REPORTS) {
        String path = "/v1/history/" + listing.wireName();
        all.add(Operation.get(path, call -> list(call, listing)));
        all.add(Operation.get(path + ":export", call -> export(call, listing)));
      }
    }
    all.add(
        Operation.get(
            "/v1/history/visits/{visit}",
            call ->
                one(
                    history.visit(call.path("visit")),
                    HistoryOperations::body,
                    "no visit has this id")));
    all.add(Operation.post("/v1/history:forget", this::forget));
    all.add(Operation.get("/v1/diagnostics", call -> list(call, Listing.REPORTS)));
    all.add(
        Operation.get(
            "/v1/diagnostics/{report}",
            call ->
                one(
                    history.report(call.path("report")),
                    HistoryOperations::body,
                    "no report has this code")));
    return all;
  }

  private Future<Answer> list(Call call, Listing listing) {
    return asked(
        call,
        listing,
        query -> answer(history.find(query), page -> Answer.ok(body(listing, page))));
  }

  private static Map<String, Object> body(Listing listing, HistoryPage page) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put(listing.wireName(), page.rows());
    page.lastId().ifPresent(id -> body.put("nextCursor", Page.cursor(Long.toString(id))));
    return body;
  }

  private Future<Answer> export(Call call, Listing listing) {
    String format = call.query("format").orElse("json");
    if (!format.equals("json") && !format.equals("csv")) {
      return wrong("format", "json or csv");
    }
    return asked(
        call,
        listing,
        query ->
            answer(new HistoryExport(history, call.http(), query, format).start(), done -> done));
  }

  private Future<Answer> asked(
      Call call, Listing listing, Function<HistoryQuery, Future<Answer>> then) {
    Optional<Page> page = Pages.page(call);
    if (page.isEmpty()) {
      return Future.succeededFuture(Pages.NO_PAGE);
    }
    long since;
    long until;
    long before;
    try {
      since = call.moment("since").orElse(0L);
      until = call.moment("until").orElse(Long.MAX_VALUE);
      before =
          page.get().after().isEmpty()
              ? HistoryQuery.FROM_START
              : Long.parseLong(page.get().after());
    } catch (DateTimeException noTime) {
      return wrong("since, until", "a time such as 2030-01-31T12:00:00Z");
    } catch (NumberFormatException noCursor) {
      return Future.succeededFuture(Pages.NO_PAGE);
    }
    Map<String, String> equal = new LinkedHashMap<>();
    for (String filter : listing.filters()) {
      call.query(filter).ifPresent(value -> equal.put(filter, value));
    }
    return then.apply(new HistoryQuery(listing, equal, since, until, before, page.get().limit()));
  }

  private static Future<Answer> wrong(String name, String expected) {
    return Future.succeededFuture(
        Answer.problem(400, "bad_request", name + ": expected " + expected));
  }

  private static <T> Future<Answer> one(
      CompletionStage<Optional<T>> asked, Function<T, Map<String, Object>> body, String missing) {
    return answer(
        asked,
        found ->
            found
                .map(row -> Answer.ok(body.apply(row)))
                .orElseGet(() -> Answer.problem(404, "not_found", missing)));
  }

  private static Map<String, Object> body(ObjectNode row) {
    Map<String, Object> body = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> member : row.properties()) {
      body.put(member.getKey(), member.getValue());
    }
    return body;
  }

  private static Map<String, Object> body(PastVisit visit) {
    Map<String, Object> body = body(visit.row());
    body.put("minutes", visit.minutes().stream().map(QualityViews::of).toList());
    body.put("diagnosis", QualityViews.of(Diagnosis.of(visit.minutes())));
    return body;
  }

  private Future<Answer> forget(Call call) {
    String identity = call.body().requiredText("identity", IDENTITY_CHARS);
    return call.checked(
        () -> answer(history.forget(identity), rows -> Answer.ok(Map.of("removedRows", rows))));
  }

  /** Without a database to ask: 503. */
  static <T> Future<Answer> answer(CompletionStage<T> asked, Function<T, Answer> done) {
    return Answer.later(asked)
        .map(done)
        .recover(failure -> {
          Throwable cause =
              failure instanceof CompletionException && failure.getCause() != null
                  ? failure.getCause()
                  : failure;
          return cause instanceof HistoryUnavailableException unavailable
              ? Future.succeededFuture(
                  Answer.problem(
                          503, "history_unavailable", String.valueOf(unavailable.getMessage()))
                      .with("Retry-After", RETRY_SEC))
              : Future.failedFuture(failure);
        });
  }
}
