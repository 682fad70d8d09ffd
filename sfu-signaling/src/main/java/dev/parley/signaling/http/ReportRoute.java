package dev.parley.signaling.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.signaling.observe.LogLine;
import dev.parley.signaling.session.Services;
import dev.parley.signaling.wire.ErrorCode;
import dev.parley.signaling.wire.Refusal;
import dev.parley.signaling.wire.WireJson;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code POST /v1/diagnostics}: anybody's report of a connection check, for support. Answers with
 * the code to read out. Any event loop.
 */
public final class ReportRoute {
  static final int MOST_BYTES = 64 << 10;

  private static final Logger log = LoggerFactory.getLogger(ReportRoute.class);
  private static final String METHODS = "POST, OPTIONS";

  private final Services services;
  private final Origins origins;
  private final Optional<ReportStore> store;
  private final ClientAddress clients;
  private final ReportRates rates = new ReportRates(System.nanoTime());

  /** {@code store}: empty where reports are not wanted. */
  public ReportRoute(Services services, Origins origins, Optional<ReportStore> store) {
    this.services = services;
    this.origins = origins;
    this.store = store;
    this.clients = new ClientAddress(services.config().sessions(), services.hops());
  }

  void mount(Router router) {
    String path = "/v1/diagnostics";
    router
        .route(path)
        .method(HttpMethod.OPTIONS)
        .handler(context -> origins.preflight(context.request(), context.response(), METHODS));
    router.route(path).method(HttpMethod.POST).handler(this::mayCome);
    router
        .route(path)
        .method(HttpMethod.POST)
        .handler(BodyHandler.create(false).setBodyLimit(MOST_BYTES))
        .handler(this::take);
    router
        .route(path)
        .handler(context -> {
          context.response().putHeader(HttpHeaders.ALLOW, METHODS);
          Problem.send(context.response(), 405, "this address takes " + METHODS);
        });
  }

  /** Before the body is read. */
  private void mayCome(RoutingContext context) {
    HttpServerResponse response = context.response();
    origins.expose(context.request(), response);
    if (store.isEmpty()) {
      Problem.send(response, 404, "this server takes no reports");
      return;
    }
    if (!origins.allows(context.request())) {
      refuse(response, Refusal.of(ErrorCode.FORBIDDEN, "pages of this origin may not send one"));
      return;
    }
    String type =
        Objects.requireNonNullElse(context.request().getHeader(HttpHeaders.CONTENT_TYPE), "");
    if (!type.split(";", 2)[0].strip().equalsIgnoreCase("application/json")) {
      Problem.send(response, 415, "the body must be application/json");
      return;
    }
    long waitMs = rates.waitMs(clients.key(context.request()), System.nanoTime());
    if (waitMs > 0) {
      refuse(
          response,
          Refusal.retryAfter(ErrorCode.RATE_LIMITED, "too many reports come at once", waitMs));
      return;
    }
    context.next();
  }

  private void take(RoutingContext context) {
    HttpServerResponse response = context.response();
    Optional<ObjectNode> report = report(context.body().buffer());
    if (report.isEmpty()) {
      refuse(response, Refusal.of(ErrorCode.BAD_REQUEST, "the body must be a JSON object"));
      return;
    }
    Future.fromCompletionStage(
            store.orElseThrow().keepReport(report.get()), context.vertx().getOrCreateContext())
        .onSuccess(code -> {
          LogLine.event("diagnostics.report")
              .with("report", code)
              .with("remote", clients.text(context.request()))
              .info(log);
          response
              .setStatusCode(201)
              .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
              .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
              .end(WireJson.write(WireJson.MAPPER.createObjectNode().put("reportId", code)));
        })
        .onFailure(failure -> {
          LogLine.event("diagnostics.not_kept").with("cause", failure).info(log);
          response.putHeader("Retry-After", "60");
          Problem.send(response, 503, "reports cannot be kept at the moment");
        });
  }

  private void refuse(HttpServerResponse response, Refusal refusal) {
    services.counters().error(refusal.code());
    Problem.send(response, refusal);
  }

  private static Optional<ObjectNode> report(@Nullable Buffer body) {
    try {
      JsonNode read =
          WireJson.MAPPER.readTree(body == null ? "" : body.toString(StandardCharsets.UTF_8));
      return read instanceof ObjectNode object ? Optional.of(object) : Optional.empty();
    } catch (JsonProcessingException notJson) {
      return Optional.empty();
    }
  }
}
