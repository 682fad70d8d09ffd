package dev.parley.server.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.parley.core.fixtures.network.LinkConditions;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The operator's pages beside a call: each is looked at, and what is done there happens. */
@Tag("browser")
@ExtendWith(Studio.Extension.class)
class DashboardTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String TOKEN = "an operator's token, long enough to be one";

  private static final String VISIT =
      """
      {"visitId":"vi_1","room":"clinic","roomId":"rm_1","participantId":"pa_1","identity":"ann",
      "displayName":"Ann","role":"participant","joinedAt":"2026-01-02T03:04:05Z",
      "leftAt":"2026-01-02T03:07:00Z","durationSec":175,"leaveReason":"connection_lost","path":"udp",
      "levelMean":2.4,"levelLeast":1,"verdict":"bad","queueWaitSec":40,
      "join":{"answerMs":35,"iceMs":120,"dtlsMs":90,"firstPacketMs":60}\
      """;

  private static final String DIAGNOSIS =
      """
      "diagnosis":{"verdict":"bad","seconds":175,"poorSeconds":60,"findings":[{"cause":"loss_down",
      "seconds":60,"sharePercent":34,"values":{"lossPercent":7.3,"lossMostPercent":21},"text":"Loss."}]}\
      """;

  private static final String MINUTES =
      "\"minutes\":["
          + String.join(",", minute(4, 4.8, 0, "{}"), minute(5, 1.5, 8, "{\"loss_down\":55}"))
          + "]";

  private static String minute(int minute, double level, int loss, String causes) {
    return """
    {"at":"2026-01-02T03:0%d:00Z","seconds":60,"poorSeconds":0,"levelLeast":1,"levelMean":%s,
    "lossDownPercent":%d,"lossDownMostPercent":21,"lossUpPercent":0,"lossUpMostPercent":0,
    "roundTripMs":40,"roundTripMostMs":90,"jitterMs":6,"estimateBps":900000,"sentBps":700000,
    "wantedBps":1500000,"receivedBps":400000,"frozenMs":0,"switches":2,"path":"udp",
    "causeSeconds":%s}\
    """
        .formatted(minute, level, loss, causes);
  }

  /** What the page asked of others than the server. */
  private static final String FOREIGN =
      """
      performance.getEntriesByType('resource')
        .map(({ name }) => name)
        .filter((name) => !name.startsWith(location.origin) && !/^(data|blob):/.test(name))
        .join()\
      """;

  @Test
  void shouldShowACallAndWhoIsInIt(Studio studio) {
    String room = Studio.newRoom();
    Caller ann = studio.enterDrawn(studio.chromium(), room, "Ann");
    Caller ben = studio.enterDrawnSmall(studio.chromium(), room, "Ben");
    ann.seesMoving(ben);
    ben.seesMoving(ann);
    String annId = ann.report().participantId();

    try (Tab tab = studio.chromium().open(studio.server().admin().toString())) {
      await(tab, "the server's tiles", "[data-tile=participants] .figure", "2");
      await(tab, "a rate", "[data-tile=sent] .figure", "it/s");
      PageLook.check(tab, "dashboard-server");

      go(tab, "#/rooms");
      await(tab, "the room", "[data-table=rooms] [data-row=\"" + room + "\"]", room);
      await(
          tab, "its worst connection", "[data-row=\"" + room + "\"] [data-cell=worst] .level", "");
      PageLook.check(tab, "dashboard-rooms");

      go(tab, "#/rooms/" + room);
      await(tab, "both people", "[data-table=people]", "Ann", "Ben");
      await(tab, "who sees whom", "[data-viewer=\"" + annId + "\"]", "Ben", "p");
      await(tab, "the stream of events", "[data-stream=open]", "");
      await(tab, "a chart", "[data-chart=room-rates] canvas", "");
      PageLook.check(tab, "dashboard-room");
      checkWhole(tab, "dashboard-room-whole");

      go(tab, "#/rooms/" + room + "/participants/" + annId);
      await(tab, "the name", "h1", "Ann");
      await(tab, "a verdict", ".why .verdict", ".");
      await(tab, "the charts", "[data-chart=layers] canvas", "");
      await(tab, "the path", "[data-fact=path] dd", "UDP");
      PageLook.check(tab, "dashboard-participant");
      checkWhole(tab, "dashboard-participant-whole");
      assertEquals("", tab.evaluate(FOREIGN), "addresses that the page asked");
    }
  }

  @Test
  void shouldSayInPlainWordsWhyACallIsBad(Studio studio) {
    String room = Studio.newRoom();
    studio.enterDrawn(studio.chromium(), room, "Ann");
    try (Detour lossy = new Detour(studio.server());
        Detour slow = new Detour(studio.server())) {
      LinkConditions far = LinkConditions.delay(20);
      lossy.conditions(far, far.withLoss(0.12));
      slow.conditions(far, far.withRate(200_000, 300));
      Caller ben = studio.enterBy(lossy, room, "Ben");
      Caller cid = studio.enterBy(slow, room, "Cid");
      String people = studio.server().admin() + "#/rooms/" + room + "/participants/";
      try (Tab tab = studio.chromium().open(people + ben.report().participantId())) {
        await(tab, "what is lost", ".findings li:first-child[data-cause=loss_down]", "%");
        PageLook.check(tab, "dashboard-why-loss");
        go(tab, "#/rooms/" + room + "/participants/" + cid.report().participantId());
        await(
            tab,
            "the slow line",
            ".findings li:first-child[data-cause=low_bandwidth_down]",
            "it/s");
        PageLook.check(tab, "dashboard-why-slow");
        go(tab, "#/");
        await(tab, "who has it worst", "[data-poor]", "Ben");
        PageLook.check(tab, "dashboard-server-poor");
      }
    }
  }

  @Test
  void shouldDoToTheCallWhatTheOperatorAsksFor(Studio studio) {
    String room = Studio.newRoom();
    Caller ann = studio.enter(studio.chromium(), room, "Ann");
    Caller ben = studio.enterSmall(room, "Ben", "");
    ben.seesMoving(ann);
    try (Tab tab = studio.chromium().open(studio.server().admin() + "#/rooms/" + room)) {
      await(tab, "both people", "[data-table=people]", "Ann", "Ben");
      tab.click("[data-action=lock]");
      await(tab, "the room to be locked", "[data-page=room] > .note", "");
      await(tab, "the lock among the events", "[data-event=moderation]", "lock");

      tab.click("[data-action=message]");
      tab.type("Five minutes.");
      tab.press("Enter");
      await(tab, "the message to be sent", "[data-notice=done]", "");

      go(tab, "#/rooms/" + room + "/participants/" + ben.report().participantId());
      await(tab, "the name", "h1", "Ben");
      tab.click("[data-action=kick]");
      tab.select("dialog [name=ban]", "300");
      PageLook.checkAccess(tab, "the question before somebody is removed");
      tab.click("[data-action=kick-do]");
      ben.await("to have been removed", report -> report.state().equals("left"));
      await(tab, "to be told", "[data-page=participant] > .note", "");
      go(tab, "#/history/visits?room=" + room);
      await(tab, "both visits", "[data-table=history]", "Ann", "Ben");
    }
  }

  @Test
  void shouldShowWhatHasBeen(Studio studio) {
    // Answers of a history: nobody waits for a bad call of some minutes here.
    Map<String, String> past =
        Map.of(
            "/v1/history/visits",
            "{\"visits\":[" + VISIT + "}]}",
            "/v1/history/visits/vi_1",
            VISIT + "," + MINUTES + "," + DIAGNOSIS + "}",
            "/v1/history/audit",
            """
            {"audit":[{"at":"2026-01-02T03:04:05Z","by":"night-shift","from":"127.0.0.1","operation":
            "POST /v1/rooms/{room}:lock","on":"/v1/rooms/clinic:lock","status":204,"outcome":"done"}]}
            """);
    String url = studio.server().admin() + "#/history";
    try (Tab tab = studio.chromium().openWith(url, past)) {
      await(tab, "the visit", "[data-row=vi_1]", "Ann", "connection lost", "bad");
      PageLook.check(tab, "dashboard-history");
      go(tab, "#/history/audit");
      await(tab, "the change", "[data-table=history]", "night-shift", "clinic:lock");
      PageLook.check(tab, "dashboard-audit");
      go(tab, "#/history/visits/vi_1");
      await(tab, "why it was bad", "[data-cause=loss_down]", "7.3 %", "cable");
      await(tab, "the minutes", "[data-chart=rate] canvas", "");
      PageLook.check(tab, "dashboard-visit");
      checkWhole(tab, "dashboard-visit-whole");
    }
  }

  @Test
  void shouldAskForATokenWhereOneIsNeeded(Studio studio) {
    try (TestServer server = TestServer.start("dashboard", "admin.token = \"" + TOKEN + "\"")) {
      try (Tab tab = studio.chromium().open(server.admin().toString())) {
        await(tab, "the form", "[data-page=sign-in]", "");
        PageLook.check(tab, "dashboard-sign-in");
        enter(tab, "another token");
        await(tab, "a refusal", "[data-problem=token_invalid]", "");
        enter(tab, TOKEN);
        await(tab, "the server's tiles", "[data-tile=rooms] .figure", "0");
        assertEquals("", tab.evaluate("location.search"), "no token in the address");
        tab.click("[data-action=sign-out]");
        await(tab, "the form again", "[data-page=sign-in]", "");
        assertEquals("0", tab.evaluate("String(sessionStorage.length)"), "what is kept");
      }
    }
  }

  /** Down to the end of the page. */
  private static void checkWhole(Tab tab, String name) {
    Chromium.resize(tab, 360, 4200);
    PageLook.checkAsItIs(tab, name + "-360");
    Chromium.resize(tab, 1440, 2600);
    PageLook.checkAsItIs(tab, name + "-1440");
  }

  private static void enter(Tab tab, String token) {
    tab.click("[name=token]");
    tab.type(token);
    tab.click("[data-action=sign-in]");
  }

  private static void go(Tab tab, String hash) {
    String unused = tab.evaluate("location.hash = '" + hash + "'");
  }

  /** Waits until an element is there whose text has all parts. */
  private static void await(Tab tab, String what, String selector, String... parts) {
    String text = "document.querySelector('" + selector + "')?.textContent ?? '(nothing)'";
    Await.until(
        what,
        LIMIT,
        () -> tab.evaluate(text),
        found -> !found.equals("(nothing)") && Arrays.stream(parts).allMatch(found::contains),
        found -> found + "; the page: " + tab.evaluate("document.body.innerText"));
  }
}
