package dev.parley.core.quality;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.parley.core.common.Counter;
import dev.parley.core.common.DropReason;
import dev.parley.core.fixtures.network.ClientPlan;
import dev.parley.core.fixtures.network.LinkConditions;
import dev.parley.core.fixtures.network.Plan;
import dev.parley.core.fixtures.network.ReceivedVideo;
import dev.parley.core.fixtures.network.SimulatedCall;
import dev.parley.core.fixtures.network.SimulatedClient;
import dev.parley.core.fixtures.network.SimulatedPublisher.Encoding;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A room on two workers: what its viewers see is as good as in a room on one. */
@Tag("quality")
class WingsQualityTest {
  private static final long MILLI = 1_000_000;

  /** On the first worker, the second and the first, of 150, 350 and 800 kbit/s each. */
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
    return ClientPlan.viewer(1, 3).over(LinkConditions.delay(30), down);
  }

  /**
   * Of 1200 pictures. In a spread room fewer come in the first two seconds, to viewers on the
   * publisher's worker as well: the allocator's turn there is just before the rates are measured.
   */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void shouldShowTheBestPictureOnBothWorkers(int workers) {
    Plan plan = Plan.named(workers + " workers, 3 simulcast publishers, a viewer on each");
    try (SimulatedCall call = SimulatedCall.spread(plan.time(), workers)) {
      call.join(publishers());
      SimulatedClient second = call.join("second", viewer(LinkConditions.delay(30)));
      SimulatedClient first = call.join("first", viewer(LinkConditions.delay(30)));
      plan.runUntil(40);
      assertNull(call.failure());
      for (SimulatedClient client : List.of(first, second)) {
        for (int slot = 0; slot < 3; slot++) {
          ReceivedVideo video = client.video(slot);
          String what = client.id() + ", slot " + slot + ", ";
          plan.atLeast(what + "height at last", video.heightAt(Plan.nanos(40)), 720)
              .atLeast(what + "decoded", video.decodedPictures(), 1_130)
              .equal(what + "missing", video.missingPackets(), 0)
              .equal(what + "corrupt", video.corruptPictures(), 0)
              .equal(
                  what + "freezes > 500 ms",
                  video.freezes(500 * MILLI, Plan.nanos(2), Plan.nanos(40)).size(),
                  0);
        }
      }
      plan.verify();
      assertEquals(workers > 1, call.server().counters().total(Counter.RTP_RELAYED) > 0);
      assertEquals(0, call.server().counters().total(DropReason.RELAY_FULL));
    }
  }

  /** What the copy on the viewer's own worker holds repairs it. */
  @Test
  void shouldRepairLossTowardsAViewerOfAnotherWorker() {
    Plan plan = Plan.named("two workers, 5 % random loss towards a viewer");
    try (SimulatedCall call = SimulatedCall.spread(plan.time(), 2)) {
      call.join(publishers());
      SimulatedClient viewer = call.join("v", viewer(LinkConditions.delay(30).withLoss(0.05)));
      plan.runUntil(40);
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
          .atLeast("repaired", repaired, 100)
          .atMost("missing, of all", (double) missing / packets, 0.001)
          .verify();
    }
  }

  @Test
  void shouldAskForFewKeyFramesWhenManyJoinOnBothWorkers() {
    Plan plan = Plan.named("two workers, 50 viewers join within a second");
    try (SimulatedCall call = SimulatedCall.spread(plan.time(), 2)) {
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
            3);
      }
      long latest = 0;
      for (int i = 0; i < 50; i++) {
        long shown = call.client("v" + i).video(0).decoded().timeNanos(0);
        latest = Math.max(latest, shown - Plan.nanos(10 + i / 50.0));
      }
      plan.atMost("longest wait for a picture, ms", latest / 1e6, 2_000).verify();
    }
  }

  /** What rests since nobody needed it is known to a wing that has never been sent it. */
  @Test
  void shouldWakeWhatASlowViewerElsewhereLetRest() {
    Plan plan = Plan.named("two workers, a slow viewer, then fast ones");
    try (SimulatedCall call = SimulatedCall.spread(plan.time(), 2)) {
      SimulatedClient publisher = call.join(publishers()).getFirst();
      LinkConditions slow = LinkConditions.delay(30).withRate(250_000, 300);
      call.join("slow", ClientPlan.viewer(1, 1).over(LinkConditions.delay(30), slow));
      plan.runUntil(20);
      long before = publisher.camera().packets();
      plan.runUntil(25);
      long resting = publisher.camera().packets() - before;
      call.join("first", viewer(LinkConditions.delay(30)));
      SimulatedClient second = call.join("second", viewer(LinkConditions.delay(30)));
      plan.runUntil(40);
      assertNull(call.failure());
      before = publisher.camera().packets();
      plan.runUntil(45);
      plan.atLeast(
              "sent for fast viewers, of what a slow one needs",
              (publisher.camera().packets() - before) / (double) resting,
              2)
          .atLeast("height at last", second.video(0).heightAt(Plan.nanos(45)), 720)
          .equal("corrupt", second.video(0).corruptPictures(), 0)
          .verify();
    }
  }
}
