package dev.parley.admin.history;

import dev.parley.signaling.wire.PlainText;

/** Text as every database takes it. */
final class Texts {
  static final int IDENTITY = 256;
  static final int ROOM = 128;

  private Texts() {}

  /** Without what is no text, and cut between characters. */
  static String fit(String text, int mostChars) {
    String plain = PlainText.of(text);
    if (plain.length() <= mostChars) {
      return plain;
    }
    int end = Character.isHighSurrogate(plain.charAt(mostChars - 1)) ? mostChars - 1 : mostChars;
    return plain.substring(0, end);
  }
}
