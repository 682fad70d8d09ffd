package dev.parley.bots.probe;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** A headless Chromium with a fake camera and microphone, and a profile that it leaves behind. */
final class ChromiumProcess implements AutoCloseable {
  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");
  private static final List<String> OPTIONS =
      List.of(
          "--headless",
          "--disable-gpu",
          "--disable-quic",
          "--no-first-run",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-sync",
          "--use-fake-device-for-media-stream",
          "--use-fake-ui-for-media-stream",
          "--allow-loopback-in-peer-connection",
          "--disable-features=WebRtcHideLocalIpsWithMdns",
          "--remote-debugging-port=0");
  private static final String LISTENING = "DevTools listening on ";
  private static final int START_SECONDS = 30;
  private static final int STOP_SECONDS = 5;

  private final Process process;
  private final Path profile;
  private final URI devTools;

  private ChromiumProcess(Process process, Path profile, URI devTools) {
    this.process = process;
    this.profile = profile;
    this.devTools = devTools;
  }

  /** The first one on the path. */
  static Optional<Path> find() {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return Stream.of(path.split(":", -1))
        .filter(d -> !d.isEmpty())
        .flatMap(d -> NAMES.stream().map(n -> Path.of(d, n)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /**
   * Starts one.
   *
   * @throws IOException when it does not start
   */
  static ChromiumProcess start(Path executable) throws IOException {
    Path profile = Files.createTempDirectory("sfu-probe");
    List<String> command = new ArrayList<>();
    command.add(executable.toString());
    command.addAll(OPTIONS);
    if ("root".equals(System.getProperty("user.name"))) {
      command.add("--no-sandbox");
    }
    command.add("--user-data-dir=" + profile);
    command.add("about:blank");
    Process process =
        new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly, "probe-stop"));
    CompletableFuture<URI> devTools = new CompletableFuture<>();
    Thread.ofVirtual().start(() -> read(process, devTools));
    try {
      return new ChromiumProcess(process, profile, devTools.get(START_SECONDS, TimeUnit.SECONDS));
    } catch (ExecutionException | TimeoutException e) {
      process.destroyForcibly();
      delete(profile);
      throw new IOException(executable + " did not start", e);
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the browser started", e);
    }
  }

  private static void read(Process process, CompletableFuture<URI> devTools) {
    try (BufferedReader lines = process.errorReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith(LISTENING)) {
          devTools.complete(URI.create(line.substring(LISTENING.length()).strip()));
        }
      }
      devTools.completeExceptionally(new IOException("the browser ended"));
    } catch (IOException e) {
      devTools.completeExceptionally(e);
    }
  }

  /** Where the DevTools protocol is spoken. */
  URI devTools() {
    return devTools;
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    delete(profile);
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      all.sorted(Comparator.reverseOrder()).forEach(ChromiumProcess::deleteOne);
    } catch (UncheckedIOException e) {
      throw new IOException("the browser's profile stays in " + directory, e);
    }
  }

  private static void deleteOne(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
