package dev.parley.bots.bench;

import dev.parley.bots.bench.SystemResult.Aim;
import dev.parley.bots.bench.SystemResult.CaseResult;
import dev.parley.bots.bench.SystemResult.Figure;

/** {@code bench system} for the terminal, at most 100 columns wide. */
final class SystemReport {
  private SystemReport() {}

  static String of(SystemResult result) {
    StringBuilder text = new StringBuilder();
    SystemSettings s = result.settings();
    text.append(
        "The whole server: medians of %d rounds of %.1f s (least–most); warm-up %.1f s.%n"
            .formatted(s.rounds(), s.roundMillis() / 1e3, s.warmUpMillis() / 1e3));
    result.cases().forEach(one -> write(text, one));
    long aims = result.cases().stream().mapToLong(SystemReport::aims).sum();
    long met = result.cases().stream().mapToLong(SystemReport::met).sum();
    long refused = result.cases().stream().filter(c -> !c.refusals().isEmpty()).count();
    text.append("%n%d of %d aims met, %d cases refused%n".formatted(met, aims, refused));
    text.append(
        "%s; seed %d; commit %s%n"
            .formatted(
                result.machine().line(),
                s.seed(),
                result.commit().isEmpty() ? "unknown" : result.commit()));
    return text.toString();
  }

  private static long aims(CaseResult one) {
    return one.figures().stream().filter(f -> f.aim().isPresent()).count();
  }

  private static long met(CaseResult one) {
    return one.figures().stream()
        .filter(f -> f.aim().isPresent() && f.aim().get().met(f.spread().median()))
        .count();
  }

  private static void write(StringBuilder text, CaseResult one) {
    text.append("%n%s: %s%n".formatted(one.id(), one.what()));
    one.figures().forEach(figure -> text.append(line(figure)));
    one.notes().forEach(note -> text.append("  note: %s%n".formatted(note)));
    one.refusals().forEach(reason -> text.append("  no figure: %s%n".formatted(reason)));
  }

  private static String line(Figure figure) {
    return "  %-46s %-26s %s"
            .formatted(
                figure.measure().title(),
                cell(figure),
                figure.aim().map(aim -> verdict(figure, aim)).orElse(""))
            .stripTrailing()
        + System.lineSeparator();
  }

  private static String cell(Figure figure) {
    Measure measure = figure.measure();
    Spread spread = figure.spread();
    String median = measure.text(spread.median());
    return spread.least() == spread.most()
        ? median
        : "%s (%s–%s)".formatted(median, measure.text(spread.least()), measure.text(spread.most()));
  }

  private static String verdict(Figure figure, Aim aim) {
    return "%s %s: %s"
        .formatted(
            aim.atMost() ? "≤" : "≥",
            figure.measure().text(aim.limit()),
            aim.met(figure.spread().median()) ? "met" : "missed");
  }
}
