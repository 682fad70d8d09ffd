package dev.parley.server.metrics;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Prometheus' own checks, where they are installed or {@code ./sfu test} has fetched them; else the
 * test that wants them is skipped, and says so.
 */
final class Promtool {
  private static final Path FETCHED = Path.of("..", "target", "promtool");

  record Verdict(int exitCode, String output) {}

  private Promtool() {}

  private static Path find() {
    String path = System.getenv().getOrDefault("PATH", "");
    return Stream.concat(
            Stream.of(path.split(File.pathSeparator, -1))
                .map(folder -> Path.of(folder, "promtool")),
            Stream.of(FETCHED))
        .filter(Files::isExecutable)
        .map(file -> file.toAbsolutePath().normalize())
        .findFirst()
        .orElseGet(() -> abort("not checked: promtool is missing"));
  }

  static Verdict run(String input, String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(find().toString()));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (OutputStream in = process.getOutputStream()) {
      in.write(input.getBytes(StandardCharsets.UTF_8));
    }
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Verdict(process.waitFor(), output);
  }
}
