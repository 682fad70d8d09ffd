package dev.parley.core.quality;

import static org.junit.jupiter.api.Assertions.assertNull;

import dev.parley.core.fixtures.network.ClientPlan;
import dev.parley.core.fixtures.network.Link;
import dev.parley.core.fixtures.network.LinkConditions;
import dev.parley.core.fixtures.network.Loss;
import dev.parley.core.fixtures.network.Plan;
import dev.parley.core.fixtures.network.ReceivedVideo;
import dev.parley.core.fixtures.network.Samples;
import dev.parley.core.fixtures.network.SimulatedCall;
import dev.parley.core.fixtures.network.SimulatedClient;
import dev.parley.core.fixtures.network.SimulatedPublisher.Encoding;
import dev.parley.core.fixtures.network.SimulatedSubscriber;
import dev.parley.core.fixtures.network.SimulatedSubscriber.Feedback;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The table of docs/quality.md: each run prints its seed and what it measured. */
@Tag("quality")
class NetworkQualityTest {
  private static final long MILLI = 1_000_000;
  private static final long ROUND_TRIP_MS = 100;

  /** Three who send simulcast of 150, 350 and 800 kbit/s over a good network. */
  private static Map<String, ClientPlan> publishers() {
    Map<String, ClientPlan> plans = new LinkedHashMap<>();
    for (int i = 0; i < 3; i++) {
      plans.put(
          "p" + i,
          ClientPlan.camera(Encoding.simulcast(1_000 * (i + 1), 150_000, 350_000, 800_000))
              .over(LinkConditions.delay(10), LinkConditions.delay(10)));
    }
    return plans;
  }

  private static ClientPlan viewer(LinkConditions down) {
    return ClientPlan.viewer(1, 3).over(LinkConditions.delay(ROUND_TRIP_MS / 2), down);
  }

  @ParameterizedTest
  @CsvSource({"0.05, 0.001", "0.10, 0.005"})
  void shouldRepairRandomLoss(double loss, double mostMissing) {
    Plan plan = Plan.named("repair, " + loss * 100 + " % random loss, 100 ms round trip");
    try (SimulatedCall call = new SimulatedCall(plan.time())) {
      SimulatedClient publisher = call.join(publishers()).getFirst();
      LinkConditions path = LinkConditions.delay(ROUND_TRIP_MS / 2);
      SimulatedClient viewer = call.join("v", viewer(path.withLoss(loss)));
      plan.runUntil(60);
      assertNull(call.failure());
      long missing = 0;
      long packets = 0;
      long repaired = 0;
      for (int slot = 0; slot < 3; slot++) {
        ReceivedVideo video = viewer.video(slot);
        missing += video.missingPackets();
        packets += video.receivedPackets();
        repaired += video.repairedPackets();
      }
      plan.show("video packets", packets)
          .show("repaired", repaired)
          .show("missing after repair", missing)
          .atLeast("connection of a publisher, 0 to 5", publisher.quality(), 4)
          .between("connection of the viewer, 0 to 5", viewer.quality(), 1, 3)
          .atMost("missing, of all", (double) missing / packets, mostMissing)
          .atLeast("pictures of the first slot", viewer.video(0).decodedPictures(), 1_000)
          .verify();
    }
  }

  @Test
  void shouldRepairBurstsWithinTwoRoundTrips() {
    Plan plan = Plan.named("repair, bursts of 8, 100 ms round trip");
    try (SimulatedCall call = new SimulatedCall(plan.time())) {
      call.join(publishers());
      LinkConditions path = LinkConditions.delay(ROUND_TRIP_MS / 2);
      SimulatedClient viewer = call.join("v", viewer(path.withLoss(new Loss.Bursts(8, 400))));
      plan.runUntil(60);
      assertNull(call.failure());
      ReceivedVideo video = viewer.video(0);
      plan.atLeast("repaired packets", video.repairedPackets(), 20)
          .show("repair, median ms", video.repairNanos().percentile(50) / 1e6)
          .atMost(
              "repair, 95th percentile ms",
              video.repairNanos().percentile(95) / 1e6,
              2.0 * ROUND_TRIP_MS)
          .equal("missing after repair", video.missingPackets(), 0)
          .verify();
    }
  }

  @Test
  void shouldRepairWhatTheServerDoesNotGet() {
    Plan plan = Plan.named("repair, 5 % random loss from the publisher");
    try (SimulatedCall call = new SimulatedCall(plan.time())) {
      call.join(
          "p",
          ClientPlan.camera(Encoding.simulcast(1_000, 150_000, 350_000, 800_000))
              .over(LinkConditions.delay(25).withLoss(0.05), LinkConditions.delay(25)));
      SimulatedClient viewer = call.join("v", viewer(LinkConditions.delay(ROUND_TRIP_MS / 2)));
      plan.runUntil(60);
      assertNull(call.failure());
      ReceivedVideo video = viewer.video(0);
      plan.show("video packets", video.receivedPackets())
          .atMost(
              "missing, of all", (double) video.missingPackets() / video.receivedPackets(), 0.001)
          .atLeast("pictures", video.decodedPictures(), 1_500)
          .verify();
    }
  }

  @Test
  void shouldFollowTheCapacityDownAndUp() {
    Plan plan = Plan.named("capacity 3 - 0.5 - 3 Mbit/s, three simulcast publishers");
    try (SimulatedCall call = new SimulatedCall(plan.time())) {
      call.join(publishers());
      LinkConditions path = LinkConditions.delay(25);
      SimulatedClient viewer =
          call.join(
              "v",
              ClientPlan.viewer(1, 3)
                  .over(LinkConditions.delay(25), path.withRate(3_000_000, 300)));
      Link down = viewer.down();
      plan.at(30, down, path.withRate(500_000, 300))
          .at(60, down, path.withRate(3_000_000, 300))
          .runUntil(90);
      assertNull(call.failure());
      plan.show("before, kbit/s", rate(down, 20, 30))
          .atMost("from 2 to 4 s after the drop, kbit/s", rate(down, 32, 34), 500)
          .atMost("queueing in the drop, 95th percentile ms", queueing(down, 30, 34), 300)
          .atMost("queueing before, 95th percentile ms", queueing(down, 20, 30), 80)
          .atMost("queueing at 500 kbit/s, 95th percentile ms", queueing(down, 40, 60), 80)
          .show("at 500 kbit/s, kbit/s", rate(down, 40, 60))
          .show("10 to 20 s after the recovery, kbit/s", rate(down, 70, 80))
          .atLeast("of what three want then", rate(down, 70, 80) / (3 * 850.0), 0.85);
      for (int slot = 0; slot < 3; slot++) {
        plan.show(
            "slot " + slot + " freezes > 500 ms",
            viewer.video(slot).freezes(500 * MILLI, Plan.nanos(5), Plan.nanos(90)).size());
      }
      plan.verify();
    }
  }

  private static double rate(Link link, double from, double to) {
    return link.statistics().delivered().rateBps(Plan.nanos(from), Plan.nanos(to)) / 1e3;
  }

  private static double queueing(Link link, double from, double to) {
    return link.statistics()
            .queueingNanos()
            .between(Plan.nanos(from), Plan.nanos(to))
            .percentile(95)
        / 1e6;
  }

  @Test
  void shouldShareALink() {
    Plan.forSeeds(
        "two viewers on one link of 3 Mbit/s",
        3,
        plan -> {
          try (SimulatedCall call = new SimulatedCall(plan.time())) {
            call.join(publishers());
            call.share(LinkConditions.IDEAL.withRate(3_000_000, 300), List.of("first", "second"));
            SimulatedClient first = call.join("first", viewer(LinkConditions.delay(25)));
            plan.runUntil(20);
            SimulatedClient second = call.join("second", viewer(LinkConditions.delay(25)));
            plan.runUntil(110);
            assertNull(call.failure());
            double one = rate(first.down(), 50, 110);
            double other = rate(second.down(), 50, 110);
            plan.show("first, kbit/s", one)
                .show("second, kbit/s", other)
                .between("share of the first", one / (one + other), 0.4, 0.6)
                .verify();
          }
        });
  }

  @Test
  void shouldNotCollapseUnderRandomLoss() {
    Plan plan = Plan.named("3 Mbit/s with 2 % random loss");
    try (SimulatedCall call = new SimulatedCall(plan.time())) {
      call.join(publishers());
      LinkConditions path = LinkConditions.delay(25).withRate(3_000_000, 300).withLoss(0.02);
      SimulatedClient viewer =
          call.join("v", ClientPlan.viewer(1, 3).over(LinkConditions.delay(25), path));
      plan.runUntil(60);
      assertNull(call.failure());
      plan.atLeast("kbit/s", rate(viewer.down(), 30, 60), 0.8 * 3 * 800).verify();
    }
  }

  @Test
  void shouldObeyTheReceiversOwnEstimate() {
    Plan plan = Plan.named("REMB of 600 kbit/s, no transport-wide feedback");
    try (SimulatedCall call = new SimulatedCall(plan.time())) {
      call.join(publishers());
      SimulatedClient viewer =
          call.join(
              "v",
              viewer(LinkConditions.delay(25))
                  .withOffers(true, false)
                  .withReceiving(SimulatedSubscriber.Settings.of(Feedback.REMB)));
      viewer.subscriber().remb(5_000_000);
      plan.at(20, () -> viewer.subscriber().remb(600_000)).runUntil(40);
      assertNull(call.failure());
      plan.atLeast("before, kbit/s", rate(viewer.down(), 10, 20), 1_500)
          .between("from 3 s after it on, kbit/s", rate(viewer.down(), 23, 40), 300, 600)
          .verify();
    }
  }

  @Test
  void shouldHeedReportsOfLossWhereNothingBetterIsReported() {
    Plan plan = Plan.named("1 Mbit/s, receiver reports only");
    try (SimulatedCall call = new SimulatedCall(plan.time())) {
      call.join(publishers());
      SimulatedClient viewer =
          call.join(
              "v",
              viewer(LinkConditions.delay(25).withRate(1_000_000, 200))
                  .withOffers(true, false)
                  .withReceiving(SimulatedSubscriber.Settings.of(Feedback.NONE)));
      plan.runUntil(60);
      assertNull(call.failure());
      plan.atLeast("kbit/s", rate(viewer.down(), 30, 60), 400)
          .atLeast("pictures of the first slot", viewer.video(0).decodedPictures(), 400)
          .show("dropped by the link, of all", viewer.down().statistics().dropRatio())
          .verify();
    }
  }

  @Test
  void shouldComeBackAfterAnOutage() {
    Plan plan = Plan.named("nothing passes for 5 s");
    try (SimulatedCall call = new SimulatedCall(plan.time())) {
      call.join(publishers());
      LinkConditions path = LinkConditions.delay(25).withRate(4_000_000, 200);
      SimulatedClient viewer = call.join("v", viewer(path));
      SimulatedClient other = call.join("w", viewer(path));
      plan.at(20, viewer.down(), LinkConditions.broken())
          .at(20, viewer.up(), LinkConditions.broken())
          .at(25, viewer.down(), path)
          .at(25, viewer.up(), LinkConditions.delay(25))
          .runUntil(40);
      assertNull(call.failure());
      for (int slot = 0; slot < 3; slot++) {
        Samples after = viewer.video(slot).decoded().between(Plan.nanos(25), Plan.nanos(40));
        plan.atMost(
                "slot " + slot + " moves again after, ms",
                after.size() == 0 ? 1e9 : (after.timeNanos(0) - Plan.nanos(25)) / 1e6,
                2_000)
            .equal(
                "slot " + slot + " of another viewer, freezes",
                other.video(slot).freezes(500 * MILLI, Plan.nanos(5), Plan.nanos(40)).size(),
                0);
      }
      plan.verify();
    }
  }

  @Test
  void shouldAskForFewKeyFramesWhenManyJoin() {
    Plan plan = Plan.named("50 viewers join within a second");
    try (SimulatedCall call = new SimulatedCall(plan.time())) {
      call.join(publishers());
      plan.runUntil(10);
      long before = call.client("p0").camera().keyFrameRequests();
      for (int i = 0; i < 50; i++) {
        plan.runUntil(10 + i / 50.0);
        call.join("v" + i, viewer(LinkConditions.delay(15)));
      }
      plan.runUntil(12.5);
      assertNull(call.failure());
      for (int i = 0; i < 3; i++) {
        plan.atMost(
            "key-frame requests to p" + i,
            call.client("p" + i).camera().keyFrameRequests() - before,
            2);
      }
      long latest = 0;
      for (int i = 0; i < 50; i++) {
        long first = call.client("v" + i).video(0).decoded().timeNanos(0);
        latest = Math.max(latest, first - Plan.nanos(10 + i / 50.0));
      }
      plan.atMost("longest wait for a picture, ms", latest / 1e6, 2_000).verify();
    }
  }
}
