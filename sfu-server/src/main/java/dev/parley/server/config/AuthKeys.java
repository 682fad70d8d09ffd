package dev.parley.server.config;

import dev.parley.server.config.ConfigType.OptionalText;
import dev.parley.server.config.ConfigType.SecretText;
import dev.parley.server.config.ConfigType.SigningSecrets;
import dev.parley.server.config.ConfigType.WholeNumber;
import dev.parley.signaling.token.TokenRules;
import dev.parley.signaling.token.TokenSecret;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Optional;

/** Which tokens are taken. */
public final class AuthKeys {
  /** The token secret of the commented configuration file; refused outside {@code --dev}. */
  public static final Secret SAMPLE_SECRET = new Secret(TokenSecret.SAMPLE);

  /** Shorter secrets are refused outside {@code --dev}: HS256 needs 256 bits (RFC 7518, 3.2). */
  public static final int SECRET_MIN_BYTES = 32;

  public static final ConfigKey<Secret> AUTH_SECRET =
      ConfigKey.of(
              "auth.secret",
              new SecretText("a text of at least " + SECRET_MIN_BYTES + " bytes"),
              "text of 32 bytes or more",
              SAMPLE_SECRET,
              "Signs and checks join tokens (HS256).",
              "This sample is public and therefore refused without --dev. Make your own:"
                  + " openssl rand -base64 48")
          .asSecret();

  public static final ConfigKey<List<SigningSecret>> AUTH_SECRETS =
      ConfigKey.of(
              "auth.secrets",
              new SigningSecrets(),
              "list of secrets",
              List.of(),
              "Several secrets with names, instead of auth.secret, each { kid, secret } of 32 bytes"
                  + " or more: the first signs, any of them checks.",
              "For a change without an interruption: put the new one first, and remove the old one"
                  + " when its last token has expired.")
          .asSecret();

  public static final ConfigKey<Optional<String>> AUTH_ISSUER =
      ConfigKey.of(
          "auth.issuer",
          new OptionalText("a name", name -> true),
          "text",
          Optional.of("parley"),
          "The issuer (iss) that a join token must carry; empty: not looked at.",
          "Tokens made for another service with the same secret are refused.");

  public static final ConfigKey<Optional<String>> AUTH_AUDIENCE =
      ConfigKey.of(
          "auth.audience",
          new OptionalText("a name", name -> true),
          "text",
          Optional.empty(),
          "The audience (aud) that a join token must name; empty: not looked at.",
          "Set it where the issuer makes tokens for other services too: theirs are then refused.");

  public static final ConfigKey<Integer> AUTH_LEEWAY_SEC =
      ConfigKey.of(
          "auth.leewaySec",
          new WholeNumber(0, 300),
          "seconds",
          5,
          "How far the clock of the issuer may be off, for exp and nbf.",
          "Clocks of servers differ by a little; every second more is one that a token lives"
              + " longer.");

  public static final ConfigKey<Optional<String>> AUTH_KEY_SET_FILE =
      ConfigKey.of(
          "auth.keySet.file",
          new OptionalText("the path of a JSON Web Key Set", path -> true),
          "path",
          Optional.empty(),
          "Public keys that check RS256 and EdDSA tokens, as a JSON Web Key Set in a file.",
          "This server then needs no secret. It is read again like the one below.");

  public static final ConfigKey<Optional<String>> AUTH_KEY_SET_URL =
      ConfigKey.of(
          "auth.keySet.url",
          new OptionalText("an https URL, or http on the loopback", AuthKeys::isKeySetUrl),
          "URL",
          Optional.empty(),
          "The same from an identity provider, often …/.well-known/jwks.json.",
          "https, since whoever can change the answer on its way can make tokens. Redirects are not"
              + " followed.");

  public static final ConfigKey<Integer> AUTH_KEY_SET_REFRESH_SEC =
      ConfigKey.of(
          "auth.keySet.refreshSec",
          new WholeNumber(10, 86_400),
          "seconds",
          600,
          "How old the known keys may be when a token is checked.",
          "So long may a removed key still open rooms. When the source fails, the known ones"
              + " stay.");

  public static final ConfigKey<Integer> AUTH_KEY_SET_RETRY_SEC =
      ConfigKey.of(
          "auth.keySet.retrySec",
          new WholeNumber(1, 3_600),
          "seconds",
          30,
          "The least time between two readings, also for tokens that name an unknown key.",
          "Or anybody could make this server ask the identity provider at will.");

  private AuthKeys() {}

  private static boolean isKeySetUrl(String text) {
    try {
      return TokenRules.KeySetSource.isSafe(new URI(text));
    } catch (URISyntaxException malformed) {
      return false;
    }
  }
}
