package dev.parley.admin.quality;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Why a call was as it was, in plain words.
 *
 * @param poorSeconds of {@code seconds}, how many were bad
 * @param findings the one that counts most first
 */
public record Diagnosis(Verdict verdict, int seconds, int poorSeconds, List<Finding> findings) {
  private static final int TOO_SHORT_SEC = 6;
  private static final double BAD_SHARE = 0.2;
  private static final double FAIR_SHARE = 0.05;

  /** What passes sooner is part of every call's beginning. */
  private static final double LEAST_SHARE = 0.05;

  /** From which share on it is more than a spike. */
  private static final double NOTICED = 0.15;

  public Diagnosis {
    findings = List.copyOf(findings);
  }

  /** How the call was. */
  public enum Verdict {
    UNKNOWN,
    GOOD,
    FAIR,
    BAD;

    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Of the minutes of one visit, in any order. */
  public static Diagnosis of(List<QualityMinute> minutes) {
    int seconds = minutes.stream().mapToInt(QualityMinute::seconds).sum();
    int poor = minutes.stream().mapToInt(QualityMinute::poorSeconds).sum();
    Map<Blame, Integer> bySeconds = new LinkedHashMap<>();
    for (QualityMinute minute : minutes) {
      minute
          .causeSeconds()
          .forEach((text, s) ->
              Blame.parse(text).ifPresent(blame -> bySeconds.merge(blame, s, Integer::sum)));
    }
    if (seconds < TOO_SHORT_SEC) {
      return new Diagnosis(Verdict.UNKNOWN, seconds, poor, List.of());
    }
    boolean stutters =
        share(bySeconds, Cause.HIGH_DELAY, seconds) > NOTICED
            || share(bySeconds, Cause.JITTER, seconds) > NOTICED
            || poor > NOTICED * seconds;
    List<Blame> ranked = new ArrayList<>(bySeconds.keySet());
    ranked.removeIf(blame -> bySeconds.getOrDefault(blame, 0) < LEAST_SHARE * seconds);
    ranked.sort(
        Comparator.comparingDouble(
                (Blame blame) -> bySeconds.getOrDefault(blame, 0) * weight(blame.cause(), stutters))
            .reversed()
            .thenComparing(Blame::text));
    List<Finding> findings = new ArrayList<>();
    for (Blame blame : ranked) {
      int so = Math.min(seconds, bySeconds.getOrDefault(blame, 0));
      Map<String, Double> values = values(blame, minutes);
      int percent = Math.round(100f * so / seconds);
      findings.add(new Finding(blame, so, percent, values, PlainWords.of(blame, percent, values)));
    }
    return new Diagnosis(verdict(poor, seconds), seconds, poor, findings);
  }

  private static Verdict verdict(int poor, int seconds) {
    if (poor >= BAD_SHARE * seconds) {
      return Verdict.BAD;
    }
    return poor >= FAIR_SHARE * seconds ? Verdict.FAIR : Verdict.GOOD;
  }

  private static double share(Map<Blame, Integer> bySeconds, Cause cause, int seconds) {
    return bySeconds.getOrDefault(Blame.of(cause), 0) / (double) seconds;
  }

  /** By TCP losses cannot be seen; they show as delay and jitter. */
  private static double weight(Cause cause, boolean stutters) {
    return cause == Cause.TCP_PATH && stutters ? Cause.INTERRUPTED.weight() - 1 : cause.weight();
  }

  private static Map<String, Double> values(Blame blame, List<QualityMinute> minutes) {
    Map<String, Double> values = new LinkedHashMap<>();
    switch (blame.cause()) {
      case LOSS_DOWN -> {
        values.put("lossPercent", percent(mean(blame, minutes, QualityMinute::lossDown)));
        values.put("lossMostPercent", percent(most(minutes, QualityMinute::lossDownMost)));
      }
      case LOSS_UP -> {
        values.put("lossPercent", percent(mean(blame, minutes, QualityMinute::lossUp)));
        values.put("lossMostPercent", percent(most(minutes, QualityMinute::lossUpMost)));
      }
      case LOW_BANDWIDTH_DOWN -> {
        values.put("estimateBps", rounded(mean(blame, minutes, QualityMinute::estimateBps)));
        values.put("wantedBps", rounded(mean(blame, minutes, QualityMinute::wantedBps)));
      }
      case LOW_BANDWIDTH_UP, SENDER_CPU ->
          values.put("receivedBps", rounded(mean(blame, minutes, QualityMinute::receivedBps)));
      case HIGH_DELAY ->
          values.put("roundTripMs", rounded(mean(blame, minutes, QualityMinute::roundTripMs)));
      case JITTER -> values.put("jitterMs", rounded(mean(blame, minutes, QualityMinute::jitterMs)));
      case SERVER_OVERLOAD, INTERRUPTED, SOURCE, TCP_PATH, RELAY_PATH -> {}
    }
    return values;
  }

  /** Minutes count by how long they were so. */
  private static double mean(
      Blame blame, List<QualityMinute> minutes, ToDoubleFunction<QualityMinute> field) {
    double sum = 0;
    int seconds = 0;
    for (QualityMinute minute : minutes) {
      int so = minute.causeSeconds().getOrDefault(blame.text(), 0);
      sum += field.applyAsDouble(minute) * so;
      seconds += so;
    }
    return seconds == 0 ? 0 : sum / seconds;
  }

  private static double most(List<QualityMinute> minutes, ToDoubleFunction<QualityMinute> field) {
    return minutes.stream().mapToDouble(field).max().orElse(0);
  }

  private static double percent(double share) {
    return Math.round(share * 1000) / 10.0;
  }

  private static double rounded(double value) {
    return Math.rint(value);
  }
}
