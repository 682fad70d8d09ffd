package dev.parley.bots.bench;

import dev.parley.bots.client.ClientEvents;
import java.io.IOException;
import java.util.function.Consumer;

/** One publisher to many viewers, at the highest rate that one worker keeps up with. */
record FanCase(String id, FanOut.Shape shape) implements SystemCase {
  private static final double MOST_RATIO = 1.3;
  private static final double SATURATED = 0.9;

  @Override
  public SystemResult.CaseResult run(SystemSettings settings, Consumer<String> progress)
      throws IOException, InterruptedException {
    String what =
        "video 1 to %d, %d at a time, 1100-byte payload in bursts of 8, at saturation"
            .formatted(shape.viewers(), shape.rooms());
    try (FanOut fan =
        new FanOut(
            shape,
            settings,
            ServerProcess.Settings.plain(settings.serverOptions()),
            ClientEvents.NONE,
            progress)) {
      fan.warmUp();
      FanOut.Saturation saturation = fan.saturate(SATURATED, progress);
      CostRounds rounds = CostRounds.measure(fan.stage(), settings, progress);
      return rounds.result(id, what, MOST_RATIO, saturation.notes());
    }
  }
}
