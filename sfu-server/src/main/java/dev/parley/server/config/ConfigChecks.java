package dev.parley.server.config;

import dev.parley.admin.webhook.AddressGuard;
import dev.parley.admin.webhook.WebhookConfig;
import dev.parley.admin.webhook.WebhookEndpoint;
import dev.parley.core.turn.TurnSettings;
import dev.parley.signaling.config.Networks;
import dev.parley.signaling.store.RoomSettingsJson;
import dev.parley.signaling.tls.Certificate;
import dev.parley.signaling.tls.TlsConfig;
import dev.parley.signaling.token.PublicKeys;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What no key can say for itself: values beside each other, and the files that they name. */
final class ConfigChecks {
  /** Takes what is wrong with a key. */
  interface Problems {
    void at(ConfigKey<?> key, String message);
  }

  private final boolean dev;
  private final Problems problems;

  ConfigChecks(boolean dev, Problems problems) {
    this.dev = dev;
    this.problems = problems;
  }

  void check(ParleyConfig config) {
    checkAuth(config.auth());
    checkTurn(config.turn());
    config.rooms().settingsFile().ifPresent(this::checkRooms);
    config.https().ifPresent(this::checkHttps);
    checkWebhooks(config.webhooks());
    atMost(
        MediaKeys.MEDIA_SLOTS_AUDIO,
        config.media().slots().audio(),
        MediaKeys.MEDIA_SLOTS_MAX_AUDIO,
        config.media().slots().maxAudio());
    atMost(
        MediaKeys.MEDIA_SLOTS_VIDEO,
        config.media().slots().video(),
        MediaKeys.MEDIA_SLOTS_MAX_VIDEO,
        config.media().slots().maxVideo());
    atMost(
        RoomKeys.LIMITS_CONNECTIONS_PER_USER,
        config.limits().connectionsPerUser(),
        RoomKeys.LIMITS_CONNECTIONS,
        config.limits().connections());
    atMost(
        RoomKeys.LIMITS_SDP_BYTES,
        config.limits().sdpBytes(),
        RoomKeys.LIMITS_FRAME_BYTES,
        config.limits().frameBytes());
    atMost(
        RoomKeys.LIMITS_PRE_HELLO_FRAME_BYTES,
        config.limits().preHelloFrameBytes(),
        RoomKeys.LIMITS_FRAME_BYTES,
        config.limits().frameBytes());
    int silenceMs = config.signaling().silenceTimeoutSec() * 1000;
    if (silenceMs <= config.signaling().pingIntervalMs()) {
      problemAt(
          RoomKeys.SIGNALING_SILENCE_TIMEOUT_SEC,
          "= %d: expected more than signaling.pingIntervalMs (%d), or every client is cut off"
              .formatted(
                  config.signaling().silenceTimeoutSec(), config.signaling().pingIntervalMs()));
    }
    if (config.http().port() != 0 && config.http().port() == config.admin().port()) {
      problemAt(
          HttpKeys.ADMIN_PORT,
          "= " + config.admin().port() + ": expected another port than http.port");
    }
    checkPorts(config.media());
  }

  private void checkPorts(ParleyConfig.Media media) {
    checkRange(MediaKeys.MEDIA_UDP_PORT, media.udp().port(), media.effectiveWorkers());
    if (media.tcp().enabled()) {
      checkRange(MediaKeys.MEDIA_TCP_PORT, media.tcp().port(), media.effectiveWorkers());
    }
  }

  private void checkRange(ConfigKey<Integer> key, int port, int workers) {
    int last = port + workers - 1;
    if (port != 0 && last > 65535) {
      problemAt(
          key,
          "= %d: with %d workers the last port would be %d, above 65535"
              .formatted(port, workers, last));
    }
  }

  private void checkHttps(ParleyConfig.Https https) {
    try {
      var unused =
          Certificate.read(
              new TlsConfig(https.host(), https.port(), https.certificateFile(), https.keyFile()));
    } catch (IOException unusable) {
      problemAt(HttpKeys.HTTPS_CERTIFICATE_FILE, ": " + unusable.getMessage());
    }
  }

  private void checkWebhooks(ParleyConfig.Webhooks webhooks) {
    AddressGuard guard = new AddressGuard(new Networks(webhooks.allowedNetworks()));
    Set<String> names = new HashSet<>();
    for (WebhookEntry entry : webhooks.endpoints()) {
      try {
        checkAddress(guard, webhooks, entry.endpoint());
        if (!names.add(entry.name())) {
          throw new IllegalArgumentException("name: expected one that no other endpoint has");
        }
      } catch (IllegalArgumentException wrong) {
        problemAt(WebhookKeys.WEBHOOKS_ENDPOINTS, ": " + entry.name() + ": " + wrong.getMessage());
      }
    }
    if (names.size() > WebhookConfig.MOST_ENDPOINTS) {
      problemAt(
          WebhookKeys.WEBHOOKS_ENDPOINTS,
          "has " + names.size() + ": expected at most " + WebhookConfig.MOST_ENDPOINTS);
    }
  }

  /** What is known before anything is looked up. */
  private static void checkAddress(
      AddressGuard guard, ParleyConfig.Webhooks webhooks, WebhookEndpoint endpoint) {
    if (!endpoint.secure() && webhooks.allowedNetworks().isEmpty()) {
      throw new IllegalArgumentException(
          "url: expected https; http is for networks named in webhooks.allowedNetworks");
    }
    InetAddress address;
    try {
      address = InetAddress.ofLiteral(endpoint.host());
    } catch (IllegalArgumentException name) {
      return;
    }
    guard
        .refusal(address)
        .ifPresent(why -> {
          throw new IllegalArgumentException(
              "url: the address is %s; name its network in webhooks.allowedNetworks"
                  .formatted(why));
        });
  }

  private void checkAuth(ParleyConfig.Auth auth) {
    if (!auth.secrets().isEmpty() && !auth.secret().equals(AuthKeys.SAMPLE_SECRET)) {
      problemAt(
          AuthKeys.AUTH_SECRETS,
          "and auth.secret are both set: move the one of auth.secret into the list");
    }
    if (!dev && auth.hasSampleSecret() && !auth.keySet().isConfigured()) {
      problemAt(
          AuthKeys.AUTH_SECRET,
          "is still the public sample value; set "
              + AuthKeys.AUTH_SECRET.environmentName()
              + " to the output of: openssl rand -base64 48 (or start with --dev on your own"
              + " machine)");
    }
    int secretBytes = bytes(auth.secret());
    if (!dev && secretBytes < AuthKeys.SECRET_MIN_BYTES) {
      problemAt(
          AuthKeys.AUTH_SECRET,
          "has " + secretBytes + " bytes: expected " + expected(AuthKeys.AUTH_SECRET));
    }
    for (SigningSecret secret : dev ? List.<SigningSecret>of() : auth.secrets()) {
      if (secret.secret().equals(AuthKeys.SAMPLE_SECRET)) {
        problemAt(AuthKeys.AUTH_SECRETS, "holds the public sample value as " + secret.kid());
      } else if (bytes(secret.secret()) < AuthKeys.SECRET_MIN_BYTES) {
        problemAt(
            AuthKeys.AUTH_SECRETS,
            "has %d bytes for %s: expected %s"
                .formatted(bytes(secret.secret()), secret.kid(), expected(AuthKeys.AUTH_SECRET)));
      }
    }
    atMost(
        AuthKeys.AUTH_KEY_SET_RETRY_SEC,
        auth.keySet().retrySec(),
        AuthKeys.AUTH_KEY_SET_REFRESH_SEC,
        auth.keySet().refreshSec());
    auth.keySet().file().ifPresent(this::checkKeySet);
  }

  private void checkTurn(ParleyConfig.Turn turn) {
    int secretBytes = turn.secret().map(ConfigChecks::bytes).orElse(TurnKeys.SECRET_MIN_BYTES);
    if (!dev && secretBytes < TurnKeys.SECRET_MIN_BYTES) {
      problemAt(
          TurnKeys.TURN_SECRET,
          "has " + secretBytes + " bytes: expected " + expected(TurnKeys.TURN_SECRET));
    }
    if (!dev && turn.secret().equals(Optional.of(AuthKeys.SAMPLE_SECRET))) {
      problemAt(TurnKeys.TURN_SECRET, "is the public sample value");
    }
    int realmBytes = turn.realm().getBytes(StandardCharsets.UTF_8).length;
    if (realmBytes > TurnSettings.REALM_MAX_BYTES) {
      problemAt(
          TurnKeys.TURN_REALM,
          "= %s: expected %s".formatted(turn.realm(), expected(TurnKeys.TURN_REALM)));
    }
    if (turn.tlsPort() != 0 && (turn.certificateFile().isEmpty() || turn.keyFile().isEmpty())) {
      problemAt(
          TurnKeys.TURN_TLS_PORT,
          "= %d: expected turn.certificateFile and turn.keyFile beside it"
              .formatted(turn.tlsPort()));
    }
    if (turn.tlsPort() != 0 && turn.tlsPort() == turn.port()) {
      problemAt(
          TurnKeys.TURN_TLS_PORT,
          "= %d: expected another port than turn.port".formatted(turn.tlsPort()));
    }
  }

  private void checkRooms(Path file) {
    try {
      RoomSettingsJson.Document unused = RoomSettingsJson.document(Files.readString(file));
    } catch (IOException unreadable) {
      problemAt(
          RoomKeys.ROOMS_SETTINGS_FILE,
          "= " + file + ": there is no such file, or it may not be read");
    } catch (IllegalArgumentException wrong) {
      problemAt(RoomKeys.ROOMS_SETTINGS_FILE, "= " + file + ": " + wrong.getMessage());
    }
  }

  private void checkKeySet(String file) {
    try {
      if (PublicKeys.parse(Files.readString(Path.of(file))).keys().isEmpty()) {
        problemAt(
            AuthKeys.AUTH_KEY_SET_FILE,
            "= " + file + ": it has no key for RS256 (RSA, 2048 bits or more) or EdDSA (Ed25519)");
      }
    } catch (IOException | InvalidPathException unreadable) {
      problemAt(
          AuthKeys.AUTH_KEY_SET_FILE,
          "= " + file + ": there is no such file, or it may not be read");
    } catch (PublicKeys.MalformedException malformed) {
      problemAt(AuthKeys.AUTH_KEY_SET_FILE, "= " + file + ": " + malformed.getMessage());
    }
  }

  private static int bytes(Secret secret) {
    return secret.value().getBytes(StandardCharsets.UTF_8).length;
  }

  private void atMost(ConfigKey<Integer> key, int value, ConfigKey<Integer> bound, int max) {
    if (value > max) {
      problemAt(key, "= %d: expected at most %s, which is %d".formatted(value, bound.path(), max));
    }
  }

  private void problemAt(ConfigKey<?> key, String message) {
    problems.at(key, message);
  }

  private static String expected(ConfigKey<?> key) {
    return key.type().expected();
  }
}
