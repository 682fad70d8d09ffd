package dev.parley.bots.bench;

import dev.parley.bots.bench.SystemResult.CaseResult;
import dev.parley.bots.client.ClientEvents;
import dev.parley.bots.client.LightClient;
import dev.parley.bots.client.OpusSource;
import java.io.IOException;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** Ten people talk at once, and a crowd hears the loudest three. */
record AudioCase(String id, int listeners) implements SystemCase {
  private static final int TALKERS = 10;
  private static final int LOUDEST = 3;
  private static final int PACKETS_PER_SECOND = 50;
  private static final double MOST_RATIO = 1.5;
  private static final int DECRYPT_ONE_IN = 256;
  private static final String ROOM = "audio";

  /** Voices come one by one: taken so, they would cost the listeners more than the server. */
  private static final int NAP_MILLIS = 20;

  @Override
  public CaseResult run(SystemSettings settings, Consumer<String> progress)
      throws IOException, InterruptedException {
    String what =
        "%d talkers to %d listeners, the loudest %d, 80-byte payload"
            .formatted(TALKERS, listeners, LOUDEST);
    try (Stage stage = new Stage(ServerProcess.Settings.plain(settings.serverOptions()))) {
      progress.accept("connecting %d talkers and %d listeners".formatted(TALKERS, listeners));
      stage.warmUp(settings.seed(), settings.warmUpMillis());
      connect(stage, settings);
      stage.napViewers(NAP_MILLIS);
      stage.expect(TALKERS * PACKETS_PER_SECOND, (double) LOUDEST * listeners / TALKERS, TALKERS);
      stage.start();
      Turn warm = stage.turn(settings.warmUpMillis() / 2);
      stage.pause();
      var unused = stage.floor(warm, settings.warmUpMillis() / 4);
      CostRounds rounds = CostRounds.measure(stage, settings, progress);
      return rounds.result(id(), what, MOST_RATIO, List.of());
    }
  }

  private void connect(Stage stage, SystemSettings settings)
      throws IOException, InterruptedException {
    SplittableRandom random = new SplittableRandom(settings.seed());
    for (int i = 0; i < TALKERS; i++) {
      stage.publisher(ROOM, "talker-" + i, List.of(new OpusSource(random.split())));
    }
    stage.pause();
    LightClient.Plan plan = new LightClient.Plan(List.of(), LOUDEST, 0, DECRYPT_ONE_IN);
    for (int i = 0; i < listeners; i++) {
      var unused = stage.viewer(ROOM, "listener-" + i, plan, ClientEvents.NONE);
    }
    stage.awaitViewers();
  }
}
