package dev.parley.bots.probe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Tabs with the call page in one room. One thread, which it blocks. */
public final class Probe implements AutoCloseable {
  private static final String SCRIPT = "probe.js";

  private final ChromiumProcess browser;
  private final HttpClient http = HttpClient.newHttpClient();
  private final DevTools devTools;
  private final List<Tab> tabs = new ArrayList<>();

  private record Tab(String name, String session) {}

  /**
   * Starts the browser.
   *
   * @throws IOException when it cannot be started or driven
   */
  public Probe(Path executable) throws IOException {
    this.browser = ChromiumProcess.start(executable);
    try {
      this.devTools = new DevTools(http, browser.devTools());
    } catch (IOException e) {
      http.shutdownNow();
      browser.close();
      throw e;
    }
  }

  /** The browser of this machine, if there is one on the path. */
  public static Optional<Path> browser() {
    return ChromiumProcess.find();
  }

  /**
   * Opens a tab that joins at once.
   *
   * @param server where the call page is
   * @throws IOException when the browser refuses
   */
  public void open(URI server, String room, String name, Optional<String> token)
      throws IOException {
    // Each person has a storage of its own.
    String context =
        devTools
            .call("Target.createBrowserContext", DevTools.parameters(), Optional.empty())
            .path("browserContextId")
            .asText();
    String target =
        devTools
            .call(
                "Target.createTarget",
                DevTools.parameters().put("url", "about:blank").put("browserContextId", context),
                Optional.empty())
            .path("targetId")
            .asText();
    String session =
        devTools
            .call(
                "Target.attachToTarget",
                DevTools.parameters().put("targetId", target).put("flatten", true),
                Optional.empty())
            .path("sessionId")
            .asText();
    Tab tab = new Tab(name, session);
    call(tab, "Page.enable", "", "");
    call(tab, "Page.addScriptToEvaluateOnNewDocument", "source", script());
    String address =
        server.resolve("/")
            + "?join=1&room="
            + encode(room)
            + "&name="
            + encode(name)
            + token.map(t -> "#token=" + encode(t)).orElse("");
    call(tab, "Page.navigate", "url", address);
    tabs.add(tab);
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static String script() throws IOException {
    try (InputStream in = Probe.class.getResourceAsStream(SCRIPT)) {
      if (in == null) {
        throw new IllegalStateException(SCRIPT + " is not in the build");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private JsonNode call(Tab tab, String method, String parameter, String value) throws IOException {
    var parameters = DevTools.parameters();
    if (!parameter.isEmpty()) {
      parameters.put(parameter, value);
    }
    return devTools.call(method, parameters, Optional.of(tab.session()));
  }

  /**
   * What the tabs have seen until now.
   *
   * @param failed told of a tab that does not answer, whose result is missing
   */
  public List<ProbeResult> results(Consumer<String> failed) {
    List<ProbeResult> results = new ArrayList<>();
    for (Tab tab : tabs) {
      try {
        JsonNode value =
            devTools
                .call(
                    "Runtime.evaluate",
                    DevTools.parameters()
                        .put("expression", "window.parleyProbe()")
                        .put("awaitPromise", true)
                        .put("returnByValue", true),
                    Optional.of(tab.session()))
                .path("result")
                .path("value");
        results.add(ProbeResult.of(tab.name(), new ObjectMapper().readTree(value.asText("{}"))));
      } catch (IOException e) {
        failed.accept(tab.name() + ": " + e.getMessage());
      }
    }
    return results;
  }

  @Override
  public void close() throws IOException {
    devTools.close();
    http.shutdownNow();
    browser.close();
  }
}
