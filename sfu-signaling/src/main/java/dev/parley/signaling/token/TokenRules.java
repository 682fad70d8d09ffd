package dev.parley.signaling.token;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which tokens count.
 *
 * @param secrets any of them checks HS256 tokens, the first signs; several are a rotation
 * @param keySet where the public keys for RS256 and EdDSA come from
 * @param issuer the {@code iss} that tokens must carry, when there is one
 * @param audience the {@code aud} that tokens must name, when there is one
 * @param leeway how far the clock of the issuer may be off
 */
public record TokenRules(
    List<TokenSecret> secrets,
    KeySetSource keySet,
    Optional<String> issuer,
    Optional<String> audience,
    Duration leeway) {
  public static final Duration DEFAULT_LEEWAY = Duration.ofSeconds(5);

  /** No key at all: tokens are not looked at. */
  public static final TokenRules NONE =
      new TokenRules(
          List.of(), KeySetSource.NONE, Optional.empty(), Optional.empty(), DEFAULT_LEEWAY);

  public TokenRules {
    secrets = List.copyOf(secrets);
    Set<Optional<String>> kids = new HashSet<>();
    for (TokenSecret secret : secrets) {
      if (secret.kid().isPresent() && !kids.add(secret.kid())) {
        throw new IllegalArgumentException("two token secrets have the kid " + secret.kid().get());
      }
    }
    if (leeway.isNegative()) {
      throw new IllegalArgumentException("leeway: " + leeway + " is negative");
    }
  }

  /** One secret and an issuer. */
  public static TokenRules of(TokenSecret secret, String issuer) {
    return new TokenRules(
        List.of(secret), KeySetSource.NONE, Optional.of(issuer), Optional.empty(), DEFAULT_LEEWAY);
  }

  /** Whether there is anything to check a token with. */
  public boolean canVerify() {
    return !secrets.isEmpty() || keySet.isConfigured();
  }

  /** Whether this server can make tokens of its own. */
  public boolean canSign() {
    return !secrets.isEmpty();
  }

  /**
   * JSON Web Key Sets (RFC 7517, section 5) of public keys.
   *
   * @param url https, or http on the loopback; see {@link #isSafe}
   * @param refresh how old what is known may become
   * @param retry the least time between two readings, whatever asks for them
   */
  public record KeySetSource(
      Optional<Path> file, Optional<URI> url, Duration refresh, Duration retry) {
    public static final Duration DEFAULT_REFRESH = Duration.ofMinutes(10);
    public static final Duration DEFAULT_RETRY = Duration.ofSeconds(30);

    public static final KeySetSource NONE =
        new KeySetSource(Optional.empty(), Optional.empty(), DEFAULT_REFRESH, DEFAULT_RETRY);

    private static final Pattern LOOPBACK =
        Pattern.compile("localhost|127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}|\\[::1\\]");

    public KeySetSource {
      url.ifPresent(known -> {
        if (!isSafe(known)) {
          throw new IllegalArgumentException(
              "key set URL " + known + ": expected https, or http on the loopback");
        }
      });
      if (refresh.isNegative() || retry.isNegative() || retry.compareTo(refresh) > 0) {
        throw new IllegalArgumentException("key set: retry " + retry + ", refresh " + refresh);
      }
    }

    public boolean isConfigured() {
      return file.isPresent() || url.isPresent();
    }

    /** Whether nobody on the way can put keys of his own into the answer. */
    public static boolean isSafe(URI url) {
      String host = url.getHost();
      if (host == null || url.getRawUserInfo() != null || url.getRawFragment() != null) {
        return false;
      }
      return "https".equalsIgnoreCase(url.getScheme())
          || ("http".equalsIgnoreCase(url.getScheme()) && LOOPBACK.matcher(host).matches());
    }
  }
}
