package dev.parley.server.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOriginFactory;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import dev.parley.admin.rest.AdminRole;
import dev.parley.admin.rest.AdminToken;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What a key's value may be, how it is read and how it is written. */
public sealed interface ConfigType<T> {
  /** What a right value looks like; completes the sentence "expected …". */
  String expected();

  /** The value, or empty when it is not what {@link #expected()} says. */
  Optional<T> read(ConfigValue value);

  /** The value as it stands in a HOCON file. */
  String render(T value);

  /**
   * Turns the text of an environment variable into a value for {@link #read}.
   *
   * @throws ConfigException when a list or object is not HOCON
   */
  default ConfigValue fromText(String text, String origin) {
    return ConfigValueFactory.fromAnyRef(text, origin);
  }

  /** A whole number within bounds, both included. */
  record WholeNumber(int min, int max) implements ConfigType<Integer> {
    static final WholeNumber PORT = new WholeNumber(0, 65535);

    @Override
    public String expected() {
      return "a whole number from " + min + " to " + max;
    }

    @Override
    public Optional<Integer> read(ConfigValue value) {
      return scalar(value)
          .flatMap(WholeNumber::parse)
          .filter(number -> number >= min && number <= max)
          .map(Long::intValue);
    }

    @Override
    public String render(Integer value) {
      return value.toString();
    }

    private static Optional<Long> parse(String text) {
      try {
        return Optional.of(Long.parseLong(text.strip()));
      } catch (NumberFormatException notANumber) {
        return Optional.empty();
      }
    }
  }

  /** A number of bytes within bounds; {@code 4194304} and {@code "4 MiB"} are the same. */
  record Bytes(int min, int max) implements ConfigType<Integer> {
    @Override
    public String expected() {
      return "a size from " + min + " to " + max + " bytes, for instance 4194304 or \"4 MiB\"";
    }

    @Override
    public Optional<Integer> read(ConfigValue value) {
      if (scalar(value).isEmpty()) {
        return Optional.empty();
      }
      try {
        long bytes = at(value).getBytes(VALUE);
        return bytes >= min && bytes <= max ? Optional.of((int) bytes) : Optional.empty();
      } catch (ConfigException notASize) {
        return Optional.empty();
      }
    }

    @Override
    public String render(Integer value) {
      return value.toString();
    }
  }

  /** {@code true} or {@code false}. */
  record Flag() implements ConfigType<Boolean> {
    @Override
    public String expected() {
      return "true or false";
    }

    @Override
    public Optional<Boolean> read(ConfigValue value) {
      return switch (scalar(value).orElse("").strip().toLowerCase(Locale.ROOT)) {
        case "true", "yes", "on" -> Optional.of(true);
        case "false", "no", "off" -> Optional.of(false);
        default -> Optional.empty();
      };
    }

    @Override
    public String render(Boolean value) {
      return value.toString();
    }
  }

  /** A text that is not empty. {@code form} says what it should be. */
  record Text(String form) implements ConfigType<String> {
    static final Text ADDRESS = new Text("an IP address or host name");

    @Override
    public String expected() {
      return form;
    }

    @Override
    public Optional<String> read(ConfigValue value) {
      return scalar(value).map(String::strip).filter(text -> !text.isEmpty());
    }

    @Override
    public String render(String value) {
      return ConfigUtil.quoteString(value);
    }
  }

  /**
   * A text that may be empty, which means that there is none.
   *
   * @param form names what it is when there is one
   */
  record OptionalText(String form, Predicate<String> accepts)
      implements ConfigType<Optional<String>> {
    @Override
    public String expected() {
      return form + ", or nothing";
    }

    @Override
    public Optional<Optional<String>> read(ConfigValue value) {
      Optional<String> text = scalar(value).map(String::strip);
      if (text.isEmpty() || (!text.get().isEmpty() && !accepts.test(text.get()))) {
        return Optional.empty();
      }
      return Optional.of(text.filter(known -> !known.isEmpty()));
    }

    @Override
    public String render(Optional<String> value) {
      return ConfigUtil.quoteString(value.orElse(""));
    }
  }

  /** Bearer tokens of the admin port. */
  record AdminTokens() implements ConfigType<List<AdminToken>> {
    private static final Set<String> FIELDS = Set.of("name", "token", "role");

    @Override
    public String expected() {
      return "a list of { name = \"grafana\", token = \"…\", role = read } or role = operate, each"
          + " with a name and a token of its own, of at least "
          + AdminToken.LEAST_CHARS
          + " characters";
    }

    @Override
    public Optional<List<AdminToken>> read(ConfigValue value) {
      if (!(value instanceof ConfigList list)) {
        return Optional.empty();
      }
      List<AdminToken> tokens = new ArrayList<>();
      for (ConfigValue element : list) {
        Optional<AdminToken> token = token(element);
        if (token.isEmpty()
            || tokens.stream()
                .anyMatch(other ->
                    other.name().equals(token.get().name())
                        || other.token().equals(token.get().token()))) {
          return Optional.empty();
        }
        tokens.add(token.get());
      }
      return Optional.of(List.copyOf(tokens));
    }

    @Override
    public String render(List<AdminToken> value) {
      if (!value.isEmpty()) {
        throw new IllegalArgumentException("no default may hold a token");
      }
      return "[]";
    }

    @Override
    public ConfigValue fromText(String text, String origin) {
      return parsed(text, origin);
    }

    private static Optional<AdminToken> token(ConfigValue element) {
      if (!(element instanceof ConfigObject fields) || !fields.keySet().equals(FIELDS)) {
        return Optional.empty();
      }
      Optional<String> name = text(fields, "name").filter(text -> !text.isBlank());
      Optional<String> token =
          text(fields, "token").filter(text -> text.length() >= AdminToken.LEAST_CHARS);
      Optional<AdminRole> role =
          text(fields, "role")
              .flatMap(word ->
                  EnumSet.allOf(AdminRole.class).stream()
                      .filter(known -> known.wireName().equals(word))
                      .findFirst());
      return name.flatMap(n -> token.flatMap(t -> role.map(r -> new AdminToken(n, t, r))));
    }

    private static Optional<String> text(ConfigObject fields, String name) {
      return Optional.ofNullable(fields.get(name)).flatMap(ConfigType::scalar).map(String::strip);
    }
  }

  /** Endpoints of webhooks. */
  record WebhookEntries() implements ConfigType<List<WebhookEntry>> {
    @Override
    public String expected() {
      return WebhookEntry.EXPECTED;
    }

    @Override
    public Optional<List<WebhookEntry>> read(ConfigValue value) {
      if (!(value instanceof ConfigList list)) {
        return Optional.empty();
      }
      List<WebhookEntry> entries = new ArrayList<>();
      list.forEach(element -> WebhookEntry.read(element).ifPresent(entries::add));
      return entries.size() < list.size() ? Optional.empty() : Optional.of(List.copyOf(entries));
    }

    @Override
    public String render(List<WebhookEntry> value) {
      if (!value.isEmpty()) {
        throw new IllegalArgumentException("no default may name an endpoint");
      }
      return "[]";
    }

    @Override
    public ConfigValue fromText(String text, String origin) {
      return parsed(text, origin);
    }
  }

  /** Token secrets with names. */
  record SigningSecrets() implements ConfigType<List<SigningSecret>> {
    private static final Set<String> FIELDS = Set.of("kid", "secret");

    @Override
    public String expected() {
      return "a list of { kid = \"2026-10\", secret = \"…\" }, each with a kid of its own";
    }

    @Override
    public Optional<List<SigningSecret>> read(ConfigValue value) {
      if (!(value instanceof ConfigList list)) {
        return Optional.empty();
      }
      List<SigningSecret> secrets = new ArrayList<>();
      for (ConfigValue element : list) {
        Optional<SigningSecret> secret = secret(element);
        if (secret.isEmpty()
            || secrets.stream().anyMatch(other -> other.kid().equals(secret.get().kid()))) {
          return Optional.empty();
        }
        secrets.add(secret.get());
      }
      return Optional.of(List.copyOf(secrets));
    }

    @Override
    public String render(List<SigningSecret> value) {
      if (!value.isEmpty()) {
        throw new IllegalArgumentException("no default may hold a secret");
      }
      return "[]";
    }

    @Override
    public ConfigValue fromText(String text, String origin) {
      return parsed(text, origin);
    }

    private static Optional<SigningSecret> secret(ConfigValue element) {
      if (!(element instanceof ConfigObject fields) || !fields.keySet().equals(FIELDS)) {
        return Optional.empty();
      }
      ConfigValue kid = fields.get("kid");
      ConfigValue secret = fields.get("secret");
      if (kid == null || secret == null) {
        return Optional.empty();
      }
      Text text = new Text("a text");
      return text.read(kid)
          .flatMap(
              name -> text.read(secret).map(known -> new SigningSecret(name, new Secret(known))));
    }
  }

  /** A {@link Text} that is kept out of every listing. */
  record SecretText(String form) implements ConfigType<Secret> {
    @Override
    public String expected() {
      return form;
    }

    @Override
    public Optional<Secret> read(ConfigValue value) {
      return new Text(form).read(value).map(Secret::new);
    }

    @Override
    public String render(Secret value) {
      return ConfigUtil.quoteString(value.value());
    }
  }

  /** One constant of an enum, in lower case. */
  record Choice<E extends Enum<E>>(Class<E> choices) implements ConfigType<E> {
    @Override
    public String expected() {
      return EnumSet.allOf(choices).stream()
          .map(Choice::word)
          .collect(Collectors.joining(", ", "one of ", ""));
    }

    @Override
    public Optional<E> read(ConfigValue value) {
      String word = scalar(value).orElse("").strip().toLowerCase(Locale.ROOT);
      return EnumSet.allOf(choices).stream().filter(c -> word(c).equals(word)).findFirst();
    }

    @Override
    public String render(E value) {
      return word(value);
    }

    private static String word(Enum<?> choice) {
      return choice.name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * A list of texts; in the environment separated by commas.
   *
   * @param form names the elements
   * @param accepts tells a right element from a wrong one
   */
  record TextList(String form, Predicate<String> accepts) implements ConfigType<List<String>> {
    @Override
    public String expected() {
      return "a list of " + form;
    }

    @Override
    public Optional<List<String>> read(ConfigValue value) {
      if (!(value instanceof ConfigList list)) {
        return Optional.empty();
      }
      List<String> texts = new ArrayList<>();
      for (ConfigValue element : list) {
        Optional<String> text = new Text(form).read(element).filter(accepts);
        if (text.isEmpty()) {
          return Optional.empty();
        }
        texts.add(text.get());
      }
      return Optional.of(List.copyOf(texts));
    }

    @Override
    public String render(List<String> value) {
      return value.stream()
          .map(ConfigUtil::quoteString)
          .collect(Collectors.joining(", ", "[", "]"));
    }

    @Override
    public ConfigValue fromText(String text, String origin) {
      if (text.strip().startsWith("[")) {
        return parsed(text, origin);
      }
      List<String> parts = new ArrayList<>();
      for (String part : text.split(",", -1)) {
        if (!part.isBlank()) {
          parts.add(part.strip());
        }
      }
      return ConfigValueFactory.fromIterable(parts, origin);
    }
  }

  /** STUN and TURN servers handed to clients. */
  record IceServers() implements ConfigType<List<IceServer>> {
    private static final Set<String> FIELDS = Set.of("urls", "username", "credential", "secret");
    private static final Set<String> SCHEMES = Set.of("stun", "stuns", "turn", "turns");

    @Override
    public String expected() {
      return "a list of { urls = [\"turn:host:3478?transport=udp\"], username = \"…\","
          + " credential = \"…\" }, the last two needed for turn: and turns: only, and replaced"
          + " by secret = \"…\" where credentials are made from one (coturn's"
          + " use-auth-secret)";
    }

    @Override
    public Optional<List<IceServer>> read(ConfigValue value) {
      if (!(value instanceof ConfigList list)) {
        return Optional.empty();
      }
      List<IceServer> servers = new ArrayList<>();
      for (ConfigValue element : list) {
        Optional<IceServer> server = server(element);
        if (server.isEmpty()) {
          return Optional.empty();
        }
        servers.add(server.get());
      }
      return Optional.of(List.copyOf(servers));
    }

    @Override
    public String render(List<IceServer> value) {
      if (!value.isEmpty()) {
        throw new IllegalArgumentException("no default may name a server: " + value);
      }
      return "[]";
    }

    @Override
    public ConfigValue fromText(String text, String origin) {
      return parsed(text, origin);
    }

    private static Optional<IceServer> server(ConfigValue element) {
      if (element.valueType() != ConfigValueType.OBJECT) {
        return Optional.empty();
      }
      Config fields = at(element).getConfig(VALUE);
      if (!FIELDS.containsAll(fields.root().keySet())) {
        return Optional.empty();
      }
      try {
        List<String> urls = fields.getStringList("urls");
        Optional<String> username = field(fields, "username");
        Optional<Secret> credential = field(fields, "credential").map(Secret::new);
        Optional<Secret> secret = field(fields, "secret").map(Secret::new);
        boolean named = username.isPresent() && credential.isPresent();
        boolean mixed = secret.isPresent() && (username.isPresent() || credential.isPresent());
        boolean turn = urls.stream().anyMatch(url -> url.startsWith("turn"));
        if (urls.isEmpty()
            || !urls.stream().allMatch(IceServers::isIceUrl)
            || mixed
            || secret.filter(text -> text.value().isEmpty()).isPresent()
            || (turn && !named && secret.isEmpty())) {
          return Optional.empty();
        }
        return Optional.of(new IceServer(urls, username, credential, secret));
      } catch (ConfigException wrongType) {
        return Optional.empty();
      }
    }

    private static Optional<String> field(Config fields, String name) {
      return fields.hasPath(name) ? Optional.of(fields.getString(name)) : Optional.empty();
    }

    private static boolean isIceUrl(String url) {
      try {
        URI uri = new URI(url);
        return uri.getScheme() != null
            && SCHEMES.contains(uri.getScheme())
            && !uri.getSchemeSpecificPart().isBlank();
      } catch (URISyntaxException malformed) {
        return false;
      }
    }
  }

  /** The path under which a lone value is looked at. */
  String VALUE = "value";

  private static Config at(ConfigValue value) {
    return value.atKey(VALUE);
  }

  /** The text of a string, number or boolean just as it was written. */
  private static Optional<String> scalar(ConfigValue value) {
    return switch (value.valueType()) {
      case STRING, NUMBER, BOOLEAN -> Optional.of(at(value).getString(VALUE));
      case LIST, OBJECT, NULL -> Optional.empty();
    };
  }

  private static ConfigValue parsed(String text, String origin) {
    return ConfigFactory.parseString(VALUE + " = " + text)
        .getValue(VALUE)
        .withOrigin(ConfigOriginFactory.newSimple(origin));
  }
}
