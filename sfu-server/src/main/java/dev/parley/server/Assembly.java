package dev.parley.server;

import dev.parley.admin.AdminConfig;
import dev.parley.admin.AdminServer;
import dev.parley.admin.history.History;
import dev.parley.admin.webhook.WebhookConfig;
import dev.parley.core.api.MediaServer;
import dev.parley.core.server.MediaConfig;
import dev.parley.core.server.OverloadLimits;
import dev.parley.core.server.SfuServer;
import dev.parley.server.config.ParleyConfig;
import dev.parley.server.config.WebhookEntry;
import dev.parley.server.doctor.Doctor;
import dev.parley.server.doctor.HealthWatch;
import dev.parley.server.doctor.ThisMachine;
import dev.parley.signaling.SignalingServer;
import dev.parley.signaling.config.Networks;
import dev.parley.signaling.config.RoomConfig;
import dev.parley.signaling.config.SessionConfig;
import dev.parley.signaling.config.SignalingConfig;
import dev.parley.signaling.config.TrustedProxies;
import dev.parley.signaling.http.ReportStore;
import dev.parley.signaling.rules.EchoRooms;
import dev.parley.signaling.rules.RoomSettings;
import dev.parley.signaling.session.Credentials;
import dev.parley.signaling.session.IceOffer;
import dev.parley.signaling.store.RoomSettingsJson;
import dev.parley.signaling.tls.TlsConfig;
import dev.parley.signaling.tls.TlsFront;
import dev.parley.signaling.token.TokenMinter;
import dev.parley.signaling.token.TokenRules;
import dev.parley.signaling.token.TokenSecret;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Which parts make up a server, in the order they start: the media engine before those who use it,
 * the public front end last, so that nobody is let in early.
 */
final class Assembly {
  private static final long STEP_TIMEOUT_SEC = 20;

  private final ParleyConfig config;
  private final TurnAssembly turn;
  private @Nullable SfuServer media;
  private @Nullable HealthWatch watch;
  private @Nullable CompletableFuture<Vertx> loops;
  private @Nullable Vertx vertx;
  private @Nullable SignalingServer signaling;
  private @Nullable AdminServer admin;
  private @Nullable History history;

  Assembly(ParleyConfig config) {
    this.config = config;
    this.turn = new TurnAssembly(config);
  }

  /**
   * Where a running server is reached.
   *
   * @param httpPort the bound port, also where the configured one was 0
   * @param httpsPort likewise; empty without TLS
   * @param adminPort likewise
   * @param media the announced UDP addresses, for instance {@code 192.0.2.1:10000}
   * @param mediaTcp those of TCP
   */
  record Endpoints(
      int httpPort,
      OptionalInt httpsPort,
      int adminPort,
      List<String> media,
      List<String> mediaTcp) {}

  /** In the order they start. */
  List<Part> parts() {
    return List.of(
        part("event loops", this::beginLoops, this::endLoops),
        part("media", this::startMedia, () -> need(media).close()),
        part("watch", this::startWatch, () -> need(watch).close()),
        part("history", this::startHistory, () -> need(history).close()),
        part("front", this::assembleFront, () -> {}),
        part("admin", this::startAdmin, () -> await(need(admin).stop())),
        part("signalling", this::startSignaling, () -> await(need(signaling).stop())));
  }

  /** Once all parts run. */
  Endpoints endpoints() {
    return new Endpoints(
        need(signaling).port(),
        need(signaling).tls().map(TlsFront::port).map(OptionalInt::of).orElse(OptionalInt.empty()),
        need(admin).port(),
        announced(MediaServer.Transport.UDP),
        announced(MediaServer.Transport.TCP));
  }

  private List<String> announced(MediaServer.Transport transport) {
    return need(media).announcedAddresses().stream()
        .filter(one -> one.transport() == transport)
        .map(MediaServer.AnnouncedAddress::address)
        .toList();
  }

  private void startMedia() throws IOException {
    media = new SfuServer(mediaConfig(config), turn.relay());
  }

  private void startWatch() {
    SfuServer engine = need(media);
    watch =
        new HealthWatch(
            new Doctor(new ThisMachine()),
            config,
            () ->
                engine.announcedAddresses().stream()
                    .map(MediaServer.AnnouncedAddress::ip)
                    .distinct()
                    .toList());
  }

  /** Its database is opened meanwhile: nothing waits for it. */
  private void startHistory() {
    history = History.open(config.history());
  }

  /** They are made while the engine starts. */
  private void beginLoops() {
    loops =
        CompletableFuture.supplyAsync(
            () -> Vertx.vertx(new VertxOptions().setPreferNativeTransport(true)),
            task -> Thread.ofPlatform().name("event-loops").start(task));
  }

  private void endLoops() throws Exception {
    CompletableFuture<Vertx> begun = need(loops);
    if (!begun.isCompletedExceptionally()) {
      await(begun.thenCompose(made -> made.close().toCompletionStage()));
    }
  }

  /** Opens nothing yet. */
  private void assembleFront() throws Exception {
    vertx = await(need(loops));
    SignalingConfig front = signalingConfig(config);
    Optional<ReportStore> reports =
        config.diagnosticsUploads() ? Optional.of(need(history)) : Optional.empty();
    signaling = new SignalingServer(need(vertx), front, need(media), credentials(front), reports);
  }

  /** Join tokens are renewed where this server can sign them. */
  private Credentials credentials(SignalingConfig front) {
    Function<String, IceOffer> servers =
        owner -> turn.offer(need(media), owner, System.currentTimeMillis());
    if (!front.tokens().canSign()) {
      return new Credentials(Credentials.fixed(front).freshToken(), servers);
    }
    TokenMinter minter = new TokenMinter(need(vertx), front.tokens());
    return new Credentials(who -> minter.refresh(who, System.currentTimeMillis() / 1000), servers);
  }

  private void startAdmin() throws Exception {
    AdminServer server =
        new AdminServer(
            need(vertx),
            new AdminConfig(
                config.admin().host(),
                config.admin().port(),
                config.admin().allowedHosts(),
                config.admin().tokens(),
                Duration.ofSeconds(config.admin().sampleSec()),
                webhooks(config.webhooks())),
            need(media),
            need(signaling),
            need(signaling).operator(),
            need(watch)::readiness,
            need(history));
    listen("admin", config.admin().host(), config.admin().port(), server::start);
    admin = server;
  }

  private static WebhookConfig webhooks(ParleyConfig.Webhooks webhooks) {
    return new WebhookConfig(
        webhooks.endpoints().stream().map(WebhookEntry::endpoint).toList(),
        webhooks.directory(),
        Duration.ofSeconds(webhooks.timeoutSec()),
        Duration.ofSeconds(webhooks.giveUpAfterSec()),
        Duration.ofSeconds(webhooks.keepSec()),
        webhooks.maxEvents(),
        new Networks(webhooks.allowedNetworks()));
  }

  private void startSignaling() throws Exception {
    listen("http", config.http().host(), config.http().port(), need(signaling)::start);
  }

  /** What the system says of a port it does not give names neither the port nor the key. */
  private static void listen(
      String section, String host, int port, Supplier<CompletionStage<?>> start) throws Exception {
    try {
      await(start.get());
    } catch (IOException refused) {
      throw new IOException(
          ("TCP %s (%s.host, %s.port) cannot be opened: %s. See who holds the port with:"
                  + " ss -ltnp 'sport = :%d' - or choose another one.")
              .formatted(
                  host.contains(":") ? "[" + host + "]:" + port : host + ":" + port,
                  section,
                  section,
                  refused.getMessage(),
                  port),
          refused);
    }
  }

  static MediaConfig mediaConfig(ParleyConfig config) {
    ParleyConfig.Media media = config.media();
    return new MediaConfig(
        media.workers(),
        media.udp().bindAddress(),
        media.udp().port(),
        media.announcedAddresses(),
        media.publicAddress().lookup(),
        config.dev(),
        switch (media.io()) {
          case AUTO -> MediaConfig.Io.AUTO;
          case EPOLL -> MediaConfig.Io.EPOLL;
          case NIO -> MediaConfig.Io.NIO;
        },
        media.udp().receiveBufferBytes(),
        media.udp().sendBufferBytes(),
        media.keyFrame().minIntervalMs(),
        media.ice().connectTimeoutSec() * 1000,
        media.ice().consentTimeoutSec() * 1000,
        media.ice().resumeGraceSec() * 1000,
        media.dtls().maxHandshakes(),
        media.slots().maxAudio(),
        media.slots().maxVideo(),
        new MediaConfig.Tcp(
            media.tcp().enabled(),
            media.tcp().port(),
            media.tcp().maxConnections(),
            media.tcp().maxUnprovedPerAddress()),
        media.participantsPerWorker(),
        OverloadLimits.ofPercent(
            config.limits().fullLoadPercent(), config.limits().shedLoadPercent()));
  }

  static SignalingConfig signalingConfig(ParleyConfig config) {
    ParleyConfig.Limits limits = config.limits();
    ParleyConfig.Slots slots = config.media().slots();
    ParleyConfig.Signaling signaling = config.signaling();
    return new SignalingConfig(
        config.http().host(),
        config.http().port(),
        config.dev(),
        tokenRules(config),
        new SignalingConfig.Limits(
            limits.connectionsPerUser(),
            limits.connections(),
            limits.messagesPerSec(),
            limits.messageBurst(),
            Duration.ofSeconds(limits.helloTimeoutSec()),
            limits.preHelloFrameBytes(),
            limits.frameBytes(),
            limits.sdpBytes(),
            limits.roomParticipants(),
            limits.writeQueueBytes(),
            Duration.ofSeconds(limits.slowConsumerTimeoutSec())),
        new SignalingConfig.Slots(slots.audio(), slots.maxAudio()),
        new SignalingConfig.Slots(slots.video(), slots.maxVideo()),
        new SignalingConfig.Heartbeat(
            Duration.ofMillis(signaling.pingIntervalMs()),
            Duration.ofMillis(signaling.pingTimeoutMs()),
            Duration.ofSeconds(signaling.silenceTimeoutSec())),
        config.http().allowedOrigins(),
        List.of(),
        new SignalingConfig.ServerName("parley", Version.text(), "local"),
        new SessionConfig(
            Duration.ofSeconds(signaling.resumeGraceSec()),
            signaling.resumeEvents(),
            signaling.resumeChars(),
            signaling.rememberedReplies(),
            signaling.onDuplicate(),
            limits.connectionsPerAddress(),
            config.http().clientAddressHeader(),
            new TrustedProxies(config.http().trustedProxies())),
        roomConfig(config),
        config
            .https()
            .map(https ->
                new TlsConfig(
                    https.host(), https.port(), https.certificateFile(), https.keyFile())));
  }

  private static RoomConfig roomConfig(ParleyConfig config) {
    ParleyConfig.Rooms rooms = config.rooms();
    Optional<Path> file = rooms.settingsFile();
    EchoRooms echo = new EchoRooms(rooms.echoRooms(), rooms.echoSec());
    if (file.isEmpty()) {
      return new RoomConfig(RoomSettings.OPEN, Map.of(), rooms.stateFile(), echo);
    }
    try {
      RoomSettingsJson.Document document = RoomSettingsJson.document(Files.readString(file.get()));
      return new RoomConfig(document.defaults(), document.rooms(), rooms.stateFile(), echo);
    } catch (IOException changed) {
      throw new UncheckedIOException(changed);
    }
  }

  static TokenRules tokenRules(ParleyConfig config) {
    ParleyConfig.Auth auth = config.auth();
    ParleyConfig.KeySet keySet = auth.keySet();
    return new TokenRules(
        secrets(auth),
        new TokenRules.KeySetSource(
            keySet.file().map(Path::of),
            keySet.url().map(URI::create),
            Duration.ofSeconds(keySet.refreshSec()),
            Duration.ofSeconds(keySet.retrySec())),
        auth.issuer(),
        auth.audience(),
        Duration.ofSeconds(auth.leewaySec()));
  }

  /** The sample secret opens nothing: it counts as none. */
  private static List<TokenSecret> secrets(ParleyConfig.Auth auth) {
    if (!auth.secrets().isEmpty()) {
      return auth.secrets().stream()
          .map(known -> new TokenSecret(Optional.of(known.kid()), known.secret().value()))
          .toList();
    }
    return auth.hasSampleSecret() ? List.of() : List.of(TokenSecret.of(auth.secret().value()));
  }

  private static <T> T need(@Nullable T started) {
    if (started == null) {
      throw new IllegalStateException("a part was used before it started");
    }
    return started;
  }

  private static <T> T await(CompletionStage<T> step) throws Exception {
    try {
      return step.toCompletableFuture().get(STEP_TIMEOUT_SEC, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Exception cause) {
        throw cause;
      }
      throw e;
    } catch (TimeoutException e) {
      throw new TimeoutException("it took longer than " + STEP_TIMEOUT_SEC + " s");
    }
  }

  private interface Step {
    void run() throws Exception;
  }

  private static Part part(String name, Step start, Step stop) {
    return new Part() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public void start() throws Exception {
        start.run();
      }

      @Override
      public void stop() throws Exception {
        stop.run();
      }
    };
  }
}
