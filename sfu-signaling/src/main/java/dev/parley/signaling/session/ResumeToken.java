package dev.parley.signaling.session;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The SHA-256 of a resume token: the token itself is with the client only. */
final class ResumeToken {
  /** No token matches it. */
  static final ResumeToken NONE = new ResumeToken(new byte[0]);

  private final byte[] hash;

  private ResumeToken(byte[] hash) {
    this.hash = hash;
  }

  static ResumeToken of(String token) {
    return new ResumeToken(sha256(token));
  }

  /** Takes as long for a wrong token as for the right one. */
  boolean matches(String token) {
    return MessageDigest.isEqual(hash, sha256(token));
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java has SHA-256", impossible);
    }
  }
}
