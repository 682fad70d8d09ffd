package dev.parley.admin.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.admin.audit.AuditEntry;
import dev.parley.admin.audit.AuditListener;
import dev.parley.admin.audit.AuditLog;
import dev.parley.admin.history.History;
import dev.parley.admin.quality.QualityWatch;
import dev.parley.admin.webhook.Webhooks;
import dev.parley.core.api.MediaServer;
import dev.parley.signaling.Operator;
import dev.parley.signaling.SignalingState;
import dev.parley.signaling.http.Bearer;
import dev.parley.signaling.observe.LogLine;
import dev.parley.signaling.wire.WireJson;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The routes of {@code /v1}: asks who it is, reads the body, carries the operation out once for an
 * {@code Idempotency-Key}, writes a line of the audit log for every change. The port's event loop.
 */
public final class RestApi {
  private static final Logger log = LoggerFactory.getLogger(RestApi.class);
  private static final int BODY_BYTES = 64 << 10;
  private static final int REMEMBERED = 10_000;
  private static final int KEY_CHARS = 128;

  private final Gate gate;
  private final SignalingState signaling;
  private final EventFeed events;
  private final List<Operation> operations = new ArrayList<>();
  private final Map<String, Object> contract;
  private final Counter problems;
  private final List<AuditListener> auditors;
  private final IdempotencyKeys keys = new IdempotencyKeys(REMEMBERED, InstantSource.system());

  /**
   * Listens to the operator's events from now on, until {@link #close}.
   *
   * @param tokens of those who may ask; empty: whoever connects from the loopback
   * @param quality runs as long as the caller lets it
   * @param readiness of all that the server is made of
   * @param history is asked, and told of every change
   */
  public RestApi(
      Vertx vertx,
      List<AdminToken> tokens,
      Operator operator,
      SignalingState signaling,
      MediaServer media,
      QualityWatch quality,
      Supplier<MediaServer.Readiness> readiness,
      Webhooks webhooks,
      History history,
      CollectorRegistry registry) {
    this.gate = new Gate(tokens);
    this.signaling = signaling;
    this.events = new EventFeed(vertx, operator);
    this.contract = contract();
    this.auditors = List.of(new AuditLog(), history);
    this.problems =
        Counter.build("sfu_admin_problems", "Requests to /v1 that were refused, by code")
            .labelNames("code")
            .register(registry);
    operations.add(
        Operation.get("/v1/openapi.json", call -> Future.succeededFuture(Answer.ok(contract))));
    operations.addAll(new ServerOperations(operator, signaling, media, quality, readiness).all());
    operations.addAll(new RoomOperations(operator).all());
    operations.addAll(new ParticipantOperations(operator).all());
    operations.addAll(new CaptureOperations(operator, vertx).all());
    operations.addAll(new QualityOperations(operator, quality).all());
    operations.addAll(new QueueOperations(operator).all());
    operations.addAll(new TimerOperations(operator).all());
    operations.addAll(new SessionOperations(operator).all());
    operations.addAll(new CredentialOperations(operator).all());
    operations.addAll(new WebhookOperations(webhooks).all());
    operations.addAll(new HistoryOperations(history).all());
  }

  /** Method and path of everything that can be asked, as in the contract. */
  public List<String> operations() {
    return Stream.concat(
            operations.stream().map(known -> known.method() + " " + known.path()),
            Stream.of("GET /v1/events"))
        .toList();
  }

  /** For those only who may read; who may not is answered. */
  public Handler<RoutingContext> forReaders(Handler<RoutingContext> handler) {
    return context -> caller(context, AdminRole.READ).ifPresent(caller -> handler.handle(context));
  }

  /** Ends the streams of events. */
  public void close() {
    events.close();
  }

  public void mount(Router router) {
    router.route("/v1/*").handler(BodyHandler.create(false).setBodyLimit(BODY_BYTES));
    for (Operation operation : operations) {
      router
          .routeWithRegex(operation.method(), operation.regex())
          .handler(context -> ask(context, operation));
    }
    router
        .get("/v1/events")
        .handler(context ->
            caller(context, AdminRole.READ)
                .ifPresent(caller ->
                    events
                        .open(new Call(context, caller.name(), new Body(empty())))
                        .ifPresent(refusal -> send(context.response(), refusal))));
    router.route("/v1/*").handler(this::unknown);
    router
        .route("/v1/*")
        .failureHandler(context ->
            send(
                context.response(),
                switch (context.statusCode()) {
                  case 413 ->
                      Answer.problem(
                          413, "message_too_big", "a body has at most " + BODY_BYTES + " bytes");
                  case 400 -> Answer.problem(400, "bad_request", "the request cannot be read");
                  default -> {
                    LogLine.event("admin.failed").error(log, context.failure());
                    yield Answer.problem(500, "internal", "the request failed");
                  }
                }));
  }

  private void unknown(RoutingContext context) {
    String allowed =
        operations.stream()
            .filter(known -> context.normalizedPath().matches(known.regex()))
            .map(known -> known.method().name())
            .distinct()
            .sorted()
            .collect(Collectors.joining(", "));
    send(
        context.response(),
        allowed.isEmpty()
            ? Answer.problem(404, "not_found", "no such resource")
            : Answer.problem(405, "method_not_allowed", "expected " + allowed)
                .with("Allow", allowed));
  }

  private void ask(RoutingContext context, Operation operation) {
    Optional<Gate.Caller> caller = caller(context, operation.role());
    if (caller.isEmpty()) {
      return;
    }
    if (operation.changes() && !signaling.isRunning()) {
      // Rooms of an earlier process come back first.
      send(
          context.response(),
          Answer.problem(503, "not_ready", "the server is starting or stopping")
              .with("Retry-After", "1"));
      return;
    }
    Optional<ObjectNode> body = body(context, operation);
    if (body.isEmpty()) {
      return;
    }
    Call call = new Call(context, caller.get().name(), new Body(body.get()));
    Optional<String> key =
        Optional.ofNullable(context.request().getHeader("Idempotency-Key"))
            .filter(given -> operation.remembered());
    if (key.filter(given -> given.isBlank() || given.length() > KEY_CHARS).isPresent()) {
      send(
          context.response(),
          Answer.problem(
              400, "bad_request", "Idempotency-Key: expected 1 to " + KEY_CHARS + " characters"));
      return;
    }
    Optional<String> ownKey = key.map(given -> call.by() + "\n" + given);
    Optional<Answer> known =
        ownKey.flatMap(given ->
            keys.begin(
                given, operation.method() + " " + context.request().uri() + "\n" + body.get()));
    if (known.isPresent()) {
      send(context.response(), known.get());
      return;
    }
    carryOut(call, operation)
        .onSuccess(answer -> {
          ownKey.ifPresent(given -> keys.done(given, answer));
          if (operation.changes()) {
            audit(call, operation, answer);
          }
          send(context.response(), answer);
        });
  }

  /** A fault of ours is an answer as well. */
  private static Future<Answer> carryOut(Call call, Operation operation) {
    Future<Answer> answer;
    try {
      answer = operation.action().apply(call);
    } catch (RuntimeException broken) {
      answer = Future.failedFuture(broken);
    }
    return answer.otherwise(broken -> {
      LogLine.event("admin.failed").with("path", operation.path()).error(log, broken);
      return Answer.problem(500, "internal", "the request failed");
    });
  }

  /** Who asks, if it may; else the request is answered. */
  private Optional<Gate.Caller> caller(RoutingContext context, AdminRole needed) {
    HttpServerRequest request = context.request();
    Optional<String> token = Bearer.of(request);
    boolean forwarded =
        request.headers().contains("Forwarded") || request.headers().contains("X-Forwarded-For");
    Optional<Gate.Caller> caller =
        token.isPresent()
            ? gate.byToken(token.get())
            : gate.byAddress(isLoopback(request.remoteAddress()), forwarded);
    if (caller.isEmpty()) {
      send(
          context.response(),
          Answer.problem(
                  401,
                  token.isPresent() ? "token_invalid" : "not_authenticated",
                  gate.hasTokens()
                      ? "expected Authorization: Bearer with one of admin.tokens"
                      : "without admin.tokens only programs on this machine may ask")
              .with("WWW-Authenticate", "Bearer"));
      return Optional.empty();
    }
    if (isForeignPage(request)) {
      send(
          context.response(),
          Answer.problem(403, "forbidden", "pages of other origins may not ask"));
      return Optional.empty();
    }
    if (!caller.get().role().covers(needed)) {
      send(
          context.response(),
          Answer.problem(
              403, "forbidden", "the token's role must be " + needed.wireName() + " for this"));
      return Optional.empty();
    }
    return caller;
  }

  /** A page in the browser of an operator: its requests come from the loopback, too. */
  private static boolean isForeignPage(HttpServerRequest request) {
    String site = request.getHeader("Sec-Fetch-Site");
    if ("cross-site".equals(site) || "same-site".equals(site)) {
      return true;
    }
    String origin = request.getHeader(HttpHeaders.ORIGIN);
    String host = request.getHeader(HttpHeaders.HOST);
    return origin != null
        && !origin.toLowerCase(Locale.ROOT).replaceFirst("^https?://", "").equals(host);
  }

  private static boolean isLoopback(SocketAddress remote) {
    try {
      return InetAddress.getByName(remote.hostAddress()).isLoopbackAddress();
    } catch (IOException noAddress) {
      return false;
    }
  }

  /** An absent body is an empty object; else the request is answered. */
  private Optional<ObjectNode> body(RoutingContext context, Operation operation) {
    if (!operation.changes()) {
      return Optional.of(empty());
    }
    Buffer given = context.body().buffer();
    String type =
        Objects.requireNonNullElse(context.request().getHeader(HttpHeaders.CONTENT_TYPE), "");
    if (type.isEmpty() && (given == null || given.length() == 0)) {
      return Optional.of(empty());
    }
    // A form has no bytes here, and would pass for an absent body.
    if (!type.matches("(?i)application/(merge-patch\\+)?json\\s*(;.*)?")) {
      send(
          context.response(),
          Answer.problem(415, "unsupported_media_type", "expected application/json"));
      return Optional.empty();
    }
    if (given == null || given.length() == 0) {
      return Optional.of(empty());
    }
    try {
      JsonNode read = WireJson.MAPPER.readTree(given.toString(StandardCharsets.UTF_8));
      if (read instanceof ObjectNode object) {
        return Optional.of(object);
      }
      send(context.response(), Answer.problem(400, "bad_request", "expected a JSON object"));
    } catch (JsonProcessingException notJson) {
      send(
          context.response(),
          Answer.problem(400, "bad_request", "not JSON: " + notJson.getOriginalMessage()));
    }
    return Optional.empty();
  }

  private static ObjectNode empty() {
    return WireJson.MAPPER.createObjectNode();
  }

  private void audit(Call call, Operation operation, Answer answer) {
    AuditEntry entry =
        new AuditEntry(
            System.currentTimeMillis(),
            call.by(),
            call.http().request().remoteAddress().hostAddress(),
            operation.method() + " " + operation.path(),
            call.http().normalizedPath(),
            answer.status(),
            answer.code().orElse("done"));
    auditors.forEach(auditor -> auditor.onAudit(entry));
  }

  private void send(HttpServerResponse response, Answer answer) {
    answer.code().ifPresent(code -> problems.labels(code).inc());
    if (response.closed() || answer.isSent()) {
      return;
    }
    response.setStatusCode(answer.status());
    answer.headers().forEach(response::putHeader);
    if (answer.status() == 204) {
      response.end();
      return;
    }
    response.putHeader(
        HttpHeaders.CONTENT_TYPE,
        answer.isProblem() ? "application/problem+json" : "application/json");
    try {
      response.end(WireJson.MAPPER.writeValueAsString(answer.body()));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an answer holds what JSON cannot", e);
    }
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> contract() {
    try (InputStream file =
        Objects.requireNonNull(RestApi.class.getResourceAsStream("/openapi.json"))) {
      return WireJson.MAPPER.readValue(file, Map.class);
    } catch (IOException e) {
      throw new IllegalStateException("the jar has no readable openapi.json", e);
    }
  }
}
