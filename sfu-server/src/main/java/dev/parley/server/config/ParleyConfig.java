package dev.parley.server.config;

import dev.parley.admin.history.HistoryConfig;
import dev.parley.admin.rest.AdminToken;
import dev.parley.core.address.AddressLookup;
import dev.parley.core.address.CloudMetadata.Cloud;
import dev.parley.signaling.config.OnDuplicate;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The whole configuration, checked. Units are in the names; {@code docs/configuration.md} says what
 * each value is for.
 *
 * @param dev started with {@code --dev}: no token needed, loopback is announced too
 * @param file the file it was read from; empty: none
 * @param diagnosticsUploads whether people may send reports of their connection check
 */
public record ParleyConfig(
    boolean dev,
    Optional<Path> file,
    Http http,
    Optional<Https> https,
    Admin admin,
    Media media,
    Turn turn,
    Auth auth,
    Limits limits,
    Rooms rooms,
    Signaling signaling,
    HistoryConfig history,
    boolean diagnosticsUploads,
    List<IceServer> iceServers,
    Webhooks webhooks,
    Log log) {

  /**
   * The public port.
   *
   * @param clientAddressHeader empty: the address of the TCP connection counts
   */
  public record Http(
      String host,
      int port,
      List<String> allowedOrigins,
      Optional<String> clientAddressHeader,
      List<String> trustedProxies) {}

  /** TLS in the server itself; the files belong together. */
  public record Https(String host, int port, Path certificateFile, Path keyFile) {}

  /** The operator's port; {@code tokens} are all of both keys. */
  public record Admin(
      String host, int port, List<String> allowedHosts, List<AdminToken> tokens, int sampleSec) {}

  public record Media(
      List<String> announcedAddresses,
      PublicAddress publicAddress,
      int workers,
      int participantsPerWorker,
      MediaIo io,
      Udp udp,
      Tcp tcp,
      Ice ice,
      Dtls dtls,
      KeyFrame keyFrame,
      Slots slots) {
    /** The number of workers to start: the configured one, or one for each core. */
    public int effectiveWorkers() {
      return workers == 0 ? Runtime.getRuntime().availableProcessors() : workers;
    }
  }

  /** Who is asked for this machine's address outside. */
  public record PublicAddress(
      List<String> stunServers,
      CloudMetadata cloud,
      URI metadataUrl,
      int refreshSec,
      int startWaitMs) {
    /** As the media engine takes it. */
    public AddressLookup lookup() {
      return new AddressLookup(
          stunServers,
          switch (cloud) {
            case NONE -> Optional.empty();
            case AWS -> Optional.of(Cloud.AWS);
            case GCP -> Optional.of(Cloud.GCP);
            case AZURE -> Optional.of(Cloud.AZURE);
          },
          metadataUrl,
          refreshSec,
          startWaitMs);
    }
  }

  public record Udp(int port, String bindAddress, int receiveBufferBytes, int sendBufferBytes) {}

  public record Tcp(boolean enabled, int port, int maxConnections, int maxUnprovedPerAddress) {}

  public record Ice(int connectTimeoutSec, int consentTimeoutSec, int resumeGraceSec) {}

  public record Dtls(int maxHandshakes) {}

  public record KeyFrame(int minIntervalMs) {}

  public record Slots(int audio, int video, int maxAudio, int maxVideo) {}

  /**
   * The relay.
   *
   * @param secret empty: none runs, but for {@code --dev}, which makes one
   * @param host empty: the first announced address
   * @param tlsPort 0: none
   */
  public record Turn(
      boolean enabled,
      Optional<Secret> secret,
      Optional<String> host,
      int port,
      int tlsPort,
      Optional<String> certificateFile,
      Optional<String> keyFile,
      String realm,
      int credentialTtlSec,
      TurnLimits limits) {}

  public record TurnLimits(
      int lifetimeSec,
      int allocations,
      int allocationsPerUser,
      int allocationsPerAddress,
      int peers,
      int bitrateKbps,
      int connections,
      int connectionsPerAddress,
      int unprovenConnections,
      int unprovenTimeoutSec) {}

  /**
   * Whose tokens count.
   *
   * @param secret without a name; not used when there are {@code secrets}
   * @param secrets the first signs, any of them checks
   */
  public record Auth(
      Secret secret,
      List<SigningSecret> secrets,
      Optional<String> issuer,
      Optional<String> audience,
      int leewaySec,
      KeySet keySet) {
    /** Whether nothing but the public sample would sign tokens. */
    public boolean hasSampleSecret() {
      return secrets.isEmpty() && secret.equals(AuthKeys.SAMPLE_SECRET);
    }
  }

  public record KeySet(Optional<String> file, Optional<String> url, int refreshSec, int retrySec) {
    public boolean isConfigured() {
      return file.isPresent() || url.isPresent();
    }
  }

  public record Limits(
      int connections,
      int connectionsPerUser,
      int messagesPerSec,
      int messageBurst,
      int sdpBytes,
      int roomParticipants,
      int helloTimeoutSec,
      int connectionsPerAddress,
      int preHelloFrameBytes,
      int frameBytes,
      int writeQueueBytes,
      int slowConsumerTimeoutSec,
      int fullLoadPercent,
      int shedLoadPercent) {}

  public record Signaling(
      int pingIntervalMs,
      int pingTimeoutMs,
      int silenceTimeoutSec,
      int resumeGraceSec,
      int resumeEvents,
      int resumeChars,
      int rememberedReplies,
      OnDuplicate onDuplicate) {}

  /** Files that say how rooms are run, and that keep them. */
  public record Rooms(
      Optional<Path> settingsFile, Optional<Path> stateFile, int echoRooms, int echoSec) {}

  /**
   * Who is told of what happens in rooms.
   *
   * @param directory empty: in memory, as nothing else is kept either
   */
  public record Webhooks(
      List<WebhookEntry> endpoints,
      Optional<Path> directory,
      int timeoutSec,
      int giveUpAfterSec,
      int keepSec,
      int maxEvents,
      List<String> allowedNetworks) {}

  public record Log(LogFormat format, LogLevel level, boolean redactAddresses) {}

  /** Whose metadata service is asked. */
  public enum CloudMetadata {
    NONE,
    AWS,
    GCP,
    AZURE
  }

  /** How datagrams are read and written. */
  public enum MediaIo {
    AUTO,
    EPOLL,
    NIO
  }

  /** How a log event is written. */
  public enum LogFormat {
    PLAIN,
    JSON
  }

  /** From the rarest to the most talkative. */
  public enum LogLevel {
    ERROR,
    WARN,
    INFO,
    DEBUG,
    TRACE
  }
}
