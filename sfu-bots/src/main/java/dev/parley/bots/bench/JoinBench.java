package dev.parley.bots.bench;

import dev.parley.bots.client.ClientLoop;
import dev.parley.bots.client.JoinPhase;
import dev.parley.bots.client.LightClient;
import dev.parley.bots.client.OpusSource;
import dev.parley.bots.client.Signaling;
import dev.parley.bots.client.Vp8Source;
import dev.parley.bots.client.WhipSignaling;
import dev.parley.core.dtls.DtlsIdentity;
import dev.parley.core.dtls.HandshakeExecutor;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One publisher; viewers come one after the other, and leave with their first picture. */
final class JoinBench implements AutoCloseable {
  private static final int JOIN_SECONDS = 20;

  /** Joins fall anywhere between two frames of the publisher. */
  private static final int FRAME_MILLIS = 34;

  private final JoinSettings settings;
  private final Consumer<String> progress;
  private final Signaling signaling;
  private final AutoCloseable server;
  private final HandshakeExecutor handshakes = new HandshakeExecutor();
  private final ClientLoop publishing;
  private final ClientLoop viewing;
  private final SplittableRandom random;

  JoinBench(
      JoinSettings settings,
      Optional<String> token,
      List<String> serverJvmOptions,
      Consumer<String> progress)
      throws IOException {
    this.settings = settings;
    this.progress = progress;
    this.random = new SplittableRandom(settings.seed());
    if (settings.url().isPresent()) {
      HttpClient http = HttpClient.newHttpClient();
      this.server = http;
      this.signaling =
          new WhipSignaling(http, URI.create(settings.url().get()), settings.room(), token);
    } else {
      ServerProcess process = new ServerProcess(ServerProcess.Settings.plain(serverJvmOptions));
      this.server = process;
      this.signaling = process;
    }
    DtlsIdentity identity = DtlsIdentity.generate();
    ClientLoop.Settings sockets =
        settings.url().isPresent()
            ? ClientLoop.Settings.anywhere()
            : ClientLoop.Settings.loopback();
    this.publishing = new ClientLoop("load-publisher", sockets, identity, handshakes);
    this.viewing = new ClientLoop("load-viewers", sockets, identity, handshakes);
  }

  JoinResult run() throws IOException, InterruptedException {
    Vp8Source.Shape camera = Vp8Source.Shape.camera();
    LightClient publisher =
        publishing.join(
            "publisher",
            LightClient.Plan.publisher(
                new OpusSource(random.split()),
                new Vp8Source(
                    new Vp8Source.Shape(
                        camera.framesPerSecond(),
                        camera.packetsPerFrame(),
                        camera.packetsPerKeyFrame(),
                        camera.payloadBytes(),
                        camera.width(),
                        camera.height(),
                        settings.keyFramesAtOnce()),
                    random.split())),
            signaling);
    await(publisher, JoinPhase.DTLS);
    progress.accept("warm-up: %d joins that are not counted".formatted(settings.warmUpJoins()));
    for (int i = 0; i < settings.warmUpJoins(); i++) {
      var unused = join("warm-up-" + i);
    }
    progress.accept("measuring %d joins".formatted(settings.joins()));
    Map<JoinPhase, List<Double>> millis = new EnumMap<>(JoinPhase.class);
    long repeats = 0;
    for (int i = 0; i < settings.joins(); i++) {
      LightClient viewer = join("viewer-" + i);
      repeats += viewer.handshakeRepeats();
      for (JoinPhase phase : JoinPhase.values()) {
        millis
            .computeIfAbsent(phase, p -> new ArrayList<>())
            .add(viewer.reached(phase).join() / 1e6);
      }
    }
    return new JoinResult(Machine.here(), settings, millis, repeats);
  }

  private LightClient join(String participantId) throws IOException, InterruptedException {
    Thread.sleep(settings.pauseMillis() + random.nextInt(FRAME_MILLIS));
    LightClient viewer = viewing.join(participantId, LightClient.Plan.viewer(1), signaling);
    for (JoinPhase phase : JoinPhase.values()) {
      await(viewer, phase);
    }
    CompletableFuture<Boolean> left = viewing.leave(viewer);
    left.join();
    return viewer;
  }

  private static void await(LightClient client, JoinPhase phase)
      throws IOException, InterruptedException {
    try {
      var unused = client.reached(phase).get(JOIN_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      @Nullable Throwable cause = e.getCause();
      throw new IOException(
          "%s did not reach \"%s\": %s"
              .formatted(
                  client.participantId(),
                  phase.title(),
                  cause == null ? "nothing for " + JOIN_SECONDS + " s" : cause.getMessage()),
          e);
    }
  }

  @Override
  public void close() throws IOException {
    viewing.close();
    publishing.close();
    handshakes.close();
    try {
      server.close();
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("the server cannot be closed", e);
    }
  }
}
