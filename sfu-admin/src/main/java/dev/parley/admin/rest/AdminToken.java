package dev.parley.admin.rest;

/**
 * Somebody who may use {@code /v1}.
 *
 * @param name of the holder, for the audit log
 * @param token the secret that requests carry (RFC 6750)
 */
public record AdminToken(String name, String token, AdminRole role) {
  /** Shorter ones could be guessed. */
  public static final int LEAST_CHARS = 16;

  public AdminToken {
    if (name.isBlank() || token.length() < LEAST_CHARS) {
      throw new IllegalArgumentException(
          "a token needs a name and at least " + LEAST_CHARS + " characters");
    }
  }

  @Override
  public String toString() {
    return "AdminToken[name=" + name + ", role=" + role + "]";
  }
}
