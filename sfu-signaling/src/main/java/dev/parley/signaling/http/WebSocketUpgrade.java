package dev.parley.signaling.http;

import dev.parley.signaling.observe.LogLine;
import dev.parley.signaling.session.Connection;
import dev.parley.signaling.session.Services;
import dev.parley.signaling.session.Sessions;
import dev.parley.signaling.wire.ErrorCode;
import dev.parley.signaling.wire.Refusal;
import io.netty.channel.Channel;
import io.vertx.core.Context;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns {@code /v1/signal} requests into connections and knows the open ones. Any event loop. */
public final class WebSocketUpgrade {
  public static final String SUBPROTOCOL = "sfu.v1";
  private static final Logger log = LoggerFactory.getLogger(WebSocketUpgrade.class);

  /** Sockets that have not said hello yet come on top of the connections, as many again. */
  private static final int WITH_HALF_OPEN = 2;

  private final Services services;
  private final Origins origins;
  private final Sessions sessions;
  private final ClientAddress clients;
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
  private volatile boolean closing;

  public WebSocketUpgrade(Services services, Sessions sessions, Origins origins) {
    this.services = services;
    this.sessions = sessions;
    this.origins = origins;
    this.clients = new ClientAddress(services.config().sessions(), services.hops());
  }

  void handle(HttpServerRequest request, Context loop) {
    @Nullable Refusal refusal = refusal(request);
    if (refusal != null) {
      services.counters().error(refusal.code());
      LogLine.event("upgrade.refused")
          .with("code", refusal.code().wireName())
          .with("remote", clients.text(request))
          .info(log);
      Problem.send(request.response(), refusal);
      return;
    }
    if (!"websocket".equalsIgnoreCase(request.getHeader(HttpHeaders.UPGRADE))) {
      request.response().putHeader(HttpHeaders.UPGRADE, "websocket");
      Problem.send(request.response(), 426, "open this address as a WebSocket");
      return;
    }
    Optional<String> address = clients.key(request);
    String remote = clients.text(request);
    Channel channel = Compression.channel(request.connection());
    request
        .toWebSocket()
        .onSuccess(webSocket -> {
          Connection connection =
              Connection.open(
                  services,
                  sessions,
                  webSocket,
                  channel,
                  loop,
                  new Connection.Upgrade(Bearer.of(request), address, remote, connections::remove));
          if (connection.isClosed()) {
            return;
          }
          connections.add(connection);
          if (closing) {
            connection.restart();
          }
        })
        .onFailure(failure -> LogLine.event("upgrade.failed").with("cause", failure).info(log));
  }

  /** Accepts no more. Any thread. */
  public void refuse() {
    closing = true;
  }

  /** Closes what is still open: sockets that have no session. Any thread. */
  public void close() {
    connections.forEach(Connection::restart);
  }

  private @Nullable Refusal refusal(HttpServerRequest request) {
    if (closing) {
      return Refusal.of(ErrorCode.DRAINING, "the server is shutting down");
    }
    if (!origins.allows(request)) {
      return Refusal.of(
          ErrorCode.FORBIDDEN,
          "pages of this origin may not use this server: add it to the allowed origins");
    }
    String offered = request.getHeader("Sec-WebSocket-Protocol");
    if (offered == null
        || Arrays.stream(offered.split(",")).noneMatch(each -> each.strip().equals(SUBPROTOCOL))) {
      return Refusal.of(
          ErrorCode.UNSUPPORTED_VERSION, "the WebSocket must offer subprotocol " + SUBPROTOCOL);
    }
    if (connections.size() >= WITH_HALF_OPEN * services.config().limits().connections()) {
      return Refusal.of(ErrorCode.SERVER_FULL, "too many sockets are open");
    }
    return null;
  }
}
