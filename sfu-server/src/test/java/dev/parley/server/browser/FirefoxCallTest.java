package dev.parley.server.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A call between different browsers. */
@Tag("browser")
@ExtendWith(Studio.Extension.class)
class FirefoxCallTest {
  private static final String MESSAGES = Caller.text(".messages");

  @Test
  void shouldShowAndPlayFirefoxAndChromiumToEachOther(Studio studio) throws IOException {
    Firefox firefox = studio.firefox();
    String room = Studio.newRoom();
    Caller ann = studio.enter(studio.chromium(), room, "Ann");
    Caller fox = studio.enter(firefox, room, "Fox");
    Caller ben = studio.enter(studio.chromium(), room, "Ben");

    fox.seesMoving(ann, ben);
    ann.seesMoving(fox, ben);
    ben.seesMoving(ann, fox);
    fox.hears(2);
    ann.hears(2);
    ben.hears(2);

    for (Caller caller : new Caller[] {ann, fox, ben}) {
      caller.talksOnlyToTheServer(studio.server());
    }

    fox.click("leave");
    ann.seesOnly(ben);
    ben.seesOnly(ann);
  }

  @Test
  void shouldMakeAVisitInFirefoxWithSomebodyInChromium(Studio studio) throws IOException {
    String room = Studio.newRoom();
    Caller fox = studio.arrive(studio.firefox(), room, "Fox");
    Caller ann = studio.enter(studio.chromium(), room, "Ann");
    fox.await("the card with the focus in the name", Caller.FOCUS, "name");
    fox.await("a preview of the camera", CallReport::previewing);
    fox.tab().type("Fox");
    fox.press("Enter");
    fox.joined();
    fox.seesMoving(ann);
    ann.seesMoving(fox);
    fox.hears(1);
    ann.hears(1);

    ann.press("KeyC");
    fox.press("KeyC");
    fox.await("the chat", "document.activeElement.name", "text");
    fox.tab().type("Hello, it is me: m v d.");
    fox.press("Enter");
    ann.await("the message", MESSAGES, "Hello, it is me: m v d.");
    ann.tab().type("Hello, fox.");
    ann.press("Enter");
    fox.await("the answer", MESSAGES, "Hello, fox.");
    fox.press("Escape");
    fox.await("the focus back", Caller.FOCUS, "chat");

    fox.click("more");
    fox.click("settings");
    fox.tab().select("dialog select.language", "uk");
    fox.await("Ukrainian", Caller.text("dialog[open] h2"), "Налаштування");
    fox.press("Escape");
    fox.await("the dialog closed", "document.querySelectorAll('dialog').length", "0");

    fox.click("leave");
    fox.await("the farewell", Caller.text(".farewell"), "Ви вийшли з дзвінка");
    ann.seesOnly();
    fox.await("the way back", Caller.FOCUS, "rejoin");
    fox.press("Enter");
    fox.joined();
    fox.seesMoving(ann);
    ann.seesMoving(fox);
    assertEquals(List.of(), fox.report().errors());
    assertEquals(List.of(), ann.report().errors());
  }
}
