package dev.parley.signaling.wire;

/** Text that people see or that a log line carries. */
public final class PlainText {
  private PlainText() {}

  /**
   * Drops control, formatting (bidirectional overrides among them), line and paragraph separators,
   * and lone surrogates, then trims the ends.
   */
  public static String of(String text) {
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
                  c == 0x200D;
              default -> true;
            })
        .forEach(plain::appendCodePoint);
    return plain.toString().strip();
  }
}
