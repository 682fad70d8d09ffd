package dev.parley.server.browser;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.server.browser.CallReport.Tile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** How a call looks. */
@Tag("browser")
@ExtendWith(Studio.Extension.class)
class CallPageTest {
  /**
   * The README's picture. Taken when it is missing; {@code -Dparley.test.screenshot=refresh} takes
   * it anew.
   */
  private static final Path PICTURE = Path.of("..", "docs", "call.png");

  @Test
  void shouldShowFourPeopleSideBySide(Studio studio) throws IOException {
    String room = "team-standup";
    Caller ann = studio.enterDrawn(studio.chromium(), room, "Ann");
    Caller ben = studio.enterDrawnSmall(studio.chromium(), room, "Ben");
    Caller olena = studio.enterDrawnSmall(studio.chromium(), room, "Olena");
    Caller yuki = studio.enterDrawnSmall(studio.chromium(), room, "Yuki");

    ann.seesMoving(ben, olena, yuki);

    CallReport report = ann.report();
    List<Tile> tiles = report.tiles();
    for (Tile tile : tiles) {
      assertTrue(report.window().contains(tile.box()), () -> "Cut off: " + tile);
      assertTrue(tile.picture(), () -> "Without a picture: " + tile);
      assertFalse(
          tiles.stream().anyMatch(other -> !other.equals(tile) && other.box().overlaps(tile.box())),
          () -> "Overlapped: " + tile);
    }
    if (Files.notExists(PICTURE) || System.getProperty("parley.test.screenshot") != null) {
      Chromium.dress(ann.tab(), true);
      Files.createDirectories(PICTURE.getParent());
      Files.write(PICTURE, ann.tab().screenshot());
    }
  }
}
