package dev.parley.server;

import dev.parley.core.api.MediaServer.AnnouncedAddress;
import dev.parley.core.net.TurnRelay;
import dev.parley.core.server.SfuServer;
import dev.parley.core.server.TurnConfig;
import dev.parley.core.turn.TurnCredentials;
import dev.parley.core.turn.TurnSettings;
import dev.parley.server.config.IceServer;
import dev.parley.server.config.ParleyConfig;
import dev.parley.server.config.Secret;
import dev.parley.signaling.config.SignalingConfig;
import dev.parley.signaling.session.IceOffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** How the relay runs, and the STUN and TURN servers with credentials for each client. */
final class TurnAssembly {
  private static final int SECRET_BYTES = 32;
  private static final int OWNER_BYTES = 12;
  private static final int DEFAULT_LIFETIME_SEC = 600;
  private static final int NONCE_LIFETIME_SEC = 1_800;

  private final ParleyConfig config;
  private final Optional<String> secret;

  /** Keeps owners apart without telling who they are. */
  private final byte[] salt = random();

  TurnAssembly(ParleyConfig config) {
    this.config = config;
    ParleyConfig.Turn turn = config.turn();
    Optional<String> made =
        config.dev() ? Optional.of(HexFormat.of().formatHex(random())) : Optional.empty();
    this.secret =
        turn.enabled() ? turn.secret().map(Secret::value).or(() -> made) : Optional.empty();
  }

  private static byte[] random() {
    byte[] bytes = new byte[SECRET_BYTES];
    new SecureRandom().nextBytes(bytes);
    return bytes;
  }

  /** Empty: no relay. */
  Optional<TurnConfig> relay() {
    ParleyConfig.Turn turn = config.turn();
    ParleyConfig.TurnLimits limits = turn.limits();
    return secret.map(known ->
        new TurnConfig(
            config.media().udp().bindAddress(),
            turn.port(),
            tls(turn),
            new TurnRelay.Limits(
                limits.connections(),
                limits.unprovenConnections(),
                limits.connectionsPerAddress(),
                limits.unprovenTimeoutSec()),
            new TurnSettings(
                turn.realm(),
                known,
                limits.allocations(),
                limits.allocationsPerUser(),
                limits.allocationsPerAddress(),
                limits.peers(),
                limits.bitrateKbps() * 1_000L,
                DEFAULT_LIFETIME_SEC,
                limits.lifetimeSec(),
                NONCE_LIFETIME_SEC)));
  }

  private static Optional<TurnRelay.Tls> tls(ParleyConfig.Turn turn) {
    return turn.tlsPort() == 0
        ? Optional.empty()
        : Optional.of(
            new TurnRelay.Tls(
                turn.tlsPort(),
                turn.certificateFile().map(Path::of).orElseThrow(),
                turn.keyFile().map(Path::of).orElseThrow()));
  }

  /**
   * What a client is told: the own relay first, then what is configured.
   *
   * @param owner a session or an identity; only a digest of it goes into the user name
   */
  IceOffer offer(SfuServer media, String owner, long nowMs) {
    long expirySec = nowMs / 1000 + config.turn().credentialTtlSec();
    String tag = tag(owner);
    List<SignalingConfig.IceServer> servers = new ArrayList<>();
    boolean ends = false;
    if (secret.isPresent() && media.relay().isPresent()) {
      servers.add(server(urls(media, media.relay().get()), secret.get(), tag, expirySec));
      ends = true;
    }
    for (IceServer server : config.iceServers()) {
      if (server.secret().isPresent()) {
        servers.add(server(server.urls(), server.secret().get().value(), tag, expirySec));
        ends = true;
      } else {
        servers.add(
            new SignalingConfig.IceServer(
                server.urls(), server.username(), server.credential().map(Secret::value)));
      }
    }
    return new IceOffer(servers, ends ? OptionalLong.of(expirySec * 1000) : OptionalLong.empty());
  }

  private static SignalingConfig.IceServer server(
      List<String> urls, String secret, String owner, long expirySec) {
    TurnCredentials.Minted minted = new TurnCredentials(secret).mint(owner, expirySec);
    return new SignalingConfig.IceServer(
        urls, Optional.of(minted.username()), Optional.of(minted.password()));
  }

  /** The quickest first, for each host. */
  private List<String> urls(SfuServer media, TurnRelay relay) {
    return config
        .turn()
        .host()
        .map(host -> Stream.of(inBrackets(host)))
        .orElseGet(() ->
            announced(media.announcedAddresses().stream().map(AnnouncedAddress::address).toList()))
        .flatMap(host -> urls(host, relay).stream())
        .toList();
  }

  private List<String> urls(String host, TurnRelay relay) {
    int port = relay.localAddress().getPort();
    List<String> urls = new ArrayList<>();
    urls.add("turn:%s:%d?transport=udp".formatted(host, port));
    urls.add("turn:%s:%d?transport=tcp".formatted(host, port));
    relay
        .tlsAddress()
        .ifPresent(tls -> urls.add("turns:%s:%d?transport=tcp".formatted(host, tls.getPort())));
    config
        .https()
        .filter(https -> https.port() != 0)
        .ifPresent(https -> urls.add("turns:%s:%d?transport=tcp".formatted(host, https.port())));
    return urls;
  }

  private static String inBrackets(String host) {
    return host.contains(":") ? "[" + host + "]" : host;
  }

  /** The first announced address of each family: a client may have only one of them. */
  static Stream<String> announced(List<String> addresses) {
    List<String> hosts =
        addresses.stream().map(address -> address.substring(0, address.lastIndexOf(':'))).toList();
    return Stream.of(false, true)
        .flatMap(ipv6 -> hosts.stream().filter(host -> host.startsWith("[") == ipv6).limit(1));
  }

  private String tag(String owner) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(salt);
      byte[] hash = digest.digest(owner.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, OWNER_BYTES);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
