package dev.parley.signaling.session;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** The SHA-256 of a resume token: the token itself is with the client only. */
final class ResumeToken {
  /** No token matches it. */
  static final ResumeToken NONE = new ResumeToken(new byte[0]);

  private static final int HASH_BYTES = 32;

  private final byte[] hash;

  private ResumeToken(byte[] hash) {
    this.hash = hash;
  }

  static ResumeToken of(String token) {
    return new ResumeToken(sha256(token));
  }

  /**
   * What {@link #hashText} gave.
   *
   * @throws IllegalArgumentException when it is no SHA-256 in Base64
   */
  static ResumeToken ofHash(String text) {
    byte[] hash = Base64.getDecoder().decode(text);
    if (hash.length != HASH_BYTES) {
      throw new IllegalArgumentException("a hash of " + hash.length + " bytes, not " + HASH_BYTES);
    }
    return new ResumeToken(hash);
  }

  /** The hash in Base64. */
  String hashText() {
    return Base64.getEncoder().encodeToString(hash);
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
