package dev.parley.bots.bench;

import dev.parley.bots.bench.SystemResult.CaseResult;
import dev.parley.bots.client.ClientEvents;
import dev.parley.bots.client.LightClient;
import dev.parley.bots.client.VideoFormat;
import dev.parley.bots.media.CameraSource;
import dev.parley.bots.media.Encoding;
import dev.parley.bots.media.TransportNumbers;
import dev.parley.core.api.TrackSource;
import java.io.IOException;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** Rooms of ten who all send three encodings of a camera and see the nine others. */
record MeetCase(String id, int rooms) implements SystemCase {
  private static final int PEOPLE = 10;
  private static final List<Encoding> ENCODINGS =
      List.of(
          new Encoding("q", 320, 180, 30, 150_000),
          new Encoding("h", 640, 360, 30, 450_000),
          new Encoding("f", 1280, 720, 30, 1_200_000));
  private static final double MOST_RATIO = 1.5;

  /** Growth from one turn to the next below which estimates have grown up. */
  private static final double STEADY = 1.05;

  private static final int MOST_WAITS = 12;

  /** After a pause everybody begins with the lowest encodings, and rises. */
  private static final int BEGIN_MILLIS = 6_000;

  private static final int DECRYPT_ONE_IN = 256;
  private static final int STAMP_KEY = 0x5eed_0002;

  @Override
  public CaseResult run(SystemSettings settings, Consumer<String> progress)
      throws IOException, InterruptedException {
    String what =
        "%s of %d, all to all, cameras in 3 encodings up to 1.2 Mbit/s"
            .formatted(rooms == 1 ? "1 room" : rooms + " rooms", PEOPLE);
    try (Stage stage = new Stage(ServerProcess.Settings.plain(settings.serverOptions()))) {
      progress.accept("connecting %d people".formatted(rooms * PEOPLE));
      stage.warmUp(settings.seed(), settings.warmUpMillis());
      connect(stage, new SplittableRandom(settings.seed()));
      progress.accept("estimates grow");
      // Nine pictures need ten times what an estimate begins with.
      Turn warm = steady(stage, settings, progress);
      stage.pause();
      var unused = stage.floor(warm, settings.warmUpMillis() / 4);
      stage.expectPictures(PEOPLE - 1);
      stage.begins(BEGIN_MILLIS);
      return CostRounds.measure(stage, settings, progress).result(id, what, MOST_RATIO, List.of());
    }
  }

  /** Waits until no more is forwarded than a little before; the last turn. */
  private static Turn steady(Stage stage, SystemSettings settings, Consumer<String> progress)
      throws IOException, InterruptedException {
    Turn turn = stage.turn(settings.warmUpMillis());
    int still = 0;
    for (int i = 0; i < MOST_WAITS; i++) {
      Turn next = stage.turn(settings.warmUpMillis());
      double before = turn.server().packetsPerSecond();
      double now = next.server().packetsPerSecond();
      progress.accept(
          "%.0f packets/s, media thread %.0f %%".formatted(now, 100 * next.server().mediaBusy()));
      turn = next;
      still = now < STEADY * before ? still + 1 : 0;
      if (still == 2) {
        break;
      }
    }
    return turn;
  }

  private void connect(Stage stage, SplittableRandom random)
      throws IOException, InterruptedException {
    for (int room = 0; room < rooms; room++) {
      for (int person = 0; person < PEOPLE; person++) {
        CameraSource camera =
            new CameraSource(
                TrackSource.CAMERA,
                VideoFormat.VP8,
                ENCODINGS,
                STAMP_KEY,
                new TransportNumbers(),
                random.split());
        LightClient.Plan plan =
            new LightClient.Plan(
                List.of(camera), 0, PEOPLE - 1, DECRYPT_ONE_IN, false, STAMP_KEY, VideoFormat.VP8);
        var unused =
            stage.viewer("meet-" + room, "person-" + room + "-" + person, plan, ClientEvents.NONE);
      }
    }
    stage.awaitViewers();
  }
}
