package dev.parley.server.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What moderators do by the buttons of the page, and what the others then see. */
@Tag("browser")
@ExtendWith(Studio.Extension.class)
class ModeratorTest {
  private static final String HOST = "\"role\": \"host\"";
  private static final String FAREWELL = Caller.text(".farewell");
  private static final String PEOPLE = Caller.text("[data-panel=people]");
  private static final String LEFT_MS = "window.parley.report().timer.remainingMs";

  private static Caller guest(Studio studio, String room, String name) {
    return studio.enterInvited(room, name, GuestToken.of(name, ""));
  }

  private static Caller waiting(Studio studio, String name) {
    Caller guest = studio.approachInvited(TestServer.GUARDED_ROOM, name, GuestToken.of(name, ""));
    guest.await("to wait", report -> report.state().equals("waiting"));
    return guest;
  }

  /** Opens what can be done with somebody, and returns where its buttons are. */
  private static String open(Caller host, Caller person) {
    String place = "[data-person='%s']".formatted(person.report().participantId());
    host.tab().click(place + " [data-action=person-more]");
    return place;
  }

  private static boolean muted(Caller viewer, Caller person) {
    return viewer.report().tile(person.name(), Caller.CAMERA).orElseThrow().muted();
  }

  private static void awaitMuted(boolean muted, Caller person, Caller... viewers) {
    for (Caller viewer : viewers) {
      viewer.await(
          person.name() + (muted ? " muted" : " not muted"),
          report ->
              report
                  .tile(person.name(), Caller.CAMERA)
                  .filter(tile -> tile.muted() == muted)
                  .isPresent());
    }
  }

  @Test
  void shouldMuteOneAndThenAllButModerators(Studio studio) {
    String room = Studio.newRoom();
    Caller host = studio.enterInvited(room, "Host", GuestToken.of("Host", HOST));
    Caller ann = guest(studio, room, "Ann");
    Caller ben = guest(studio, room, "Ben");
    Caller[] all = {host, ann, ben};
    for (Caller caller : all) {
      awaitMuted(false, caller, all);
    }

    host.press("KeyP");
    String place = open(host, ann);
    host.tab().click(place + " [data-action=mute]");
    ann.await("why", Caller.TOASTS, "A host muted your microphone");
    awaitMuted(true, ann, all);
    host.await(
        "nothing more to mute",
        "document.querySelector(`%s [data-action=mute]`).disabled".formatted(place),
        "true");
    assertFalse(muted(ann, ben));
    assertFalse(muted(ben, host));

    ann.click("microphone");
    awaitMuted(false, ann, all);
    host.click("mute-all");
    for (Caller guest : List.of(ann, ben)) {
      guest.await("why", Caller.TOASTS, "A host muted your microphone");
      awaitMuted(true, guest, all);
    }
    assertFalse(muted(ann, host));
    assertFalse(muted(host, host));
  }

  @Test
  void shouldLockTheRoomOpenItAgainAndRemoveSomebody(Studio studio) {
    String room = Studio.newRoom();
    Caller host = studio.approachInvited(room, "Host", GuestToken.of("Host", HOST)).joined();
    Caller ann = guest(studio, room, "Ann");
    host.press("KeyP");

    host.click("lock");
    host.await("the way to unlock", PEOPLE, "Unlock room");
    Caller ben = studio.approachInvited(room, "Ben", GuestToken.of("Ben", ""));
    ben.await("why not", Caller.text("[role=alert]"), "The room is locked");
    host.seesOnly(ann);
    host.click("lock");
    host.await("the way to lock", PEOPLE, "Lock room");
    ben.click("join");
    ben.joined();
    ann.seesOnly(host, ben);

    String place = open(host, ann);
    host.tab().click(place + " [data-action=kick]");
    host.await("to be sure", Caller.text("[data-action=kick]"), "Really?");
    assertEquals("joined", ann.report().state());
    host.tab().click(place + " [data-action=kick]");
    ann.await("why", FAREWELL, "You were removed");
    host.seesOnly(ben);
    ben.seesOnly(host);
  }

  @Test
  void shouldLetInOneTurnOneAwayAndLetInTheRest(Studio studio) {
    String room = TestServer.GUARDED_ROOM;
    Caller host = studio.approachInvited(room, "Host", GuestToken.of("Host", HOST)).joined();
    List<Caller> guests =
        Stream.of("Ann", "Ben", "Cleo", "Dora").map(name -> waiting(studio, name)).toList();
    Caller ann = guests.get(0);
    Caller ben = guests.get(1);
    Caller cleo = guests.get(2);
    Caller dora = guests.get(3);
    host.await("how many wait", Caller.text("[data-action=people] .badge"), "4");
    host.press("KeyP");
    host.await("the last of them", PEOPLE, "Dora");

    host.tab().click(row("Ann", "deny"));
    ann.await("the answer", FAREWELL, "You were not let in");
    host.tab().click(row("Ben", "admit"));
    ben.joined();
    ben.seesOnly(host);
    host.seesOnly(ben);
    assertEquals("waiting", cleo.report().state());
    assertEquals("waiting", dora.report().state());

    host.click("admit-all");
    cleo.joined();
    dora.joined();
    host.await("nobody who waits", PEOPLE, "Nobody is waiting.");
    for (Caller inside : List.of(host, ben, cleo, dora)) {
      inside.seesOnly(
          Stream.of(host, ben, cleo, dora).filter(other -> other != inside).toArray(Caller[]::new));
    }
    assertEquals("left", ann.report().state());
  }

  /** The button of somebody who waits. */
  private static String row(String name, String action) {
    return "[data-ticket-id]:has(.name:text-is('%s')) [data-action=%s]".formatted(name, action);
  }

  @Test
  void shouldGiveMoreTimeAndEndTheRoomForAll(Studio studio) {
    String room = TestServer.TIMED_ROOM;
    Caller host = studio.approachInvited(room, "Host", GuestToken.of("Host", HOST)).joined();
    Caller ann = studio.approachInvited(room, "Ann", GuestToken.of("Ann", "")).joined();
    ann.await("the time", Caller.text(".timer-chip"), "0:");
    host.press("KeyP");
    host.click("extend");
    ann.await("five minutes more", "%s > 300000".formatted(LEFT_MS), "true");
    ann.await("the time", Caller.text(".timer-chip"), "5:");

    host.click("end");
    host.await("to be sure", Caller.text("[data-action=end]"), "Really end it?");
    assertEquals("joined", ann.report().state());
    host.click("end");
    ann.await("the end", FAREWELL, "The room has ended");
    host.await("the end", FAREWELL, "The room has ended");
    assertTrue(ann.report().errors().isEmpty());
  }
}
