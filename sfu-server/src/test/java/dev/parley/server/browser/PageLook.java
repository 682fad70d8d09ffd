package dev.parley.server.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How a page looks: in each language and width nothing is cut, covered or out of the window, and
 * those who do not see or do not use a mouse find their way (axe-core). Leaves a picture of each in
 * {@code target/browser}.
 */
final class PageLook {
  private static final String[] LANGUAGES = {"en", "uk", "ru"};
  private static final int[] WIDTHS = {360, 768, 1440};
  private static final int[] HEIGHTS = {740, 1024, 900};

  /** From the client's build, pinned there. */
  private static final Path AXE = Path.of("..", "sfu-client", "node_modules/axe-core/axe.min.js");

  /** Serious and critical findings, one a line. */
  private static final String FIND =
      """
      window.axe.run({ resultTypes: ['violations'] }).then(({ violations }) => violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ': ' + html))
        .join('\\n'))\
      """;

  /** What a change of size or language causes is painted some frames later. */
  private static final String SETTLED =
      """
      new Promise((done) => {
        let frames = 0;
        const next = () => ++frames === 5 ? done('') : requestAnimationFrame(next);
        next();
      })\
      """;

  private PageLook() {}

  /** Checks a page that has a list of languages in sight. */
  static void check(Tab tab, String name) {
    check(tab, name, language -> tab.select("select.language", language));
  }

  /** Checks a call, where the language is chosen in the settings. */
  static void checkCall(Tab tab, String name) {
    check(tab, name, language -> speakInCall(tab, language));
  }

  static void speakInCall(Tab tab, String language) {
    tab.click("[data-action=more]");
    tab.click("[data-action=settings]");
    tab.select("dialog select.language", language);
    tab.press("Escape");
  }

  /** Checks a page as it is, without another language or width. */
  static void checkAsItIs(Tab tab, String name) {
    settle(tab);
    String unused = tab.evaluate("(() => {" + Browser.script("layout-faults.js") + "})()");
    keep(tab, name);
    assertEquals("", tab.evaluate("window.layoutFaults()"), name);
  }

  /** Looks for what keeps somebody out. */
  static void checkAccess(Tab tab, String name) {
    settle(tab);
    try {
      if (tab.evaluate("typeof window.axe").equals("undefined")) {
        String unused = tab.evaluate("(() => {" + Files.readString(AXE) + "})()");
      }
    } catch (IOException missing) {
      throw new UncheckedIOException("axe-core is there after npm ci in sfu-client", missing);
    }
    assertEquals("", tab.evaluate(FIND), name);
  }

  private interface Speak {
    void in(String language);
  }

  private static void check(Tab tab, String name, Speak speak) {
    for (String language : LANGUAGES) {
      speak.in(language);
      // Contrast differs by colours, and words by language: both are tried in the course of three.
      Chromium.dress(tab, language.equals("uk"));
      for (int i = 0; i < WIDTHS.length; i++) {
        Chromium.resize(tab, WIDTHS[i], HEIGHTS[i]);
        checkAsItIs(tab, "%s-%s-%d".formatted(name, language, WIDTHS[i]));
      }
      checkAccess(tab, name + " in " + language);
    }
    speak.in("en");
  }

  private static void settle(Tab tab) {
    String unused = tab.evaluate(SETTLED);
  }

  private static void keep(Tab tab, String name) {
    try {
      Files.createDirectories(TestServer.OUTPUT);
      Files.write(TestServer.OUTPUT.resolve("look-" + name + ".png"), tab.screenshot());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
