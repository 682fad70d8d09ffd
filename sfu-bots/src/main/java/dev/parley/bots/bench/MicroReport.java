package dev.parley.bots.bench;

/** {@code bench micro} for the terminal, at most 100 columns wide. */
final class MicroReport {
  private MicroReport() {}

  static String of(MicroResult result) {
    StringBuilder text = new StringBuilder();
    MicroSettings s = result.settings();
    text.append(
        "Pieces of a packet's way: medians of %d fresh JVMs, %.2f s each (least–most).%n"
            .formatted(s.forks(), s.millis() / 1e3));
    result.groups().forEach(group -> write(text, group));
    text.append(
        "%n%s%nseed %d; commit %s%n"
            .formatted(
                result.machine().line(),
                s.seed(),
                result.commit().isEmpty() ? "unknown" : result.commit()));
    return text.toString();
  }

  private static void write(StringBuilder text, MicroResult.GroupResult group) {
    text.append("%n%s%n".formatted(group.what()));
    text.append("%-24s %-26s %-26s %s%n".formatted("", "ns", "floor, ns", "ratio"));
    for (MicroResult.PieceResult piece : group.pieces()) {
      text.append(
          "  %-22s %-26s %-26s %s%n"
              .formatted(
                  piece.name(),
                  cell(piece.nanos(), "%.1f"),
                  cell(piece.floorNanos(), "%.1f"),
                  cell(piece.ratio(), "%.2f")));
    }
    text.append("  floor: %s%n".formatted(group.floor()));
  }

  private static String cell(Spread spread, String format) {
    String median = format.formatted(spread.median());
    return spread.least() == spread.most()
        ? median
        : "%s (%s–%s)"
            .formatted(median, format.formatted(spread.least()), format.formatted(spread.most()));
  }
}
