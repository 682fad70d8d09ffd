package dev.parley.bots.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A whole server as an operator starts it, {@code serve}, in a process of its own. Its classes have
 * to be on this process's class path. Any thread.
 */
public final class ServeProcess implements AutoCloseable {
  /** A configuration for servers that run beside others. */
  static final String ANY_PORTS =
      """
      http.port = 0
      admin.port = 0
      media.udp.port = 0
      media.tcp.port = 0
      """;

  private static final String MAIN = "dev.parley.server.Main";
  private static final int START_SECONDS = 30;
  private static final int STOP_SECONDS = 15;
  private static final int LAST_LINES = 12;
  private static final Pattern READY =
      Pattern.compile("event=server\\.ready .*?http=(?<http>\\S+) admin=(?<admin>\\S+)");

  private final Process process;

  private record Ports(URI http, URI admin) {}

  private final CompletableFuture<Ports> ready = new CompletableFuture<>();
  private final Deque<String> lastLines = new ArrayDeque<>();
  private final Ports ports;

  private ServeProcess(Process process) throws IOException {
    this.process = process;
    Thread.ofVirtual().name("serve-log").start(this::readLog);
    this.ports = awaitReady();
  }

  /**
   * Starts a server and returns when it is ready.
   *
   * @param jvmOptions behind those that every JVM of the project has
   * @param arguments behind {@code serve}
   * @throws IOException when it ends or is silent instead; the message has its last words
   */
  public static ServeProcess start(List<String> jvmOptions, List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>(JavaCommand.begin());
    command.addAll(jvmOptions);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(MAIN);
    command.add("serve");
    command.addAll(arguments);
    return new ServeProcess(new ProcessBuilder(command).redirectErrorStream(true).start());
  }

  /**
   * Starts a server as its operator does, by the script, and returns when it is ready.
   *
   * @param script {@code ./sfu}
   * @param jvmOptions behind those that it has
   * @param arguments behind {@code serve}
   * @throws IOException when it ends or is silent instead; the message has its last words
   */
  static ServeProcess run(Path script, List<String> jvmOptions, List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>(List.of(script.toString(), "serve"));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("PARLEY_JVM_OPTIONS", String.join(" ", jvmOptions));
    return new ServeProcess(builder.start());
  }

  /** Where people join, for instance {@code http://127.0.0.1:40123/}. */
  public URI http() {
    return ports.http();
  }

  /** Where its counters are, for instance {@code http://127.0.0.1:40124/}. */
  public URI admin() {
    return ports.admin();
  }

  private void readLog() {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        remember(line);
        Matcher matcher = READY.matcher(line);
        if (matcher.find()) {
          ready.complete(
              new Ports(URI.create(matcher.group("http")), URI.create(matcher.group("admin"))));
        }
      }
      ready.completeExceptionally(new IOException("it ended"));
    } catch (IOException e) {
      ready.completeExceptionally(e);
    }
  }

  private void remember(String line) {
    synchronized (lastLines) {
      lastLines.addLast(line);
      if (lastLines.size() > LAST_LINES) {
        lastLines.removeFirst();
      }
    }
  }

  private String lastWords() {
    synchronized (lastLines) {
      return String.join("\n", lastLines);
    }
  }

  private Ports awaitReady() throws IOException {
    try {
      return ready.get(START_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      process.destroyForcibly();
      throw new IOException("the server did not become ready; its last words:\n" + lastWords(), e);
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the server started", e);
    }
  }

  public long pid() {
    return process.pid();
  }

  /** Ends the process by SIGKILL, and returns when it is gone. */
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /**
   * Stops the server in order.
   *
   * @throws IOException when it has to be killed
   */
  @Override
  public void close() throws IOException {
    process.destroy();
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        throw new IOException("the server did not stop; its last words:\n" + lastWords());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      process.destroyForcibly();
    }
  }
}
