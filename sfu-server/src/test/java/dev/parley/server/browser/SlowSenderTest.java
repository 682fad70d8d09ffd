package dev.parley.server.browser;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.parley.server.WholeMachine;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A browser that has too little processor for its camera, as others on its machine take it. */
@Tag("browser")
@WholeMachine
@ExtendWith(Studio.Extension.class)
class SlowSenderTest {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final int OTHERS = 3;

  @Test
  void shouldNameTheDeviceThatIsTooSlow(Studio studio) throws Exception {
    int processors = Runtime.getRuntime().availableProcessors();
    assumeTrue(processors > 1, "the server needs a processor that the browser does not have");
    String mine = Integer.toString(processors - 1);
    String room = Studio.newRoom();
    Caller ann = studio.enterWith("av1", room, "Ann");
    Caller ben = studio.enterWatching(room, "Ben");
    List<Process> others = new ArrayList<>();
    try {
      bindBrowser(mine);
      for (int i = 0; i < OTHERS; i++) {
        others.add(run("taskset", "-c", mine, "timeout", "180", "sh", "-c", "while :; do :; done"));
      }
      awaitFirst(studio, room, ann, "\"cause\":\"sender_cpu\"");
      awaitFirst(studio, room, ben, "\"theirs\":\"sender_cpu\"");
    } finally {
      others.forEach(other -> {
        other.descendants().forEach(ProcessHandle::destroy);
        other.destroy();
      });
      // Other tests go on with it.
      bindBrowser("0-" + mine);
    }
  }

  private static void bindBrowser(String processors) throws Exception {
    for (ProcessHandle browser : ProcessHandle.current().descendants().toList()) {
      if (browser.info().command().orElse("").matches(".*chrom[^/]*")) {
        var unused = run("taskset", "-acp", processors, Long.toString(browser.pid())).waitFor();
      }
    }
  }

  private static Process run(String... command) throws IOException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private static void awaitFirst(Studio studio, String room, Caller of, String cause) {
    String path =
        "/v1/rooms/%s/participants/%s/diagnosis?sec=20"
            .formatted(room, of.report().participantId());
    Await.until(
        "the first finding with " + cause,
        LIMIT,
        () -> studio.server().adminPage(path),
        page -> first(page).contains(cause),
        page -> page);
  }

  private static String first(String page) {
    int begin = page.indexOf("\"findings\":[");
    int end = page.indexOf('}', page.indexOf("\"values\":", Math.max(begin, 0)));
    return begin < 0 || end < 0 ? "" : page.substring(begin, end);
  }
}
