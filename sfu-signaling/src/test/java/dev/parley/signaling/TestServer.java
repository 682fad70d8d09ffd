package dev.parley.signaling;

import dev.parley.signaling.config.RoomConfig;
import dev.parley.signaling.config.SessionConfig;
import dev.parley.signaling.config.SignalingConfig;
import dev.parley.signaling.http.ReportStore;
import dev.parley.signaling.rules.EchoRooms;
import dev.parley.signaling.rules.RoomSettings;
import dev.parley.signaling.session.Credentials;
import dev.parley.signaling.tls.TlsConfig;
import dev.parley.signaling.token.TokenRules;
import dev.parley.signaling.token.TokenSecret;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A server on a free port with a fake media engine. */
public final class TestServer implements AutoCloseable {
  public static final TokenRules TOKENS =
      TokenRules.of(TokenSecret.of("a secret of the tests, long enough for the hash"), "parley");

  public final Vertx vertx = Vertx.vertx();
  public final FakeMediaServer media = new FakeMediaServer();
  public final SignalingServer signaling;

  public TestServer(SignalingConfig config) {
    this(config, Credentials.fixed(config));
  }

  public TestServer(SignalingConfig config, Credentials credentials) {
    this(config, credentials, Optional.empty());
  }

  public TestServer(
      SignalingConfig config, Credentials credentials, Optional<ReportStore> reports) {
    signaling = new SignalingServer(vertx, config, media, credentials, reports);
    TestClient.get(signaling.start());
  }

  public static SignalingConfig development() {
    return with(SignalingConfig.Limits.DEFAULT, Optional.empty(), Duration.ofSeconds(30));
  }

  public static SignalingConfig secured() {
    return with(SignalingConfig.Limits.DEFAULT, Optional.of(TOKENS), Duration.ofSeconds(30));
  }

  public static SignalingConfig with(
      SignalingConfig.Limits limits, Optional<TokenRules> tokens, boolean dev) {
    return with(limits, tokens, dev, Duration.ofSeconds(30));
  }

  /** With a key it is no development server. */
  public static SignalingConfig with(
      SignalingConfig.Limits limits, Optional<TokenRules> tokens, Duration silence) {
    return with(limits, tokens, tokens.isEmpty(), silence);
  }

  private static SignalingConfig with(
      SignalingConfig.Limits limits, Optional<TokenRules> tokens, boolean dev, Duration silence) {
    SignalingConfig defaults = SignalingConfig.forDevelopment();
    return new SignalingConfig(
        defaults.host(),
        0,
        dev,
        tokens.orElse(TokenRules.NONE),
        limits,
        defaults.audioSlots(),
        defaults.videoSlots(),
        new SignalingConfig.Heartbeat(Duration.ofSeconds(10), Duration.ofSeconds(15), silence),
        List.of("https://allowed.example"),
        List.of(
            new SignalingConfig.IceServer(
                List.of("turn:turn.example:3478"), Optional.of("u\"1"), Optional.of("p"))),
        defaults.server(),
        SessionConfig.DEFAULT,
        RoomConfig.OPEN,
        Optional.empty());
  }

  /** The same configuration with other sessions. */
  public static SignalingConfig with(SignalingConfig config, SessionConfig sessions) {
    return with(config, sessions, config.rooms());
  }

  /** The same configuration with rooms of one kind. */
  public static SignalingConfig with(SignalingConfig config, RoomSettings rooms) {
    return with(config, new RoomConfig(rooms, Map.of(), Optional.empty(), EchoRooms.DEFAULT));
  }

  public static SignalingConfig with(SignalingConfig config, RoomConfig rooms) {
    return with(config, config.sessions(), rooms);
  }

  private static SignalingConfig with(
      SignalingConfig config, SessionConfig sessions, RoomConfig rooms) {
    return new SignalingConfig(
        config.host(),
        config.port(),
        config.dev(),
        config.tokens(),
        config.limits(),
        config.audioSlots(),
        config.videoSlots(),
        config.heartbeat(),
        config.allowedOrigins(),
        config.iceServers(),
        config.server(),
        sessions,
        rooms,
        config.tls());
  }

  /** The same configuration with a TLS port of its own. */
  public static SignalingConfig with(SignalingConfig c, TlsConfig tls) {
    return new SignalingConfig(
        c.host(),
        c.port(),
        c.dev(),
        c.tokens(),
        c.limits(),
        c.audioSlots(),
        c.videoSlots(),
        c.heartbeat(),
        c.allowedOrigins(),
        c.iceServers(),
        c.server(),
        c.sessions(),
        c.rooms(),
        Optional.of(tls));
  }

  public static SessionConfig grace(Duration grace) {
    SessionConfig defaults = SessionConfig.DEFAULT;
    return new SessionConfig(
        grace,
        defaults.replayEvents(),
        defaults.replayChars(),
        defaults.rememberedReplies(),
        defaults.onDuplicate(),
        defaults.socketsPerAddress(),
        defaults.clientAddressHeader());
  }

  public static SignalingConfig.Limits limits(
      int perUser, int connections, int perSec, int burst, Duration hello, int roomSize) {
    SignalingConfig.Limits defaults = SignalingConfig.Limits.DEFAULT;
    return new SignalingConfig.Limits(
        perUser,
        connections,
        perSec,
        burst,
        hello,
        defaults.preHelloFrameBytes(),
        defaults.frameBytes(),
        defaults.sdpBytes(),
        roomSize,
        64 << 10,
        Duration.ofMillis(300));
  }

  public int port() {
    return signaling.port();
  }

  public TestClient connect() {
    return TestClient.connect(vertx, port());
  }

  public TestClient greeted() {
    return TestClient.greeted(vertx, port());
  }

  @Override
  public void close() {
    TestClient.get(signaling.stop());
    TestClient.forget(vertx);
    TestClient.get(vertx.close().toCompletionStage());
  }
}
