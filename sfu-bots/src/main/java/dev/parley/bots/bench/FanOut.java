package dev.parley.bots.bench;

import dev.parley.bots.client.ClientEvents;
import dev.parley.bots.client.LightClient;
import dev.parley.bots.client.VideoFormat;
import dev.parley.bots.client.Vp8Source;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** Rooms of one publisher and many viewers, at any rate. One thread drives it. */
final class FanOut implements AutoCloseable {
  /**
   * Who is there.
   *
   * @param viewers in each room
   */
  record Shape(int rooms, int viewers) {
    int allViewers() {
      return rooms * viewers;
    }
  }

  /** Packets of a frame, published back to back. */
  private static final int BURST = 8;

  private static final int PAYLOAD_BYTES = 1100;
  private static final double FIRST_PACKETS_PER_SECOND = 60_000;
  private static final double FIRST_OF_A_VIEWER = 60;
  private static final double GENTLE_OF_A_VIEWER = 80;

  /** An estimate never exceeds 50 Mbit/s, and a picture that needs more is not sent. */
  private static final double MOST_PUBLISHED_PER_SECOND = 4_000;

  private static final int DECRYPT_ONE_IN = 256;
  private static final int STAMP_KEY = 0x5eed_0001;
  private static final int SHORTEST_TRY_MILLIS = 600;
  private static final int BURSTS_OF_A_TRY = 25;

  /** Estimates and choices follow a new rate within so much time. */
  private static final int ADAPT_MILLIS = 800;

  private static final double BUSY = 0.75;
  private static final int MOST_REPEATS = 3;
  private static final double RECOVERY_SHARE = 0.7;
  private static final int MOST_RECOVERIES = 5;

  private final Shape shape;
  private final SystemSettings settings;
  private final Stage stage;
  private final List<Vp8Source> cameras = new ArrayList<>();
  private int tryMillis = SHORTEST_TRY_MILLIS;

  /** {@code told}: how long packets took, of those that are read. */
  FanOut(
      Shape shape,
      SystemSettings settings,
      ServerProcess.Settings server,
      ClientEvents told,
      Consumer<String> progress)
      throws IOException, InterruptedException {
    this.shape = shape;
    this.settings = settings;
    this.stage = new Stage(server);
    progress.accept(
        "connecting %d publishers and %d viewers".formatted(shape.rooms(), shape.allViewers()));
    try {
      stage.warmUp(settings.seed(), settings.warmUpMillis());
      connect(told);
    } catch (IOException | InterruptedException | RuntimeException e) {
      stage.close();
      throw e;
    }
  }

  private void connect(ClientEvents told) throws IOException, InterruptedException {
    SplittableRandom random = new SplittableRandom(settings.seed());
    Vp8Source.Shape picture = new Vp8Source.Shape(25, BURST, BURST, PAYLOAD_BYTES, 640, 360, true);
    LightClient.Plan plan =
        new LightClient.Plan(List.of(), 0, 1, DECRYPT_ONE_IN, false, STAMP_KEY, VideoFormat.VP8);
    for (int room = 0; room < shape.rooms(); room++) {
      Vp8Source camera = new Vp8Source(picture, random.split());
      camera.stamp(STAMP_KEY);
      cameras.add(camera);
      stage.publisher("fan-" + room, "publisher-" + room, List.of(camera));
    }
    stage.pause();
    for (int viewer = 0; viewer < shape.viewers(); viewer++) {
      for (int room = 0; room < shape.rooms(); room++) {
        var unused = stage.viewer("fan-" + room, "viewer-" + room + "-" + viewer, plan, told);
      }
    }
    stage.awaitViewers();
  }

  Stage stage() {
    return stage;
  }

  /** How many packets a second are to leave the server. */
  void rate(double forwardedPerSecond) {
    double published = forwardedPerSecond / shape.allViewers();
    stage.tellPublishers(
        () -> cameras.forEach(camera -> camera.framesPerSecond(published / BURST)));
    stage.expect(published * shape.rooms(), shape.viewers(), BURST * shape.rooms());
    tryMillis = (int) Math.max(SHORTEST_TRY_MILLIS, BURSTS_OF_A_TRY * 1_000 * BURST / published);
  }

  /** What the networks take is known: an estimate begins at 1 Mbit/s, and follows what is sent. */
  void warmUp() throws IOException, InterruptedException {
    double rate = Math.min(first(), GENTLE_OF_A_VIEWER * shape.allViewers());
    rate(rate);
    stage.start();
    while (rate < first()) {
      Thread.sleep(ADAPT_MILLIS);
      rate = Math.min(first(), rate * SaturationSearch.LARGEST_STEP);
      rate(rate);
    }
    Turn warm = stage.turn(settings.warmUpMillis() / 2);
    stage.pause();
    var unused = stage.floor(warm, settings.warmUpMillis() / 4);
  }

  private double first() {
    return Math.max(FIRST_PACKETS_PER_SECOND, FIRST_OF_A_VIEWER * shape.allViewers());
  }

  /** The highest rate the server keeps up with, and why no higher one was looked at. */
  record Saturation(double forwardedPerSecond, List<String> loadReasons) {
    Saturation {
      loadReasons = List.copyOf(loadReasons);
    }

    /** The same, for people. */
    List<String> notes() {
      return loadReasons.stream().map(reason -> "no higher rate was tried: " + reason).toList();
    }
  }

  /**
   * Looks for it.
   *
   * @param busyEnough as {@link SaturationSearch} has it
   */
  Saturation saturate(double busyEnough, Consumer<String> progress)
      throws IOException, InterruptedException {
    SaturationSearch search =
        new SaturationSearch(
            first() * SaturationSearch.LARGEST_STEP,
            MOST_PUBLISHED_PER_SECOND * shape.allViewers(),
            busyEnough);
    List<String> loadReasons = List.of();
    stage.start();
    while (!search.done()) {
      Turn turn = attempt(search.next());
      for (int i = 0; i < MOST_REPEATS && !turn.keptUp() && !isBusy(turn); i++) {
        turn = attempt(search.next());
      }
      progress.accept(
          "%.0f packets/s wanted, %.0f forwarded: media thread %.0f %%, load %.0f %%, others %.0f %%%s"
              .formatted(
                  search.next(),
                  turn.server().packetsPerSecond(),
                  100 * turn.server().mediaBusy(),
                  100 * turn.loadBusy(),
                  100 * turn.othersBusy(),
                  turn.keptUp() ? "" : "; " + why(turn)));
      search.tried(turn.keptUp(), turn.server().mediaBusy());
      if (!turn.keptUp()) {
        loadReasons = turn.loadReasons();
        recover(search.best() > 0 ? search.best() : search.next(), progress);
      }
    }
    stage.pause();
    if (search.best() == 0) {
      throw new IOException("the server kept up with no rate at all");
    }
    rate(search.best());
    return new Saturation(search.best(), loadReasons);
  }

  /**
   * Else it was not for want of time: estimates had still to follow, or the machine to calm down.
   */
  private static boolean isBusy(Turn turn) {
    return turn.server().mediaBusy() > BUSY;
  }

  private Turn attempt(double forwardedPerSecond) throws IOException, InterruptedException {
    rate(forwardedPerSecond);
    Thread.sleep(ADAPT_MILLIS);
    return stage.turn(tryMillis);
  }

  /**
   * Who was sent more than came through is sent less for a while, and finds out that it is over.
   */
  private void recover(double best, Consumer<String> progress)
      throws IOException, InterruptedException {
    double rate = best * RECOVERY_SHARE;
    for (int i = 0; i < MOST_RECOVERIES; i++) {
      if (attempt(rate).keptUp()) {
        return;
      }
    }
    progress.accept("it does not keep up with %.0f packets/s any more".formatted(rate));
  }

  private static String why(Turn turn) {
    return (turn.loadBehind() ? String.join(", ", turn.loadReasons()) : turn.shortfall())
        + (turn.server().drops().isEmpty() ? "" : " " + turn.server().drops());
  }

  @Override
  public void close() throws IOException {
    stage.close();
  }
}
