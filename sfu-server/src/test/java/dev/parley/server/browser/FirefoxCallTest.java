package dev.parley.server.browser;

import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A call between different browsers. */
@Tag("browser")
@ExtendWith(Studio.Extension.class)
class FirefoxCallTest {
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
}
