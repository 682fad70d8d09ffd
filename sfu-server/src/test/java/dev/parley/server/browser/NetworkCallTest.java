package dev.parley.server.browser;

import static dev.parley.server.browser.Caller.CAMERA;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.core.fixtures.network.LinkConditions;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Calls in Chromium over bad networks, and pictures that change their quality all the time. How
 * smooth it is depends on what else the machine does: that is judged by {@code ./sfu test quality}
 * only, which has the machine for itself.
 */
@Tag("browser")
@Tag("quality")
@ExtendWith(Studio.Extension.class)
class NetworkCallTest {
  private static final Duration SETTLING = Duration.ofSeconds(5);
  private static final Duration MEASURED = Duration.ofSeconds(20);
  private static final double LEAST_FRAMES_PER_SECOND = 20;
  private static final double LONGEST_GAP_MS = 500;
  private static final Duration TOP_LAYER_LIMIT = Duration.ofSeconds(5);

  private static final boolean JUDGED = System.getProperty("parley.quality", "").equals("full");
  private static final int SMALLEST_HEIGHT = 180;
  private static final int SWITCHES = JUDGED ? 100 : 8;

  @Test
  void shouldKeepThreePicturesMovingAtOneMegabit(Studio studio) {
    String room = Studio.newRoom();
    Caller ann = studio.enterSmall(room, "Ann", "");
    studio.enterSmall(room, "Ben", "");
    studio.enterSmall(room, "Cleo", "");
    try (Detour detour = new Detour(studio.server())) {
      LinkConditions path = LinkConditions.delay(25);
      detour.conditions(path, path.withRate(1_000_000, 300));
      Caller viewer = studio.enterBy(detour, room, "Vera");
      viewer.await("three pictures", report -> shown(report) == 3);
      Await.pause(SETTLING);
      WatchedPicture.of(viewer.tab(), true);
      Await.pause(MEASURED);
      List<WatchedPicture> pictures = WatchedPicture.of(viewer.tab(), true);
      report("three senders at 1 Mbit/s", pictures, viewer.report());
      assertEquals(3, pictures.size());
      for (WatchedPicture picture : pictures) {
        assertTrue(picture.frames() > 0, picture::toString);
        if (JUDGED) {
          assertTrue(picture.framesPerSecond() >= LEAST_FRAMES_PER_SECOND, picture::toString);
          assertTrue(picture.longestGapMs() <= LONGEST_GAP_MS, picture::toString);
        }
      }

      viewer.pin("Ann");
      Await.pause(SETTLING);
      detour.down(path);
      long lifted = System.nanoTime();
      String full = ann.awaitPicture("Ann", CAMERA).size();
      viewer.await(
          JUDGED ? "Ann in full" : "Ann in more than the smallest size",
          report ->
              report
                  .tile("Ann", CAMERA)
                  .filter(t -> JUDGED ? t.size().equals(full) : t.height() > SMALLEST_HEIGHT)
                  .isPresent());
      Duration took = Duration.ofNanos(System.nanoTime() - lifted);
      System.out.printf(Locale.ROOT, "pinned one at %s after %d ms%n", full, took.toMillis());
      assertTrue(!JUDGED || took.compareTo(TOP_LAYER_LIMIT) <= 0, () -> "It took " + took);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"vp8", "vp9", "av1", "h264"})
  void shouldSwitchLayersWithoutATrace(String codec, Studio studio) {
    String room = Studio.newRoom();
    studio.enterSmall(room, "Ann", codec);
    studio.enterSmall(room, "Ben", codec);
    Caller viewer = studio.enterWatching(room, "Vera");
    viewer.await("two pictures", report -> shown(report) == 2);
    String[] turns = {"Ann", "Ben"};
    viewer.pin(turns[0]);
    viewer.awaitLarge(turns[0], turns[1]);
    // Encoders and decoders that start are no switches.
    Await.pause(SETTLING);
    WatchedPicture.of(viewer.tab(), true);
    CallReport before = viewer.report();
    for (int i = 1; i <= SWITCHES / 2 + 1; i++) {
      viewer.pin(turns[i % 2]);
      viewer.awaitLarge(turns[i % 2], turns[(i + 1) % 2]);
    }
    CallReport after = viewer.report();
    List<WatchedPicture> pictures = WatchedPicture.of(viewer.tab(), false);
    report(codec + ", layer switches", pictures, after);
    int changes = pictures.stream().mapToInt(WatchedPicture::sizeChanges).sum();
    assertTrue(changes >= SWITCHES, () -> "only " + changes + " changes of size");
    if (JUDGED) {
      assertEquals(0, sum(after, before, CallReport.Inbound::freezes), after::text);
      assertEquals(0, sum(after, before, CallReport.Inbound::plis), after::text);
    }
  }

  private static long sum(
      CallReport after,
      CallReport before,
      java.util.function.ToLongFunction<CallReport.Inbound> count) {
    return after.inbound("video").stream().mapToLong(count).sum()
        - before.inbound("video").stream().mapToLong(count).sum();
  }

  private static long shown(CallReport report) {
    return report.tiles().stream().filter(t -> !t.own() && t.picture() && t.width() > 0).count();
  }

  private static void report(String what, List<WatchedPicture> pictures, CallReport report) {
    System.out.println(what);
    for (WatchedPicture p : pictures) {
      System.out.printf(
          Locale.ROOT,
          "| %-5s %5.1f frames/s, longest gap %4.0f ms, %d changes of size, now %dx%d%n",
          p.name(),
          p.framesPerSecond(),
          p.longestGapMs(),
          p.sizeChanges(),
          p.width(),
          p.height());
    }
    for (CallReport.Inbound in : report.inbound("video")) {
      System.out.printf(
          Locale.ROOT,
          "| mid %s: %s, %d frames, %d key frames, %d freezes, %d PLI, %d NACK, %d lost%n",
          in.mid(),
          in.codec(),
          in.frames(),
          in.keyFrames(),
          in.freezes(),
          in.plis(),
          in.nacks(),
          in.lost());
    }
  }
}
