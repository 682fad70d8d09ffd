package dev.parley.server.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Cameras, microphones and sound on the call page: chosen, pulled out, put back, started by a
 * click.
 */
@Tag("browser")
@ExtendWith(Studio.Extension.class)
class PageDevicesTest {
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
      ann.tab().select("[data-device=" + kind + "]", other);
      ann.await("another " + kind, inUse, other);
      ann.await("it kept", "localStorage.getItem('parley.devices')", other);
    }
    ben.seesMoving(ann);
    ben.hears(1);
    ann.talksOnlyToTheServer(studio.server());
  }

  @Test
  void shouldGoOnWithoutADeviceThatIsPulledOut(Studio studio) {
    String room = Studio.newRoom();
    Caller ann = studio.enterWithLooseDevices(room, "Ann");
    Caller ben = studio.enterSmall(room, "Ben", "");
    ben.seesMoving(ann);
    for (String kind : new String[] {"microphone", "camera"}) {
      String inUse = "window.parley.room.publication('" + kind + "').track.getSettings().deviceId";
      String unused =
          ann.tab()
              .evaluate(
                  """
                  ((room, kind) =>
                    room.switchDevice(kind, room.devices.list[kind + "s"][0].deviceId)
                      .then(() => ""))(window.parley.room, "%s")\
                  """
                      .formatted(kind));
      String first = unplug(ann, kind, false);
      ann.await("another " + kind, inUse + " !== '" + first + "'", "true");
      String label =
          ann.tab().evaluate("window.parley.room.publication('" + kind + "').track.label");
      ann.await("word of it", Caller.TOASTS, "Now in use: " + label);
      ben.seesMoving(ann);
      ben.hears(1);
      unused = ann.tab().evaluate("window.plugIn('" + first + "')");
      ann.await("the first " + kind, inUse, first);
    }
    String last = unplug(ann, "camera", true);
    assertEquals(last, ann.tab().evaluate("window.parley.room.devices.chosen.camera"));
    ann.await("the last camera gone", Caller.TOASTS, "Your camera was disconnected");
    ben.await(
        "no picture of Ann", report -> !report.tile("Ann", Caller.CAMERA).orElseThrow().picture());
    ben.hears(1);
    assertEquals("joined", ann.report().state());
  }

  private static String unplug(Caller caller, String kind, boolean all) {
    return caller
        .tab()
        .evaluate(
            "window.unplug(window.parley.room.publication('%s').track, %b)".formatted(kind, all));
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
    ann.await("the button", Caller.text("[data-action=sound]"), "Turn on sound");
    unused = ann.tab().evaluate("void (HTMLAudioElement.prototype.play = window.silent)");
    ann.click("sound");
    ann.await("no button", "document.querySelector('[data-action=sound]')", "null");
  }
}
