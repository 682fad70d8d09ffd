package dev.parley.server.browser;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Parley server as an operator starts it, {@code serve --dev}, in a process of its own on free
 * ports. Its log goes to {@code target/browser/server.log}; {@code -Dparley.test.logLevel=debug}
 * makes it tell more.
 */
final class TestServer implements AutoCloseable {
  /** Where everything that browser tests leave behind lies. */
  static final Path OUTPUT = Path.of("target", "browser");

  /** A room of two seats, where a visit lasts 20 s and others wait. */
  static final String QUEUED_ROOM = "queued";

  /** A room of two seats and a minute together, which can be extended; others wait. */
  static final String TIMED_ROOM = "timed";

  /** A room into which people come at a moderator's word. */
  static final String GUARDED_ROOM = "guarded";

  /** A room with a password. */
  static final String SECRET_ROOM = "secret";

  static final String PASSWORD = "open sesame";

  private static final Duration START_LIMIT = Duration.ofSeconds(30);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(15);
  private static final Pattern READY =
      Pattern.compile(
          "event=server\\.ready .*?http=(?<http>\\S+) admin=(?<admin>\\S+) media=(?<media>\\S+)");

  private static final Pattern TCP = Pattern.compile("event=media\\.started .*?tcp=(\\S+)");

  private final Process process;
  private final Path log;
  private final Thread reader;
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(START_LIMIT).build();
  private final CompletableFuture<Matcher> ready = new CompletableFuture<>();
  private final URI base;
  private final URI admin;
  private final Set<String> media;
  private final List<String> tcp = new CopyOnWriteArrayList<>();

  private TestServer(Process process, Path log) {
    this.process = process;
    this.log = log;
    this.reader = Thread.ofPlatform().name("server-log").daemon().start(this::copyLog);
    Matcher line = awaitReady();
    this.base = URI.create(line.group("http"));
    this.admin = URI.create(line.group("admin"));
    this.media = new TreeSet<>(List.of(line.group("media").replace("\"", "").split(",")));
  }

  static TestServer start() {
    return start("server", "");
  }

  /**
   * A server with some settings of its own.
   *
   * @param name of its files in {@link #OUTPUT}
   * @param settings lines of configuration
   */
  static TestServer start(String name, String settings) {
    try {
      Files.createDirectories(OUTPUT);
      Path config = OUTPUT.resolve(name + ".conf").toAbsolutePath();
      Path rooms = OUTPUT.resolve("rooms.json").toAbsolutePath();
      Files.writeString(
          rooms,
          """
          {"rooms": {"%s": {"maxParticipants": 2, "guestSlotSec": 20,
            "queue": {"enabled": true, "showPosition": true, "message": "Soon it is your turn."}},
            "%s": {"maxParticipants": 2, "queue": {"enabled": true, "message": "Nearly there."},
            "timer": {"durationSec": 60, "startOn": "twoJoined", "warnAtSec": [55]}},
            "%s": {"queue": {"enabled": true, "mode": "approval"}},
            "%s": {"password": "%s"}}}
          """
              .formatted(QUEUED_ROOM, TIMED_ROOM, GUARDED_ROOM, SECRET_ROOM, PASSWORD));
      Files.writeString(
          config,
          """
          http.port = 0
          admin.port = 0
          media.udp.port = 0
          media.tcp.port = 0
          media.announcedAddresses = [%s]
          log.level = %s
          rooms.settingsFile = "%s"
          auth.secret = "%s"
          %s
          """
              .formatted(
                  String.join(", ", addresses().stream().map("\"%s\""::formatted).toList()),
                  System.getProperty("parley.test.logLevel", "info"),
                  rooms,
                  GuestToken.SECRET,
                  settings));
      String java = ProcessHandle.current().info().command().orElse("java");
      Process process =
          new ProcessBuilder(
                  java,
                  "--enable-native-access=ALL-UNNAMED",
                  "-XX:+UseSerialGC",
                  "-Dparley.home=" + Path.of("..").toRealPath(),
                  "-cp",
                  System.getProperty("java.class.path", ""),
                  "dev.parley.server.Main",
                  "serve",
                  "--dev",
                  "--config",
                  config.toString())
              .redirectErrorStream(true)
              .start();
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly, "server-end"));
      return new TestServer(process, OUTPUT.resolve(name + ".log"));
    } catch (IOException failure) {
      throw new UncheckedIOException("The server could not be started", failure);
    }
  }

  /**
   * Loopback, and the machine's own IPv4 addresses: a browser that cannot reach one of them (as
   * Firefox cannot reach loopback where there is another interface) reaches the other, and neither
   * leaves the machine.
   */
  static List<String> addresses() throws IOException {
    List<String> addresses = new ArrayList<>(List.of("127.0.0.1"));
    for (NetworkInterface network : NetworkInterface.networkInterfaces().toList()) {
      if (network.isUp() && !network.isLoopback()) {
        network
            .inetAddresses()
            .filter(address -> address instanceof Inet4Address && !address.isLinkLocalAddress())
            .map(InetAddress::getHostAddress)
            .forEach(addresses::add);
      }
    }
    return addresses;
  }

  /** Where people join, for instance {@code http://127.0.0.1:40123/}. */
  URI base() {
    return base;
  }

  /** Where an operator looks. */
  URI admin() {
    return admin;
  }

  /** Every address media may go to, for instance {@code 127.0.0.1:41234}. */
  Set<String> media() {
    return media;
  }

  /** Every address media may go to by TCP. */
  Set<String> tcp() {
    return new TreeSet<>(tcp);
  }

  /** The address of a room's call page. */
  String callPage(String query) {
    return base.resolve("/?" + query).toString();
  }

  /** What an admin page says now; its failure, when it has one, instead: this is for failures. */
  String adminPage(String path) {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(admin.resolve(path)).timeout(Duration.ofSeconds(5)).build();
      HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
      return "HTTP %d%n%s".formatted(response.statusCode(), response.body());
    } catch (IOException unreachable) {
      return path + " is not reachable: " + unreachable;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return path + " was not waited for";
    }
  }

  /** Stops the server as a service manager does. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError("The server did not stop within " + STOP_LIMIT + "; " + logTail());
      }
      reader.join(STOP_LIMIT);
      if (process.exitValue() != 0) {
        throw new AssertionError(
            "The server ended with exit code %d; %s".formatted(process.exitValue(), logTail()));
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } finally {
      process.destroyForcibly();
    }
  }

  private Matcher awaitReady() {
    try {
      return ready.get(START_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException failure) {
      process.destroyForcibly();
      throw new AssertionError("The server did not become ready; " + logTail(), failure);
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
        Matcher addresses = TCP.matcher(line);
        if (addresses.find()) {
          tcp.addAll(List.of(addresses.group(1).replace("\"", "").split(",")));
        }
        Matcher matcher = READY.matcher(line);
        if (matcher.find()) {
          ready.complete(matcher);
        }
      }
      ready.completeExceptionally(new IOException("The server ended"));
    } catch (IOException failure) {
      ready.completeExceptionally(failure);
    }
  }

  String logTail() {
    try {
      List<String> lines = Files.readAllLines(log);
      return "the end of %s:%n%s"
          .formatted(
              log, String.join("\n", lines.subList(Math.max(0, lines.size() - 30), lines.size())));
    } catch (IOException unreadable) {
      return "its log cannot be read: " + unreadable;
    }
  }
}
