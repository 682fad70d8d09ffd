package dev.parley.server.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What people do on the call page, without a mouse where it says so. */
@Tag("browser")
@ExtendWith(Studio.Extension.class)
class PageVisitTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final String FOCUS =
      "document.activeElement.dataset.action ?? document.activeElement.id";
  private static final String TOASTS = text(".toasts");
  private static final String BANNER = text(".banner:not([hidden])");
  private static final String STAGE_MODE = "document.querySelector('.stage').dataset.mode";
  private static final String PINNED =
      "document.querySelector('[data-focused]')?.dataset.name ?? 'nobody'";

  private static String text(String selector) {
    return "document.querySelector('%s')?.innerText ?? ''".formatted(selector);
  }

  private static void await(Caller caller, String what, String expression, String part) {
    String unused =
        Await.until(
            caller.name() + ": " + what,
            LIMIT,
            () -> caller.tab().evaluate("String(" + expression + ")"),
            seen -> seen.contains(part),
            seen -> seen + "\n" + caller.tab().evaluate("document.body.innerText"));
  }

  private static void press(Caller caller, String... keys) {
    for (String key : keys) {
      Chromium.press(caller.tab(), key);
    }
  }

  /** Goes on with the Tab key until something has the focus. */
  private static void tabTo(Caller caller, String name) {
    for (int i = 0; i < 60; i++) {
      if (caller.tab().evaluate(FOCUS).equals(name)) {
        return;
      }
      press(caller, "Tab");
    }
    throw new AssertionError("The Tab key never comes to " + name);
  }

  @Test
  void shouldMakeAWholeVisitByKeyboard(Studio studio) {
    String room = Studio.newRoom();
    Caller ben = studio.enter(studio.chromium(), room, "Ben");
    Caller ann = studio.arrive(studio.chromium(), room, "Ann");
    await(ann, "the card with the focus in the name", FOCUS, "name");
    Chromium.type(ann.tab(), "Ann");
    press(ann, "Enter");
    ann.joined();
    ann.seesMoving(ben);

    press(ann, "KeyM");
    ben.await("Ann muted", report -> tile(report, "Ann").muted());
    Chromium.hold(ann.tab(), "Space");
    ben.await("Ann talking", report -> !tile(report, "Ann").muted());
    Chromium.release(ann.tab(), "Space");
    ben.await("Ann muted again", report -> tile(report, "Ann").muted());
    press(ann, "KeyM");
    ben.await("Ann not muted", report -> !tile(report, "Ann").muted());
    press(ann, "KeyV");
    ben.await("no picture of Ann", report -> !tile(report, "Ann").picture());
    press(ann, "KeyV");
    ben.seesMoving(ann);
    press(ann, "KeyR");
    await(ben, "a raised hand", TOASTS, "Ann raised a hand");
    await(ben, "the hand", "document.querySelectorAll('[data-name=Ann] .hand-mark').length", "1");
    press(ann, "KeyD");
    ben.awaitPicture("Ann", Caller.SCREEN);
    press(ann, "KeyD");
    ben.await("no screen", report -> report.tile("Ann", Caller.SCREEN).isEmpty());

    press(ann, "KeyC");
    await(ann, "the chat", "document.activeElement.name", "text");
    Chromium.type(ann.tab(), "m v d: only letters");
    press(ann, "Enter", "Escape");
    await(ann, "the focus back", FOCUS, "chat");
    await(
        ben,
        "an unread mark",
        "document.querySelector('[data-action=chat] .badge')?.innerText",
        "1");
    press(ben, "KeyC");
    await(ben, "the message", text(".messages"), "m v d: only letters");

    press(ann, "KeyW");
    await(ann, "the speaker's view", STAGE_MODE, "speaker");
    press(ann, "KeyW", "Digit1");
    await(ann, "Ben large", PINNED, "Ben");
    press(ann, "KeyF");
    await(ann, "only Ben", "document.querySelectorAll('.tile:not([hidden])').length", "1");
    press(ann, "KeyF", "Digit1");
    await(ann, "nobody large", PINNED, "nobody");
    press(ann, "KeyT");
    await(ann, "figures", text(".figures"), "kbit/s");
    press(ann, "KeyT", "KeyP");
    await(ann, "the people", text("[data-panel=people]"), "Ben");
    press(ann, "KeyP", "Shift+?");
    await(ann, "the keys", text("dialog"), "Keyboard shortcuts");
    press(ann, "Escape");

    tabTo(ann, "leave");
    press(ann, "Enter");
    await(ann, "the farewell with the way back", FOCUS, "rejoin");
    assertTrue(ann.tab().evaluate(text(".farewell")).contains("You left the call"));
    press(ann, "Tab", "Enter");
    await(ann, "the card again", FOCUS, "join");
    assertEquals(List.of(), ann.report().errors());
  }

  @Test
  void shouldGoFromTheQueueToTheEndOfTheCall(Studio studio) {
    String room = TestServer.TIMED_ROOM;
    Caller host = studio.approach(room, "Host").joined();
    Caller other = studio.approach(room, "Other").joined();
    Caller guest = studio.approachInvited(room, "Guest", GuestToken.of("guest", ""));
    await(guest, "its place", text(".waiting-room [role=status]"), "You are next.");
    await(guest, "the host's words", text(".words"), "Nearly there.");

    press(host, "KeyP");
    await(host, "who waits", text("[data-panel=people]"), "Guest");
    host.tab().click("[data-action=person-more]");
    host.tab().click("[data-action=kick]");
    host.tab().click("[data-action=kick]");
    await(other, "why", text(".farewell"), "You were removed");
    guest.joined();

    await(guest, "a warning", TOASTS, "left");
    await(guest, "its mark", "document.querySelector('.timer-chip').dataset.warned", "55");
    guest.tab().click("[data-action=more-time]");
    await(host, "the wish", TOASTS, "Guest asks for 5 minutes more");
    host.tab().click("[data-action=give-time]");
    await(guest, "more time", "window.parley.report().timer.remainingMs > 120000", "true");
    await(guest, "no warning", "document.querySelector('.timer-chip').dataset.warned", "undefined");

    host.tab().click("[data-action=end]");
    host.tab().click("[data-action=end]");
    await(guest, "the end", text(".farewell"), "The room has ended");
    await(guest, "how long it was", text(".facts"), "0:");
  }

  @Test
  void shouldAskForThePasswordAndOfferWhatTheInvitationAllows(Studio studio) {
    String token = GuestToken.of("gina", "\"publish\": [\"microphone\"], \"chat\": false");
    Caller gina = studio.approachInvited(TestServer.SECRET_ROOM, "Gina", token);
    await(gina, "what is missing", text("[role=alert]"), "The password is missing or wrong");
    await(gina, "a field for it", FOCUS, "password");
    Chromium.type(gina.tab(), "guessed");
    press(gina, "Enter");
    await(gina, "no more than before", FOCUS, "join");
    Chromium.fill(gina.tab(), "#password", TestServer.PASSWORD);
    press(gina, "Enter");
    gina.joined();

    String tools =
        "[...document.querySelectorAll('.toolbar > [data-action]')].map(({dataset}) => dataset.action).join()";
    await(gina, "what she may do", tools, "microphone,hand,chat,people,more,leave");
    press(gina, "KeyC");
    await(gina, "nothing to write in", "document.querySelector('.chat-form').hidden", "true");
    press(gina, "KeyP");
    await(gina, "the people", text("[data-panel=people]"), "Gina (you)");
    assertEquals("0", gina.tab().evaluate("String(document.querySelectorAll('.actions').length)"));
  }

  @Test
  void shouldSayThatItReconnectsAndCountTheAttempts(Studio studio) {
    Caller ann = studio.approach(Studio.newRoom(), "Ann").joined();
    String unused = ann.tab().evaluate("void window.parley.debug.dropSocket(3000)");
    await(ann, "a banner", BANNER, "Connection lost. Reconnecting (");
    await(ann, "no banner", "document.querySelector('.banner').hidden", "true");
    await(ann, "after how many", TOASTS, "attempts");
    assertEquals("joined", ann.report().state());
  }

  @Test
  void shouldSayThatMediaGoesOverTcp(Studio studio) {
    Caller ann = studio.enterWithoutUdp(Studio.newRoom(), "Ann");
    await(ann, "the badge", text(".path"), "Media over TCP");
  }

  @Test
  void shouldAskForAClickWhereTheBrowserWantsOneForSound(Studio studio) {
    Caller ann = studio.prepare(studio.chromium(), Studio.newRoom(), "Ann");
    String unused =
        ann.tab()
            .evaluate(
                """
                void (window.silent = HTMLMediaElement.prototype.play,
                  HTMLAudioElement.prototype.play = () =>
                    Promise.reject(new DOMException('no click yet', 'NotAllowedError')))\
                """);
    ann.click("join");
    ann.joined();
    await(ann, "the button", text("[data-action=sound]"), "Turn on sound");
    unused = ann.tab().evaluate("void (HTMLAudioElement.prototype.play = window.silent)");
    ann.click("sound");
    await(ann, "no button", "document.querySelector('[data-action=sound]')", "null");
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
    await(ann, "everybody", shown, "Emil,Ann");
    Chromium.resize(ann.tab(), 320, 330);
    await(ann, "the first page", shown, "Ben,Ann");
    await(ann, "its number", text(".pages"), "Page 1 of 4");
    press(ann, "PageDown", "PageDown");
    await(ann, "the third page", shown, "Dora,Ann");
    press(ann, "PageUp");
    await(ann, "the second page", shown, "Cleo,Ann");
  }

  @Test
  void shouldChangeDevicesInACall(Studio studio) {
    String room = Studio.newRoom();
    Caller ann = studio.enter(studio.chromium(), room, "Ann");
    Caller ben = studio.enter(studio.chromium(), room, "Ben");
    ben.seesMoving(ann);
    ann.tab().click("[data-action=more]");
    ann.tab().click("[data-action=settings]");
    for (String kind : new String[] {"microphone", "camera"}) {
      String inUse = "window.parley.room.publication('" + kind + "').track.getSettings().deviceId";
      // The last one: Chromium's second camera sees depth, which no codec takes.
      String other =
          ann.tab()
              .evaluate(
                  "[...document.querySelectorAll('[data-device="
                      + kind
                      + "] option')].at(-1).value");
      assertNotEquals(other, ann.tab().evaluate(inUse), kind);
      Chromium.select(ann.tab(), "[data-device=" + kind + "]", other);
      await(ann, "another " + kind, inUse, other);
      await(ann, "it kept", "localStorage.getItem('parley.devices')", other);
    }
    ben.seesMoving(ann);
    ben.hears(1);
    ann.talksOnlyToTheServer(studio.server());
  }

  @Test
  void shouldSpeakAnotherLanguageAtOnce(Studio studio) {
    Caller ann = studio.approach(Studio.newRoom(), "Ann").joined();
    String leave = "document.querySelector('[data-action=leave]').ariaLabel";
    await(ann, "English", leave, "Leave call");
    PageLook.speakInCall(ann.tab(), "uk");
    await(ann, "Ukrainian", leave, "Вийти з дзвінка");
    await(ann, "the page's language", "document.documentElement.lang", "uk");
    PageLook.speakInCall(ann.tab(), "ru");
    await(ann, "Russian", leave, "Выйти из звонка");
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
      await(ann, "the name of the room", text(".call-bar h1"), room);
    }
    await(ann, "no word about it any more", "(" + TOASTS + ").length", "0");
    await(ann, "as many elements as before: " + before, count, before);
  }

  private static CallReport.Tile tile(CallReport report, String name) {
    return report.tile(name, Caller.CAMERA).orElseThrow();
  }
}
