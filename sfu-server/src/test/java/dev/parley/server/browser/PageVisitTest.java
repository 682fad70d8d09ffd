package dev.parley.server.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What people do on the call page, without a mouse where it says so. */
@Tag("browser")
@ExtendWith(Studio.Extension.class)
class PageVisitTest {
  private static final String BANNER = Caller.text(".banner:not([hidden])");
  private static final String STAGE_MODE = "document.querySelector('.stage').dataset.mode";
  private static final String DIALOGS = "document.querySelectorAll('dialog').length";
  private static final String PINNED =
      "document.querySelector('[data-focused]')?.dataset.name ?? 'nobody'";

  /** Goes on with the Tab key until something has the focus. */
  private static void tabTo(Caller caller, String name) {
    for (int i = 0; i < 60; i++) {
      if (caller.tab().evaluate(Caller.FOCUS).equals(name)) {
        return;
      }
      caller.press("Tab");
    }
    throw new AssertionError("The Tab key never comes to " + name);
  }

  @Test
  void shouldMakeAWholeVisitByKeyboard(Studio studio) {
    String room = Studio.newRoom();
    Caller ben = studio.enter(studio.chromium(), room, "Ben");
    Caller ann = studio.arrive(studio.chromium(), room, "Ann");
    ann.await("the card with the focus in the name", Caller.FOCUS, "name");
    ann.tab().type("Ann");
    ann.press("Enter");
    ann.joined();
    ann.seesMoving(ben);

    ann.press("KeyM");
    ben.await("Ann muted", report -> tile(report, "Ann").muted());
    Chromium.hold(ann.tab(), "Space");
    ben.await("Ann talking", report -> !tile(report, "Ann").muted());
    Chromium.release(ann.tab(), "Space");
    ben.await("Ann muted again", report -> tile(report, "Ann").muted());
    ann.press("KeyM");
    ben.await("Ann not muted", report -> !tile(report, "Ann").muted());
    ann.press("KeyV");
    ben.await("no picture of Ann", report -> !tile(report, "Ann").picture());
    ann.press("KeyV");
    ben.seesMoving(ann);
    ann.press("KeyR");
    ben.await("a raised hand", Caller.TOASTS, "Ann raised a hand");
    ben.await("the hand", "document.querySelectorAll('[data-name=Ann] .hand-mark').length", "1");
    ann.press("KeyD");
    ben.awaitPicture("Ann", Caller.SCREEN);
    ann.press("KeyD");
    ben.await("no screen", report -> report.tile("Ann", Caller.SCREEN).isEmpty());

    ann.press("KeyC");
    ann.await("the chat", "document.activeElement.name", "text");
    ann.tab().type("m v d: only letters");
    ann.press("Enter", "Escape");
    ann.await("the focus back", Caller.FOCUS, "chat");
    ben.await(
        "an unread mark", "document.querySelector('[data-action=chat] .badge')?.innerText", "1");
    ben.press("KeyC");
    ben.await("the message", Caller.text(".messages"), "m v d: only letters");

    ann.press("KeyW");
    ann.await("the speaker's view", STAGE_MODE, "speaker");
    ann.press("KeyW", "Digit1");
    ann.await("Ben large", PINNED, "Ben");
    ann.press("KeyF");
    ann.await("only Ben", "document.querySelectorAll('.tile:not([hidden])').length", "1");
    ann.press("KeyF", "Digit1");
    ann.await("nobody large", PINNED, "nobody");
    ann.press("KeyT");
    ann.await("figures", Caller.text(".figures"), "kbit/s");
    ann.press("KeyT", "KeyP");
    ann.await("the people", Caller.text("[data-panel=people]"), "Ben");
    ann.press("KeyP", "Shift+?");
    ann.await("the keys", Caller.text("dialog[open]"), "Keyboard shortcuts");
    ann.press("Escape");
    ann.await("the dialog closed", DIALOGS, "0");

    tabTo(ann, "leave");
    ann.press("Enter");
    ann.await("the farewell with the way back", Caller.FOCUS, "rejoin");
    assertTrue(ann.tab().evaluate(Caller.text(".farewell")).contains("You left the call"));
    ann.press("Tab", "Enter");
    ann.await("the card again", Caller.FOCUS, "join");
    assertEquals(List.of(), ann.report().errors());
  }

  @Test
  void shouldGoFromTheQueueToTheEndOfTheCall(Studio studio) {
    String room = TestServer.TIMED_ROOM;
    Caller host = studio.approach(room, "Host").joined();
    Caller other = studio.approach(room, "Other").joined();
    Caller guest = studio.approachInvited(room, "Guest", GuestToken.of("guest", ""));
    guest.await("its place", Caller.text(".waiting-room [role=status]"), "You are next.");
    guest.await("the host's words", Caller.text(".words"), "Nearly there.");

    host.press("KeyP");
    host.await("who waits", Caller.text("[data-panel=people]"), "Guest");
    host.tab().click("[data-action=person-more]");
    host.tab().click("[data-action=kick]");
    host.tab().click("[data-action=kick]");
    other.await("why", Caller.text(".farewell"), "You were removed");
    guest.joined();

    guest.await("a warning", Caller.TOASTS, "left");
    guest.await("its mark", "document.querySelector('.timer-chip').dataset.warned", "55");
    guest.tab().click("[data-action=more-time]");
    host.await("the wish", Caller.TOASTS, "Guest asks for 5 minutes more");
    host.tab().click("[data-action=give-time]");
    guest.await("more time", "window.parley.report().timer.remainingMs > 120000", "true");
    guest.await("no warning", "document.querySelector('.timer-chip').dataset.warned", "undefined");

    host.tab().click("[data-action=end]");
    host.tab().click("[data-action=end]");
    guest.await("the end", Caller.text(".farewell"), "The room has ended");
    guest.await("how long it was", Caller.text(".facts"), "0:");
  }

  @Test
  void shouldAskForThePasswordAndOfferWhatTheInvitationAllows(Studio studio) {
    String token = GuestToken.of("gina", "\"publish\": [\"microphone\"], \"chat\": false");
    Caller gina = studio.approachInvited(TestServer.SECRET_ROOM, "Gina", token);
    gina.await("what is missing", Caller.text("[role=alert]"), "The password is missing or wrong");
    gina.await("a field for it", Caller.FOCUS, "password");
    gina.tab().type("guessed");
    gina.press("Enter");
    gina.await("no more than before", Caller.FOCUS, "join");
    Chromium.fill(gina.tab(), "#password", TestServer.PASSWORD);
    gina.press("Enter");
    gina.joined();

    String tools =
        "[...document.querySelectorAll('.toolbar > [data-action]')].map(({dataset}) => dataset.action).join()";
    gina.await("what she may do", tools, "microphone,hand,chat,people,more,leave");
    gina.press("KeyC");
    gina.await("nothing to write in", "document.querySelector('.chat-form').hidden", "true");
    gina.press("KeyP");
    gina.await("the people", Caller.text("[data-panel=people]"), "Gina (you)");
    assertEquals("0", gina.tab().evaluate("String(document.querySelectorAll('.actions').length)"));
  }

  @Test
  void shouldAskForThePasswordOfAnotherRoom(Studio studio) {
    String room = Studio.newRoom();
    String title = Caller.text(".call-bar h1");
    Caller host = studio.approach(room, "Host").joined();
    Caller gina = studio.approachInvited(room, "Gina", GuestToken.of("gina", "")).joined();
    Chromium.resize(gina.tab(), 360, 740);

    go(gina, TestServer.SECRET_ROOM);
    gina.await("the question", Caller.text("dialog[open] h2"), "Room secret wants a password");
    gina.await("where to write", Caller.FOCUS, "room-password");
    assertEquals("", gina.tab().evaluate(Caller.text("dialog [role=alert]")));
    PageLook.checkAsItIs(gina.tab(), "password");
    gina.press("Escape");
    gina.await("no question", DIALOGS, "0");
    gina.await("the same room", title, room);

    go(gina, TestServer.SECRET_ROOM);
    gina.await("the question again", Caller.FOCUS, "room-password");
    gina.tab().type("guessed");
    gina.press("Enter");
    gina.await(
        "what is wrong",
        Caller.text("dialog[open] [role=alert]"),
        "The password is missing or wrong");
    gina.await("where to write it anew", Caller.FOCUS, "room-password");
    PageLook.checkAsItIs(gina.tab(), "password-wrong");
    PageLook.checkAccess(gina.tab(), "the question for a password");
    host.seesOnly(gina);
    assertEquals(room, gina.tab().evaluate(title));
    // What was wrong is selected, and written over.
    gina.tab().type(TestServer.PASSWORD);
    gina.press("Enter");
    gina.await("the other room", title, TestServer.SECRET_ROOM);
    gina.await("no question left", DIALOGS, "0");
    host.seesOnly();

    go(gina, room);
    gina.await("the first room", title, room);
    host.seesOnly(gina);
    go(gina, TestServer.SECRET_ROOM);
    gina.await("the other room without a question", title, TestServer.SECRET_ROOM);
    assertEquals(List.of(), gina.report().errors());
  }

  /** As a link in the page's address does. */
  private static void go(Caller caller, String room) {
    String unused = caller.tab().evaluate("void (location.hash = 'room=" + room + "')");
  }

  @Test
  void shouldNotDependOnFramesThatComeInTime(Studio studio) {
    Caller ann = studio.enterWithLateFrames(Studio.newRoom(), "Ann");
    ann.awaitPicture("Ann", Caller.CAMERA);
    ann.press("Shift+?");
    ann.await("the keys", DIALOGS, "1");
    ann.press("Escape");
    ann.await("the dialog closed", DIALOGS, "0");
    // What is written at once are letters.
    ann.press("KeyC", "KeyM");
    ann.await("a letter", "document.activeElement.value", "m");
    assertFalse(tile(ann.report(), "Ann").muted());
  }

  @Test
  void shouldSayThatItReconnectsAndCountTheAttempts(Studio studio) {
    Caller ann = studio.approach(Studio.newRoom(), "Ann").joined();
    String unused = ann.tab().evaluate("void window.parley.debug.dropSocket(3000)");
    ann.await("a banner", BANNER, "Connection lost. Reconnecting (");
    ann.await("no banner", "document.querySelector('.banner').hidden", "true");
    ann.await("after how many", Caller.TOASTS, "attempts");
    assertEquals("joined", ann.report().state());
  }

  @Test
  void shouldSayThatMediaGoesOverTcp(Studio studio) {
    Caller ann = studio.enterWithoutUdp(Studio.newRoom(), "Ann");
    ann.await("the badge", Caller.text(".path"), "Media over TCP");
  }

  @Test
  void shouldTurnThePagesOfAGridThatDoesNotFit(Studio studio) {
    String room = Studio.newRoom();
    Caller ann = studio.approach(room, "Ann").joined();
    List<String> others = List.of("Ben", "Cleo", "Dora", "Emil");
    for (String name : others) {
      studio.approach(room, name).joined();
    }
    String shown =
        "[...document.querySelectorAll('.tile:not([hidden])')].map(({dataset}) => dataset.name).join()";
    ann.await("everybody", shown, "Emil,Ann");
    Chromium.resize(ann.tab(), 320, 330);
    ann.await("the first page", shown, "Ben,Ann");
    ann.await("its number", Caller.text(".pages"), "Page 1 of 4");
    ann.press("PageDown", "PageDown");
    ann.await("the third page", shown, "Dora,Ann");
    ann.press("PageUp");
    ann.await("the second page", shown, "Cleo,Ann");
  }

  @Test
  void shouldSpeakAnotherLanguageAtOnce(Studio studio) {
    Caller ann = studio.approach(Studio.newRoom(), "Ann").joined();
    String leave = "document.querySelector('[data-action=leave]').ariaLabel";
    ann.await("English", leave, "Leave call");
    PageLook.speakInCall(ann.tab(), "uk");
    ann.await("Ukrainian", leave, "Вийти з дзвінка");
    ann.await("the page's language", "document.documentElement.lang", "uk");
    PageLook.speakInCall(ann.tab(), "ru");
    ann.await("Russian", leave, "Выйти из звонка");
    assertEquals("joined", ann.report().state());
  }

  @Test
  void shouldLeaveNothingInThePageAfterTenRooms(Studio studio) {
    Caller ann = studio.approach(Studio.newRoom(), "Ann").joined();
    // Bars for the quality of a connection come when it was measured.
    String count = "document.body.querySelectorAll(':not(.quality, .quality *)').length";
    String before = ann.tab().evaluate("String(" + count + ")");
    List<String> rooms = List.of(Studio.newRoom(), Studio.newRoom());
    for (int i = 0; i < 10; i++) {
      String room = rooms.get(i % 2);
      String unused =
          ann.tab().evaluate("window.parley.debug.switchTo('" + room + "').then(() => '')");
      ann.await("the name of the room", Caller.text(".call-bar h1"), room);
    }
    ann.await("no word about it any more", "(" + Caller.TOASTS + ").length", "0");
    ann.await("as many elements as before: " + before, count, before);
  }

  private static CallReport.Tile tile(CallReport report, String name) {
    return report.tile(name, Caller.CAMERA).orElseThrow();
  }
}
