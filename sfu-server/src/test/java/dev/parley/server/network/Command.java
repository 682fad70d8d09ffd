package dev.parley.server.network;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program that does one thing and ends. */
record Command(List<String> words) {
  private static final int LIMIT_SECONDS = 20;

  static Command of(String... words) {
    return new Command(List.of(words));
  }

  /** How it ended; {@code output} has its errors too. */
  record Outcome(int exitCode, String output) {}

  /** Runs it. A program that is not installed ends as a shell says it, with 127. */
  Outcome attempt(String input) {
    try {
      Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
      try (var stdin = process.outputWriter(StandardCharsets.UTF_8)) {
        stdin.write(input);
      }
      String output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("It does not end: " + this);
      }
      return new Outcome(process.exitValue(), output);
    } catch (IOException missing) {
      return new Outcome(127, missing.toString());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new IOException("Interrupted: " + this, interrupted));
    }
  }

  /** Runs it, and returns what it says; it has to succeed. */
  String run(String input) {
    Outcome outcome = attempt(input);
    if (outcome.exitCode() != 0) {
      throw new AssertionError(
          "%s ended with %d: %s".formatted(this, outcome.exitCode(), outcome.output()));
    }
    return outcome.output();
  }

  String run() {
    return run("");
  }

  @Override
  public String toString() {
    return String.join(" ", words);
  }
}
