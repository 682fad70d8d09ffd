package dev.parley.server.browser;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Headless Firefox with a fresh profile, driven by WebDriver BiDi. */
final class Firefox implements Browser {
  private static final List<Path> PLACES =
      List.of(Path.of("/usr/bin/firefox-esr"), Path.of("/usr/bin/firefox"));
  private static final Duration START_LIMIT = Duration.ofSeconds(30);
  private static final Pattern LISTENING =
      Pattern.compile("WebDriver BiDi listening on (ws://\\S+)");

  /** A fake camera and microphone, local addresses as they are, and no connection of its own. */
  private static final Map<String, Object> PREFERENCES =
      Map.ofEntries(
          Map.entry("media.navigator.streams.fake", true),
          Map.entry("media.navigator.permission.disabled", true),
          Map.entry("media.peerconnection.ice.loopback", true),
          Map.entry("media.peerconnection.ice.obfuscate_host_addresses", false),
          Map.entry("media.autoplay.default", 0),
          Map.entry("media.gmp-manager.updateEnabled", false),
          Map.entry("app.normandy.enabled", false),
          Map.entry("app.update.disabledForTesting", true),
          Map.entry("browser.aboutwelcome.enabled", false),
          Map.entry("browser.safebrowsing.malware.enabled", false),
          Map.entry("browser.safebrowsing.phishing.enabled", false),
          Map.entry("browser.shell.checkDefaultBrowser", false),
          Map.entry("browser.startup.page", 0),
          Map.entry("datareporting.policy.dataSubmissionEnabled", false),
          Map.entry("extensions.systemAddon.update.enabled", false),
          Map.entry("network.captive-portal-service.enabled", false),
          Map.entry("network.connectivity-service.enabled", false),
          Map.entry("services.settings.server", "data:,nothing"),
          Map.entry("toolkit.telemetry.enabled", false));

  /** What WebDriver calls the keys that write nothing (w3.org/TR/webdriver2, keyboard actions). */
  private static final Map<String, String> KEYS =
      Map.of("Tab", "\uE004", "Enter", "\uE006", "Shift", "\uE008", "Escape", "\uE00C");

  private final Path profile;
  private final Process process;
  private final CompletableFuture<String> listening = new CompletableFuture<>();
  private final BidiSession session;

  private Firefox(Path executable) throws IOException {
    profile = Files.createTempDirectory("parley-firefox");
    Files.writeString(
        profile.resolve("user.js"),
        PREFERENCES.entrySet().stream().map(Firefox::line).collect(Collectors.joining()));
    ProcessBuilder command =
        new ProcessBuilder(
                executable.toString(),
                "--headless",
                "--no-remote",
                "--profile",
                profile.toString(),
                "--remote-debugging-port=0")
            .redirectErrorStream(true);
    // Firefox refuses a home that belongs to another user, as under sudo.
    command.environment().put("HOME", profile.toString());
    process = command.start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly, "firefox-end"));
    Thread.ofPlatform().name("firefox-log").daemon().start(this::readLog);
    session = new BidiSession(awaitListening());
    session.send(
        "script.addPreloadScript",
        Map.of("functionDeclaration", "() => {" + Browser.probe() + "}"));
  }

  /** Where this machine has it. */
  static Optional<Path> installed() {
    return PLACES.stream().filter(Files::isExecutable).findFirst();
  }

  static Firefox launch(Path executable) {
    try {
      return new Firefox(executable);
    } catch (IOException failure) {
      throw new UncheckedIOException("Firefox could not be started", failure);
    }
  }

  @Override
  public Tab open(String url) {
    String context =
        session.send("browsingContext.create", Map.of("type", "tab")).path("context").asText();
    session.send(
        "browsingContext.setViewport",
        Map.of("context", context, "viewport", Map.of("width", 1280, "height", 800)));
    session.send(
        "browsingContext.navigate", Map.of("context", context, "url", url, "wait", "complete"));
    return new FirefoxTab(context);
  }

  @Override
  public void close() {
    session.close();
    process.destroy();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
      deleteProfile();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static String line(Map.Entry<String, Object> preference) {
    Object value =
        preference.getValue() instanceof String text ? "\"" + text + "\"" : preference.getValue();
    return "user_pref(\"%s\", %s);%n".formatted(preference.getKey(), value);
  }

  private String awaitListening() throws IOException {
    try {
      return listening.get(START_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException failure) {
      process.destroyForcibly();
      throw new IOException("Firefox does not listen for WebDriver BiDi", failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while Firefox started", interrupted);
    }
  }

  private void readLog() {
    StringBuilder said = new StringBuilder();
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Matcher matcher = LISTENING.matcher(line);
        if (matcher.find()) {
          listening.complete(matcher.group(1));
        } else if (!listening.isDone()) {
          said.append(line).append('\n');
        }
      }
      listening.completeExceptionally(new IOException("Firefox ended: " + said));
    } catch (IOException failure) {
      listening.completeExceptionally(failure);
    }
  }

  private void deleteProfile() {
    try (Stream<Path> files = Files.walk(profile)) {
      for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException stillThere) {
      // A process of Firefox that ends a moment later may write once more.
      profile.toFile().deleteOnExit();
    }
  }

  private final class FirefoxTab implements Tab {
    private final String context;

    FirefoxTab(String context) {
      this.context = context;
    }

    @Override
    public String evaluate(String expression) {
      JsonNode result =
          session.send(
              "script.evaluate",
              Map.of(
                  "expression",
                  "(async () => (" + expression + "))()",
                  "target",
                  Map.of("context", context),
                  "awaitPromise",
                  true,
                  "userActivation",
                  true));
      if (!result.path("type").asText().equals("success")) {
        throw new IllegalStateException(
            "%s: %s".formatted(expression, result.path("exceptionDetails").path("text").asText()));
      }
      return result.path("result").path("value").asText();
    }

    @Override
    public void click(String selector) {
      evaluate("void document.querySelector(`" + selector + "`).click()");
    }

    @Override
    public void press(String keys) {
      List<String> parts = List.of(keys.split("(?<=.)\\+"));
      List<Map<String, String>> actions = new ArrayList<>();
      parts.forEach(part -> actions.add(key("keyDown", part)));
      parts.reversed().forEach(part -> actions.add(key("keyUp", part)));
      perform(actions);
    }

    @Override
    public void type(String text) {
      perform(
          text.codePoints()
              .mapToObj(Character::toString)
              .flatMap(letter -> Stream.of(key("keyDown", letter), key("keyUp", letter)))
              .toList());
    }

    @Override
    public void select(String selector, String value) {
      // The list of a select is a window of the system's own, which nobody reaches from outside.
      evaluate(
          """
          ((list) => {
            list.value = "%s";
            list.dispatchEvent(new Event("change", { bubbles: true }));
          })(document.querySelector("%s"))\
          """
              .formatted(value, selector));
    }

    private void perform(List<Map<String, String>> actions) {
      session.send(
          "input.performActions",
          Map.of(
              "context",
              context,
              "actions",
              List.of(Map.of("type", "key", "id", "keyboard", "actions", actions))));
    }

    private static Map<String, String> key(String type, String name) {
      String letter = name.startsWith("Key") ? name.substring(3).toLowerCase(Locale.ROOT) : name;
      return Map.of("type", type, "value", KEYS.getOrDefault(name, letter));
    }

    @Override
    public byte[] screenshot() {
      JsonNode shot = session.send("browsingContext.captureScreenshot", Map.of("context", context));
      return Base64.getDecoder().decode(shot.path("data").asText());
    }

    @Override
    public void close() {
      session.send("browsingContext.close", Map.of("context", context));
    }
  }
}
