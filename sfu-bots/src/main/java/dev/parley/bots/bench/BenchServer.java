package dev.parley.bots.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.core.api.MediaRoom;
import dev.parley.core.api.MediaServer.Metric;
import dev.parley.core.api.MediaSession;
import dev.parley.core.api.SilentListener;
import dev.parley.core.net.TurnRelay;
import dev.parley.core.server.MediaConfig;
import dev.parley.core.server.SfuServer;
import dev.parley.core.server.TurnConfig;
import dev.parley.core.turn.TurnCredentials;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A media server, with one worker unless it is asked for more, in a process of its own: a {@link
 * Request} on each line of its input, a {@link Reply} on each of its output. Ends with its input.
 */
public final class BenchServer {
  /** The argument that asks for a relay. */
  static final String RELAY = "--relay";

  /** The argument before the number of workers. */
  static final String WORKERS = "--workers";

  private static final String MEDIA_THREAD = "media-";
  private static final String SECRET = "of this benchmark alone";
  private static final long HOUR_SEC = 3600;

  private final ObjectMapper json = new ObjectMapper();
  private final PrintStream replies;
  private final SfuServer server;
  private final Map<String, MediaRoom> rooms = new ConcurrentHashMap<>();
  private final long[] mediaThreads;
  private final Map<String, MediaSession> sessions = new ConcurrentHashMap<>();

  private BenchServer(PrintStream replies, boolean relay, int workers) throws IOException {
    this.replies = replies;
    this.server = new SfuServer(media(workers), relay ? Optional.of(turn()) : Optional.empty());
    this.mediaThreads = ThreadUse.idsOf(MEDIA_THREAD, workers);
  }

  private static MediaConfig media(int workers) {
    return MediaConfig.loopback().withWorkers(workers);
  }

  private static TurnConfig turn() throws IOException {
    BenchCertificate own = BenchCertificate.make();
    TurnConfig plain = TurnConfig.loopback(SECRET);
    return new TurnConfig(
        plain.bindAddress(),
        plain.port(),
        Optional.of(new TurnRelay.Tls(0, own.certificate(), own.key())),
        plain.connections(),
        plain.settings());
  }

  /** Started by {@link ServerProcess}. */
  public static void main(String[] arguments) throws IOException {
    PrintStream replies = System.out;
    // Whatever logs to the standard output must not come between the replies.
    System.setOut(System.err);
    List<String> given = List.of(arguments);
    int workers = given.indexOf(WORKERS) + 1;
    BenchServer bench =
        new BenchServer(
            replies,
            given.contains(RELAY),
            workers == 0 ? 1 : Integer.parseInt(given.get(workers)));
    try (BufferedReader requests =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = requests.readLine(); line != null; line = requests.readLine()) {
        bench.handle(bench.json.readValue(line, Request.class));
      }
    } finally {
      bench.server.close();
    }
  }

  private void handle(Request request) throws IOException {
    switch (request) {
      case Request.Join join -> join(join);
      case Request.Leave leave -> {
        MediaSession session = sessions.remove(leave.participantId());
        if (session != null) {
          session.close();
        }
        reply(new Reply.Left(leave.id()));
      }
      case Request.Sample sample -> reply(new Reply.Sampled(sample.id(), sample()));
      case Request.Memory memory ->
          reply(new Reply.Held(memory.id(), MemorySample.ofThisProcess()));
      case Request.OpenRelay open -> reply(relay(open));
      case Request.RunFloor floor -> {
        Reply done;
        try {
          done = new Reply.FloorDone(floor.id(), Floor.run(floor.plan()));
        } catch (IOException | RuntimeException e) {
          done = new Reply.Refused(floor.id(), "the floor cannot be measured: " + e.getMessage());
        }
        reply(done);
      }
    }
  }

  private Reply relay(Request.OpenRelay open) {
    TurnRelay relay = server.relay().orElseThrow();
    InetSocketAddress at = open.tls() ? relay.tlsAddress().orElseThrow() : relay.localAddress();
    TurnCredentials.Minted minted =
        new TurnCredentials(SECRET)
            .mint(open.owner(), System.currentTimeMillis() / 1000 + HOUR_SEC);
    return new Reply.RelayOpen(open.id(), at.getPort(), minted.username(), minted.password());
  }

  private void join(Request.Join join) {
    MediaRoom room = rooms.computeIfAbsent(join.room(), id -> server.openRoom(id, speakers -> {}));
    var unused =
        room.join(join.offer(), new SilentListener())
            .whenComplete((session, e) -> {
              if (session == null) {
                reply(new Reply.Refused(join.id(), message(e)));
              } else {
                sessions.put(session.participantId(), session);
                reply(new Reply.Joined(join.id(), session.answer().sdp()));
              }
            });
  }

  private static String message(@Nullable Throwable e) {
    return e == null || e.getMessage() == null ? "no reason was given" : e.getMessage();
  }

  private ServerSample sample() {
    return new ServerSample(
        System.nanoTime(),
        Arrays.stream(mediaThreads).map(ThreadUse::cpuNanos).boxed().toList(),
        ThreadUse.processCpuNanos(),
        ThreadUse.sum(mediaThreads, ThreadUse::allocatedBytes),
        ThreadUse.collections(),
        totals(false),
        totals(true));
  }

  private Map<String, Long> totals(boolean drops) {
    return server.metrics().stream()
        .filter(m -> m.dropReason() == drops)
        .collect(Collectors.toMap(Metric::id, Metric::total));
  }

  private void reply(Reply reply) {
    try {
      String line = json.writeValueAsString(reply);
      synchronized (replies) {
        replies.println(line);
        replies.flush();
      }
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a reply cannot be written as JSON", e);
    }
  }
}
