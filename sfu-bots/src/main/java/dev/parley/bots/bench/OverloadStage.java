package dev.parley.bots.bench;

import dev.parley.bots.bench.OverloadResult.Point;
import dev.parley.bots.client.ClientLoop;
import dev.parley.bots.client.JoinPhase;
import dev.parley.bots.client.LightClient;
import dev.parley.bots.client.OpusSource;
import dev.parley.bots.client.ReceivedStream;
import dev.parley.bots.client.RtpSource;
import dev.parley.bots.client.Signaling;
import dev.parley.bots.client.VideoFormat;
import dev.parley.bots.client.WhipSignaling;
import dev.parley.bots.measure.ServerSample;
import dev.parley.bots.measure.ServerWatch;
import dev.parley.bots.media.CameraSource;
import dev.parley.bots.media.Encoding;
import dev.parley.bots.media.TransportNumbers;
import dev.parley.core.api.TrackSource;
import dev.parley.core.dtls.DtlsIdentity;
import dev.parley.core.dtls.HandshakeExecutor;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A whole server with one worker, people who publish by WHIP, and viewers who come by WHEP. The
 * caller's thread.
 */
final class OverloadStage implements AutoCloseable {
  private static final String ROOM = "overload";
  private static final int JOIN_SECONDS = 30;
  private static final int DECRYPT_ONE_IN = 256;
  private static final int STAMP_KEY = 0x10ad;

  /** People come one after the other, so that the load of one can show before the next. */
  private static final int JOIN_PAUSE_MS = 25;

  private static final int UNAVAILABLE = 503;
  private static final int PUBLISH_ATTEMPTS = 30;
  private static final double VOICE_PACKETS_PER_SEC = 50;
  private static final String BUSY = "sfu_worker_busy_seconds_total";
  private static final String FORWARDED = "sfu_media_rtp_forwarded_total";
  private static final String FORWARDING = "sfu_media_forwarding_seconds";
  private static final String LOAD = "sfu_worker_load_ratio";
  private static final String LEVEL = "sfu_worker_shedding_level";

  private final OverloadSettings settings;
  private final Held held = new Held();
  private final ServeProcess server;
  private final HttpClient http = HttpClient.newHttpClient();
  private final HandshakeExecutor handshakes = new HandshakeExecutor();
  private final ClientLoop publishing;
  private final ClientLoop viewing;
  private final WhipSignaling signaling;

  /** Who was refused since there was no place. */
  private final Set<String> refused = ConcurrentHashMap.newKeySet();

  private final List<LightClient> viewers = new ArrayList<>();
  private int offered;
  private int lastId;

  /** {@code fullPercent}: from which load on newcomers are refused; 0: never. */
  OverloadStage(OverloadSettings settings, int fullPercent, List<String> serverJvmOptions)
      throws IOException, InterruptedException {
    this.settings = settings;
    try {
      this.server = start(config(fullPercent), serverJvmOptions);
      held.add(http::shutdownNow);
      held.add(handshakes::close);
      DtlsIdentity identity = DtlsIdentity.generate();
      this.publishing = loop("load-publishers", identity);
      this.viewing = loop("load-viewers", identity);
      this.signaling = new WhipSignaling(http, server.http(), ROOM, Optional.empty());
      publish();
    } catch (IOException | InterruptedException | RuntimeException e) {
      held.closeAfter(e);
      throw e;
    }
  }

  private ServeProcess start(String config, List<String> jvmOptions) throws IOException {
    Path file = Files.createTempFile("sfu-bench", ".conf");
    held.add(() -> Files.deleteIfExists(file));
    Files.writeString(file, config);
    ServeProcess started =
        ServeProcess.start(jvmOptions, List.of("--dev", "--config", file.toString()));
    held.add(started::close);
    return started;
  }

  private ClientLoop loop(String name, DtlsIdentity identity) throws IOException {
    ClientLoop loop = new ClientLoop(name, ClientLoop.Settings.anywhere(), identity, handshakes);
    held.add(loop::close);
    return loop;
  }

  private String config(int fullPercent) {
    return """
    http.port = 0
    admin.port = 0
    media.udp.port = 0
    media.tcp.port = 0
    media.workers = 1
    limits.connections = 100000
    limits.connectionsPerAddress = 100000
    limits.roomParticipants = 100000
    limits.fullLoadPercent = %d
    limits.shedLoadPercent = %d
    """
        .formatted(fullPercent, settings.limitPercent());
  }

  private void publish() throws IOException, InterruptedException {
    SplittableRandom random = new SplittableRandom(settings.seed());
    for (int i = 0; i < settings.cameras(); i++) {
      List<RtpSource> sources = new ArrayList<>();
      sources.add(
          new CameraSource(
              TrackSource.CAMERA,
              VideoFormat.VP8,
              List.of(
                  new Encoding("q", 320, 180, 30, 150_000),
                  new Encoding("h", 640, 360, 30, 500_000),
                  new Encoding("f", 1280, 720, 30, settings.kbps() * 1000L)),
              STAMP_KEY,
              new TransportNumbers(),
              random.split()));
      if (i == 0) {
        sources.add(new OpusSource(random.split()));
      }
      LightClient.Plan plan = LightClient.Plan.publisher(sources.toArray(RtpSource[]::new));
      publish("publisher-" + i, plan);
    }
  }

  /** A server that has just started is busy with that, and may say so. */
  private void publish(String id, LightClient.Plan plan) throws IOException, InterruptedException {
    for (int attempt = 0; attempt < PUBLISH_ATTEMPTS; attempt++) {
      LightClient publisher = publishing.join(id, plan, this::join);
      if (isIn(publisher)) {
        return;
      }
      var unused = publishing.leave(publisher).join();
      rest(1);
    }
    throw new IOException("the server refused a publisher for " + PUBLISH_ATTEMPTS + " s");
  }

  /** The way in, which remembers whom the server had no place for. Any thread. */
  private CompletionStage<Signaling.Joined> join(Signaling.Offer offer) {
    refused.remove(offer.participantId());
    return signaling
        .join(offer)
        .whenComplete((joined, e) -> {
          Throwable cause = e instanceof CompletionException ? e.getCause() : e;
          if (cause instanceof WhipSignaling.RefusedException why && why.status() == UNAVAILABLE) {
            refused.add(offer.participantId());
          }
        });
  }

  /** Viewers come until so many have tried. */
  void bring(int all) throws IOException, InterruptedException {
    LightClient.Plan plan = new LightClient.Plan(List.of(), 1, settings.cameras(), DECRYPT_ONE_IN);
    List<LightClient> newcomers = new ArrayList<>();
    for (; offered < all; offered++) {
      newcomers.add(viewing.join("viewer-" + lastId++, plan, this::join));
      Thread.sleep(JOIN_PAUSE_MS);
    }
    for (LightClient newcomer : newcomers) {
      if (isIn(newcomer)) {
        viewers.add(newcomer);
      } else {
        var unused = viewing.leave(newcomer).join();
      }
    }
  }

  /** False: there was no place. */
  private boolean isIn(LightClient client) throws IOException, InterruptedException {
    try {
      var unused = client.reached(JoinPhase.DTLS).get(JOIN_SECONDS, TimeUnit.SECONDS);
      return true;
    } catch (ExecutionException e) {
      if (refused.contains(client.participantId())) {
        return false;
      }
      throw new IOException(e.getMessage(), e);
    } catch (TimeoutException e) {
      throw new IOException(client.participantId() + " is not connected after 30 s", e);
    }
  }

  void rest(int seconds) throws InterruptedException {
    TimeUnit.SECONDS.sleep(seconds);
  }

  /** All viewers leave. */
  void empty() throws InterruptedException {
    for (LightClient viewer : viewers) {
      var unused = viewing.leave(viewer).join();
    }
    viewers.clear();
    offered = 0;
    rest(2);
  }

  /** What all viewers have received so far. */
  private record Received(long videoBytes, long voicePackets, long voicesLost) {}

  private Received received() {
    return viewing
        .call(() -> {
          long bytes = 0;
          long packets = 0;
          long lost = 0;
          for (LightClient viewer : viewers) {
            for (ReceivedStream stream : viewer.streams()) {
              bytes += stream.video() ? stream.bytes() : 0;
              packets += stream.video() ? 0 : stream.packets();
              lost += stream.video() ? 0 : stream.lost();
            }
          }
          return new Received(bytes, packets, lost);
        })
        .join();
  }

  Point measure(int percent) throws IOException, InterruptedException {
    ServerSample from = sample();
    Received before = received();
    long cpuBefore = ThreadUse.cpuNanos(viewing.threadId());
    rest(settings.seconds());
    ServerSample to = sample();
    Received after = received();
    double seconds = (to.nanos() - from.nanos()) / 1e9;
    double cpu = (ThreadUse.cpuNanos(viewing.threadId()) - cpuBefore) / 1e9;
    double videoBps = (after.videoBytes() - before.videoBytes()) * 8 / seconds;
    double wantedBps = (double) viewers.size() * settings.cameras() * settings.kbps() * 1000;
    double voicesSent = viewers.size() * VOICE_PACKETS_PER_SEC * seconds;
    double voices = after.voicePackets() - before.voicePackets();
    double lost = after.voicesLost() - before.voicesLost();
    return new Point(
        percent,
        offered,
        viewers.size(),
        grown(from, to, FORWARDED) / seconds,
        videoBps,
        videoBps / Math.max(1, wantedBps),
        Math.min(1, (voices + viewers.size()) / Math.max(1, voicesSent)),
        Math.max(0, lost) / Math.max(1, voices + lost),
        grown(from, to, BUSY) / seconds,
        to.value(LOAD).orElse(0),
        to.value(LEVEL).orElse(0),
        1000 * to.quantileSince(from, FORWARDING, 0.5).orElse(-0.001),
        1000 * to.quantileSince(from, FORWARDING, 0.99).orElse(-0.001),
        cpu / seconds);
  }

  private ServerSample sample() throws IOException {
    return new ServerWatch(http, server.http(), Optional.of(server.admin()))
        .sampleNow()
        .orElseThrow(() -> new IOException("the server does not tell its counters"));
  }

  private static double grown(ServerSample from, ServerSample to, String name) throws IOException {
    return to.since(from, name)
        .orElseThrow(() -> new IOException("the server does not count " + name));
  }

  @Override
  public void close() throws IOException {
    held.close();
  }
}
