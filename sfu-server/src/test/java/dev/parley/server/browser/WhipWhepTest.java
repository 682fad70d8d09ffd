package dev.parley.server.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.server.browser.CallReport.Tile;
import dev.parley.server.browser.WhipClient.Session;
import java.net.http.HttpResponse;
import java.util.function.Predicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Publishing and viewing without a browser and without the SDK: HTTP, and libwebrtc. */
@Tag("browser")
@ExtendWith(Studio.Extension.class)
class WhipWhepTest {
  /** Out of 32767: nobody mistakes it for silence. */
  private static final int AUDIBLE = 1000;

  private static final int MOVING_FRAMES = 25;
  private static final int NOT_BLACK = 16;

  @Test
  void shouldShowAWhepViewerWhatAWhipPublisherSends(Studio studio) {
    String room = Studio.newRoom();
    try (WhipClient whip = new WhipClient(studio.server().base());
        NativePeer publisher = NativePeer.publisher("whip-publisher");
        NativePeer viewer = NativePeer.viewer("whep-viewer")) {
      Session published = whip.open("/whip/" + room, publisher);
      Session viewed = whip.open("/whep/" + room, viewer);

      seesAndHears(viewer, NativePeerProcess.WIDTH, NativePeerProcess.HEIGHT);

      assertEquals(200, whip.delete(viewed.location()).statusCode());
      assertEquals(200, whip.delete(viewed.location()).statusCode(), "DELETE once more");
      viewer.await("no frame any more", new Silence()::reached);
      assertEquals(200, whip.delete(published.location()).statusCode());
    }
  }

  @Test
  void shouldShowALaterPublisherToAViewerWhoCameFirst(Studio studio) {
    String room = Studio.newRoom();
    try (WhipClient whip = new WhipClient(studio.server().base());
        NativePeer viewer = NativePeer.viewer("early-viewer");
        NativePeer publisher = NativePeer.publisher("late-publisher")) {
      whip.open("/whep/" + room, viewer);
      viewer.await("to be connected", report -> report.state().equals("CONNECTED"));
      Session published = whip.open("/whip/" + room, publisher);

      seesAndHears(viewer, NativePeerProcess.WIDTH, NativePeerProcess.HEIGHT);

      assertEquals(200, whip.delete(published.location()).statusCode());
      viewer.await("no frame any more", new Silence()::reached);
    }
  }

  @Test
  void shouldShowAWhipPublisherOnTheCallPageAndTheCallToAWhepViewer(Studio studio) {
    String room = Studio.newRoom();
    Caller ann = studio.enter(studio.chromium(), room, "Ann");
    try (WhipClient whip = new WhipClient(studio.server().base());
        NativePeer viewer = NativePeer.viewer("call-viewer");
        NativePeer publisher = NativePeer.publisher("call-publisher")) {
      whip.open("/whep/" + room, viewer);
      Tile own = ann.awaitPicture("Ann", Caller.CAMERA);
      // Whichever layer the way here has room for.
      seesAndHears(viewer, seen -> seen.width() * own.height() == seen.height() * own.width());

      Session published = whip.open("/whip/" + room, publisher);

      String size = NativePeerProcess.WIDTH + "x" + NativePeerProcess.HEIGHT;
      Tile tile =
          ann
              .await(
                  "the publisher's picture",
                  report -> report.tiles().stream().anyMatch(t -> !t.own() && t.picture()))
              .tiles()
              .stream()
              .filter(t -> !t.own() && t.picture())
              .findFirst()
              .orElseThrow();
      ann.seesInFull(tile.name(), Caller.CAMERA, size);
      ann.hears(1);
      ann.talksOnlyToTheServer(studio.server());

      assertEquals(200, whip.delete(published.location()).statusCode());
      ann.await(
          "the publisher gone",
          report ->
              report.tiles().stream()
                  .noneMatch(t -> t.participantId().equals(tile.participantId())));
    }
  }

  @Test
  void shouldSayByHttpWhatItTakes(Studio studio) {
    String room = Studio.newRoom();
    try (WhipClient whip = new WhipClient(studio.server().base())) {
      for (String endpoint : new String[] {"/whip/" + room, "/whep/" + room}) {
        HttpResponse<String> options = whip.options(endpoint);
        assertTrue(options.statusCode() == 200 || options.statusCode() == 204, endpoint);
        assertEquals(WhipClient.SDP, options.headers().firstValue("Accept-Post").orElse("none"));

        problem(415, whip.post(endpoint, "application/json", "{}"));
        problem(400, whip.post(endpoint, WhipClient.SDP, "this is no SDP"));
        problem(400, whip.post(endpoint, WhipClient.SDP, ""));
      }
      problem(404, whip.delete(studio.server().base().resolve("/whip/" + room + "/nothing-here")));
      problem(405, whip.get(studio.server().base().resolve("/whip/" + room)));
    }
  }

  private static void problem(int status, HttpResponse<String> response) {
    assertEquals(status, response.statusCode(), response::body);
    assertEquals(
        "application/problem+json",
        response.headers().firstValue("Content-Type").orElse("none").replaceAll(";.*", ""),
        response::body);
  }

  private static void seesAndHears(NativePeer viewer, int width, int height) {
    seesAndHears(viewer, seen -> seen.width() == width && seen.height() == height);
  }

  private static void seesAndHears(NativePeer viewer, Predicate<NativePeer.Report> fits) {
    viewer.await(
        "a moving picture of the right size, and a sound",
        report ->
            report.changes() >= MOVING_FRAMES
                && report.brightness() >= NOT_BLACK
                && report.width() > 0
                && fits.test(report)
                && report.peak() >= AUDIBLE);
  }

  /** Reached when no frame has come for a second. */
  private static final class Silence {
    private long frames = -1;
    private long sinceNanos;

    boolean reached(NativePeer.Report report) {
      long nowNanos = System.nanoTime();
      if (report.frames() != frames) {
        frames = report.frames();
        sinceNanos = nowNanos;
      }
      return nowNanos - sinceNanos > 1_000_000_000L;
    }
  }
}
