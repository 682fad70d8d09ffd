package dev.parley.signaling.config;

import dev.parley.signaling.tls.TlsConfig;
import dev.parley.signaling.token.TokenRules;
import dev.parley.signaling.token.TokenSecret;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How the front end runs.
 *
 * @param port 0 takes a free one
 * @param dev lets people in without a token
 * @param tokens which tokens count; a key is required unless {@code dev}
 * @param allowedOrigins web origins besides the server's own that may use it, for instance {@code
 *     https://example.org}; {@code *} allows all
 * @param iceServers told to clients; none by default, the server's own candidates suffice
 */
public record SignalingConfig(
    String host,
    int port,
    boolean dev,
    TokenRules tokens,
    Limits limits,
    Slots audioSlots,
    Slots videoSlots,
    Heartbeat heartbeat,
    List<String> allowedOrigins,
    List<IceServer> iceServers,
    ServerName server,
    SessionConfig sessions,
    RoomConfig rooms,
    Optional<TlsConfig> tls) {

  public SignalingConfig {
    allowedOrigins = List.copyOf(allowedOrigins);
    iceServers = List.copyOf(iceServers);
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("port: " + port + " is not in 0..65535");
    }
    if (!dev && !tokens.canVerify()) {
      throw new IllegalArgumentException(
          "a token secret or a key set is required, except in development");
    }
    if (!dev) {
      for (TokenSecret secret : tokens.secrets()) {
        TokenSecret.weakness(secret.value())
            .ifPresent(weakness -> {
              throw new IllegalArgumentException(weakness);
            });
      }
    }
  }

  /** Development on a free port of the loopback, everything else at its default. */
  public static SignalingConfig forDevelopment() {
    return new SignalingConfig(
        "127.0.0.1",
        0,
        true,
        TokenRules.NONE,
        Limits.DEFAULT,
        Slots.AUDIO,
        Slots.VIDEO,
        Heartbeat.DEFAULT,
        List.of(),
        List.of(),
        new ServerName("parley", "dev", "local"),
        SessionConfig.DEFAULT,
        RoomConfig.OPEN,
        Optional.empty());
  }

  /**
   * What one client, or all, may take.
   *
   * @param connectionsPerUser WebSockets and WHIP/WHEP resources of one identity
   * @param connections the same, of all
   * @param messageBurst messages at once, above {@code messagesPerSec} on average
   * @param helloTimeout from the opening of the socket
   * @param preHelloFrameBytes the largest frame before hello succeeded
   * @param frameBytes the largest frame after
   * @param sdpBytes the largest offer
   * @param roomSize the most participants of a room
   * @param writeQueueBytes unsent bytes of a socket from which it counts as slow; four times as
   *     much closes it at once
   * @param slowConsumerTimeout how long a socket may stay slow
   */
  public record Limits(
      int connectionsPerUser,
      int connections,
      int messagesPerSec,
      int messageBurst,
      Duration helloTimeout,
      int preHelloFrameBytes,
      int frameBytes,
      int sdpBytes,
      int roomSize,
      int writeQueueBytes,
      Duration slowConsumerTimeout) {
    public static final Limits DEFAULT =
        new Limits(
            3,
            1000,
            50,
            100,
            Duration.ofSeconds(10),
            16 << 10,
            512 << 10,
            400 << 10,
            100,
            1 << 20,
            Duration.ofSeconds(10));

    public Limits {
      int least =
          List.of(
                  connectionsPerUser,
                  connections,
                  messagesPerSec,
                  messageBurst,
                  preHelloFrameBytes,
                  frameBytes,
                  sdpBytes,
                  roomSize,
                  writeQueueBytes)
              .stream()
              .mapToInt(Integer::intValue)
              .min()
              .orElse(0);
      if (least < 1 || helloTimeout.isNegative() || slowConsumerTimeout.isNegative()) {
        throw new IllegalArgumentException("limits must be positive");
      }
      if (preHelloFrameBytes > frameBytes || sdpBytes > frameBytes) {
        throw new IllegalArgumentException(
            "frameBytes must be the largest of preHelloFrameBytes, sdpBytes and frameBytes");
      }
    }
  }

  /** Slots of one kind: {@code initial} is recommended to clients, {@code most} is the limit. */
  public record Slots(int initial, int most) {
    public static final Slots AUDIO = new Slots(3, 8);
    public static final Slots VIDEO = new Slots(9, 49);

    public Slots {
      if (initial < 0 || most < initial) {
        throw new IllegalArgumentException("slots: initial " + initial + ", most " + most);
      }
    }
  }

  /**
   * Who pings when, and who gives up when.
   *
   * @param interval how often clients ping
   * @param timeout after which a client gives up on an unanswered ping
   * @param silence after which the server gives up on a client
   */
  public record Heartbeat(Duration interval, Duration timeout, Duration silence) {
    public static final Heartbeat DEFAULT =
        new Heartbeat(Duration.ofSeconds(10), Duration.ofSeconds(15), Duration.ofSeconds(30));
  }

  /** What the server says of itself in the reply to hello. */
  public record ServerName(String name, String version, String node) {}

  /** A STUN or TURN server (RFC 7064, RFC 7065) as clients need it. */
  public record IceServer(
      List<String> urls, Optional<String> username, Optional<String> credential) {
    public IceServer {
      urls = List.copyOf(urls);
    }

    @Override
    public String toString() {
      return "IceServer[urls=" + urls + "]";
    }
  }
}
