package dev.parley.bots.report;

import dev.parley.bots.run.Outcome;
import dev.parley.bots.scenario.Threshold;
import java.util.Locale;

/** A run as a test suite: the run itself and each threshold are test cases (JUnit XML). */
public final class JunitReport {
  private JunitReport() {}

  public static String of(Outcome outcome) {
    boolean ended = outcome.end() == Outcome.End.COMPLETED;
    long failed = outcome.verdicts().stream().filter(v -> !v.holds()).count() + (ended ? 0 : 1);
    double seconds = outcome.took().toMillis() / 1e3;
    String suite = Markup.escape(outcome.scenario().name());
    StringBuilder out = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    out.append(
        String.format(
            Locale.ROOT,
            "<testsuite name=\"%s\" tests=\"%d\" failures=\"%d\" errors=\"0\" skipped=\"0\""
                + " time=\"%.3f\" timestamp=\"%s\">\n",
            suite,
            outcome.verdicts().size() + 1,
            failed,
            seconds,
            outcome.startedAt()));
    testCase(out, suite, "the run completes", ended, outcome.reason());
    for (Outcome.Verdict verdict : outcome.verdicts()) {
      Threshold threshold = verdict.threshold();
      String bounds =
          (threshold.max().isPresent()
                  ? ", at most " + TextReport.value(threshold, threshold.max())
                  : "")
              + (threshold.min().isPresent()
                  ? ", at least " + TextReport.value(threshold, threshold.min())
                  : "");
      testCase(
          out,
          suite,
          threshold.title() + bounds,
          verdict.holds(),
          "is " + TextReport.value(threshold, verdict.value()) + bounds);
    }
    out.append("  <system-out>")
        .append(Markup.escape(TextReport.of(outcome)))
        .append("</system-out>\n</testsuite>\n");
    return out.toString();
  }

  private static void testCase(
      StringBuilder out, String suite, String name, boolean holds, String message) {
    out.append("  <testcase classname=\"%s\" name=\"%s\"".formatted(suite, Markup.escape(name)));
    out.append(
        holds
            ? "/>\n"
            : ">\n    <failure message=\"%s\"/>\n  </testcase>\n"
                .formatted(Markup.escape(message)));
  }
}
