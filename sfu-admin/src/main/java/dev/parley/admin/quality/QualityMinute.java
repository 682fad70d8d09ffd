package dev.parley.admin.quality;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A minute of one visit, or what there was of it. Numbers without {@code most} or {@code least} are
 * means over the time; losses are shares from 0 to 1.
 *
 * @param atMs its beginning, milliseconds since 1970
 * @param poorSeconds of {@code seconds}, how many were bad
 * @param estimateBps -1 where nothing was known of the network
 * @param frozenMs and {@code switches}: sums
 * @param path of most of the time
 * @param causeSeconds by {@link Blame#text}, how long it was so
 */
public record QualityMinute(
    long atMs,
    int seconds,
    int poorSeconds,
    int levelLeast,
    double levelMean,
    double lossDown,
    double lossDownMost,
    double lossUp,
    double lossUpMost,
    double roundTripMs,
    double roundTripMostMs,
    double jitterMs,
    long estimateBps,
    long sentBps,
    long wantedBps,
    long receivedBps,
    long frozenMs,
    int switches,
    String path,
    Map<String, Integer> causeSeconds) {
  public QualityMinute {
    causeSeconds = Map.copyOf(causeSeconds);
  }

  /**
   * Of samples in order.
   *
   * @param samples at least one
   */
  static QualityMinute of(List<QualitySample> samples, int switches) {
    Mean level = new Mean();
    Mean lossDown = new Mean();
    Mean lossUp = new Mean();
    Mean roundTrip = new Mean();
    Mean jitter = new Mean();
    Mean estimate = new Mean();
    Mean sent = new Mean();
    Mean wanted = new Mean();
    Mean received = new Mean();
    long totalMs = 0;
    long poorMs = 0;
    long frozenMs = 0;
    Map<String, Long> causes = new LinkedHashMap<>();
    Map<String, Long> paths = new LinkedHashMap<>();
    for (QualitySample sample : samples) {
      int ms = sample.durationMs();
      totalMs += ms;
      poorMs += sample.poor() ? ms : 0;
      frozenMs += sample.frozenMs();
      level.add(sample.level(), ms);
      lossDown.add(sample.lossDown(), ms);
      lossUp.add(sample.lossUp(), ms);
      roundTrip.add(sample.roundTripMs(), ms);
      jitter.add(sample.jitterMs(), ms);
      if (sample.estimateBps() >= 0) {
        estimate.add((double) sample.estimateBps(), ms);
      }
      sent.add((double) sample.sentBps(), ms);
      wanted.add((double) sample.wantedBps(), ms);
      received.add((double) sample.receivedBps(), ms);
      paths.merge(sample.path(), (long) ms, Long::sum);
      sample.blames().forEach(blame -> causes.merge(blame.text(), (long) ms, Long::sum));
    }
    QualitySample first = samples.getFirst();
    Map<String, Integer> causeSeconds = new LinkedHashMap<>();
    causes.forEach((cause, ms) -> causeSeconds.put(cause, seconds(ms)));
    return new QualityMinute(
        first.atMs() - first.durationMs(),
        seconds(totalMs),
        seconds(poorMs),
        (int) level.least,
        level.mean(),
        lossDown.mean(),
        lossDown.most,
        lossUp.mean(),
        lossUp.most,
        roundTrip.mean(),
        roundTrip.most,
        jitter.mean(),
        estimate.known() ? Math.round(estimate.mean()) : -1,
        Math.round(sent.mean()),
        Math.round(wanted.mean()),
        Math.round(received.mean()),
        frozenMs,
        switches,
        paths.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow().getKey(),
        causeSeconds);
  }

  private static int seconds(long ms) {
    return (int) Math.round(ms / 1000.0);
  }

  private static final class Mean {
    double least = Double.MAX_VALUE;
    double most;
    private double sum;
    private long ms;

    void add(double value, int durationMs) {
      least = Math.min(least, value);
      most = Math.max(most, value);
      sum += value * durationMs;
      ms += durationMs;
    }

    boolean known() {
      return ms > 0;
    }

    double mean() {
      return ms == 0 ? 0 : sum / ms;
    }
  }
}
