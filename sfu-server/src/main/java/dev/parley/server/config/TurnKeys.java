package dev.parley.server.config;

import dev.parley.core.turn.TurnSettings;
import dev.parley.server.config.ConfigType.Flag;
import dev.parley.server.config.ConfigType.OptionalText;
import dev.parley.server.config.ConfigType.Text;
import dev.parley.server.config.ConfigType.WholeNumber;
import java.util.Optional;

/** The relay for clients behind firewalls (docs/turn.md). */
public final class TurnKeys {
  /** Shorter secrets are refused outside {@code --dev}. */
  public static final int SECRET_MIN_BYTES = 16;

  public static final ConfigKey<Boolean> TURN_ENABLED =
      ConfigKey.of(
              "turn.enabled",
              new Flag(),
              "",
              true,
              "Whether the relay (TURN) runs, where turn.secret is set.",
              "With --dev it needs to be asked for, and makes its own secret: on your own machine"
                  + " nothing is in the way of media.")
          .inDev(false);

  public static final ConfigKey<Optional<String>> TURN_SECRET =
      ConfigKey.of(
              "turn.secret",
              new OptionalText("a text of at least " + SECRET_MIN_BYTES + " bytes", text -> true),
              "text of 16 bytes or more",
              Optional.empty(),
              "What short-lived credentials are made from; never told to clients.",
              "Empty: no relay, as one whose secret is known to strangers would be theirs. Make"
                  + " your own: openssl rand -base64 32")
          .asSecret();

  public static final ConfigKey<Optional<String>> TURN_HOST =
      ConfigKey.of(
          "turn.host",
          new OptionalText("a host name or IP address", name -> name.matches("[\\w.:-]+")),
          "address",
          Optional.empty(),
          "Under which name clients reach the relay.",
          "Empty: the first announced address. TLS needs the name that the certificate is for.");

  public static final ConfigKey<Integer> TURN_PORT =
      ConfigKey.of(
          "turn.port",
          WholeNumber.PORT,
          "port",
          3478,
          "The relay's UDP and TCP port; 0 lets the system choose.",
          "The port of RFC 8656. Open it in the firewall for both; no others are needed.");

  public static final ConfigKey<Integer> TURN_TLS_PORT =
      ConfigKey.of(
          "turn.tlsPort",
          WholeNumber.PORT,
          "port",
          0,
          "The relay's port for TLS; 0: none.",
          "443 passes nearly every firewall, where nothing else listens there; 5349 is the port"
              + " of RFC 8656. Needs turn.certificateFile and turn.keyFile.");

  public static final ConfigKey<Optional<String>> TURN_CERTIFICATE_FILE =
      ConfigKey.of(
          "turn.certificateFile",
          new OptionalText("the path of a PEM file", path -> true),
          "path",
          Optional.empty(),
          "The certificate for TLS with its chain.",
          "Read again within a minute when the file changes; while it cannot be, the one before"
              + " stays.");

  public static final ConfigKey<Optional<String>> TURN_KEY_FILE =
      ConfigKey.of(
          "turn.keyFile",
          new OptionalText("the path of a PEM file", path -> true),
          "path",
          Optional.empty(),
          "The certificate's private key (PKCS #8, not encrypted).",
          "Readable by the server's user only.");

  public static final ConfigKey<String> TURN_REALM =
      ConfigKey.of(
          "turn.realm",
          new Text("a text of 1 to " + TurnSettings.REALM_MAX_BYTES + " bytes"),
          "text of 1 to 4 bytes",
          "sfu",
          "The realm that clients are asked for.",
          "Short, so that the answer to a stranger's smallest request is no use for flooding"
              + " others.");

  public static final ConfigKey<Integer> TURN_CREDENTIAL_TTL_SEC =
      ConfigKey.of(
          "turn.credentialTtlSec",
          new WholeNumber(300, 86_400),
          "seconds",
          3_600,
          "How long credentials may open allocations, also those for an iceServers entry with a"
              + " secret.",
          "A session is told new ones before; what is open stays open.");

  public static final ConfigKey<Integer> TURN_MAX_LIFETIME_SEC =
      ConfigKey.of(
          "turn.maxLifetimeSec",
          new WholeNumber(600, 3_600),
          "seconds",
          3_600,
          "The longest time between two refreshes of an allocation.",
          "Clients ask for ten minutes.");

  public static final ConfigKey<Integer> TURN_MAX_ALLOCATIONS =
      ConfigKey.of(
          "turn.maxAllocations",
          new WholeNumber(1, 16_000),
          "allocations",
          10_000,
          "How many allocations may be open in all.",
          "Each costs some kilobytes.");

  public static final ConfigKey<Integer> TURN_MAX_ALLOCATIONS_PER_USER =
      ConfigKey.of(
          "turn.maxAllocationsPerUser",
          new WholeNumber(1, 1_000),
          "allocations",
          32,
          "How many one session may have.",
          "A browser opens one for each address of the relay and each of its own networks, and"
              + " again at an ICE restart.");

  public static final ConfigKey<Integer> TURN_MAX_ALLOCATIONS_PER_ADDRESS =
      ConfigKey.of(
          "turn.maxAllocationsPerAddress",
          new WholeNumber(1, 16_000),
          "allocations",
          1_000,
          "How many one source address may have, an IPv6 network of 64 bits counting as one.",
          "A company's people share an address.");

  public static final ConfigKey<Integer> TURN_MAX_PEERS =
      ConfigKey.of(
          "turn.maxPeers",
          new WholeNumber(1, 256),
          "addresses",
          16,
          "How many media addresses of this server one allocation may use, each with a channel.",
          "One for each announced address of a call.");

  public static final ConfigKey<Integer> TURN_MAX_BITRATE_KBPS =
      ConfigKey.of(
          "turn.maxBitrateKbps",
          new WholeNumber(100, 1_000_000),
          "kbit/s",
          50_000,
          "What may pass through one allocation, each way.",
          "The most that this server sends one viewer.");

  public static final ConfigKey<Integer> TURN_MAX_CONNECTIONS =
      ConfigKey.of(
          "turn.maxConnections",
          new WholeNumber(1, 100_000),
          "connections",
          10_000,
          "How many TCP and TLS connections the relay holds.",
          "Each needs a file descriptor.");

  public static final ConfigKey<Integer> TURN_MAX_CONNECTIONS_PER_ADDRESS =
      ConfigKey.of(
          "turn.maxConnectionsPerAddress",
          new WholeNumber(1, 100_000),
          "connections",
          1_000,
          "How many of them one source address may have.",
          "A company's people share an address.");

  public static final ConfigKey<Integer> TURN_MAX_UNPROVEN_CONNECTIONS =
      ConfigKey.of(
          "turn.maxUnprovenConnections",
          new WholeNumber(1, 100_000),
          "connections",
          1_000,
          "How many of them may have no allocation; then the oldest of those is closed.",
          "A flood of connections drives out its own, and calls go on.");

  public static final ConfigKey<Integer> TURN_UNPROVEN_TIMEOUT_SEC =
      ConfigKey.of(
          "turn.unprovenTimeoutSec",
          new WholeNumber(1, 120),
          "seconds",
          10,
          "After how long a connection without an allocation is closed.",
          "Two round trips of the slowest network, with TLS before them.");

  private TurnKeys() {}
}
