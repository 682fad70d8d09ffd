package dev.parley.server.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.parley.server.WholeMachine;
import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Every page in three languages and three widths; what is looked for says {@link PageLook}. */
@Tag("browser")
@WholeMachine
@ExtendWith(Studio.Extension.class)
class PageLookTest {
  /** Long, as names are. */
  private static final String LONG_NAME = "Володимир-Олександр Красношапка";

  @Test
  void shouldHaveRoomForTheCardBeforeACall(Studio studio) {
    Caller ann = studio.prepare(studio.chromium(), "team-standup", "Ann");
    PageLook.check(ann.tab(), "prejoin");
  }

  @Test
  void shouldHaveRoomForThePageToTryIt(Studio studio) {
    String page = studio.server().base().resolve("/test").toString();
    try (Tab tab = studio.chromium().open(page)) {
      assertEquals("0", tab.evaluate("String(scrollY)"), "what to try is read first");
      PageLook.check(tab, "test");
    }
  }

  @Test
  void shouldHaveRoomForTheCheck(Studio studio) {
    String page = studio.server().base().resolve("/diagnostics").toString();
    try (Tab tab = studio.chromium().open(page)) {
      PageLook.check(tab, "diagnostics");
    }
  }

  @Test
  void shouldHaveRoomForThoseWhoWait(Studio studio) {
    studio.approach(TestServer.TIMED_ROOM, "First").joined();
    studio.approach(TestServer.TIMED_ROOM, "Second").joined();
    Caller third = studio.approach(TestServer.TIMED_ROOM, "Third");
    third.await("to wait", report -> report.state().equals("waiting"));
    PageLook.check(third.tab(), "waiting");
    third.click("leave");
    third.await("to have left", report -> report.state().equals("left"));
    PageLook.check(third.tab(), "farewell");
  }

  @Test
  void shouldKeepNobodyOutInFirefox(Studio studio) throws IOException {
    Caller ann = studio.prepare(studio.firefox(), Studio.newRoom(), "Ann");
    PageLook.checkAccess(ann.tab(), "the card in Firefox");
  }

  @Test
  void shouldHaveRoomForACall(Studio studio) {
    String room = Studio.newRoom();
    Caller ann = studio.enterDrawn(studio.chromium(), room, "Ann");
    Caller ben = studio.enterDrawnSmall(studio.chromium(), room, LONG_NAME);
    Caller olena = studio.enterDrawnSmall(studio.chromium(), room, "Olena");
    Caller yuki = studio.enterDrawnSmall(studio.chromium(), room, "Yuki");
    ann.seesMoving(ben, olena, yuki);
    Tab tab = ann.tab();
    PageLook.checkCall(tab, "call");

    ben.tab().press("KeyR");
    ben.tab().press("KeyM");
    ben.tab().press("KeyD");
    ann.awaitPicture(LONG_NAME, Caller.SCREEN);
    PageLook.checkCall(tab, "screen");

    Chromium.resize(tab, 360, 740);
    for (String language : new String[] {"en", "uk", "ru"}) {
      PageLook.speakInCall(tab, language);
      tab.press("KeyP");
      tab.click("[data-action=person-more]");
      look(tab, "people-" + language);
      tab.press("KeyC");
      look(tab, "chat-" + language);
      tab.press("Escape");
      tab.press("KeyT");
      look(tab, "statistics-" + language);
      tab.press("KeyT");
      tab.click("[data-action=more]");
      look(tab, "more-" + language);
      tab.click("[data-action=settings]");
      look(tab, "settings-" + language);
      tab.press("Escape");
      tab.press("Shift+?");
      look(tab, "shortcuts-" + language);
      tab.press("Escape");
    }
  }

  private static void look(Tab tab, String name) {
    PageLook.checkAsItIs(tab, name);
    PageLook.checkAccess(tab, name);
  }
}
