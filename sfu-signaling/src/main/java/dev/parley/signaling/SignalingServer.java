package dev.parley.signaling;

import dev.parley.core.api.MediaServer;
import dev.parley.core.api.RelayStreams;
import dev.parley.signaling.config.SignalingConfig;
import dev.parley.signaling.http.Compression;
import dev.parley.signaling.http.Origins;
import dev.parley.signaling.http.PublicRoutes;
import dev.parley.signaling.http.ReportRoute;
import dev.parley.signaling.http.ReportStore;
import dev.parley.signaling.http.WebSocketUpgrade;
import dev.parley.signaling.observe.LogLine;
import dev.parley.signaling.observe.SignalingCounters;
import dev.parley.signaling.room.Ids;
import dev.parley.signaling.room.Rooms;
import dev.parley.signaling.session.AddressLedger;
import dev.parley.signaling.session.ConnectionLedger;
import dev.parley.signaling.session.Credentials;
import dev.parley.signaling.session.Services;
import dev.parley.signaling.session.Sessions;
import dev.parley.signaling.store.RoomKeeper;
import dev.parley.signaling.tls.Hops;
import dev.parley.signaling.tls.TlsConfig;
import dev.parley.signaling.tls.TlsFront;
import dev.parley.signaling.token.TokenVerifier;
import dev.parley.signaling.whip.WhipRoutes;
import dev.parley.signaling.wire.Event;
import dev.parley.signaling.wire.RequestCodec;
import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The front end of a media server: one public HTTP port. Any thread. */
public final class SignalingServer implements SignalingState {
  private static final Logger log = LoggerFactory.getLogger(SignalingServer.class);

  /** Connections on which nothing moves: above the silence that a WebSocket may keep. */
  private static final int IDLE_SEC = 75;

  private static final int WEB_SOCKET_CLOSING_SEC = 3;
  private static final String LOOPBACK = "127.0.0.1";

  private final Vertx vertx;
  private final Services services;
  private final Sessions sessions;
  private final Operator operator;
  private final Context roomContext;
  private final WebSocketUpgrade upgrade;
  private final PublicRoutes pages;
  private final WhipRoutes whip;
  private final Optional<RelayStreams> relay;
  private volatile @Nullable TlsFront front;
  private RoomKeeper keeper = RoomKeeper.NONE;
  private long roomTimer = -1;
  private long roomAlarmMs = Long.MAX_VALUE;
  private volatile int port;
  private volatile String deployment = "";
  private volatile boolean running;

  /**
   * Reads the web pages from the class path, so it blocks for a moment.
   *
   * @param vertx the caller's; {@link #stop} leaves it open
   * @param mediaServer the caller's; {@link #stop} closes the rooms opened here, not the server
   */
  public SignalingServer(Vertx vertx, SignalingConfig config, MediaServer mediaServer) {
    this(vertx, config, mediaServer, Credentials.fixed(config), Optional.empty());
  }

  /**
   * As above, with credentials that the host renews.
   *
   * @param reports where reports of connection checks go; empty: they are not taken
   */
  public SignalingServer(
      Vertx vertx,
      SignalingConfig config,
      MediaServer mediaServer,
      Credentials credentials,
      Optional<ReportStore> reports) {
    this.vertx = vertx;
    this.roomContext = vertx.getOrCreateContext();
    SignalingCounters counters = new SignalingCounters();
    Ids ids = new Ids(new SecureRandom());
    int audioSlots = config.audioSlots().most();
    int videoSlots = config.videoSlots().most();
    Rooms rooms =
        new Rooms(
            mediaServer,
            this::onRoomThread,
            ids,
            new Rooms.Bounds(
                config.limits().roomSize(),
                audioSlots,
                videoSlots,
                config.sessions().onDuplicate()),
            InstantSource.system(),
            config.rooms(),
            this::setRoomAlarm,
            counters);
    this.services =
        new Services(
            vertx,
            config,
            new RequestCodec(
                new RequestCodec.Bounds(config.limits().sdpBytes(), audioSlots, videoSlots)),
            new TokenVerifier(vertx, config.tokens(), !config.dev(), ids::identity),
            new ConnectionLedger(config.limits()),
            rooms,
            this::onRoomThread,
            ids,
            counters,
            credentials,
            new Hops(),
            new AddressLedger(config.sessions().socketsPerAddress()));
    this.sessions = new Sessions(services);
    this.operator = new OperatorDesk(services, sessions);
    Origins origins = new Origins(config.allowedOrigins());
    this.upgrade = new WebSocketUpgrade(services, sessions, origins);
    this.pages =
        new PublicRoutes(services, origins, upgrade, new ReportRoute(services, origins, reports));
    this.whip = new WhipRoutes(services, origins);
    this.relay = mediaServer.relayStreams();
  }

  /**
   * Opens the ports, after the rooms of an earlier process. Fails when one is taken, the state file
   * cannot be written, or the certificate cannot be used.
   */
  public CompletionStage<Void> start() {
    Promise<Void> restored = Promise.promise();
    onRoomThread(() -> {
      try {
        keeper =
            RoomKeeper.open(
                vertx, services.config().rooms().stateFile(), services.rooms(), sessions);
        restored.complete();
      } catch (IOException refused) {
        restored.fail(refused);
      }
    });
    return restored
        .future()
        .compose(done ->
            vertx.deployVerticle(
                Loop::new,
                new DeploymentOptions().setInstances(Runtime.getRuntime().availableProcessors())))
        .compose(id -> {
          deployment = id;
          return startTls();
        })
        .onSuccess(done -> {
          running = true;
          LogLine.event("signaling.started")
              .with("host", services.config().host())
              .with("port", port)
              .with("dev", services.config().dev())
              .info(log);
        })
        .<Void>mapEmpty()
        .toCompletionStage();
  }

  private Future<Void> startTls() {
    Optional<TlsConfig> tls = services.config().tls();
    if (tls.isEmpty()) {
      return Future.succeededFuture();
    }
    try {
      TlsFront opened = new TlsFront(vertx, tls.get(), relay, services.hops(), services.counters());
      front = opened;
      return opened.start();
    } catch (IOException unusable) {
      return Future.failedFuture(unusable);
    }
  }

  /** The TLS port, when there is one and {@link #start} has completed. */
  public Optional<TlsFront> tls() {
    return Optional.ofNullable(front);
  }

  /** The port that is open; 0 before {@link #start} has completed. */
  public int port() {
    return port;
  }

  /**
   * Tells every client to come back, ends the rooms, closes the sockets (1012) and the port.
   * Completes when all of it is done.
   */
  public CompletionStage<Void> stop() {
    running = false;
    upgrade.refuse();
    Promise<Void> roomsClosed = Promise.promise();
    onRoomThread(() -> {
      keeper.close();
      services.rooms().stopping();
      sessions.close(
          new Event.ServerNotice(
              "restarting", "rejoin", "The server restarts: connect and join again."));
      services.rooms().close();
      upgrade.close();
      roomsClosed.complete();
    });
    TlsFront tls = front;
    return roomsClosed
        .future()
        .compose(done -> tls == null ? Future.succeededFuture() : tls.stop())
        .compose(
            done -> deployment.isEmpty() ? Future.succeededFuture() : vertx.undeploy(deployment))
        .onComplete(done -> LogLine.event("signaling.stopped").info(log))
        .toCompletionStage();
  }

  /** An operator's way in. */
  public Operator operator() {
    return operator;
  }

  /** Lets nobody join any more and tells everybody; calls that are going on go on. */
  public void drain() {
    operator.drain();
  }

  /** Tells everybody something, in plain text. */
  public void announce(String text) {
    onRoomThread(() -> sessions.tellAll(new Event.ServerNotice("info", "none", text)));
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public SignalingCounters counters() {
    return services.counters();
  }

  @Override
  public int openRooms() {
    return services.rooms().openRooms();
  }

  @Override
  public int participants() {
    return services.rooms().participants();
  }

  @Override
  public Optional<Instant> certificateEnds() {
    return tls().map(open -> open.certificate().notAfter());
  }

  @Override
  public CompletionStage<List<Map<String, Object>>> rooms() {
    Promise<List<Map<String, Object>>> snapshot = Promise.promise();
    onRoomThread(() -> snapshot.complete(services.rooms().snapshot()));
    return snapshot.future().toCompletionStage();
  }

  private void onRoomThread(Runnable task) {
    roomContext.runOnContext(nothing -> task.run());
  }

  /** On the room thread. */
  private void setRoomAlarm(long atMs) {
    if (atMs == roomAlarmMs) {
      return;
    }
    roomAlarmMs = atMs;
    if (roomTimer >= 0) {
      vertx.cancelTimer(roomTimer);
      roomTimer = -1;
    }
    if (atMs != Long.MAX_VALUE) {
      roomTimer =
          vertx.setTimer(
              Math.max(1, atMs - System.currentTimeMillis()),
              fired -> {
                roomTimer = -1;
                roomAlarmMs = Long.MAX_VALUE;
                services.rooms().handleTimeout();
              });
    }
  }

  /** One event loop's share of the port. */
  private final class Loop extends VerticleBase {
    @Override
    public Future<?> start() {
      Router router = Router.router(vertx);
      pages.mountHeaders(router);
      whip.mount(router);
      pages.mount(router);
      int wanted = services.config().port();
      // A negative port is a free one that the loops of one deployment share.
      Future<HttpServer> open =
          listen(router, services.config().host(), wanted == 0 ? -1 : wanted)
              .onSuccess(server -> port = server.actualPort());
      if (services.config().tls().isEmpty()) {
        return open;
      }
      return open.compose(done -> listen(router, LOOPBACK, -2))
          .onSuccess(server -> services.hops().innerPort(server.actualPort()));
    }

    private Future<HttpServer> listen(Router router, String host, int wanted) {
      int frameBytes = services.config().limits().frameBytes();
      return vertx
          .createHttpServer(options(frameBytes).setHost(host).setPort(wanted))
          .connectionHandler(connection -> Compression.bound(connection, frameBytes))
          .requestHandler(router)
          .invalidRequestHandler(pages::malformedHead)
          .listen();
    }

    private HttpServerOptions options(int frameBytes) {
      return new HttpServerOptions()
          .setHttp2ClearTextEnabled(false)
          .setIdleTimeout(IDLE_SEC)
          .setWebSocketSubProtocols(List.of(WebSocketUpgrade.SUBPROTOCOL))
          .setPerMessageWebSocketCompressionSupported(true)
          .setPerFrameWebSocketCompressionSupported(false)
          .setMaxWebSocketFrameSize(frameBytes)
          .setMaxWebSocketMessageSize(frameBytes)
          .setWebSocketClosingTimeout(WEB_SOCKET_CLOSING_SEC);
    }
  }
}
