package dev.parley.server.metrics;

import dev.parley.bots.bench.ServeProcess;
import dev.parley.bots.command.BotsCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import picocli.CommandLine;

/** A whole server in a process of its own, bots that call it, and what it tells meanwhile. */
final class MeasuredServer implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(40);
  private static final Duration PAUSE = Duration.ofMillis(50);
  private static final String PORTS =
      "http.port = 0\nadmin.port = 0\nmedia.udp.port = 0\nmedia.tcp.port = 0\nmedia.workers = 2\n";

  private final HttpClient http = HttpClient.newHttpClient();
  private final ServeProcess process;

  private MeasuredServer(ServeProcess process) {
    this.process = process;
  }

  /**
   * @param settings lines of configuration
   */
  static MeasuredServer start(Path folder, String settings) throws IOException {
    Path config = folder.resolve("server.conf");
    Files.writeString(config, PORTS + settings);
    return new MeasuredServer(
        ServeProcess.start(
            List.of("-XX:+UseSerialGC"), List.of("--dev", "--config", config.toString())));
  }

  URI http() {
    return process.http();
  }

  URI admin() {
    return process.admin();
  }

  String text() throws IOException, InterruptedException {
    return get("/metrics").body();
  }

  /** Asks the operator's port. */
  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(admin().resolve(path)).timeout(LIMIT).build();
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }

  Exposition metrics() throws IOException, InterruptedException {
    return Exposition.read(text());
  }

  /** Reads the metrics again and again until they are as wanted. */
  Exposition await(String what, Predicate<Exposition> wanted)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    String text = text();
    while (!wanted.test(Exposition.read(text))) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError(what + " has not come; the metrics:\n" + text);
      }
      LockSupport.parkNanos(PAUSE.toNanos());
      text = text();
    }
    return Exposition.read(text);
  }

  /** What a run of {@code ./sfu bots} came to. */
  record Run(int exitCode, String output) {}

  CompletableFuture<Run> bots(String... arguments) {
    return CompletableFuture.supplyAsync(
        () -> {
          StringWriter output = new StringWriter();
          PrintWriter writer = new PrintWriter(output, true);
          List<String> all = new ArrayList<>(List.of(arguments));
          all.addAll(List.of("--url", http().toString(), "--admin", admin().toString()));
          int exitCode =
              new CommandLine(new BotsCommand())
                  .setOut(writer)
                  .setErr(writer)
                  .execute(all.toArray(new String[0]));
          return new Run(exitCode, output.toString());
        },
        task -> Thread.ofPlatform().name("bots").start(task));
  }

  @Override
  public void close() throws IOException {
    process.close();
  }
}
