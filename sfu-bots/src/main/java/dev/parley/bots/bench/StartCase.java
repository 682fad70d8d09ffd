package dev.parley.bots.bench;

import dev.parley.bots.bench.SystemResult.CaseResult;
import dev.parley.bots.bench.SystemResult.Figure;
import dev.parley.bots.client.ClientLoop;
import dev.parley.bots.client.JoinPhase;
import dev.parley.bots.client.LightClient;
import dev.parley.bots.client.OpusSource;
import dev.parley.bots.client.WhipSignaling;
import dev.parley.core.dtls.DtlsIdentity;
import dev.parley.core.dtls.HandshakeExecutor;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** The whole server, from its start to the answer that its first participant gets. */
final class StartCase implements SystemCase {
  private static final double MOST_START_MILLIS = 700;
  private static final double MOST_RESIDENT_MB = 120;
  private static final int ANSWER_SECONDS = 20;

  /** The server's own warm-up is over then, and what it has left behind is given back. */
  private static final int IDLE_MILLIS = 15_000;

  private record Round(double millis, double residentMegabytes) {}

  @Override
  public String id() {
    return "start";
  }

  @Override
  public CaseResult run(SystemSettings settings, Consumer<String> progress)
      throws IOException, InterruptedException {
    Optional<Path> script = script();
    String what =
        "%s serve --dev, from exec to the answer to the first WHIP offer"
            .formatted(script.isPresent() ? "./sfu" : "java …");
    List<Round> rounds = new ArrayList<>();
    progress.accept("a start that fills the archive of classes");
    var unused = round(script, settings, 0);
    for (int i = 1; i <= settings.rounds(); i++) {
      progress.accept("start %d of %d".formatted(i, settings.rounds()));
      rounds.add(round(script, settings, IDLE_MILLIS));
    }
    return new CaseResult(
        id(),
        what,
        List.of(
            Figure.of(Measure.START_MS, Spread.of(rounds, Round::millis)).atMost(MOST_START_MILLIS),
            Figure.of(Measure.RSS_MB, Spread.of(rounds, Round::residentMegabytes))
                .atMost(MOST_RESIDENT_MB)),
        List.of("resident %d s after the first has left again".formatted(IDLE_MILLIS / 1_000)),
        List.of());
  }

  /** Where this is run by {@code ./sfu}, the server is, too. */
  private static Optional<Path> script() {
    return Optional.ofNullable(System.getProperty("parley.home"))
        .map(home -> Path.of(home, "sfu"))
        .filter(Files::isExecutable);
  }

  private static Round round(Optional<Path> script, SystemSettings settings, int idleMillis)
      throws IOException, InterruptedException {
    Path config = Files.createTempFile("sfu-bench", ".conf");
    try (HttpClient http = HttpClient.newHttpClient();
        HandshakeExecutor handshakes = new HandshakeExecutor();
        ClientLoop loop =
            new ClientLoop(
                "load-first",
                ClientLoop.Settings.anywhere(),
                DtlsIdentity.generate(),
                handshakes)) {
      Files.writeString(config, ServeProcess.ANY_PORTS);
      List<String> arguments = List.of("--dev", "--config", config.toString());
      long begin = System.nanoTime();
      try (ServeProcess server =
          script.isPresent()
              ? ServeProcess.run(script.get(), settings.serverOptions(), arguments)
              : ServeProcess.start(settings.serverOptions(), arguments)) {
        LightClient first =
            loop.join(
                "first",
                LightClient.Plan.publisher(new OpusSource(new SplittableRandom(settings.seed()))),
                new WhipSignaling(http, server.http(), "start", Optional.empty()));
        await(first);
        double millis = (System.nanoTime() - begin) / 1e6;
        var unused = loop.leave(first).join();
        Thread.sleep(idleMillis);
        return new Round(millis, MemorySample.residentBytes(server.pid()) / 1e6);
      }
    } finally {
      Files.delete(config);
    }
  }

  private static void await(LightClient client) throws IOException, InterruptedException {
    try {
      var unused = client.reached(JoinPhase.ANSWER).get(ANSWER_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("the first participant was not let in: " + e.getMessage(), e);
    }
  }
}
