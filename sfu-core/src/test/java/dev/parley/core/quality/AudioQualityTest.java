package dev.parley.core.quality;

import static org.junit.jupiter.api.Assertions.assertNull;

import dev.parley.core.fixtures.network.ClientPlan;
import dev.parley.core.fixtures.network.LinkConditions;
import dev.parley.core.fixtures.network.Plan;
import dev.parley.core.fixtures.network.ReceivedVideo.Since;
import dev.parley.core.fixtures.network.Samples;
import dev.parley.core.fixtures.network.SimulatedCall;
import dev.parley.core.fixtures.network.SimulatedClient;
import dev.parley.core.fixtures.network.SimulatedMicrophone.Spurt;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Twenty who talk, and three audio slots. */
@Tag("quality")
class AudioQualityTest {
  private static final int TALKERS = 20;
  private static final int SLOTS = 3;
  private static final double SECONDS = 120;
  private static final double WAY_SECONDS = 0.02;

  /** One is clearly louder than another when it is so many decibels louder. */
  private static final int CLEARLY = 15;

  /** Between two words there is less than that. */
  private static final double PAUSE_SECONDS = 0.3;

  /** Somebody says something: a sequence of syllables around a level. */
  private record Speech(double from, double to, int level) {}

  private static List<Speech> speeches(SplittableRandom random) {
    List<Speech> all = new ArrayList<>();
    double at = random.nextDouble(0, 30);
    while (at < SECONDS - 10) {
      double end = at + random.nextDouble(1, 6);
      all.add(new Speech(at, end, random.nextInt(12, 36)));
      at = end + random.nextDouble(2, 30);
    }
    return all;
  }

  private static Spurt[] syllables(List<Speech> speeches, SplittableRandom random) {
    List<Spurt> all = new ArrayList<>();
    for (Speech speech : speeches) {
      double at = speech.from();
      while (at < speech.to()) {
        double end = Math.min(at + random.nextDouble(0.1, 0.4), speech.to());
        int level = Math.clamp(Math.round(speech.level() + random.nextDouble(-4, 4)), 1, 126);
        all.add(Spurt.seconds(at, end, level));
        at = end + (random.nextInt(4) == 0 ? random.nextDouble(0.04, PAUSE_SECONDS) : 0);
      }
    }
    return all.toArray(Spurt[]::new);
  }

  @Test
  void shouldHearTheLoudestOfTwentyWithinThreeSlots() {
    Plan.forSeeds(
        "20 talkers, 3 audio slots",
        3,
        plan -> {
          try (SimulatedCall call = new SimulatedCall(plan.time())) {
            SplittableRandom random = plan.time().random("speeches");
            List<List<Speech>> speeches = new ArrayList<>();
            for (int i = 0; i < TALKERS; i++) {
              speeches.add(speeches(random));
              call.join(
                  "t" + i,
                  ClientPlan.viewer(0, 0)
                      .withMicrophone(syllables(speeches.getLast(), random))
                      .over(LinkConditions.delay(10), LinkConditions.delay(10)));
            }
            SimulatedClient listener = call.join("l", ClientPlan.viewer(SLOTS, 0));
            plan.runUntil(SECONDS);
            assertNull(call.failure());
            check(plan, speeches, listener);
          }
        });
  }

  private static void check(Plan plan, List<List<Speech>> speeches, SimulatedClient listener) {
    Samples latencies = new Samples();
    int heard = 0;
    for (int talker = 0; talker < TALKERS; talker++) {
      for (Speech speech : speeches.get(talker)) {
        if (speech.from() > 1 && clearlyAmongTheLoudest(speeches, talker, speech)) {
          double after = heardAfter(listener, talker + 1, speech);
          latencies.add(0, (long) (after * 1e9));
          heard++;
        }
      }
    }
    int most = 0;
    int changes = 0;
    for (int talker = 0; talker < TALKERS; talker++) {
      List<Double> entries = entries(listener, talker + 1);
      changes += entries.size();
      for (int i = 0; i < entries.size(); i++) {
        int returns = 0;
        for (int j = i + 1; j < entries.size() && entries.get(j) < entries.get(i) + 1; j++) {
          returns++;
        }
        most = Math.max(most, returns);
      }
    }
    plan.atLeast("speeches of one clearly among the loudest 3", heard, 15)
        .show("heard after, median ms", latencies.percentile(50) / 1e6)
        .show("heard after, 95th percentile ms", latencies.percentile(95) / 1e6)
        .atMost("heard after, longest ms", latencies.max() / 1e6, 300)
        .show("changes of a slot in 2 minutes", changes)
        .atMost("returns of one talker within a second, most", most, 1)
        .verify();
  }

  /** When it begins, fewer than three others talk who are not clearly quieter. */
  private static boolean clearlyAmongTheLoudest(
      List<List<Speech>> speeches, int talker, Speech speech) {
    int others = 0;
    for (int i = 0; i < TALKERS; i++) {
      for (Speech other : speeches.get(i)) {
        boolean meanwhile =
            other.from() < speech.from() + PAUSE_SECONDS
                && other.to() > speech.from() - 2 * PAUSE_SECONDS;
        if (i != talker && meanwhile && other.level() < speech.level() + CLEARLY) {
          others++;
        }
      }
    }
    return others < SLOTS;
  }

  /** In seconds from the beginning of the speech, less the way there and back. */
  private static double heardAfter(SimulatedClient listener, int csrc, Speech speech) {
    double first = speech.to() - speech.from();
    for (int slot = 0; slot < SLOTS; slot++) {
      List<Since> sources = listener.audio(slot).sources();
      for (int i = 0; i < sources.size(); i++) {
        double from = seconds(sources.get(i)) - WAY_SECONDS;
        double to = i + 1 < sources.size() ? seconds(sources.get(i + 1)) : SECONDS;
        if (sources.get(i).value() == csrc && to > speech.from() && from < speech.to()) {
          first = Math.min(first, Math.max(0, from - speech.from()));
        }
      }
    }
    return first;
  }

  private static double seconds(Since since) {
    return (since.nanos() - Plan.nanos(0)) / 1e9;
  }

  /** When the talker came into a slot, in seconds, ascending. */
  private static List<Double> entries(SimulatedClient listener, int csrc) {
    List<Double> all = new ArrayList<>();
    for (int slot = 0; slot < SLOTS; slot++) {
      for (Since since : listener.audio(slot).sources()) {
        if (since.value() == csrc) {
          all.add(seconds(since));
        }
      }
    }
    all.sort(null);
    return all;
  }
}
