package dev.parley.server.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import dev.parley.admin.history.HistoryConfig;
import dev.parley.admin.history.HistoryPlace;
import dev.parley.admin.rest.AdminRole;
import dev.parley.admin.rest.AdminToken;
import dev.parley.core.address.AddressLookup;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Reads the configuration: the environment wins over the file, the file over the defaults. Collects
 * every problem before it gives up.
 */
public final class ConfigLoader {
  private static final String PREFIX = "PARLEY_";

  /** Kubernetes puts these into the environment when a Service is called parley or parley-…. */
  private static final Pattern SERVICE_LINK =
      Pattern.compile(
          "PARLEY_(.+_)?(SERVICE_HOST|SERVICE_PORT(_.+)?|PORT_\\d+_(TCP|UDP|SCTP)(_.+)?)");

  private static final Pattern SERVICE_LINK_URL = Pattern.compile("(tcp|udp|sctp)://.+");

  /** By default the library takes a file that fails to be read for an empty one. */
  private static final ConfigParseOptions PARSING =
      ConfigParseOptions.defaults().setAllowMissing(false);

  private final Map<String, String> environment;
  private final boolean dev;
  private final List<ConfigProblem> problems = new ArrayList<>();
  private final Map<String, ConfigKey<?>> keysByPath = new LinkedHashMap<>();
  private final Set<String> sections = new TreeSet<>();
  private final Map<String, Located> found = new HashMap<>();
  private final Map<String, String> origins = new HashMap<>();

  /** A value and where it stands. */
  private record Located(ConfigValue value, String where) {}

  private ConfigLoader(Map<String, String> environment, boolean dev) {
    this.environment = new TreeMap<>(environment);
    this.dev = dev;
    for (ConfigKey<?> key : ConfigKeys.ALL) {
      keysByPath.put(key.path(), key);
      for (int dot = key.path().indexOf('.'); dot > 0; dot = key.path().indexOf('.', dot + 1)) {
        sections.add(key.path().substring(0, dot));
      }
    }
  }

  /**
   * Reads and checks everything.
   *
   * @param file the HOCON file, if any
   * @param environment the process's environment
   * @param dev relaxes what only matters where strangers can reach the server
   */
  public static ParleyConfig load(Optional<Path> file, Map<String, String> environment, boolean dev)
      throws InvalidConfigException {
    ConfigLoader loader = new ConfigLoader(environment, dev);
    if (file.isPresent() && !loader.readFile(file.get())) {
      // What the other sources lack may stand in the file: only its fault is certain.
      throw new InvalidConfigException(loader.problems);
    }
    loader.readEnvironment();
    ParleyConfig config = loader.build(file);
    new ConfigChecks(dev, loader::problemAt).check(config);
    if (!loader.problems.isEmpty()) {
      throw new InvalidConfigException(loader.problems);
    }
    return config;
  }

  /** False when nothing in the file can be known. */
  private boolean readFile(Path file) {
    if (!Files.isReadable(file) || Files.isDirectory(file)) {
      problem(file.toString(), "there is no such file, or it may not be read");
      return false;
    }
    Config config;
    try {
      config = ConfigFactory.parseFile(file.toFile(), PARSING).resolve();
    } catch (ConfigException.Parse unreadable) {
      problem(where(file, unreadable.origin()), withoutOrigin(unreadable));
      return false;
    } catch (ConfigException unreadable) {
      problem(file.toString(), String.valueOf(unreadable.getMessage()));
      return false;
    }
    walk(file, "", config.root());
    return true;
  }

  private void walk(Path file, String prefix, ConfigObject object) {
    Map<String, ConfigValue> inLineOrder = new TreeMap<>();
    object.forEach(
        (name, value) -> inLineOrder.put("%08d %s".formatted(line(value.origin()), name), value));
    inLineOrder.forEach((entry, value) -> {
      String path = prefix + entry.substring(entry.indexOf(' ') + 1);
      String where = where(file, value.origin());
      if (keysByPath.containsKey(path)) {
        found.put(path, new Located(value, where));
      } else if (!sections.contains(path)) {
        problem(where, unknown(path, allPaths()));
      } else if (value instanceof ConfigObject section) {
        walk(file, path + ".", section);
      } else {
        problem(where, path + " is a section, not a key; its keys: " + keysOf(path));
      }
    });
  }

  private void readEnvironment() {
    Map<String, ConfigKey<?>> byName = new TreeMap<>();
    for (ConfigKey<?> key : ConfigKeys.ALL) {
      byName.put(key.environmentName(), key);
      if (key.secret()) {
        byName.put(key.environmentName() + "_FILE", key);
      }
    }
    environment.forEach((name, text) -> {
      ConfigKey<?> key = byName.get(name);
      if (key != null) {
        readVariable(name, key, text);
      } else if (name.startsWith(PREFIX) && !isServiceLink(name, text)) {
        problem("environment variable " + name, unknown(name, byName.keySet()));
      }
    });
  }

  private void readVariable(String name, ConfigKey<?> key, String text) {
    String where = "environment variable " + name;
    boolean isFile = !name.equals(key.environmentName());
    if (isFile && environment.containsKey(key.environmentName())) {
      problem(where, "set this or " + key.environmentName() + ", not both");
      return;
    }
    try {
      String value = isFile ? Files.readString(Path.of(text), StandardCharsets.UTF_8) : text;
      found.put(key.path(), new Located(key.type().fromText(value.strip(), where), where));
    } catch (IOException unreadable) {
      problem(where, "cannot read the file " + text + " it names");
    } catch (ConfigException notHocon) {
      problem(where, key.path() + " = " + shown(key, text) + ": expected " + expected(key));
    }
  }

  private static boolean isServiceLink(String name, String text) {
    return SERVICE_LINK.matcher(name).matches()
        || (name.endsWith("_PORT") && SERVICE_LINK_URL.matcher(text).matches());
  }

  private <T> T value(ConfigKey<T> key) {
    Located located = found.get(key.path());
    if (located == null || located.value().valueType() == ConfigValueType.NULL) {
      return key.defaultFor(dev);
    }
    origins.put(key.path(), located.where());
    Optional<T> value = key.type().read(located.value());
    if (value.isEmpty()) {
      String text = located.value().render(ConfigRenderOptions.concise());
      problem(
          located.where(), key.path() + " = " + shown(key, text) + ": expected " + expected(key));
    }
    return value.orElse(key.defaultFor(dev));
  }

  private ParleyConfig build(Optional<Path> file) {
    return new ParleyConfig(
        dev,
        file,
        new ParleyConfig.Http(
            value(HttpKeys.HTTP_HOST),
            value(HttpKeys.HTTP_PORT),
            value(HttpKeys.HTTP_ALLOWED_ORIGINS),
            Optional.of(value(HttpKeys.HTTP_CLIENT_ADDRESS_HEADER))
                .filter(name -> !name.equals(HttpKeys.HTTP_CLIENT_ADDRESS_HEADER.defaultValue())),
            value(HttpKeys.HTTP_TRUSTED_PROXIES)),
        https(),
        new ParleyConfig.Admin(
            value(HttpKeys.ADMIN_HOST),
            value(HttpKeys.ADMIN_PORT),
            value(HttpKeys.ADMIN_ALLOWED_HOSTS),
            adminTokens(),
            value(HttpKeys.ADMIN_SAMPLE_SEC)),
        media(),
        turn(),
        auth(),
        new ParleyConfig.Limits(
            value(RoomKeys.LIMITS_CONNECTIONS),
            value(RoomKeys.LIMITS_CONNECTIONS_PER_USER),
            value(RoomKeys.LIMITS_MESSAGES_PER_SEC),
            value(RoomKeys.LIMITS_MESSAGE_BURST),
            value(RoomKeys.LIMITS_SDP_BYTES),
            value(RoomKeys.LIMITS_ROOM_PARTICIPANTS),
            value(RoomKeys.LIMITS_HELLO_TIMEOUT_SEC),
            value(RoomKeys.LIMITS_CONNECTIONS_PER_ADDRESS),
            value(RoomKeys.LIMITS_PRE_HELLO_FRAME_BYTES),
            value(RoomKeys.LIMITS_FRAME_BYTES),
            value(RoomKeys.LIMITS_WRITE_QUEUE_BYTES),
            value(RoomKeys.LIMITS_SLOW_CONSUMER_TIMEOUT_SEC),
            value(RoomKeys.LIMITS_FULL_LOAD_PERCENT),
            value(RoomKeys.LIMITS_SHED_LOAD_PERCENT)),
        new ParleyConfig.Rooms(
            value(RoomKeys.ROOMS_SETTINGS_FILE).map(Path::of),
            value(RoomKeys.ROOMS_STATE_FILE).map(Path::of),
            value(RoomKeys.ROOMS_ECHO_ROOMS),
            value(RoomKeys.ROOMS_ECHO_SEC)),
        new ParleyConfig.Signaling(
            value(RoomKeys.SIGNALING_PING_INTERVAL_MS),
            value(RoomKeys.SIGNALING_PING_TIMEOUT_MS),
            value(RoomKeys.SIGNALING_SILENCE_TIMEOUT_SEC),
            value(RoomKeys.SIGNALING_RESUME_GRACE_SEC),
            value(RoomKeys.SIGNALING_RESUME_EVENTS),
            value(RoomKeys.SIGNALING_RESUME_CHARS),
            value(RoomKeys.SIGNALING_REMEMBERED_REPLIES),
            value(RoomKeys.SIGNALING_ON_DUPLICATE)),
        new HistoryConfig(
            historyPlace(),
            value(HistoryKeys.HISTORY_RETENTION_DAYS),
            value(HistoryKeys.HISTORY_QUEUE_LIMIT)),
        value(HistoryKeys.DIAGNOSTICS_UPLOADS),
        value(HttpKeys.ICE_SERVERS),
        webhooks(),
        new ParleyConfig.Log(
            value(LogKeys.LOG_FORMAT),
            value(LogKeys.LOG_LEVEL),
            value(LogKeys.LOG_REDACT_ADDRESSES)));
  }

  private ParleyConfig.Webhooks webhooks() {
    Optional<Path> state = value(RoomKeys.ROOMS_STATE_FILE).map(Path::of);
    return new ParleyConfig.Webhooks(
        value(WebhookKeys.WEBHOOKS_ENDPOINTS),
        value(WebhookKeys.WEBHOOKS_DIRECTORY)
            .map(Path::of)
            .or(() -> state.map(file -> file.toAbsolutePath().getParent())),
        value(WebhookKeys.WEBHOOKS_TIMEOUT_SEC),
        value(WebhookKeys.WEBHOOKS_GIVE_UP_AFTER_SEC),
        value(WebhookKeys.WEBHOOKS_KEEP_SEC),
        value(WebhookKeys.WEBHOOKS_MAX_EVENTS),
        value(WebhookKeys.WEBHOOKS_ALLOWED_NETWORKS));
  }

  private HistoryPlace historyPlace() {
    Optional<String> url = value(HistoryKeys.HISTORY_URL);
    Optional<Path> directory =
        value(HistoryKeys.HISTORY_DIRECTORY)
            .map(Path::of)
            .or(() ->
                value(RoomKeys.ROOMS_STATE_FILE)
                    .map(file -> Path.of(file).toAbsolutePath().resolveSibling("")));
    String user = value(HistoryKeys.HISTORY_USER);
    String password = value(HistoryKeys.HISTORY_PASSWORD).orElse("");
    if (!value(HistoryKeys.HISTORY_ENABLED)) {
      return new HistoryPlace.None("there is no history: history.enabled is false");
    }
    if (url.isPresent()) {
      return new HistoryPlace.Server(url.get(), user, password);
    }
    if (directory.isPresent()) {
      return new HistoryPlace.File(directory.get());
    }
    return dev
        ? HistoryPlace.Memory.fresh()
        : new HistoryPlace.None(
            "there is no history: set history.directory to a folder, or history.url");
  }

  private ParleyConfig.Turn turn() {
    return new ParleyConfig.Turn(
        value(TurnKeys.TURN_ENABLED),
        value(TurnKeys.TURN_SECRET).map(Secret::new),
        value(TurnKeys.TURN_HOST),
        value(TurnKeys.TURN_PORT),
        value(TurnKeys.TURN_TLS_PORT),
        value(TurnKeys.TURN_CERTIFICATE_FILE),
        value(TurnKeys.TURN_KEY_FILE),
        value(TurnKeys.TURN_REALM),
        value(TurnKeys.TURN_CREDENTIAL_TTL_SEC),
        new ParleyConfig.TurnLimits(
            value(TurnKeys.TURN_MAX_LIFETIME_SEC),
            value(TurnKeys.TURN_MAX_ALLOCATIONS),
            value(TurnKeys.TURN_MAX_ALLOCATIONS_PER_USER),
            value(TurnKeys.TURN_MAX_ALLOCATIONS_PER_ADDRESS),
            value(TurnKeys.TURN_MAX_PEERS),
            value(TurnKeys.TURN_MAX_BITRATE_KBPS),
            value(TurnKeys.TURN_MAX_CONNECTIONS),
            value(TurnKeys.TURN_MAX_CONNECTIONS_PER_ADDRESS),
            value(TurnKeys.TURN_MAX_UNPROVEN_CONNECTIONS),
            value(TurnKeys.TURN_UNPROVEN_TIMEOUT_SEC)));
  }

  private Optional<ParleyConfig.Https> https() {
    Optional<String> certificate = value(HttpKeys.HTTPS_CERTIFICATE_FILE);
    Optional<String> key = value(HttpKeys.HTTPS_KEY_FILE);
    if (certificate.isPresent() != key.isPresent()) {
      problemAt(
          certificate.isPresent() ? HttpKeys.HTTPS_KEY_FILE : HttpKeys.HTTPS_CERTIFICATE_FILE,
          "is missing: https needs certificate and key");
      return Optional.empty();
    }
    return certificate.map(file ->
        new ParleyConfig.Https(
            value(HttpKeys.HTTPS_HOST),
            value(HttpKeys.HTTPS_PORT),
            Path.of(file),
            Path.of(key.orElseThrow())));
  }

  private List<AdminToken> adminTokens() {
    List<AdminToken> tokens = new ArrayList<>(value(HttpKeys.ADMIN_TOKENS));
    value(HttpKeys.ADMIN_TOKEN)
        .ifPresent(token -> {
          AdminToken own = new AdminToken("admin.token", token, AdminRole.OPERATE);
          if (tokens.stream()
              .anyMatch(one -> one.token().equals(token) || one.name().equals(own.name()))) {
            problemAt(
                HttpKeys.ADMIN_TOKENS,
                "has the token of admin.token, or one of that name, once more");
          }
          tokens.add(own);
        });
    return tokens;
  }

  private ParleyConfig.Auth auth() {
    return new ParleyConfig.Auth(
        value(AuthKeys.AUTH_SECRET),
        value(AuthKeys.AUTH_SECRETS),
        value(AuthKeys.AUTH_ISSUER),
        value(AuthKeys.AUTH_AUDIENCE),
        value(AuthKeys.AUTH_LEEWAY_SEC),
        new ParleyConfig.KeySet(
            value(AuthKeys.AUTH_KEY_SET_FILE),
            value(AuthKeys.AUTH_KEY_SET_URL),
            value(AuthKeys.AUTH_KEY_SET_REFRESH_SEC),
            value(AuthKeys.AUTH_KEY_SET_RETRY_SEC)));
  }

  private ParleyConfig.Media media() {
    return new ParleyConfig.Media(
        value(MediaKeys.MEDIA_ANNOUNCED_ADDRESSES),
        publicAddress(),
        value(MediaKeys.MEDIA_WORKERS),
        value(MediaKeys.MEDIA_PARTICIPANTS_PER_WORKER),
        value(MediaKeys.MEDIA_IO),
        new ParleyConfig.Udp(
            value(MediaKeys.MEDIA_UDP_PORT),
            value(MediaKeys.MEDIA_UDP_BIND_ADDRESS),
            value(MediaKeys.MEDIA_UDP_RECEIVE_BUFFER_BYTES),
            value(MediaKeys.MEDIA_UDP_SEND_BUFFER_BYTES)),
        new ParleyConfig.Tcp(
            value(MediaKeys.MEDIA_TCP_ENABLED),
            value(MediaKeys.MEDIA_TCP_PORT),
            value(MediaKeys.MEDIA_TCP_MAX_CONNECTIONS),
            value(MediaKeys.MEDIA_TCP_MAX_UNPROVED_PER_ADDRESS)),
        new ParleyConfig.Ice(
            value(MediaKeys.MEDIA_ICE_CONNECT_TIMEOUT_SEC),
            value(MediaKeys.MEDIA_ICE_CONSENT_TIMEOUT_SEC),
            value(MediaKeys.MEDIA_ICE_RESUME_GRACE_SEC)),
        new ParleyConfig.Dtls(value(MediaKeys.MEDIA_DTLS_MAX_HANDSHAKES)),
        new ParleyConfig.KeyFrame(value(MediaKeys.MEDIA_KEY_FRAME_MIN_INTERVAL_MS)),
        new ParleyConfig.Slots(
            value(MediaKeys.MEDIA_SLOTS_AUDIO),
            value(MediaKeys.MEDIA_SLOTS_VIDEO),
            value(MediaKeys.MEDIA_SLOTS_MAX_AUDIO),
            value(MediaKeys.MEDIA_SLOTS_MAX_VIDEO)));
  }

  private ParleyConfig.PublicAddress publicAddress() {
    return new ParleyConfig.PublicAddress(
        value(MediaKeys.MEDIA_PUBLIC_ADDRESS_STUN_SERVERS),
        value(MediaKeys.MEDIA_PUBLIC_ADDRESS_CLOUD),
        metadataUrl(value(MediaKeys.MEDIA_PUBLIC_ADDRESS_METADATA_URL)),
        value(MediaKeys.MEDIA_PUBLIC_ADDRESS_REFRESH_SEC),
        value(MediaKeys.MEDIA_PUBLIC_ADDRESS_START_WAIT_MS));
  }

  private URI metadataUrl(String text) {
    try {
      URI url = new URI(text);
      if ("http".equals(url.getScheme()) && url.getHost() != null && url.getPath().isEmpty()) {
        return url;
      }
    } catch (URISyntaxException malformed) {
      // Told below, like any other text that is no such URL.
    }
    problemAt(
        MediaKeys.MEDIA_PUBLIC_ADDRESS_METADATA_URL,
        "= " + text + ": expected " + expected(MediaKeys.MEDIA_PUBLIC_ADDRESS_METADATA_URL));
    return AddressLookup.METADATA_URL;
  }

  private void problemAt(ConfigKey<?> key, String message) {
    problem(origins.getOrDefault(key.path(), "default"), key.path() + " " + message);
  }

  private void problem(String where, String message) {
    problems.add(new ConfigProblem(where, message));
  }

  private static String unknown(String name, Set<String> known) {
    return name
        + " is unknown"
        + NearestName.of(name, known).map(near -> "; did you mean " + near + "?").orElse("");
  }

  private Set<String> allPaths() {
    Set<String> paths = new TreeSet<>(keysByPath.keySet());
    paths.addAll(sections);
    return paths;
  }

  private String keysOf(String section) {
    return String.join(
        ", ", keysByPath.keySet().stream().filter(p -> p.startsWith(section + ".")).toList());
  }

  private static String expected(ConfigKey<?> key) {
    return key.type().expected();
  }

  private static String shown(ConfigKey<?> key, String text) {
    return key.secret() ? "(hidden)" : text;
  }

  private static int line(ConfigOrigin origin) {
    return Math.max(0, origin.lineNumber());
  }

  private static String where(Path file, ConfigOrigin origin) {
    String name = origin.filename();
    boolean same = name == null || Path.of(name).equals(file.toAbsolutePath());
    return (same ? file.toString() : name) + (line(origin) > 0 ? ":" + line(origin) : "");
  }

  /** The library begins its messages with the place, which is told apart. */
  private static String withoutOrigin(ConfigException exception) {
    String message = String.valueOf(exception.getMessage());
    String description = exception.origin() == null ? "" : exception.origin().description() + ": ";
    return message.startsWith(description) ? message.substring(description.length()) : message;
  }
}
