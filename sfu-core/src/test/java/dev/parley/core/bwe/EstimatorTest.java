package dev.parley.core.bwe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Estimators over a simulated bottleneck; each run prints its seed and what it measured. */
@Tag("quality")
class EstimatorTest {
  /** Three publishers' layers, one after the other a step up: at most 2.85 Mbit/s. */
  private static final long[] LAYERS = {
    150_000, 300_000, 450_000, 800_000, 1_150_000, 1_500_000, 1_950_000, 2_400_000, 2_850_000
  };

  private static void say(String what, long seed, Object... figures) {
    System.out.printf("%s, seed %d: %s%n", what, seed, Arrays.toString(figures));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void shouldFollowTheCapacityDownAndUp(long seed) {
    Bottleneck net = new Bottleneck(seed);
    Bottleneck.Sender sender = net.sender(LAYERS);
    net.pass(20_000);
    double before = net.measure(5_000)[0];
    double steady = net.queueing95();
    net.path.bitsPerSecond = 500_000;
    net.measure(2_000);
    double dropQueueing = net.queueing95();
    long sentBefore = sender.sentBytes;
    net.pass(2_000);
    double under = (sender.sentBytes - sentBefore) * 4.0;
    net.pass(10_000);
    net.measure(10_000);
    double lowQueueing = net.queueing95();
    net.path.bitsPerSecond = 3_000_000;
    net.pass(10_000);
    double after = net.measure(5_000)[0];
    long target = sender.estimator.targetBitsPerSecond();
    say(
        "capacity 3 - 0.5 - 3 Mbit/s",
        seed,
        "before",
        before,
        "steady q95",
        steady,
        "drop q95",
        dropQueueing,
        "sent 2 s later",
        under,
        "low q95",
        lowQueueing,
        "after 10 s",
        after,
        "estimate",
        target);
    assertTrue(before > 0.85 * 3e6, "before: " + before);
    assertTrue(steady <= 80, "steady queueing: " + steady);
    assertTrue(dropQueueing <= 300, "queueing in the drop: " + dropQueueing);
    assertTrue(under <= 500_000, "sent from 2 to 4 s after the drop: " + under);
    assertTrue(lowQueueing <= 80, "queueing at 500 kbit/s: " + lowQueueing);
    assertTrue(after >= 0.85 * 3e6, "used 10 s after: " + after);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void shouldShareALink(long seed) {
    Bottleneck net = new Bottleneck(seed);
    net.sender(LAYERS);
    net.pass(10_000);
    net.sender(LAYERS);
    net.pass(30_000);
    double[] rates = net.measure(60_000);
    say("two on 3 Mbit/s", seed, rates[0], rates[1], "q95", net.queueing95());
    double share = rates[0] / (rates[0] + rates[1]);
    assertTrue(share >= 0.4 && share <= 0.6, "share " + share);
    assertTrue(rates[0] + rates[1] > 0.7 * 3e6, "used " + (rates[0] + rates[1]));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.02, 0.05, 0.15})
  void shouldNotCollapseUnderRandomLoss(double loss) {
    Bottleneck net = new Bottleneck(7);
    net.path.loss = loss;
    Bottleneck.Sender sender = net.sender(LAYERS);
    net.pass(30_000);
    double rate = net.measure(20_000)[0] / (1 - loss);
    say("random loss " + loss, 7, rate, sender.estimator.targetBitsPerSecond());
    assertTrue(rate >= 0.8 * 3e6 * (loss > 0.1 ? 0.5 : 1), "rate " + rate);
  }

  @ParameterizedTest
  @ValueSource(longs = {10, 30, 50})
  void shouldStandJitter(long jitterMs) {
    Bottleneck net = new Bottleneck(8);
    net.path.jitterNanos = jitterMs * Bottleneck.MILLI;
    net.sender(LAYERS);
    net.pass(30_000);
    double rate = net.measure(20_000)[0];
    say("jitter " + jitterMs, 8, rate, "q95", net.queueing95());
    assertTrue(rate >= 0.6 * 3e6, "rate " + rate);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.1, 0.5})
  void shouldStandLostFeedback(double loss) {
    Bottleneck net = new Bottleneck(9);
    net.path.feedbackLoss = loss;
    net.sender(LAYERS);
    net.pass(30_000);
    double rate = net.measure(20_000)[0];
    say("feedback loss " + loss, 9, rate);
    assertTrue(rate >= 0.6 * 3e6, "rate " + rate);
  }

  @ParameterizedTest
  @ValueSource(longs = {1})
  void shouldBackOffWhenNothingIsHeard(long seed) {
    Bottleneck net = new Bottleneck(seed);
    Bottleneck.Sender sender = net.sender(LAYERS);
    net.pass(20_000);
    long before = sender.estimator.targetBitsPerSecond();
    net.path.feedbackLoss = 1;
    net.pass(5_000);
    long silent = sender.estimator.targetBitsPerSecond();
    assertTrue(silent < before / 2, silent + " of " + before);
    net.path.feedbackLoss = 0;
    net.pass(15_000);
    assertTrue(
        sender.estimator.targetBitsPerSecond() > 0.7 * before,
        "recovered: " + sender.estimator.targetBitsPerSecond());
    assertEquals(true, sender.estimator.congestedBefore());
  }
}
