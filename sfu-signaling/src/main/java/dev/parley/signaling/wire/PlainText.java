package dev.parley.signaling.wire;

/** Text that people see or that a log line carries. */
public final class PlainText {
  private PlainText() {}

  /**
   * Drops control, formatting (bidirectional overrides among them), line and paragraph separators,
   * and lone surrogates, then trims the ends.
   */
  public static String of(String text) {
    return keep(text, false);
  }

  /** Likewise, but line feeds stay. */
  public static String lines(String text) {
    return keep(text, true);
  }

  private static String keep(String text, boolean lineFeeds) {
    StringBuilder plain = new StringBuilder(text.length());
    text.codePoints()
        .filter(c ->
            switch (Character.getType(c)) {
              case Character.CONTROL,
                  Character.FORMAT,
                  Character.LINE_SEPARATOR,
                  Character.PARAGRAPH_SEPARATOR,
                  Character.SURROGATE,
                  Character.UNASSIGNED ->
                  c == 0x200D || (lineFeeds && c == '\n');
              default -> true;
            })
        .forEach(plain::appendCodePoint);
    return plain.toString().strip();
  }
}
