package dev.parley.server;

import dev.parley.server.config.InvalidConfigException;
import dev.parley.server.config.ParleyConfig;
import dev.parley.signaling.token.TokenMinter;
import dev.parley.signaling.token.TokenSecret;
import dev.parley.signaling.token.TokenVerifier;
import dev.parley.signaling.wire.RequestCodec;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
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
    description = "Prints a token with which one person may join.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class TokenCommand implements Callable<Integer> {
  @Mixin private ConfigOptions options = new ConfigOptions();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--room",
      paramLabel = "ROOM",
      description = "The only room it opens; without this it opens every room.")
  private @Nullable String room;

  @Option(
      names = "--identity",
      required = true,
      paramLabel = "ID",
      description = "Who it is; the same person has the same identity.")
  private String identity = "";

  @Option(names = "--name", paramLabel = "NAME", description = "The name shown to others.")
  private @Nullable String name;

  @Option(
      names = "--ttl",
      paramLabel = "TIME",
      defaultValue = "1h",
      converter = TimeToLive.class,
      description = "How long one may join with it: 90s, 15m, 6h, 7d (default: ${DEFAULT-VALUE}).")
  private Duration ttl = Duration.ofHours(1);

  @Override
  public Integer call() throws InvalidConfigException {
    check();
    ParleyConfig config = options.load();
    Vertx vertx = Vertx.vertx();
    try {
      TokenSecret secret =
          new TokenSecret(config.auth().secret().value(), Optional.of(config.auth().issuer()));
      String token =
          new TokenMinter(vertx, secret)
              .mint(
                  identity,
                  Optional.ofNullable(name),
                  Optional.ofNullable(room),
                  ttl,
                  Instant.now().getEpochSecond());
      spec.commandLine().getOut().println(token);
    } finally {
      vertx.close().await();
    }
    return 0;
  }

  /** A token that no server would accept is none: its rules are checked here as well. */
  private void check() {
    if (!TokenVerifier.isIdentity(identity)) {
      throw new ParameterException(
          spec.commandLine(),
          "--identity is a text of 1 to %d characters, not all of them blank"
              .formatted(TokenVerifier.MAX_IDENTITY));
    }
    if (room != null && !RequestCodec.ROOM.matcher(room).matches()) {
      throw new ParameterException(
          spec.commandLine(),
          "--room '%s' is no room: expected 1 to 64 of A-Z, a-z, 0-9, dot, dash and underscore"
              .formatted(room));
    }
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
