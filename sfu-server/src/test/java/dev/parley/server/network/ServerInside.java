package dev.parley.server.network;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A whole server, {@code serve --dev}, in a namespace. Its log goes to target/network. */
final class ServerInside implements AutoCloseable {
  private static final int LIMIT_SECONDS = 30;

  private final Process process;
  private final Path log;
  private final CompletableFuture<Boolean> ready = new CompletableFuture<>();

  private ServerInside(Process process, Path log) {
    this.process = process;
    this.log = log;
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly, "server-end"));
    Thread.ofVirtual().start(this::copyLog);
  }

  static ServerInside start(Namespace namespace, Path folder, String config) {
    try {
      Path file = Files.writeString(folder.resolve("server.conf"), config);
      List<String> command =
          namespace.inside(
              List.of(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "--enable-native-access=ALL-UNNAMED",
                  "-XX:+UseSerialGC",
                  "-Dparley.home=" + Path.of("..").toRealPath(),
                  "-cp",
                  System.getProperty("java.class.path", ""),
                  "dev.parley.server.Main",
                  "serve",
                  "--dev",
                  "--config",
                  file.toString()));
      ServerInside server =
          new ServerInside(
              new ProcessBuilder(command).redirectErrorStream(true).start(),
              folder.resolve("server.log"));
      server.awaitReady();
      return server;
    } catch (IOException failure) {
      throw new UncheckedIOException("The server could not be started", failure);
    }
  }

  private void awaitReady() {
    try {
      ready.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException failure) {
      process.destroyForcibly();
      throw new AssertionError("The server did not become ready, see " + log, failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while the server started", interrupted);
    }
  }

  private void copyLog() {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
        Writer copy = Files.newBufferedWriter(log)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        copy.append(line).append('\n').flush();
        if (line.contains("event=server.ready")) {
          ready.complete(true);
        }
      }
      ready.completeExceptionally(new IOException("The server ended"));
    } catch (IOException failure) {
      ready.completeExceptionally(failure);
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("The server did not stop, see " + log);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } finally {
      process.destroyForcibly();
    }
  }
}
