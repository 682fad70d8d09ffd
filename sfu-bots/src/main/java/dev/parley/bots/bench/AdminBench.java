package dev.parley.bots.bench;

import dev.parley.bots.client.ClientLoop;
import dev.parley.bots.measure.ServerSample;
import dev.parley.bots.measure.ServerWatch;
import dev.parley.bots.run.Run;
import dev.parley.bots.scenario.Scenario;
import dev.parley.bots.scenario.ScenarioException;
import dev.parley.bots.scenario.ScenarioReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A server with calls of bots going on, and an operator who asks in every other half of a round.
 * The caller's thread.
 */
final class AdminBench implements AutoCloseable {
  private static final String WORKERS = "sfu_worker_busy_seconds_total";
  private static final String PROCESS = "process_cpu_seconds_total";
  private static final String FORWARDED = "sfu_media_rtp_forwarded_total";
  private static final int LAST_SECONDS = 20;
  private static final double NANOS_A_SECOND = 1e9;
  private static final Pattern PARTICIPANT = Pattern.compile("\"participantId\":\"(pa_\\w+)\"");

  private final AdminSettings settings;
  private final Consumer<String> progress;
  private final Path directory;
  private final ServeProcess server;
  private final HttpClient http = HttpClient.newHttpClient();
  private final AtomicLong answered = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private final AtomicLong events = new AtomicLong();

  AdminBench(AdminSettings settings, List<String> serverJvmOptions, Consumer<String> progress)
      throws IOException {
    this.settings = settings;
    this.progress = progress;
    this.directory = Files.createTempDirectory("sfu-bench");
    Path config = directory.resolve("bench.conf");
    Files.writeString(config, ServeProcess.ANY_PORTS);
    this.server =
        ServeProcess.start(serverJvmOptions, List.of("--dev", "--config", config.toString()));
  }

  AdminResult run() throws IOException, InterruptedException {
    List<AdminResult.Round> rounds = new ArrayList<>();
    try (Run calls = new Run(scenario(), 1, ClientLoop.Settings.anywhere(), point -> {})) {
      CompletableFuture<?> ended =
          CompletableFuture.runAsync(() -> {
            try {
              var unused = calls.run();
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
      progress.accept(
          "%d rooms of %d, and %d s of warm-up"
              .formatted(settings.rooms(), settings.people(), settings.warmUpSeconds()));
      Thread.sleep(settings.warmUpSeconds() * 1000L);
      List<String> paths = paths();
      var unused = half(paths, true);
      for (int i = 0; i < settings.rounds(); i++) {
        progress.accept("round %d of %d".formatted(i + 1, settings.rounds()));
        boolean quietFirst = i % 2 == 0;
        AdminResult.Half first = half(paths, !quietFirst);
        AdminResult.Half second = half(paths, quietFirst);
        rounds.add(
            quietFirst
                ? new AdminResult.Round(first, second)
                : new AdminResult.Round(second, first));
        if (ended.isDone()) {
          throw new IOException("the calls ended before the measurement");
        }
      }
      calls.stop();
      ended.get(LAST_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("the calls did not end well", e);
    }
    return new AdminResult(Machine.here(), settings, rounds);
  }

  private static String bare(URI address) {
    return address.resolve("/").toString().replaceAll("/$", "");
  }

  private Scenario scenario() throws IOException {
    int bots = settings.rooms() * settings.people();
    int seconds =
        settings.warmUpSeconds() + (2 * settings.rounds() + 2) * (settings.seconds() + 2) + 60;
    Path file = directory.resolve("calls.yaml");
    Files.writeString(
        file,
        """
        version: 1
        maxDuration: %1$ds
        target: {url: "%2$s", admin: "%3$s"}
        profiles:
          everybody:
            microphone: {}
            camera: {}
            receive: {audio: 2, video: %4$d, decryptOneIn: 16}
        scenarios:
          calls:
            executor: ramping-bots
            stages: [{duration: 5s, bots: %5$d}, {duration: %1$ds, bots: %5$d}]
            rooms: {name: bench-*, size: %6$d}
            roles: [{profile: everybody}]
        """
            .formatted(
                seconds,
                bare(server.http()),
                bare(server.admin()),
                Math.min(9, settings.people()),
                bots,
                settings.people()));
    try {
      return ScenarioReader.read(file);
    } catch (ScenarioException e) {
      throw new IllegalStateException("the bench's own scenario is wrong", e);
    }
  }

  private URI v1(String path) {
    return URI.create(bare(server.admin()) + "/v1/" + path);
  }

  /** What is asked, in turn: every kind of view, of each room and of somebody in it. */
  private List<String> paths() throws IOException, InterruptedException {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < settings.rooms(); i++) {
      String room = "rooms/bench-" + i;
      String people =
          http.send(
                  HttpRequest.newBuilder(v1(room + "/participants")).build(),
                  HttpResponse.BodyHandlers.ofString())
              .body();
      Matcher somebody = PARTICIPANT.matcher(people);
      if (!somebody.find()) {
        throw new IOException("nobody is in room bench-" + i + ": " + people);
      }
      String one = room + "/participants/" + somebody.group(1);
      Stream.of(
              "server",
              "rooms",
              room,
              room + "/participants",
              room + "/quality",
              one,
              one + "/timeline",
              one + "/diagnosis",
              room + "/queue",
              "sessions")
          .forEach(all::add);
    }
    return all;
  }

  private AdminResult.Half half(List<String> paths, boolean asks)
      throws IOException, InterruptedException {
    answered.set(0);
    failed.set(0);
    events.set(0);
    List<CompletableFuture<?>> streams = new ArrayList<>();
    for (int i = 0; asks && i < settings.rooms(); i++) {
      streams.add(listen("bench-" + i));
    }
    ServerSample before = sample();
    long beginNanos = System.nanoTime();
    long endNanos = beginNanos + TimeUnit.SECONDS.toNanos(settings.seconds());
    long sent = 0;
    while (System.nanoTime() < endNanos) {
      if (asks) {
        ask(paths.get((int) (sent % paths.size())));
      }
      sent++;
      long dueNanos = beginNanos + sent * 1_000_000_000L / settings.requestsPerSec();
      long waitNanos = Math.min(dueNanos, endNanos) - System.nanoTime();
      if (waitNanos > 0) {
        TimeUnit.NANOSECONDS.sleep(waitNanos);
      }
    }
    ServerSample after = sample();
    streams.forEach(stream -> stream.cancel(true));
    double packets = grown(before, after, FORWARDED);
    if (packets == 0) {
      throw new IOException("the server forwarded nothing");
    }
    return new AdminResult.Half(
        (long) packets,
        grown(before, after, WORKERS) * NANOS_A_SECOND / packets,
        grown(before, after, PROCESS) * NANOS_A_SECOND / packets,
        answered.get(),
        failed.get(),
        events.get());
  }

  private void ask(String path) {
    var unused =
        http.sendAsync(
                HttpRequest.newBuilder(v1(path)).build(), HttpResponse.BodyHandlers.discarding())
            .handle((response, failure) ->
                failure == null && response.statusCode() == 200
                    ? answered.incrementAndGet()
                    : failed.incrementAndGet());
  }

  private CompletableFuture<?> listen(String room) {
    return http.sendAsync(
        HttpRequest.newBuilder(v1("events?room=" + room)).build(),
        info ->
            HttpResponse.BodySubscribers.fromLineSubscriber(
                new Flow.Subscriber<String>() {
                  @Override
                  public void onSubscribe(Flow.Subscription subscription) {
                    subscription.request(Long.MAX_VALUE);
                  }

                  @Override
                  public void onNext(String line) {
                    events.addAndGet(line.startsWith("event:") ? 1 : 0);
                  }

                  @Override
                  public void onError(Throwable cut) {}

                  @Override
                  public void onComplete() {}
                }));
  }

  private ServerSample sample() throws IOException {
    return new ServerWatch(http, server.http(), Optional.of(server.admin()))
        .sampleNow()
        .orElseThrow(() -> new IOException("the server does not tell its counters"));
  }

  private static double grown(ServerSample before, ServerSample after, String name)
      throws IOException {
    return after
        .since(before, name)
        .orElseThrow(() -> new IOException("the server does not count " + name));
  }

  @Override
  public void close() throws IOException {
    http.shutdownNow();
    try {
      server.close();
    } finally {
      try (Stream<Path> files = Files.list(directory)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(directory);
    }
  }
}
