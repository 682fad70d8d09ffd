package dev.parley.core.turn;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Short-lived TURN credentials made from a shared secret, as coturn's {@code use-auth-secret} takes
 * them: the user name is {@code <seconds since 1970>:<owner>}, the password the Base64 of its
 * HMAC-SHA1. Any thread.
 */
public final class TurnCredentials {
  private static final String HMAC_SHA1 = "HmacSHA1";
  private static final int MOST_DIGITS = 12;

  private final SecretKeySpec secret;

  /**
   * What a client is given.
   *
   * @param username ends the validity itself
   */
  public record Minted(String username, String password) {
    @Override
    public String toString() {
      return "Minted[" + username + "]";
    }
  }

  /** The secret is not empty. */
  public TurnCredentials(String secret) {
    this.secret = new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), HMAC_SHA1);
  }

  /**
   * New credentials.
   *
   * @param owner whose allocations they are; without a line end
   * @param expirySec seconds since 1970
   */
  public Minted mint(String owner, long expirySec) {
    String username = expirySec + ":" + owner;
    return new Minted(username, password(username));
  }

  private String password(String username) {
    try {
      Mac mac = Mac.getInstance(HMAC_SHA1);
      mac.init(secret);
      return Base64.getEncoder()
          .encodeToString(mac.doFinal(username.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HMAC-SHA1", e);
    }
  }

  /** The key of the long-term credential mechanism (RFC 8489 section 9.2.2): MD5, 16 bytes. */
  byte[] key(String username, String realm) {
    String text = username + ":" + realm + ":" + password(username);
    try {
      return MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has MD5", e);
    }
  }

  /** When a user name ends, in seconds since 1970; 0 for one that is not of this form. */
  static long expirySec(String username) {
    int colon = username.indexOf(':');
    if (colon < 1 || colon > MOST_DIGITS) {
      return 0;
    }
    long seconds = 0;
    for (int i = 0; i < colon; i++) {
      char digit = username.charAt(i);
      if (digit < '0' || digit > '9') {
        return 0;
      }
      seconds = 10 * seconds + digit - '0';
    }
    return seconds;
  }

  /** What stands behind the colon. */
  static String owner(String username) {
    return username.substring(username.indexOf(':') + 1);
  }
}
