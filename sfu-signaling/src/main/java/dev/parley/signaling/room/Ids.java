package dev.parley.signaling.room;

import java.util.random.RandomGenerator;

/** Random, prefixed identifiers. Thread-safe when the generator is. */
public final class Ids {
  private static final String ANONYMOUS = "anonymous-";

  private static final String ALPHABET =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

  /** 71 bits: no two alike in the life of a server. */
  private static final int UNIQUE = 12;

  /** 131 bits: cannot be guessed. */
  private static final int SECRET = 22;

  private final RandomGenerator random;

  /**
   * @param random a {@link java.security.SecureRandom}, except in tests
   */
  public Ids(RandomGenerator random) {
    this.random = random;
  }

  public String room() {
    return "rm_" + text(UNIQUE);
  }

  public String participant() {
    return "pa_" + text(UNIQUE);
  }

  public String track() {
    return "tr_" + text(UNIQUE);
  }

  public String message() {
    return "ms_" + text(UNIQUE);
  }

  public String ticket() {
    return "qt_" + text(UNIQUE);
  }

  /** Whoever has it may take the seat that was kept. */
  public String admitToken() {
    return text(SECRET);
  }

  public String session() {
    return "se_" + text(SECRET);
  }

  /** The path of a WHIP or WHEP resource: whoever knows it may end it. */
  public String resource() {
    return "rs_" + text(SECRET);
  }

  public String resumeToken() {
    return text(2 * SECRET);
  }

  public String identity() {
    return ANONYMOUS + text(UNIQUE);
  }

  /** Whether an identity looks like one of those made for people without a token. */
  public static boolean isAnonymous(String identity) {
    return identity.startsWith(ANONYMOUS);
  }

  private String text(int length) {
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return text.toString();
  }
}
