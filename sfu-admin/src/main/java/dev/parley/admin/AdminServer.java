package dev.parley.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.admin.history.History;
import dev.parley.admin.quality.QualityWatch;
import dev.parley.admin.rest.RestApi;
import dev.parley.admin.webhook.Webhooks;
import dev.parley.core.api.MediaServer;
import dev.parley.signaling.Operator;
import dev.parley.signaling.SignalingState;
import dev.parley.signaling.observe.LogLine;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.exporter.common.TextFormat;
import io.prometheus.client.hotspot.DefaultExports;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operator's port: {@code /healthz}, {@code /readyz}, {@code /metrics}, {@code /debug}, {@code
 * /v1}, and the dashboard.
 */
public final class AdminServer {
  private static final Logger log = LoggerFactory.getLogger(AdminServer.class);
  private static final int IDLE_SEC = 60;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final AdminConfig config;
  private final MediaServer media;
  private final SignalingState signaling;
  private final Supplier<MediaServer.Readiness> host;
  private final CollectorRegistry registry = new CollectorRegistry();
  private final HostCheck hosts;
  private final History history;
  private final Runnable historyEnding;
  private final QualityWatch quality;
  private final Vertx vertx;
  private final Operator operator;
  private final Webhooks webhooks;
  private final RestApi rest;
  private final HttpServer server;
  private volatile Runnable ending = () -> {};

  /**
   * The caller owns what it passes; {@link #stop} closes the port only.
   *
   * @param host what the process around media and signalling has to say; is asked on an event loop,
   *     and answers at once
   * @param history is told what happens in rooms and what operators change, until {@link #stop}
   */
  public AdminServer(
      Vertx vertx,
      AdminConfig config,
      MediaServer media,
      SignalingState signaling,
      Operator operator,
      Supplier<MediaServer.Readiness> host,
      History history) {
    this.vertx = vertx;
    this.config = config;
    this.operator = operator;
    this.media = media;
    this.signaling = signaling;
    this.host = host;
    this.hosts = new HostCheck(config);
    registry.register(new SfuCollector(media, signaling));
    registry.register(new CallCollector(signaling.counters().calls()));
    registry.register(new ServerCollector(media, signaling, operator, this::readiness));
    DefaultExports.register(registry);
    registry.register(history.counters());
    this.history = history;
    this.historyEnding = operator.listen(history);
    this.quality = new QualityWatch(media, operator, config.sampleEvery());
    quality.listen(history);
    this.webhooks = new Webhooks(vertx, config.webhooks(), registry);
    this.rest =
        new RestApi(
            vertx,
            config.tokens(),
            operator,
            signaling,
            media,
            quality,
            this::readiness,
            webhooks,
            history,
            registry);
    this.server =
        vertx.createHttpServer(
            new HttpServerOptions()
                .setHost(config.host())
                .setPort(config.port())
                .setHttp2ClearTextEnabled(false)
                .setIdleTimeout(IDLE_SEC));
    server.requestHandler(routes(vertx));
  }

  /** Opens the outbox of webhooks and the port. Fails when one of them is taken. */
  public CompletionStage<Void> start() {
    return vertx
        .<Void>executeBlocking(() -> {
          webhooks.open();
          ending = operator.listen(webhooks);
          return null;
        })
        .compose(opened -> server.listen())
        .onFailure(refused -> webhooks.close())
        .onSuccess(open ->
            LogLine.event("admin.started")
                .with("host", config.host())
                .with("port", port())
                .info(log))
        .onSuccess(open -> quality.start())
        .<Void>mapEmpty()
        .toCompletionStage();
  }

  /** The port that is open; meaningful after {@link #start} has completed. */
  public int port() {
    return server.actualPort();
  }

  /** Method and path of all that can be asked under {@code /v1}, as in {@code openapi.json}. */
  public List<String> operations() {
    return rest.operations();
  }

  public CompletionStage<Void> stop() {
    rest.close();
    historyEnding.run();
    quality.close();
    ending.run();
    Future<Boolean> sent = Future.fromCompletionStage(webhooks.close());
    return Future.join(sent, server.close()).<Void>mapEmpty().toCompletionStage();
  }

  private Router routes(Vertx vertx) {
    Router router = Router.router(vertx);
    router.route().handler(this::requireKnownHost);
    router
        .route("/healthz")
        .method(HttpMethod.GET)
        .handler(context -> text(context.response(), 200, "ok\n"));
    router.route("/readyz").method(HttpMethod.GET).handler(context -> ready(context.response()));
    router.route("/metrics").method(HttpMethod.GET).handler(context -> metrics(context.response()));
    router.route("/debug").method(HttpMethod.GET).handler(rest.forReaders(this::debug));
    rest.mount(router);
    Dashboard.mount(router);
    router.route().handler(context -> problem(context.response(), 404, "no such resource"));
    router
        .route()
        .failureHandler(context -> {
          LogLine.event("admin.failed").error(log, context.failure());
          problem(context.response(), 500, "the request failed");
        });
    // A path that cannot be decoded: no route fails, and without this the router logs a stack.
    router.errorHandler(
        400, context -> problem(context.response(), 400, "the request cannot be read"));
    return router;
  }

  private void requireKnownHost(RoutingContext context) {
    HttpServerResponse response = context.response();
    response.putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    response.putHeader("X-Content-Type-Options", "nosniff");
    if (hosts.allows(context.request().getHeader(HttpHeaders.HOST))) {
      context.next();
    } else {
      problem(response, 421, "this Host is not served here: add it to the allowed hosts");
    }
  }

  private MediaServer.Readiness readiness() {
    List<String> own = new ArrayList<>();
    if (!signaling.isRunning()) {
      own.add("signalling takes no clients: it is starting or stopping");
    }
    return new MediaServer.Readiness(own, List.of())
        .and(media.readiness())
        .and(host.get())
        .and(new MediaServer.Readiness(List.of(), history.warning().stream().toList()));
  }

  private void ready(HttpServerResponse response) {
    MediaServer.Readiness all = readiness();
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("ready", all.reasons().isEmpty());
    body.put("reasons", all.reasons());
    body.put("warnings", all.warnings());
    json(response, all.reasons().isEmpty() ? 200 : 503, "application/json", body);
  }

  private void metrics(HttpServerResponse response) {
    StringWriter text = new StringWriter();
    try {
      TextFormat.write004(text, registry.metricFamilySamples());
    } catch (IOException e) {
      throw new IllegalStateException("a StringWriter does not fail", e);
    }
    response.putHeader(HttpHeaders.CONTENT_TYPE, TextFormat.CONTENT_TYPE_004);
    response.end(text.toString());
  }

  private void debug(RoutingContext context) {
    Future<Map<String, Object>> engine =
        Future.fromCompletionStage(media.snapshot(), context.vertx().getOrCreateContext());
    Future<List<Map<String, Object>>> rooms =
        Future.fromCompletionStage(signaling.rooms(), context.vertx().getOrCreateContext());
    Future.all(engine, rooms)
        .onSuccess(both -> {
          Map<String, Object> body = new LinkedHashMap<>();
          body.put("media", engine.result());
          body.put("rooms", rooms.result());
          json(context.response(), 200, "application/json", body);
        })
        .onFailure(context::fail);
  }

  private static void text(HttpServerResponse response, int status, String body) {
    response
        .setStatusCode(status)
        .putHeader(HttpHeaders.CONTENT_TYPE, "text/plain; charset=utf-8")
        .end(body);
  }

  private static void problem(HttpServerResponse response, int status, String detail) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("type", "about:blank");
    body.put("status", status);
    body.put("detail", detail);
    json(response, status, "application/problem+json", body);
  }

  private static void json(
      HttpServerResponse response, int status, String type, Map<String, Object> body) {
    try {
      response
          .setStatusCode(status)
          .putHeader(HttpHeaders.CONTENT_TYPE, type)
          .end(JSON.writeValueAsString(body));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a snapshot holds what JSON cannot", e);
    }
  }
}
