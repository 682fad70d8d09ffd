package dev.parley.server.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The SDK as others use it: the example of its README as it stands, and the file for pages without
 * a bundler.
 */
@Tag("browser")
@ExtendWith(Studio.Extension.class)
class ReadmeExampleTest {
  private static final Path CLIENT = Path.of("..", "sfu-client");
  private static final Duration LIMIT = Duration.ofSeconds(40);
  private static final int MOST_LINES = 10;
  private static final Pattern EXAMPLE = Pattern.compile("```ts\\n(.*?)```", Pattern.DOTALL);

  /** Frames of the player that has shown the most. */
  private static final String FRAMES =
      """
      Math.max(0, ...[...document.querySelectorAll('video')]
        .map((video) => video.getVideoPlaybackQuality().totalVideoFrames))\
      """;

  private static String example() throws IOException {
    Matcher example = EXAMPLE.matcher(Files.readString(CLIENT.resolve("README.md")));
    assertTrue(example.find(), "The README has an example");
    return example.group(1);
  }

  private static String sdk(String file) throws IOException {
    return Files.readString(CLIENT.resolve("dist/sdk").resolve(file));
  }

  @Test
  void shouldBeACallAsItStands(Studio studio) throws IOException {
    String example = example();
    long lines = example.lines().filter(line -> !line.isBlank()).count();
    assertTrue(lines <= MOST_LINES, () -> lines + " lines");
    Map<String, String> files =
        Map.of(
            "/example/index.html",
            """
            <!doctype html>
            <script type="importmap">{"imports": {"sfu-client": "./sdk.js"}}</script>
            <script type="module" src="./example.js"></script>
            """,
            "/example/example.js",
            example,
            "/example/sdk.js",
            sdk("parley.js"));
    String page = studio.server().base().resolve("/example/index.html").toString();
    try (Tab ann = studio.chromium().openWith(page, files);
        Tab bob = studio.chromium().openWith(page, files)) {
      for (Tab tab : new Tab[] {ann, bob}) {
        Await.until(
            "a moving picture of the other one",
            LIMIT,
            () -> Integer.parseInt(tab.evaluate(FRAMES)),
            frames -> frames > 20,
            frames -> frames + " frames");
      }
    }
  }

  @Test
  void shouldBeThereForAPageWithoutABundler(Studio studio) throws IOException {
    Map<String, String> files =
        Map.of(
            "/example/iife.html",
            "<!doctype html><script src=\"./sdk.js\"></script>",
            "/example/sdk.js",
            sdk("parley.iife.js"));
    try (Tab tab =
        studio
            .chromium()
            .openWith(studio.server().base().resolve("/example/iife.html").toString(), files)) {
      String joined =
          tab.evaluate(
              """
              (async () => {
                const url = location.origin.replace('http', 'ws') + '/v1/signal';
                const room = new Parley.Room({ url, room: '%s', displayName: 'Ann' });
                await room.join();
                const state = room.state;
                room.leave();
                return state;
              })()\
              """
                  .formatted(Studio.newRoom()));
      assertEquals("joined", joined);
    }
  }
}
