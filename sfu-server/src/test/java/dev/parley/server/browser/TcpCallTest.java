package dev.parley.server.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Calls in Chromium where a network lets no UDP through. */
@Tag("browser")
@ExtendWith(Studio.Extension.class)
class TcpCallTest {
  private static final int FIRST_PICTURE_LIMIT_MS = 15_000;

  @Test
  void shouldSeeAndBeSeenByTcp(Studio studio) {
    String room = Studio.newRoom();
    Caller ann = studio.enter(studio.chromium(), room, "Ann");
    Caller ben = studio.enterWithoutUdp(room, "Ben");

    ben.seesMoving(ann);
    ann.seesMoving(ben);
    ben.hears(1);
    ann.hears(1);

    CallReport report = ben.report();
    CallReport.Pair pair = report.peers().getFirst().selected();
    assertNotNull(pair, report::text);
    assertEquals("tcp", pair.protocol().toLowerCase(Locale.ROOT), report::text);
    assertTrue(studio.server().tcp().contains(pair.remote()), report::text);
    int tookMs = report.msBetween("joining", "firstPicture");
    System.out.printf(Locale.ROOT, "first picture by TCP after %d ms%n", tookMs);
    assertTrue(tookMs <= FIRST_PICTURE_LIMIT_MS, report::text);
    ann.talksOnlyToTheServer(studio.server());
  }
}
