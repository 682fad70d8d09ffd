package dev.parley.bots.report;

/** Text inside HTML and XML. */
final class Markup {
  private Markup() {}

  /** For text and for attributes in double quotes; what XML 1.0 cannot hold becomes a mark. */
  static String escape(String text) {
    StringBuilder out = new StringBuilder();
    text.codePoints()
        .forEach(c -> {
          switch (c) {
            case '<' -> out.append("&lt;");
            case '>' -> out.append("&gt;");
            case '&' -> out.append("&amp;");
            case '"' -> out.append("&quot;");
            case '\n', '\t' -> out.appendCodePoint(c);
            default -> out.appendCodePoint(c < ' ' || c == 0xfffe || c == 0xffff ? 0xfffd : c);
          }
        });
    return out.toString();
  }
}
