package dev.parley.bots.bench;

import dev.parley.bots.bench.SystemResult.CaseResult;
import dev.parley.bots.bench.SystemResult.Figure;
import dev.parley.bots.client.ClientEvents;
import dev.parley.bots.client.LightClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** What a participant costs who is connected and neither sends nor receives media. */
final class IdleCase implements SystemCase {
  private static final int BEFORE = 500;
  private static final int PARTICIPANTS = 2_000;
  private static final int PEOPLE_OF_A_ROOM = 10;
  private static final int SETTLE_MILLIS = 2_000;
  private static final double MOST_KB = 60;

  /** The heap is all there from the start, so that what grows is everything else. */
  private static final List<String> FIXED_HEAP =
      List.of("-Xms256m", "-Xmx256m", "-XX:+AlwaysPreTouch");

  @Override
  public String id() {
    return "idle";
  }

  @Override
  public CaseResult run(SystemSettings settings, Consumer<String> progress)
      throws IOException, InterruptedException {
    String what =
        "%d connected participants without media, beside %d others, in rooms of %d"
            .formatted(PARTICIPANTS, BEFORE, PEOPLE_OF_A_ROOM);
    List<String> options = new ArrayList<>(settings.serverOptions());
    options.addAll(FIXED_HEAP);
    try (Stage stage = new Stage(ServerProcess.Settings.plain(options))) {
      progress.accept(what);
      stage.warmUp(settings.seed(), settings.warmUpMillis());
      join(stage, 0, BEFORE);
      MemorySample before = stage.server().memory();
      join(stage, BEFORE, PARTICIPANTS);
      return new CaseResult(
          id(),
          what,
          figures(before, stage.server().memory()),
          List.of(
              "heap after a collection; the rest is what the process grew by with a fixed heap"),
          List.of());
    }
  }

  private static List<Figure> figures(MemorySample before, MemorySample after) {
    double heap = (double) (after.heapBytes() - before.heapBytes()) / PARTICIPANTS / 1e3;
    double other = (double) (after.residentBytes() - before.residentBytes()) / PARTICIPANTS / 1e3;
    double threads = (double) (after.threads() - before.threads()) / PARTICIPANTS;
    double descriptors = (double) (after.descriptors() - before.descriptors()) / PARTICIPANTS;
    return List.of(
        Figure.of(Measure.MEMORY_KB, heap + other).atMost(MOST_KB),
        Figure.of(Measure.HEAP_KB, heap),
        Figure.of(Measure.NATIVE_KB, other),
        Figure.of(Measure.THREADS, threads).atMost(0),
        Figure.of(Measure.DESCRIPTORS, descriptors).atMost(0));
  }

  private static void join(Stage stage, int first, int count)
      throws IOException, InterruptedException {
    LightClient.Plan plan = LightClient.Plan.viewer(0);
    for (int i = first; i < first + count; i++) {
      var unused =
          stage.viewer("idle-" + i / PEOPLE_OF_A_ROOM, "idle-" + i, plan, ClientEvents.NONE);
    }
    stage.awaitViewers();
    Thread.sleep(SETTLE_MILLIS);
  }
}
