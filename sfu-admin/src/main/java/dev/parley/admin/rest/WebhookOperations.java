package dev.parley.admin.rest;

import dev.parley.admin.event.EventJson;
import dev.parley.admin.webhook.DeliveryView;
import dev.parley.admin.webhook.EndpointView;
import dev.parley.admin.webhook.Replay;
import dev.parley.admin.webhook.Webhooks;
import io.vertx.core.Future;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** {@code /v1/webhooks}: endpoints, and what became of events. */
final class WebhookOperations {
  private static final int MOST_IDS = 1000;
  private static final int TIME_CHARS = 40;
  private static final Pattern ID = Pattern.compile("msg_[0-9a-f]{28}");
  private static final Set<String> STATES = Set.of("pending", "delivered", "failed");
  private static final Answer UNKNOWN =
      Answer.problem(404, "not_found", "no webhook of this name in webhooks.endpoints");

  private final Webhooks webhooks;

  WebhookOperations(Webhooks webhooks) {
    this.webhooks = webhooks;
  }

  List<Operation> all() {
    return List.of(
        Operation.get("/v1/webhooks", this::list),
        Operation.get("/v1/webhooks/{webhook}", this::get),
        Operation.get("/v1/webhooks/{webhook}/deliveries", this::deliveries),
        Operation.post("/v1/webhooks/{webhook}:pause", call -> mode(call, webhooks::pause)),
        Operation.post("/v1/webhooks/{webhook}:resume", call -> mode(call, webhooks::resume)),
        Operation.post("/v1/webhooks/{webhook}:test", this::test),
        Operation.post("/v1/webhooks/{webhook}:replay", this::replay));
  }

  private Future<Answer> list(Call call) {
    return asked(() ->
        Pages.answer(
            call,
            Answer.later(webhooks.endpoints()),
            "webhooks",
            EndpointView::name,
            WebhookOperations::view));
  }

  private Future<Answer> get(Call call) {
    return asked(() ->
        Answer.later(webhooks.endpoints())
            .map(all ->
                all.stream()
                    .filter(one -> one.name().equals(call.path("webhook")))
                    .findFirst()
                    .map(one -> Answer.ok(view(one)))
                    .orElse(UNKNOWN)));
  }

  private Future<Answer> deliveries(Call call) {
    Optional<Page> page = Pages.page(call);
    if (page.isEmpty()) {
      return Future.succeededFuture(Pages.NO_PAGE);
    }
    Optional<String> state = call.query("state");
    if (state.filter(word -> !STATES.contains(word)).isPresent()) {
      return Future.succeededFuture(
          Answer.problem(400, "bad_request", "state: expected pending, delivered or failed"));
    }
    // One more than the page has tells that there is another one.
    return asked(() ->
        Answer.later(
                webhooks.deliveries(
                    call.path("webhook"), page.get().after(), page.get().limit() + 1, state))
            .map(found ->
                found
                    .map(all ->
                        Answer.ok(
                            page.get()
                                .of("deliveries", all, DeliveryView::id, WebhookOperations::view)))
                    .orElse(UNKNOWN)));
  }

  private interface Change {
    CompletionStage<Boolean> of(String name);
  }

  private static Future<Answer> mode(Call call, Change change) {
    return call.checked(() ->
        asked(() ->
            Answer.later(change.of(call.path("webhook")))
                .map(known -> known ? Answer.DONE : UNKNOWN)));
  }

  private Future<Answer> test(Call call) {
    return call.checked(() ->
        asked(() ->
            Answer.later(webhooks.test(call.path("webhook")))
                .map(result ->
                    result.map(WebhookOperations::view).map(Answer::ok).orElse(UNKNOWN))));
  }

  private Future<Answer> replay(Call call) {
    Body body = call.body();
    Optional<Long> since = body.text("since", TIME_CHARS).map(text -> time(body, text));
    boolean some = body.node("eventIds").isPresent();
    Set<String> ids = Set.copyOf(body.texts("eventIds", MOST_IDS, ID));
    if (some && since.isPresent()) {
      body.complain("since", "either since or eventIds");
    }
    Replay which =
        some
            ? new Replay.Chosen(ids)
            : since.<Replay>map(Replay.Since::new).orElseGet(Replay.GivenUp::new);
    return call.checked(() ->
        asked(() ->
            Answer.later(webhooks.replay(call.path("webhook"), which))
                .map(queued ->
                    queued
                        .map(many -> Answer.ok(new LinkedHashMap<>(Map.of("queued", many))))
                        .orElse(UNKNOWN))));
  }

  private static long time(Body body, String text) {
    try {
      return Instant.parse(text).toEpochMilli();
    } catch (DateTimeException | ArithmeticException malformed) {
      body.complain("since", "a time as 2030-01-01T00:00:00Z");
      return 0;
    }
  }

  /** Who asks too much at once is told so. */
  private static Future<Answer> asked(Supplier<Future<Answer>> question) {
    return question
        .get()
        .recover(broken -> {
          Throwable cause = broken instanceof CompletionException ? broken.getCause() : broken;
          return cause instanceof RejectedExecutionException
              ? Future.succeededFuture(
                  Answer.problem(503, "server_full", String.valueOf(cause.getMessage()))
                      .with("Retry-After", "1"))
              : Future.failedFuture(broken);
        });
  }

  private static Map<String, Object> view(EndpointView endpoint) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("name", endpoint.name());
    map.put("url", endpoint.url());
    map.put("events", endpoint.events());
    map.put("rooms", endpoint.rooms());
    map.put("state", endpoint.state());
    map.put("pending", endpoint.pending());
    map.put("delivered", endpoint.delivered());
    map.put("failed", endpoint.failed());
    putText(map, "lastError", endpoint.lastError());
    endpoint.lastDeliveredMs().ifPresent(ms -> map.put("lastDeliveredAt", EventJson.time(ms)));
    endpoint.nextAttemptMs().ifPresent(ms -> map.put("nextAttemptAt", EventJson.time(ms)));
    return map;
  }

  private static Map<String, Object> view(DeliveryView delivery) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("eventId", delivery.id());
    map.put("type", delivery.type());
    map.put("room", delivery.room());
    map.put("at", EventJson.time(delivery.atMs()));
    map.put("state", delivery.state());
    map.put("attempts", delivery.attempts());
    putStatus(map, "lastStatus", delivery.lastStatus());
    putText(map, "lastError", delivery.lastError());
    return map;
  }

  private static Map<String, Object> view(Webhooks.TestResult result) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("delivered", result.delivered());
    map.put("tookMs", result.tookMs());
    putStatus(map, "status", result.status());
    putText(map, "error", result.error());
    return map;
  }

  private static void putText(Map<String, Object> map, String name, String text) {
    if (!text.isEmpty()) {
      map.put(name, text);
    }
  }

  private static void putStatus(Map<String, Object> map, String name, int status) {
    if (status > 0) {
      map.put(name, status);
    }
  }
}
