package dev.parley.signaling.whip;

import dev.parley.signaling.config.SignalingConfig;
import dev.parley.signaling.http.Bearer;
import dev.parley.signaling.http.Origins;
import dev.parley.signaling.http.Problem;
import dev.parley.signaling.room.Outcome;
import dev.parley.signaling.session.Services;
import dev.parley.signaling.token.TokenVerdict;
import dev.parley.signaling.wire.ErrorCode;
import dev.parley.signaling.wire.Refusal;
import dev.parley.signaling.wire.RequestCodec;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * {@code POST /whip/{room}}, {@code POST /whep/{room}[/{participant}]}; {@code PATCH} and {@code
 * DELETE} of what they create.
 */
public final class WhipRoutes {
  private static final String SDP = "application/sdp";

  private final Services services;
  private final Origins origins;
  private final MediaResources resources;

  public WhipRoutes(Services services, Origins origins) {
    this.services = services;
    this.origins = origins;
    this.resources = new MediaResources(services);
  }

  public void mount(Router router) {
    for (MediaResources.Protocol protocol : MediaResources.Protocol.values()) {
      String endpoint = "/" + protocol.path() + "/:room";
      boolean oneParticipant = protocol == MediaResources.Protocol.WHEP;
      mountEndpoint(router, endpoint, protocol);
      if (oneParticipant) {
        mountPost(router, endpoint + "/:id", protocol);
      }
      mountResource(router, endpoint + "/:id", oneParticipant);
    }
  }

  private void mountEndpoint(Router router, String path, MediaResources.Protocol protocol) {
    mountPost(router, path, protocol);
    mountOptions(router, path, "POST, OPTIONS");
    mountRefusals(router, path, "POST, OPTIONS");
  }

  private void mountResource(Router router, String path, boolean alsoEndpoint) {
    String methods = alsoEndpoint ? "POST, PATCH, DELETE, OPTIONS" : "PATCH, DELETE, OPTIONS";
    mountPatch(router, path);
    router
        .route(path)
        .method(HttpMethod.DELETE)
        .handler(context -> owner(context, identity -> delete(context, identity)));
    mountOptions(router, path, methods);
    mountRefusals(router, path, methods);
  }

  private void mountOptions(Router router, String path, String methods) {
    router
        .route(path)
        .method(HttpMethod.OPTIONS)
        .handler(context -> {
          context.response().putHeader("Accept-Post", SDP);
          if (methods.contains("PATCH")) {
            context.response().putHeader("Accept-Patch", SdpFragment.TYPE);
          }
          origins.preflight(context.request(), context.response(), methods);
        });
  }

  private static void mountRefusals(Router router, String path, String methods) {
    router
        .route(path)
        .handler(context -> {
          context.response().putHeader(HttpHeaders.ALLOW, methods);
          Problem.send(context.response(), 405, "this address takes " + methods);
        });
  }

  private void mountPost(Router router, String path, MediaResources.Protocol protocol) {
    mountBody(
        router,
        path,
        HttpMethod.POST,
        SDP,
        context -> identified(context, who -> create(context, protocol, who)));
  }

  private void mountPatch(Router router, String path) {
    mountBody(
        router,
        path,
        HttpMethod.PATCH,
        SdpFragment.TYPE,
        context -> owner(context, identity -> patch(context, identity)));
  }

  private void mountBody(
      Router router, String path, HttpMethod method, String type, Handler<RoutingContext> handler) {
    router.route(path).method(method).handler(context -> requireType(context, method, type));
    router
        .route(path)
        .method(method)
        .handler(BodyHandler.create(false).setBodyLimit(services.config().limits().sdpBytes()))
        .handler(handler);
  }

  private void requireType(RoutingContext context, HttpMethod method, String required) {
    origins.expose(context.request(), context.response());
    String type = context.request().getHeader(HttpHeaders.CONTENT_TYPE);
    String essence = type == null ? "" : type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    if (!essence.equals(required)) {
      context
          .response()
          .putHeader(method.equals(HttpMethod.PATCH) ? "Accept-Patch" : "Accept", required);
      Problem.send(context.response(), 415, "the body must be " + required);
      return;
    }
    context.next();
  }

  private void identified(RoutingContext context, Consumer<TokenVerdict.Granted> then) {
    origins.expose(context.request(), context.response());
    services
        .tokens()
        .verify(Bearer.of(context.request()), services.nowSec())
        .onComplete(verdict -> {
          switch (verdict.result()) {
            case TokenVerdict.Denied(Refusal refusal) -> refuse(context, refusal);
            case TokenVerdict.Granted who -> then.accept(who);
          }
        });
  }

  private void create(
      RoutingContext context, MediaResources.Protocol protocol, TokenVerdict.Granted who) {
    String room = pathText(context, "room");
    Optional<String> only = Optional.ofNullable(context.pathParam("id"));
    if (!RequestCodec.ROOM.matcher(room).matches()) {
      refuse(context, Refusal.badField("room", RequestCodec.ROOM.pattern()));
    } else if (only.isPresent() && !RequestCodec.PARTICIPANT_ID.matcher(only.get()).matches()) {
      refuse(context, Refusal.badField("participant", RequestCodec.PARTICIPANT_ID.pattern()));
    } else if (!who.opens(room)) {
      refuse(context, Refusal.of(ErrorCode.FORBIDDEN, "the token does not open room " + room));
    } else {
      String sdp = context.body().asString() == null ? "" : context.body().asString();
      Context loop = context.vertx().getOrCreateContext();
      resources.create(
          protocol,
          room,
          only,
          who,
          sdp,
          outcome -> loop.runOnContext(nothing -> created(context, protocol, room, outcome)));
    }
  }

  private void created(
      RoutingContext context,
      MediaResources.Protocol protocol,
      String room,
      Outcome<MediaResources.Created> outcome) {
    switch (outcome) {
      case Outcome.Refused<MediaResources.Created>(Refusal refusal) -> refuse(context, refusal);
      case Outcome.Done<MediaResources.Created>(MediaResources.Created created) -> {
        if (context.response().closed()) {
          // The client went away before it learned the address: nobody else can end this.
          var unused = resources.delete(room, created.resource().id, Optional.empty());
          return;
        }
        HttpServerResponse response = context.response().setStatusCode(201);
        for (SignalingConfig.IceServer server :
            services.credentials().iceOf(created.resource().identity).servers()) {
          server.urls().forEach(url -> response.headers().add("Link", link(url, server)));
        }
        response
            .putHeader(HttpHeaders.CONTENT_TYPE, SDP)
            .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
            .putHeader(
                HttpHeaders.LOCATION,
                "/" + protocol.path() + "/" + room + "/" + created.resource().id)
            .putHeader(HttpHeaders.ETAG, created.resource().ice().etag())
            .end(created.sdp());
      }
    }
  }

  /**
   * Where tokens are not required one that was sent may name nobody, or somebody else at each
   * request: then the address, which cannot be guessed, is enough.
   */
  private void owner(RoutingContext context, Consumer<Optional<String>> then) {
    if (services.config().dev()) {
      origins.expose(context.request(), context.response());
      then.accept(Optional.empty());
    } else {
      identified(context, who -> then.accept(Optional.of(who.identity())));
    }
  }

  /** Trickle ICE and ICE restart (RFC 9725 section 4.3). */
  private void patch(RoutingContext context, Optional<String> identity) {
    String room = pathText(context, "room");
    switch (resources.owned(room, pathText(context, "id"), identity)) {
      case Outcome.Refused<Resource>(Refusal refusal) -> refuse(context, refusal);
      case Outcome.Done<Resource>(Resource resource) -> patch(context, resource);
    }
  }

  private void patch(RoutingContext context, Resource resource) {
    String ifMatch = context.request().getHeader(HttpHeaders.IF_MATCH);
    if (ifMatch == null) {
      Problem.send(
          context.response(), 428, "If-Match must carry the ETag, or * for an ICE restart");
      return;
    }
    String body = context.body().asString() == null ? "" : context.body().asString();
    Context loop = context.vertx().getOrCreateContext();
    switch (SdpFragment.read(body)) {
      case Outcome.Refused<SdpFragment>(Refusal refusal) -> refuse(context, refusal);
      case Outcome.Done<SdpFragment>(SdpFragment fragment) ->
          resources.patch(
              resource,
              EntityTags.of(ifMatch),
              fragment,
              outcome -> loop.runOnContext(nothing -> patched(context, outcome)));
    }
  }

  private void patched(RoutingContext context, Outcome<MediaResources.Patched> outcome) {
    HttpServerResponse response = context.response();
    switch (outcome) {
      case Outcome.Refused<MediaResources.Patched>(Refusal refusal) -> refuse(context, refusal);
      case Outcome.Done<MediaResources.Patched>(MediaResources.Patched done) -> {
        if (response.closed()) {
          return;
        }
        switch (done) {
          case MediaResources.Patched.Noted noted -> response.setStatusCode(204).end();
          case MediaResources.Patched.Outdated outdated ->
              Problem.send(response, 412, "the ETag is not the present one: ICE was restarted");
          case MediaResources.Patched.Restarted(String etag, String fragment) ->
              response
                  .putHeader(HttpHeaders.CONTENT_TYPE, SdpFragment.TYPE)
                  .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                  .putHeader(HttpHeaders.ETAG, etag)
                  .end(fragment);
        }
      }
    }
  }

  private void delete(RoutingContext context, Optional<String> identity) {
    resources
        .delete(pathText(context, "room"), pathText(context, "id"), identity)
        .ifPresentOrElse(
            refusal -> refuse(context, refusal), () -> context.response().setStatusCode(200).end());
  }

  private static String pathText(RoutingContext context, String name) {
    String text = context.pathParam(name);
    return text == null ? "" : text;
  }

  private void refuse(RoutingContext context, Refusal refusal) {
    services.counters().error(refusal.code());
    if (!context.response().closed()) {
      Problem.send(context.response(), refusal);
    }
  }

  /** RFC 9725, section 4.6. */
  private static String link(String url, SignalingConfig.IceServer server) {
    StringBuilder link = new StringBuilder("<" + url + ">; rel=\"ice-server\"");
    server.username().ifPresent(name -> link.append("; username=").append(quoted(name)));
    server
        .credential()
        .ifPresent(credential ->
            link.append("; credential=")
                .append(quoted(credential))
                .append("; credential-type=\"password\""));
    return link.toString();
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
