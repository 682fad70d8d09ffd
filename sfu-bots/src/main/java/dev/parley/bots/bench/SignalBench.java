package dev.parley.bots.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Rooms of different sizes on one server, and newcomers without media who join them in turn, each
 * when everybody has heard that the one before has left. Then the same with rooms whose people have
 * lost their connections: they are in the list, but nobody has to be told.
 */
final class SignalBench implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 20;
  private static final double NANOS_PER_MILLI = 1e6;
  private static final String JOINED = "{\"type\":\"participant.joined\"";
  private static final String LEFT = "{\"type\":\"participant.left\"";

  /** Connections beside those of the people in the rooms. */
  private static final int SPARE = 100;

  private final SignalSettings settings;
  private final Consumer<String> progress;
  private final Path config;
  private final ServeProcess server;

  /** Newcomers have a selector of their own, so that they do not queue behind the others' news. */
  private final HttpClient newcomers = HttpClient.newHttpClient();

  private final HttpClient residents = HttpClient.newHttpClient();
  private final List<Crowd> crowds = new ArrayList<>();

  SignalBench(SignalSettings settings, List<String> serverJvmOptions, Consumer<String> progress)
      throws IOException {
    this.settings = settings;
    this.progress = progress;
    int most = settings.people().stream().mapToInt(Integer::intValue).sum() + SPARE;
    this.config = Files.createTempFile("sfu-bench", ".conf");
    Files.writeString(
        config,
        """
        http.port = 0
        admin.port = 0
        media.udp.port = 0
        limits.connections = %d
        limits.connectionsPerAddress = %d
        limits.roomParticipants = %d
        signaling.silenceTimeoutSec = 600
        signaling.resumeGraceSec = 3600
        """
            .formatted(most, most, most));
    this.server =
        ServeProcess.start(serverJvmOptions, List.of("--dev", "--config", config.toString()));
  }

  SignalResult run() throws IOException {
    for (int people : settings.people()) {
      progress.accept("a room with %d people".formatted(people));
      Crowd crowd = new Crowd("crowd-" + crowds.size());
      crowds.add(crowd);
      for (int i = 0; i < people; i++) {
        crowd.add();
      }
    }
    progress.accept(
        "%d joins of each, after %d of warm-up"
            .formatted(settings.joins(), settings.warmUpJoins()));
    visits(settings.warmUpJoins(), (crowd, join) -> {});
    visits(settings.joins(), (crowd, join) -> crowd.heard.add(join));
    progress.accept("the same with people who have lost their connections");
    crowds.forEach(Crowd::fallSilent);
    visits(settings.warmUpJoins(), (crowd, join) -> {});
    visits(settings.joins(), (crowd, join) -> crowd.unheard.add(join));
    return new SignalResult(Machine.here(), settings, crowds.stream().map(Crowd::result).toList());
  }

  private void visits(int rounds, BiConsumer<Crowd, SignalResult.Join> found) throws IOException {
    for (int i = 0; i < rounds; i++) {
      for (Crowd crowd : crowds) {
        found.accept(crowd, crowd.visit());
      }
    }
  }

  private static ObjectNode data() {
    return SignalSocket.JSON.createObjectNode();
  }

  private static ObjectNode hello() {
    ObjectNode data = data();
    data.putArray("versions").add(1);
    return data;
  }

  private static ObjectNode join(String room) {
    return data().put("room", room);
  }

  /** Something that everybody in a room is to hear of. */
  private static final class News {
    private final AtomicInteger untold;
    private final CompletableFuture<Long> lastHeardNanos = new CompletableFuture<>();

    News(int people) {
      this.untold = new AtomicInteger(people);
      if (people == 0) {
        lastHeardNanos.complete(System.nanoTime());
      }
    }

    void heard() {
      if (untold.decrementAndGet() == 0) {
        lastHeardNanos.complete(System.nanoTime());
      }
    }

    /** Waits for the last one. */
    long lastHeardNanos() throws IOException {
      try {
        return lastHeardNanos.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      } catch (ExecutionException | TimeoutException e) {
        throw new IOException(
            "%d people in the room did not hear of it within %d s"
                .formatted(untold.get(), PATIENCE_SECONDS),
            e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while people were told", e);
      }
    }
  }

  /** A room and the people who stay in it. */
  private final class Crowd {
    private final String room;
    private final List<SignalSocket> people = new ArrayList<>();
    private final List<SignalResult.Join> heard = new ArrayList<>();
    private final List<SignalResult.Join> unheard = new ArrayList<>();
    private int size;
    private int replyBytes;
    private int listBytes;

    private volatile News news = new News(0);

    Crowd(String room) {
      this.room = room;
    }

    private void hear(String event) {
      if (event.startsWith(JOINED) || event.startsWith(LEFT)) {
        news.heard();
      }
    }

    void add() throws IOException {
      SignalSocket socket = SignalSocket.open(residents, server.http(), this::hear);
      var unused = socket.ok("hello", hello());
      news = new News(people.size());
      unused = socket.ok("join", join(room));
      long unusedNanos = news.lastHeardNanos();
      people.add(socket);
      size++;
    }

    /** The places are kept, and nobody is there to be told of anything. */
    void fallSilent() {
      people.forEach(SignalSocket::close);
      people.clear();
    }

    /** Somebody comes and goes. */
    SignalResult.Join visit() throws IOException {
      try (SignalSocket visitor = SignalSocket.open(newcomers, server.http(), event -> {})) {
        SignalSocket.Reply hello = visitor.ok("hello", hello());
        SignalSocket.Reply ping = visitor.ok("ping", data().put("t", 0));
        news = new News(people.size());
        long sentNanos = System.nanoTime();
        SignalSocket.Reply joined = visitor.ok("join", join(room));
        long toldNanos = people.isEmpty() ? sentNanos : news.lastHeardNanos();
        replyBytes = joined.bytes();
        listBytes = SignalSocket.JSON.writeValueAsBytes(joined.data().path("participants")).length;
        news = new News(people.size());
        var unused = visitor.ok("bye", data());
        long unusedNanos = news.lastHeardNanos();
        return new SignalResult.Join(
            hello.tookNanos() / NANOS_PER_MILLI,
            ping.tookNanos() / NANOS_PER_MILLI,
            joined.tookNanos() / NANOS_PER_MILLI,
            (toldNanos - sentNanos) / NANOS_PER_MILLI);
      }
    }

    SignalResult.Room result() {
      return new SignalResult.Room(size, heard, unheard, replyBytes, listBytes);
    }
  }

  @Override
  public void close() throws IOException {
    crowds.forEach(crowd -> crowd.people.forEach(SignalSocket::close));
    newcomers.shutdownNow();
    residents.shutdownNow();
    try {
      server.close();
    } finally {
      Files.deleteIfExists(config);
    }
  }
}
