package dev.parley.server.browser;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.junit.jupiter.api.Assumptions;

/**
 * A WebRTC peer made of libwebrtc without a browser (webrtc-java), which knows nothing of Parley:
 * it makes an offer, takes an answer, and either sends a synthetic picture and tone or tells what
 * it receives. It runs as {@link NativePeerProcess}, so that a crash of native code is a failed
 * test and not the end of all tests.
 */
final class NativePeer implements AutoCloseable {
  /** The Debian packages with the libraries that libwebrtc-java links. */
  static final String DEBIAN_PACKAGES =
      "libpulse0 libudev1 libx11-6 libxfixes3 libxrandr2 libxcomposite1 libdbus-1-3";

  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * What was received until now.
   *
   * @param changes frames that differ from the one before
   * @param peak the loudest sample of the last moments, up to 32767
   */
  record Report(
      String state,
      long frames,
      long changes,
      int width,
      int height,
      int brightness,
      long samples,
      int peak) {
    static final Report NONE = new Report("NEW", 0, 0, 0, 0, 0, 0, 0);
  }

  private final String name;
  private final Process process;
  private final CompletableFuture<String> offer = new CompletableFuture<>();
  private volatile Report report = Report.NONE;

  private NativePeer(String name, String role) {
    this.name = name;
    try {
      Files.createDirectories(TestServer.OUTPUT);
      process =
          new ProcessBuilder(
                  ProcessHandle.current().info().command().orElse("java"),
                  "--enable-native-access=ALL-UNNAMED",
                  "-cp",
                  System.getProperty("java.class.path", ""),
                  NativePeerProcess.class.getName(),
                  role)
              .redirectError(TestServer.OUTPUT.resolve(name + ".log").toFile())
              .start();
    } catch (IOException failure) {
      throw new UncheckedIOException("libwebrtc could not be started", failure);
    }
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly, name + "-end"));
    Thread.ofPlatform().name(name).daemon().start(this::read);
  }

  /** Sends {@link NativePeerProcess#WIDTH} × {@link NativePeerProcess#HEIGHT} pixels and a tone. */
  static NativePeer publisher(String name) {
    return new NativePeer(name, "publish");
  }

  /** Receives one picture and one sound. */
  static NativePeer viewer(String name) {
    return new NativePeer(name, "view");
  }

  /** The offer; the test is skipped where libwebrtc lacks a library. */
  String offer() {
    try {
      return offer.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException failure) {
      String log = log();
      Assumptions.assumeFalse(
          log.contains("UnsatisfiedLinkError"),
          "libwebrtc does not load: %s%nOn Debian: apt-get install %s"
              .formatted(log, DEBIAN_PACKAGES));
      throw new AssertionError(name + " made no offer: " + log, failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  void accept(String answer) {
    String line =
        "answer " + Base64.getEncoder().encodeToString(answer.getBytes(StandardCharsets.UTF_8));
    try {
      Writer in = process.outputWriter(StandardCharsets.UTF_8);
      in.append(line).append('\n').flush();
    } catch (IOException failure) {
      throw new UncheckedIOException(name + " ended: " + log(), failure);
    }
  }

  Report report() {
    return report;
  }

  Report await(String what, Predicate<Report> right) {
    return Await.until(name + ": " + what, LIMIT, this::report, right, seen -> seen + "\n" + log());
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  private void read() {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("offer ")) {
          byte[] sdp = Base64.getDecoder().decode(line.substring("offer ".length()));
          offer.complete(new String(sdp, StandardCharsets.UTF_8));
        } else if (line.startsWith("{")) {
          report = parse(line);
        }
      }
      offer.completeExceptionally(new IOException("the process ended"));
    } catch (IOException failure) {
      offer.completeExceptionally(failure);
    }
  }

  private static Report parse(String line) throws JsonProcessingException {
    return JSON.readValue(line, Report.class);
  }

  private String log() {
    try {
      return Files.readString(TestServer.OUTPUT.resolve(name + ".log"));
    } catch (IOException unreadable) {
      return "its log cannot be read: " + unreadable;
    }
  }
}
