package dev.parley.server.browser;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** A running browser with a fake camera and microphone. */
interface Browser extends AutoCloseable {
  /** Opens a page that has {@code window.probe} (call-probe.js) from its first moment. */
  Tab open(String url);

  @Override
  void close();

  /** What is put into each page before its own scripts. */
  static String probe() {
    return script("call-probe.js");
  }

  static String script(String name) {
    try (InputStream script = Browser.class.getResourceAsStream(name)) {
      if (script == null) {
        throw new IllegalStateException(name + " is not among the test resources");
      }
      return new String(script.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
