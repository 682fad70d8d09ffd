package dev.parley.bots.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.bots.client.ClientWay;
import dev.parley.bots.client.Signaling;
import dev.parley.core.api.MediaRoom.JoinOffer;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;

/** The parent's end of a {@link BenchServer}, and the way into its rooms. Any thread. */
final class ServerProcess implements Signaling, AutoCloseable {
  private static final int REPLY_SECONDS = 30;
  private static final int LAST_LINES = 12;
  private static final String ONLY_ROOM = "bench";

  /**
   * How it is started.
   *
   * @param jvmOptions behind those that every JVM of the project has
   * @param relay whether it has a relay as well
   * @param workers of the media server
   * @param launcher what starts it, in front of the command, for instance {@code taskset}
   */
  record Settings(List<String> jvmOptions, boolean relay, int workers, List<String> launcher) {
    Settings {
      jvmOptions = List.copyOf(jvmOptions);
      launcher = List.copyOf(launcher);
    }

    /** One worker, on all cores. */
    static Settings plain(List<String> jvmOptions) {
      return new Settings(jvmOptions, false, 1, List.of());
    }
  }

  private final ObjectMapper json = new ObjectMapper();
  private final Process process;
  private final BufferedWriter requests;
  private final Path log;
  private final AtomicLong lastId = new AtomicLong();
  private final Map<Long, CompletableFuture<Reply>> waiting = new ConcurrentHashMap<>();

  /**
   * Starts the process.
   *
   * @throws IOException when it cannot be started
   */
  ServerProcess(Settings settings) throws IOException {
    List<String> command = new ArrayList<>(settings.launcher());
    command.addAll(JavaCommand.begin());
    command.addAll(settings.jvmOptions());
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(BenchServer.class.getName());
    if (settings.relay()) {
      command.add(BenchServer.RELAY);
    }
    command.add(BenchServer.WORKERS);
    command.add(Integer.toString(settings.workers()));
    this.log = Files.createTempFile("sfu-bench", ".log");
    this.process = new ProcessBuilder(command).redirectError(log.toFile()).start();
    this.requests = process.outputWriter(StandardCharsets.UTF_8);
    Thread.ofVirtual().name("bench-replies").start(this::readReplies);
  }

  private void readReplies() {
    try (BufferedReader replies = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = replies.readLine(); line != null; line = replies.readLine()) {
        // The JVM itself may have something to say, for instance that a recording has begun.
        if (line.startsWith("{")) {
          Reply reply = json.readValue(line, Reply.class);
          CompletableFuture<Reply> future = waiting.remove(reply.id());
          if (future != null) {
            future.complete(reply);
          }
        }
      }
      end(new IOException("the server's process ended" + lastLines()));
    } catch (IOException e) {
      end(e);
    }
  }

  private void end(IOException reason) {
    waiting.values().forEach(f -> f.completeExceptionally(reason));
  }

  private String lastLines() {
    try {
      List<String> lines = Files.readAllLines(log);
      List<String> last = lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size());
      return last.isEmpty() ? " without a word" : "; its last words:\n" + String.join("\n", last);
    } catch (IOException e) {
      return "; its log cannot be read: " + e.getMessage();
    }
  }

  private CompletableFuture<Reply> ask(LongFunction<Request> request) {
    long id = lastId.incrementAndGet();
    CompletableFuture<Reply> reply = new CompletableFuture<>();
    waiting.put(id, reply);
    try {
      String line = json.writeValueAsString(request.apply(id));
      synchronized (requests) {
        requests.write(line);
        requests.newLine();
        requests.flush();
      }
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a request cannot be written as JSON", e);
    } catch (IOException e) {
      waiting.remove(id);
      reply.completeExceptionally(new IOException("the server's process is gone" + lastLines(), e));
    }
    return reply;
  }

  private Reply await(CompletableFuture<Reply> reply, int seconds) throws IOException {
    try {
      return reply.get(seconds, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new IOException(e.getCause() == null ? e.getMessage() : e.getCause().getMessage(), e);
    } catch (TimeoutException e) {
      throw new IOException("the server's process did not reply in " + seconds + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for the server's process", e);
    }
  }

  private <T extends Reply> T expect(Class<T> type, Reply reply) throws IOException {
    if (reply instanceof Reply.Refused refused) {
      throw new IOException(refused.reason());
    }
    if (!type.isInstance(reply)) {
      throw new IOException("the server's process replied to something else: " + reply);
    }
    return type.cast(reply);
  }

  /** What it has used so far. */
  ServerSample sample() throws IOException {
    return expect(Reply.Sampled.class, await(ask(Request.Sample::new), REPLY_SECONDS)).sample();
  }

  /** What it holds now, after a collection. */
  MemorySample memory() throws IOException {
    return expect(Reply.Held.class, await(ask(Request.Memory::new), REPLY_SECONDS)).sample();
  }

  /** The way through its relay, for an hour, by an account in the owner's name. */
  ClientWay.Relay relay(String owner, boolean tls) throws IOException {
    Reply.RelayOpen open =
        expect(
            Reply.RelayOpen.class,
            await(ask(id -> new Request.OpenRelay(id, owner, tls)), REPLY_SECONDS));
    return new ClientWay.Relay(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), open.port()),
        tls,
        open.username(),
        open.password());
  }

  /** Measures the floor in it; returns when that is done. */
  Floor.Run floor(Floor.Plan plan) throws IOException {
    int seconds = plan.millis() / 1_000 + REPLY_SECONDS;
    CompletableFuture<Reply> reply = ask(id -> new Request.RunFloor(id, plan));
    return expect(Reply.FloorDone.class, await(reply, seconds)).run();
  }

  /** The way into the room of those that need only one. */
  @Override
  public CompletionStage<Joined> join(Offer offer) {
    return join(ONLY_ROOM, offer);
  }

  /** The way into one of many rooms. Participants' ids are unique in all of them. */
  Signaling room(String name) {
    return offer -> join(name, offer);
  }

  private CompletionStage<Joined> join(String room, Offer offer) {
    JoinOffer joinOffer = new JoinOffer(offer.participantId(), offer.sdp(), offer.tracks());
    return ask(id -> new Request.Join(id, room, joinOffer))
        .thenCompose(reply -> {
          try {
            String answerSdp = expect(Reply.Joined.class, reply).answerSdp();
            return CompletableFuture.completedFuture(new Place(offer.participantId(), answerSdp));
          } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
          }
        });
  }

  private final class Place implements Joined {
    private final String participantId;
    private final String answerSdp;

    Place(String participantId, String answerSdp) {
      this.participantId = participantId;
      this.answerSdp = answerSdp;
    }

    @Override
    public String answerSdp() {
      return answerSdp;
    }

    @Override
    public void leave() {
      var unused = ask(id -> new Request.Leave(id, participantId));
    }
  }

  /** Ends the process. */
  @Override
  public void close() throws IOException {
    try {
      requests.close();
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      process.destroyForcibly();
    } finally {
      Files.deleteIfExists(log);
    }
  }
}
