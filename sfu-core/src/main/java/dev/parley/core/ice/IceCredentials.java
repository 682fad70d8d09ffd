package dev.parley.core.ice;

import java.security.SecureRandom;

/**
 * One side's user name fragment and password (RFC 8445 section 5.3, RFC 8839 section 5.4).
 *
 * @param ufrag 4 to 256 characters, no colon
 * @param pwd 22 to 256 characters
 */
public record IceCredentials(String ufrag, String pwd) {
  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  private static final SecureRandom RANDOM = new SecureRandom();

  public IceCredentials {
    if (ufrag.length() < 4 || ufrag.length() > 256 || ufrag.indexOf(':') >= 0) {
      throw new IllegalArgumentException("ice-ufrag of " + ufrag.length() + " characters");
    }
    if (pwd.length() < 22 || pwd.length() > 256) {
      throw new IllegalArgumentException("ice-pwd of " + pwd.length() + " characters");
    }
  }

  /**
   * 8 characters (48 bits) that route a server's checks and 24 (144 bits) that prove them. Two
   * equal fragments are improbable, not impossible: whoever routes by them draws again.
   */
  public static IceCredentials random() {
    return new IceCredentials(text(8), text(24));
  }

  private static String text(int length) {
    char[] c = new char[length];
    for (int i = 0; i < length; i++) {
      c[i] = ALPHABET.charAt(RANDOM.nextInt(ALPHABET.length()));
    }
    return new String(c);
  }

  /** Names the fragment only, so that the password never reaches a log. */
  @Override
  public String toString() {
    return "IceCredentials[" + ufrag + "]";
  }
}
