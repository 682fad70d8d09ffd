package dev.parley.server;

import dev.parley.server.config.InvalidConfigException;
import dev.parley.server.config.ParleyConfig;
import dev.parley.signaling.token.SigningKey;
import dev.parley.signaling.token.TokenMinter;
import dev.parley.signaling.token.TokenRules;
import dev.parley.signaling.token.TokenSecret;
import dev.parley.signaling.token.TokenText;
import dev.parley.signaling.token.TokenVerdict;
import dev.parley.signaling.token.TokenVerifier;
import dev.parley.signaling.wire.RequestCodec;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.spec.InvalidKeySpecException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code sfu token}: prints a join token, and nothing else, on standard output. */
@Command(
    name = "token",
    description = "Prints a token with which one person may join, or explains one.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    versionProvider = Version.class)
final class TokenCommand implements Callable<Integer> {
  private static final Pattern ROOM = Pattern.compile("[A-Za-z0-9_.-]{0,63}\\*");

  @Mixin private ConfigOptions options = new ConfigOptions();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--identity",
      paramLabel = "ID",
      description = "Who it is; the same person has the same identity.")
  private @Nullable String identity;

  @Option(names = "--name", paramLabel = "NAME", description = "The name shown to others.")
  private @Nullable String name;

  @Option(
      names = "--room",
      paramLabel = "ROOM",
      description =
          "A room it opens, or all that begin so: lab-*. May be repeated; without this it opens"
              + " every room.")
  private List<String> rooms = new ArrayList<>();

  @Option(
      names = "--ttl",
      paramLabel = "TIME",
      defaultValue = "1h",
      converter = TimeToLive.class,
      description = "How long one may join with it: 90s, 15m, 6h, 7d (default: ${DEFAULT-VALUE}).")
  private Duration ttl = Duration.ofHours(1);

  @Mixin private GrantOptions grants = new GrantOptions();

  @Option(
      names = "--attribute",
      paramLabel = "NAME=TEXT",
      description = "What others are told of the person. May be repeated.")
  private Map<String, String> attributes = new LinkedHashMap<>();

  @Option(
      names = "--key",
      paramLabel = "FILE",
      description =
          "Signs with this private key (PEM, RSA or Ed25519) instead of the configured secret.")
  private @Nullable Path key;

  @Option(names = "--kid", paramLabel = "ID", description = "How the key set names that key.")
  private @Nullable String kid;

  @Option(
      names = "--decode",
      description = "Reads a token from standard input and tells what it says.")
  private boolean decode;

  @Override
  public Integer call() throws InvalidConfigException, IOException {
    if (!decode) {
      check();
    }
    ParleyConfig config = options.load();
    TokenRules rules = Assembly.tokenRules(config);
    long nowSec = Instant.now().getEpochSecond();
    Vertx vertx = Vertx.vertx();
    try {
      if (decode) {
        String token =
            new String(System.in.readNBytes(2 * TokenText.MAX_LENGTH), StandardCharsets.US_ASCII);
        boolean accepted =
            TokenReport.print(vertx, rules, token.strip(), nowSec, spec.commandLine().getOut());
        return accepted ? 0 : 1;
      }
      String token =
          new TokenMinter(vertx, signingKey(config, rules), rules).mint(granted(), ttl, nowSec);
      if (token.length() > TokenText.MAX_LENGTH) {
        throw wrong("the token has more than " + TokenText.MAX_LENGTH + " characters: say less");
      }
      spec.commandLine().getOut().println(token);
    } finally {
      vertx.close().await();
    }
    return 0;
  }

  private TokenVerdict.Granted granted() {
    try {
      return new TokenVerdict.Granted(
          identity == null ? "" : identity,
          Optional.ofNullable(name),
          attributes,
          rooms,
          grants.grants(),
          Optional.empty());
    } catch (IllegalArgumentException refused) {
      throw wrong(String.valueOf(refused.getMessage()));
    }
  }

  private SigningKey signingKey(ParleyConfig config, TokenRules rules) {
    if (key != null) {
      try {
        return SigningKey.ofPem(Files.readString(key), Optional.ofNullable(kid));
      } catch (IOException unreadable) {
        throw wrong("--key " + key + ": there is no such file, or it may not be read");
      } catch (InvalidKeySpecException refused) {
        throw wrong("--key " + key + ": " + refused.getMessage());
      }
    }
    if (kid != null) {
      throw wrong("--kid names the key of --key, which is missing");
    }
    if (rules.canSign()) {
      return SigningKey.of(rules.secrets().getFirst());
    }
    if (config.dev()) {
      return SigningKey.of(TokenSecret.of(TokenSecret.SAMPLE));
    }
    throw wrong("there is no secret to sign with: set auth.secret, or name a private key by --key");
  }

  /** A token that no server would accept is none: its rules are checked here as well. */
  private void check() {
    if (identity == null) {
      throw wrong("Missing required option: '--identity=ID'");
    }
    if (!TokenVerifier.isIdentity(identity)) {
      throw wrong(
          "--identity is a text of 1 to %d characters, not all of them blank"
              .formatted(TokenVerifier.MAX_IDENTITY));
    }
    if (rooms.size() > TokenVerdict.Granted.MAX_ROOMS) {
      throw wrong("--room may be given " + TokenVerdict.Granted.MAX_ROOMS + " times");
    }
    for (String room : rooms) {
      if (!RequestCodec.ROOM.matcher(room).matches() && !ROOM.matcher(room).matches()) {
        throw wrong(
            "--room '%s' is no room: expected 1 to 64 of A-Z, a-z, 0-9, dot, dash and underscore"
                .formatted(room));
      }
    }
    attributes.forEach((attribute, text) -> {
      if (attributes.size() > TokenVerdict.Granted.MAX_ATTRIBUTES
          || attribute.length() > TokenVerdict.Granted.MAX_ATTRIBUTE_NAME
          || text.length() > TokenVerdict.Granted.MAX_ATTRIBUTE) {
        throw wrong(
            "--attribute: at most %d, names of at most %d and texts of at most %d characters"
                .formatted(
                    TokenVerdict.Granted.MAX_ATTRIBUTES,
                    TokenVerdict.Granted.MAX_ATTRIBUTE_NAME,
                    TokenVerdict.Granted.MAX_ATTRIBUTE));
      }
    });
    granted();
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  /** Reads {@code 15m}. */
  static final class TimeToLive implements ITypeConverter<Duration> {
    private static final Pattern FORM = Pattern.compile("([1-9]\\d{0,5})([smhd])");

    @Override
    public Duration convert(String text) {
      Matcher matcher = FORM.matcher(text.strip());
      if (!matcher.matches()) {
        throw new TypeConversionException(
            "'" + text + "' is no time: expected a number with s, m, h or d, for instance 15m");
      }
      long amount = Long.parseLong(matcher.group(1));
      return switch (matcher.group(2)) {
        case "s" -> Duration.ofSeconds(amount);
        case "m" -> Duration.ofMinutes(amount);
        case "h" -> Duration.ofHours(amount);
        default -> Duration.ofDays(amount);
      };
    }
  }
}
