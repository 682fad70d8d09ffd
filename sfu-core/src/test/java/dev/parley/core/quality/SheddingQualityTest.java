package dev.parley.core.quality;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.parley.core.api.MediaSession.SlotChange;
import dev.parley.core.api.MediaSession.SlotReason;
import dev.parley.core.api.MediaSession.SlotState;
import dev.parley.core.fixtures.network.ClientPlan;
import dev.parley.core.fixtures.network.Plan;
import dev.parley.core.fixtures.network.ReceivedAudio;
import dev.parley.core.fixtures.network.ReceivedVideo;
import dev.parley.core.fixtures.network.SimulatedCall;
import dev.parley.core.fixtures.network.SimulatedClient;
import dev.parley.core.fixtures.network.SimulatedMicrophone.Spurt;
import dev.parley.core.fixtures.network.SimulatedPublisher.Encoding;
import dev.parley.core.subscriber.Shedding;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A server that has no time for everything, over a good network. */
@Tag("quality")
class SheddingQualityTest {
  private static final long MILLI = 1_000_000;

  @Test
  void shouldLeaveOutPicturesWithinASecondAndNeverAVoice() {
    Plan plan = Plan.named("shedding level by level, one simulcast camera and a voice");
    try (SimulatedCall call = new SimulatedCall(plan.time())) {
      call.join(
          "p",
          ClientPlan.camera(Encoding.simulcast(1_000, 150_000, 350_000, 800_000))
              .withMicrophone(Spurt.seconds(15, 60, 20)));
      SimulatedClient viewer = call.join("v", ClientPlan.viewer(1, 1));
      ReceivedVideo video = viewer.video(0);
      // The one who speaks is in everybody's focus, and sends for all until it does.
      plan.at(5, () -> call.server().shed(Shedding.SMALLER))
          .at(10, () -> call.server().shed(Shedding.SMALLEST))
          .at(16, () -> call.server().shed(Shedding.SLOWEST))
          .at(22, () -> call.server().shed(Shedding.FOCUS))
          .at(28, () -> call.server().shed(Shedding.SOUND))
          .at(36, () -> call.server().shed(Shedding.NONE))
          .runUntil(50);
      assertNull(call.failure());
      plan.show("height, everything", video.heightAt(Plan.nanos(4.9)))
          .equal("height one second after a smaller picture", heightAt(video, 6), 360)
          .equal("height one second after the smallest", heightAt(video, 11), 180)
          .atMost("kbit/s at the smallest", rate(video, 12, 15), 165)
          .atMost("kbit/s at the lowest frame rate", rate(video, 17, 21), 90)
          .atLeast("kbit/s for who is in focus, others being stopped", rate(video, 23, 27), 40)
          .equal("kbit/s from one second after the stop", rate(video, 29, 35), 0)
          .atLeast("pictures a second after everything is back", rate(video, 42, 50), 300)
          .equal("corrupt pictures", video.corruptPictures(), 0)
          .verify();
      ReceivedAudio voice = viewer.audio(0);
      plan.equal("missing packets of the voice", voice.missingPackets(), 0)
          .atMost(
              "longest gap of the voice from 16 s on, ms",
              voice.gaps().between(Plan.nanos(16), Plan.nanos(50)).max() / MILLI,
              60)
          .verify();
      List<SlotChange> told =
          viewer.slotChanges().stream()
              .filter(change -> change.reason() == SlotReason.SERVER)
              .toList();
      assertEquals(
          List.of(SlotState.PAUSED, SlotState.LIVE), told.stream().map(SlotChange::state).toList());
    }
  }

  private static int heightAt(ReceivedVideo video, double seconds) {
    return video.heightAt(Plan.nanos(seconds));
  }

  private static double rate(ReceivedVideo video, double from, double to) {
    return video.rate().rateBps(Plan.nanos(from), Plan.nanos(to)) / 1e3;
  }
}
