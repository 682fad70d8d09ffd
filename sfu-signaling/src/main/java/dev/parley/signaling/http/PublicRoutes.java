package dev.parley.signaling.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.signaling.observe.LogLine;
import dev.parley.signaling.session.Replies;
import dev.parley.signaling.session.Services;
import dev.parley.signaling.token.TokenVerdict;
import dev.parley.signaling.wire.ErrorCode;
import dev.parley.signaling.wire.Refusal;
import dev.parley.signaling.wire.WireJson;
import io.netty.handler.codec.CodecException;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The routes of the public port, apart from WHIP and WHEP. */
public final class PublicRoutes {
  private static final Logger log = LoggerFactory.getLogger(PublicRoutes.class);

  private static final Map<String, String> PAGE_HEADERS =
      Map.of(
          "Content-Security-Policy",
          "default-src 'self'; connect-src 'self' ws: wss:; media-src 'self' blob: mediastream:; "
              + "img-src 'self' data: blob:; worker-src 'self' blob:; object-src 'none'; "
              + "base-uri 'none'; form-action 'self'; frame-ancestors 'self'",
          "Cross-Origin-Opener-Policy",
          "same-origin",
          "Permissions-Policy",
          "camera=(self), microphone=(self), display-capture=(self), autoplay=(self)");

  private final Services services;
  private final Origins origins;
  private final WebSocketUpgrade upgrade;
  private final ReportRoute reports;
  private final WebPages pages;

  public PublicRoutes(
      Services services, Origins origins, WebSocketUpgrade upgrade, ReportRoute reports) {
    this.services = services;
    this.origins = origins;
    this.upgrade = upgrade;
    this.reports = reports;
    this.pages = WebPages.load(PublicRoutes.class.getClassLoader(), "web", PAGE_HEADERS);
  }

  /** First on a router: headers that every answer carries. */
  public void mountHeaders(Router router) {
    router
        .route()
        .handler(context -> {
          context
              .response()
              .putHeader("X-Content-Type-Options", "nosniff")
              .putHeader("Referrer-Policy", "no-referrer");
          context.next();
        });
  }

  /** Last on a router: it answers everything that is left. */
  public void mount(Router router) {
    router
        .route("/v1/signal")
        .method(HttpMethod.GET)
        .handler(
            context -> upgrade.handle(context.request(), context.vertx().getOrCreateContext()));
    router
        .route("/v1/iceServers")
        .method(HttpMethod.OPTIONS)
        .handler(c -> origins.preflight(c.request(), c.response(), "GET, OPTIONS"));
    router
        .route("/v1/iceServers")
        .method(HttpMethod.GET)
        .handler(context -> iceServers(context.request()));
    reports.mount(router);
    router
        .route("/healthz")
        .method(HttpMethod.GET)
        .handler(context ->
            context
                .response()
                .putHeader(HttpHeaders.CONTENT_TYPE, "text/plain")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .end("ok\n"));
    router.route("/v1/*").handler(c -> Problem.send(c.response(), 404, "no such resource"));
    router.route().handler(context -> pages.serve(context.request()));
    router.route().failureHandler(this::failed);
    // A path that cannot be decoded is found while routes are compared, and no route fails then.
    router.errorHandler(400, this::malformed);
  }

  private void iceServers(HttpServerRequest request) {
    origins.expose(request, request.response());
    services
        .tokens()
        .verify(Bearer.of(request), services.nowSec())
        .onComplete(verdict -> {
          switch (verdict.result()) {
            case TokenVerdict.Denied(Refusal refusal) -> Problem.send(request.response(), refusal);
            case TokenVerdict.Granted who -> {
              ObjectNode body = WireJson.MAPPER.createObjectNode();
              body.set(
                  "iceServers",
                  Replies.iceServers(services.credentials().iceOf(who.identity()).servers()));
              request
                  .response()
                  .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                  .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                  .end(WireJson.write(body));
            }
          }
        });
  }

  /** HTTP itself could not read a head: it answers 400, 414 or 431 and closes. */
  public void malformedHead(HttpServerRequest request) {
    noteMalformed(request, request.decoderResult().cause());
    HttpServerRequest.DEFAULT_INVALID_REQUEST_HANDLER.handle(request);
  }

  private void failed(RoutingContext context) {
    if (context.response().ended()) {
      return;
    }
    int status = context.statusCode();
    Throwable failure = context.failure();
    boolean reading = !context.request().isEnded();
    if (status == 413) {
      services.counters().error(ErrorCode.MESSAGE_TOO_BIG);
      // The rest of the body is not read, so the connection cannot be used again.
      context.response().putHeader(HttpHeaders.CONNECTION, "close");
      Problem.send(
          context.response(),
          Refusal.of(ErrorCode.MESSAGE_TOO_BIG, "the body is larger than it may be"));
    } else if (status >= 400 && status < 500) {
      malformed(context);
    } else if (reading && isMalformedBody(failure)) {
      context.response().putHeader(HttpHeaders.CONNECTION, "close");
      malformed(context);
      // Vert.x closes the connection after this, with what was written but not flushed.
      Compression.channel(context.request().connection()).flush();
    } else if (reading && isGone(failure)) {
      // A reset is told twice, at last as a close.
      if (failure instanceof HttpClosedException) {
        line("http.gone", context.request()).debug(log);
      }
    } else {
      line("http.failed", context.request()).error(log, failure);
      Problem.send(
          context.response(), Refusal.of(ErrorCode.INTERNAL, "the request failed: try again"));
    }
  }

  private void malformed(RoutingContext context) {
    noteMalformed(context.request(), context.failure());
    Problem.send(context.response(), 400, "the request cannot be read");
  }

  private void noteMalformed(HttpServerRequest request, @Nullable Throwable cause) {
    services.counters().error(ErrorCode.BAD_REQUEST);
    LogLine line = line("http.malformed", request);
    if (cause != null) {
      line.with("cause", cause);
    }
    line.debug(log);
  }

  private static LogLine line(String event, HttpServerRequest request) {
    return LogLine.event(event).with("path", Objects.requireNonNullElse(request.path(), ""));
  }

  /** Netty's decoder says of a chunk's size that it is no number. */
  private static boolean isMalformedBody(@Nullable Throwable failure) {
    return failure instanceof NumberFormatException || failure instanceof CodecException;
  }

  private static boolean isGone(@Nullable Throwable failure) {
    return failure instanceof IOException || failure instanceof HttpClosedException;
  }
}
