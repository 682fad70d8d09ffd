package dev.parley.bots.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.core.api.MediaRoom;
import dev.parley.core.api.MediaRoom.JoinOffer;
import dev.parley.core.api.MediaRoom.TrackPublication;
import dev.parley.core.api.MediaSession;
import dev.parley.core.api.TrackSource;
import dev.parley.core.fixtures.network.LinkConditions;
import dev.parley.core.fixtures.network.UdpRelay;
import dev.parley.core.sdp.LocalParameters;
import dev.parley.core.sdp.OfferParameters;
import dev.parley.core.sdp.SdpOfferWriter;
import dev.parley.core.server.MediaConfig;
import dev.parley.core.server.SfuServer;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.ServerWebSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * As little of {@code sfu.v1} as bots need, over the true media engine, with faults on purpose: a
 * load tool that cannot fail proves nothing. Everything but media is on one event loop.
 */
final class FaultyServer implements AutoCloseable {
  /** What it does wrong. */
  enum Fault {
    /** Answers name other SSRCs than those that are sent. */
    WRONG_SSRC,
    /** One packet in ten does not reach the bots. */
    DROPPED_PACKETS,
    /** Publishers are asked for a key frame only now and then. */
    LATE_KEY_FRAMES,
    /** Answers name another ICE password than the server's. */
    WRONG_PASSWORD,
    /** A request to join has no answer. */
    SILENT_DOOR,
    /** Who came last is let in first. */
    WRONG_QUEUE_ORDER
  }

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int USUAL_INTERVAL_MS = 100;
  private static final int LATE_INTERVAL_MS = 2_500;
  private static final double LOSS = 0.1;
  private static final Pattern SSRC = Pattern.compile("a=ssrc:(\\d+) ");
  private static final Pattern CANDIDATE =
      Pattern.compile("(a=candidate:\\S+ 1 udp \\d+ \\S+) (\\d+)");

  private final Set<Fault> faults;
  private final SfuServer media;
  private final UdpRelay relay;
  private final Vertx vertx = Vertx.vertx();
  private final Map<String, MediaRoom> rooms = new HashMap<>();
  private final Deque<Waiting> queue = new ArrayDeque<>();
  private final int seats;
  private final int port;
  private int taken;
  private int lastId;

  private record Waiting(ServerWebSocket socket, String ticketId) {}

  private static final class Client {
    private final ServerWebSocket socket;
    private MediaSession session;
    private boolean seated;

    Client(ServerWebSocket socket) {
      this.socket = socket;
    }
  }

  /**
   * @param seats for people; those beyond wait
   */
  FaultyServer(int seats, Fault... faults) throws IOException {
    this.faults = EnumSet.noneOf(Fault.class);
    this.faults.addAll(Arrays.asList(faults));
    this.seats = seats;
    MediaConfig usual = MediaConfig.loopback();
    this.media =
        new SfuServer(
            new MediaConfig(
                usual.workers(),
                usual.bindAddress(),
                usual.firstUdpPort(),
                usual.announcedAddresses(),
                usual.announceLoopback(),
                usual.io(),
                usual.receiveBufferBytes(),
                usual.sendBufferBytes(),
                has(Fault.LATE_KEY_FRAMES) ? LATE_INTERVAL_MS : USUAL_INTERVAL_MS,
                usual.iceConnectTimeoutMs(),
                usual.iceConsentTimeoutMs(),
                usual.resumeGraceMs(),
                usual.maxHandshakes(),
                usual.maxAudioSlots(),
                usual.maxVideoSlots(),
                usual.tcp()));
    int mediaPort = mediaPort();
    this.relay =
        UdpRelay.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), mediaPort),
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    if (has(Fault.DROPPED_PACKETS)) {
      relay.down(LinkConditions.IDEAL.withLoss(LOSS));
    }
    HttpServer http =
        vertx
            .createHttpServer(new HttpServerOptions().addWebSocketSubProtocol("sfu.v1"))
            .webSocketHandler(this::onSocket)
            .requestHandler(request -> request.response().end("ok"));
    this.port = http.listen(0, "127.0.0.1").await().actualPort();
  }

  private boolean has(Fault fault) {
    return faults.contains(fault);
  }

  /** Where the engine listens, as an answer says it. */
  private int mediaPort() {
    MediaRoom probe = media.openRoom("probe", speakers -> {});
    String offer =
        SdpOfferWriter.write(
            OfferParameters.opusAndVp8(
                new LocalParameters(
                    "abcd",
                    "abcdefghijklmnopqrstuv",
                    "sha-256",
                    "00:".repeat(31) + "00",
                    List.of(),
                    "p",
                    "1",
                    1),
                List.of(),
                1,
                0));
    MediaSession session =
        probe
            .join(new JoinOffer("probe", offer, List.of()), new Listener(null))
            .toCompletableFuture()
            .join();
    Matcher candidate = CANDIDATE.matcher(session.answer().sdp());
    if (!candidate.find()) {
      throw new IllegalStateException(session.answer().sdp());
    }
    session.close();
    return Integer.parseInt(candidate.group(2));
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + port);
  }

  private void onSocket(ServerWebSocket socket) {
    Client client = new Client(socket);
    socket.textMessageHandler(text -> {
      try {
        handle(client, JSON.readTree(text));
      } catch (JsonProcessingException e) {
        socket.close();
      }
    });
    socket.closeHandler(closed -> leave(client));
  }

  private void leave(Client client) {
    queue.removeIf(w -> w.socket() == client.socket);
    if (client.session != null) {
      client.session.close();
      client.session = null;
    }
    if (client.seated) {
      client.seated = false;
      taken--;
      admit();
    }
  }

  private void admit() {
    if (taken < seats && !queue.isEmpty()) {
      Waiting next = has(Fault.WRONG_QUEUE_ORDER) ? queue.removeLast() : queue.removeFirst();
      taken++;
      ObjectNode data =
          JSON.createObjectNode().put("ticketId", next.ticketId()).put("admitToken", "come in");
      next.socket()
          .writeTextMessage(
              JSON.createObjectNode()
                  .put("type", "queue.admitted")
                  .put("seq", 1)
                  .set("data", data)
                  .toString());
    }
  }

  private void handle(Client client, JsonNode frame) {
    JsonNode data = frame.path("data");
    switch (frame.path("type").asText()) {
      case "hello" ->
          reply(
              client,
              frame,
              (ObjectNode)
                  JSON.createObjectNode()
                      .put("sessionId", "se_" + lastId++)
                      .put("resumeToken", "t")
                      .set("ping", JSON.createObjectNode().put("intervalMs", 10_000)));
      case "join" -> {
        if (!has(Fault.SILENT_DOOR)) {
          join(client, frame, data);
        }
      }
      case "bye" -> {
        reply(client, frame, JSON.createObjectNode());
        client.socket.close();
      }
      default -> reply(client, frame, JSON.createObjectNode());
    }
  }

  private static void reply(Client client, JsonNode frame, ObjectNode data) {
    ObjectNode reply =
        JSON.createObjectNode().put("type", "ok").put("id", frame.path("id").asLong());
    client.socket.writeTextMessage(reply.set("data", data).toString());
  }

  private void join(Client client, JsonNode frame, JsonNode data) {
    boolean admitted = data.has("admitToken");
    if (!admitted && taken >= seats) {
      String ticketId = "qt_" + lastId++;
      queue.addLast(new Waiting(client.socket, ticketId));
      ObjectNode ticket =
          JSON.createObjectNode()
              .put("ticketId", ticketId)
              .put("joinedAt", Instant.now().toString());
      reply(
          client,
          frame,
          (ObjectNode) JSON.createObjectNode().put("status", "queued").set("ticket", ticket));
      return;
    }
    if (!admitted) {
      taken++;
    }
    client.seated = true;
    String id = "pa_" + lastId++;
    List<TrackPublication> tracks = new ArrayList<>();
    for (JsonNode track : data.path("tracks")) {
      TrackSource source =
          Arrays.stream(TrackSource.values())
              .filter(s -> s.wireName().equals(track.path("source").asText()))
              .findFirst()
              .orElseThrow();
      tracks.add(new TrackPublication(track.path("mid").asText(), "tr_" + lastId++, source, false));
    }
    MediaRoom room =
        rooms.computeIfAbsent(
            data.path("room").asText(), name -> media.openRoom(name, speakers -> {}));
    var unused =
        room.join(new JoinOffer(id, data.path("sdp").asText(), tracks), new Listener(client.socket))
            .whenComplete(
                (session, e) -> vertx.runOnContext(now -> joined(client, frame, session)));
  }

  private void joined(Client client, JsonNode frame, MediaSession session) {
    client.session = session;
    ObjectNode data =
        JSON.createObjectNode()
            .put("status", "joined")
            .put("sdp", answer(session.answer().sdp()))
            .put("gen", 1);
    ArrayNode slots = data.putArray("slots");
    for (MediaSession.Section section : session.answer().sections()) {
      if (section.direction() == MediaSession.Direction.RECEIVE) {
        slots
            .addObject()
            .put("mid", section.mid())
            .put("kind", section.kind().name().toLowerCase(Locale.ROOT));
      }
    }
    ArrayNode participants = data.putArray("participants");
    participants
        .addObject()
        .putArray("tracks")
        .addObject()
        .put("kind", "video")
        .put("muted", false);
    reply(client, frame, data);
  }

  private String answer(String sdp) {
    String through = CANDIDATE.matcher(sdp).replaceAll("$1 " + relay.localAddress().getPort());
    if (has(Fault.WRONG_PASSWORD)) {
      return through.replaceAll("(a=ice-pwd:\\S{10})\\S*", "$1wrongwrongwrong");
    }
    if (!has(Fault.WRONG_SSRC)) {
      return through;
    }
    return SSRC.matcher(through)
        .replaceAll(m -> "a=ssrc:" + (Long.parseLong(m.group(1)) ^ 1L) + " ");
  }

  /** Tells what the slots show. */
  private record Listener(ServerWebSocket socket) implements MediaSession.Listener {
    @Override
    public void onSlots(List<MediaSession.SlotChange> changes) {
      if (socket == null) {
        return;
      }
      ObjectNode data = JSON.createObjectNode();
      ArrayNode list = data.putArray("changes");
      for (MediaSession.SlotChange change : changes) {
        list.addObject()
            .put("mid", change.mid())
            .put("state", change.state().name().toLowerCase(Locale.ROOT));
      }
      socket.writeTextMessage(
          JSON.createObjectNode().put("type", "slots").put("seq", 1).set("data", data).toString());
    }

    @Override
    public void onLayers(String mid, List<String> active) {}

    @Override
    public void onState(MediaSession.State state, MediaSession.StateDetail detail) {}

    @Override
    public void onQuality(int level) {}

    @Override
    public void onFirstPacket(String trackId) {}
  }

  @Override
  public void close() throws IOException {
    vertx.close().await();
    relay.close();
    media.close();
  }
}
