package dev.parley.server.browser;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A page of somebody else's that uses the SDK as it was built. */
final class SdkPage {
  static final Path CLIENT = Path.of("..", "sfu-client");

  private SdkPage() {}

  /** With a module that imports {@code sfu-client}. */
  static Tab withModule(Studio studio, String module) throws IOException {
    String html =
        """
        <!doctype html>
        <script type="importmap">{"imports": {"sfu-client": "./sdk.js"}}</script>
        <script type="module" src="./page.js"></script>
        """;
    return open(
        studio,
        Map.of(
            "/page/",
            html,
            "/page/page.js",
            module,
            "/page/sdk.js",
            Files.readString(CLIENT.resolve("dist/sdk/parley.js"))));
  }

  /** With the global {@code Parley}, in which {@code url} is the server's. */
  static Tab withGlobal(Studio studio) throws IOException {
    String html =
        """
        <!doctype html>
        <script src="./sdk.js"></script>
        <script>const url = location.origin.replace("http", "ws") + "/v1/signal";</script>
        """;
    return open(
        studio,
        Map.of(
            "/page/",
            html,
            "/page/sdk.js",
            Files.readString(CLIENT.resolve("dist/sdk/parley.iife.js"))));
  }

  private static Tab open(Studio studio, Map<String, String> files) {
    String page = studio.server().base().resolve("/page/").toString();
    return studio.chromium().openWith(page, files);
  }
}
