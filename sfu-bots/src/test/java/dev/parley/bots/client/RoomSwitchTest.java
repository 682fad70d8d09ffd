package dev.parley.bots.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.core.api.MediaException;
import dev.parley.core.api.MediaRoom;
import dev.parley.core.api.MediaRoom.TrackPublication;
import dev.parley.core.api.MediaServer;
import dev.parley.core.api.MediaSession;
import dev.parley.core.api.SilentListener;
import dev.parley.core.api.TrackSource;
import dev.parley.core.dtls.DtlsIdentity;
import dev.parley.core.dtls.HandshakeExecutor;
import dev.parley.core.ice.IceCredentials;
import dev.parley.core.server.MediaConfig;
import dev.parley.core.server.SfuServer;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions that go from room to room with their media running, on real sockets. */
class RoomSwitchTest {
  private static final long SEED = 20_261_122;
  private static final int WAIT_SECONDS = 20;
  private static final int SWITCHES = 10;

  /** In red everybody's picture is large, in blue small: a packet tells where it comes from. */
  private static final int RED_WIDTH = 640;

  private static final int BLUE_WIDTH = 320;

  private final HandshakeExecutor handshakes = new HandshakeExecutor(16, 16);
  private final SplittableRandom random = new SplittableRandom(SEED);
  private ClientLoop loop;
  private @Nullable SfuServer server;

  @BeforeEach
  void open() throws IOException {
    loop =
        new ClientLoop("test", ClientLoop.Settings.loopback(), DtlsIdentity.generate(), handshakes);
  }

  @AfterEach
  void close() {
    loop.close();
    if (server != null) {
      server.close();
    }
    handshakes.close();
  }

  /** What one listener hears. */
  private static final class Heard extends SilentListener {
    final List<MediaSession.SlotChange> slots = new CopyOnWriteArrayList<>();
    final List<String> states = new CopyOnWriteArrayList<>();
    final List<String> firstPackets = new CopyOnWriteArrayList<>();

    /** As {@code 0[0]}. */
    final List<String> layers = new CopyOnWriteArrayList<>();

    @Override
    public void onSlots(List<MediaSession.SlotChange> changes) {
      slots.addAll(changes);
    }

    @Override
    public void onLayers(String mid, List<String> active) {
      layers.add(mid + active);
    }

    @Override
    public void onState(MediaSession.State state, MediaSession.StateDetail detail) {
      states.add(state + detail.reason());
    }

    @Override
    public void onFirstPacket(String trackId) {
      firstPackets.add(trackId);
    }

    /** What each slot shows, by the last that was said of it. */
    List<String> shown() {
      Map<String, String> all = new HashMap<>();
      slots.forEach(c -> all.put(c.mid(), c.trackId().orElse("")));
      return all.values().stream().filter(t -> !t.isEmpty()).sorted().toList();
    }
  }

  private record Place(MediaSession session) implements Signaling.Joined {
    @Override
    public String answerSdp() {
      return session.answer().sdp();
    }

    @Override
    public void leave() {
      session.close();
    }
  }

  /** Asks the session that the guest has now. */
  private record GuestPlace(String answerSdp, Guest guest) implements Signaling.Restartable {
    @Override
    public CompletionStage<IceCredentials> restartIce(IceCredentials local) {
      MediaSession now = guest.session;
      return now.restartIce(now.answer().gen(), local.ufrag(), local.pwd())
          .thenApply(ice -> new IceCredentials(ice.ufrag(), ice.pwd()));
    }

    @Override
    public void leave() {
      guest.session.close();
    }
  }

  /** A client and where it is now. */
  private final class Guest {
    final LightClient client;
    Heard heard = new Heard();
    MediaSession session;

    Guest(String id, MediaRoom room, LightClient.Plan plan) throws Exception {
      CompletableFuture<MediaSession> joined = new CompletableFuture<>();
      client =
          loop.join(
              id,
              plan,
              offer -> {
                CompletionStage<MediaSession> answer =
                    room.join(
                        new MediaRoom.JoinOffer(offer.participantId(), offer.sdp(), offer.tracks()),
                        heard);
                return answer.thenApply(s -> {
                  joined.complete(s);
                  return new GuestPlace(s.answer().sdp(), this);
                });
              });
      session = joined.get(WAIT_SECONDS, TimeUnit.SECONDS);
      assertTrue(client.reached(JoinPhase.DTLS).get(WAIT_SECONDS, TimeUnit.SECONDS) > 0);
    }

    /** Goes to another room; returns what the old session's listener has heard. */
    Heard go(MediaRoom room, String id, TrackPublication... tracks) throws Exception {
      Heard before = heard;
      Heard next = new Heard();
      session =
          room.adopt(session, id, List.of(tracks), next)
              .toCompletableFuture()
              .get(WAIT_SECONDS, TimeUnit.SECONDS);
      heard = next;
      return before;
    }

    MediaException refused(MediaRoom room, String id, TrackPublication... tracks) {
      ExecutionException e =
          assertThrows(
              ExecutionException.class,
              () ->
                  room.adopt(session, id, List.of(tracks), new Heard())
                      .toCompletableFuture()
                      .get(WAIT_SECONDS, TimeUnit.SECONDS));
      return assertInstanceOf(MediaException.class, e.getCause());
    }
  }

  private MediaServer start(int workers) throws IOException {
    server = new SfuServer(MediaConfig.loopback().withWorkers(workers));
    return server;
  }

  private Vp8Source camera(int width) {
    Vp8Source.Shape shape = Vp8Source.Shape.camera();
    return new Vp8Source(
        new Vp8Source.Shape(
            shape.framesPerSecond(),
            shape.packetsPerFrame(),
            shape.packetsPerKeyFrame(),
            600,
            width,
            width / 2,
            true),
        random);
  }

  private LightClient.Plan publisher(int width) {
    return LightClient.Plan.publisher(camera(width), new OpusSource(random));
  }

  private static TrackPublication track(String mid, String id, TrackSource source) {
    return new TrackPublication(mid, id, source, false);
  }

  private <T> T onLoop(java.util.function.Supplier<T> question) throws Exception {
    return loop.call(question).get(WAIT_SECONDS, TimeUnit.SECONDS);
  }

  private void await(String what, BooleanSupplier condition) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
    while (!onLoop(condition::getAsBoolean)) {
      assertTrue(System.nanoTime() < deadline, "did not come true: " + what);
      LockSupport.parkNanos(1_000_000);
    }
  }

  private static long total(MediaServer of, String id) {
    return of.metrics().stream()
        .filter(m -> m.id().equals(id))
        .mapToLong(MediaServer.Metric::total)
        .sum();
  }

  /** Addresses that have an owner, over all workers. */
  private static int addresses(MediaServer of) throws Exception {
    return sum(of, "addresses");
  }

  private static int sum(MediaServer of, String key) throws Exception {
    Map<String, Object> state = of.snapshot().toCompletableFuture().get(5, TimeUnit.SECONDS);
    int all = 0;
    for (Object worker : (List<?>) state.get("workers")) {
      all += (Integer) ((Map<?, ?>) worker).get(key);
    }
    return all;
  }

  private static ReceivedStream video(LightClient client) {
    return client.streams().stream().filter(ReceivedStream::video).findFirst().orElseThrow();
  }

  private static boolean sees(LightClient viewer, int width, long afterKeyFrames) {
    return viewer.streams().stream()
        .anyMatch(s -> s.video() && s.width() == width && s.keyFrames() > afterKeyFrames);
  }

  private void checkContinuous(LightClient viewer) throws Exception {
    onLoop(() -> {
      assertEquals(2, viewer.streams().size(), "one stream a slot, whatever it shows");
      for (ReceivedStream stream : viewer.streams()) {
        assertEquals(0, stream.lost(), "lost");
        assertEquals(0, stream.reordered(), "reordered");
        assertEquals(0, stream.undecryptable(), "undecryptable");
        assertEquals(0, stream.pictureJumps(), "jumps of the picture id");
      }
      return true;
    });
  }

  /** A connection of TCP stays at the worker of its port, too. */
  @ParameterizedTest
  @CsvSource({"1, false", "2, false", "2, true"})
  void shouldShowAViewerOneRoomAfterTheOther(int workers, boolean tcp) throws Exception {
    if (tcp) {
      loop.close();
      loop =
          new ClientLoop(
              "test",
              ClientLoop.Settings.loopback().by(new ClientWay.Tcp()),
              DtlsIdentity.generate(),
              handshakes);
    }
    MediaServer media = start(workers);
    MediaRoom red = media.openRoom("red", speakers -> {});
    new Guest("ann", red, publisher(RED_WIDTH));
    Guest viewer = new Guest("vic", red, LightClient.Plan.viewer(1));
    MediaRoom blue = media.openRoom("blue", speakers -> {});
    new Guest("bob", blue, publisher(BLUE_WIDTH));
    await("vic sees red", () -> sees(viewer.client, RED_WIDTH, 0));
    int addresses = addresses(media);
    for (int i = 0; i < SWITCHES; i++) {
      boolean toBlue = i % 2 == 0;
      long keyFrames = onLoop(() -> video(viewer.client).keyFrames());
      Heard before = viewer.go(toBlue ? blue : red, "vic" + i);
      int width = toBlue ? BLUE_WIDTH : RED_WIDTH;
      await("switch " + i, () -> sees(viewer.client, width, keyFrames));
      String source = toBlue ? "bob" : "ann";
      await(
          "slots " + i,
          () -> viewer.heard.shown().equals(List.of(source + "-camera", source + "-microphone")));
      List<String> states = i == 0 ? List.of("ICE_CONNECTED", "CONNECTED") : List.of();
      assertEquals(states, before.states, "an old listener hears no CLOSED");
    }
    checkContinuous(viewer.client);
    assertEquals(3, total(media, "transports_opened"));
    assertEquals(0, total(media, "transports_closed"));
    assertEquals(addresses, addresses(media));
    checkMoves(media, workers);
  }

  private static void checkMoves(MediaServer media, int workers) {
    assertEquals(SWITCHES, total(media, "room_switches"));
    assertEquals(workers == 1 ? 0 : SWITCHES, total(media, "worker_moves"));
    assertEquals(workers > 1, total(media, "datagrams_handed_over") > 0);
    assertEquals(0, total(media, "handover_full"));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void shouldTakeAPublisherAlong(int workers) throws Exception {
    MediaServer media = start(workers);
    MediaRoom red = media.openRoom("red", speakers -> {});
    Guest ann = new Guest("ann", red, publisher(RED_WIDTH));
    Guest inRed = new Guest("ron", red, LightClient.Plan.viewer(1));
    MediaRoom blue = media.openRoom("blue", speakers -> {});
    Guest inBlue = new Guest("bea", blue, LightClient.Plan.viewer(1));
    await("ron sees ann", () -> sees(inRed.client, RED_WIDTH, 0));
    for (int i = 0; i < SWITCHES; i++) {
      boolean toBlue = i % 2 == 0;
      Guest left = toBlue ? inRed : inBlue;
      Guest found = toBlue ? inBlue : inRed;
      String camera = "cam" + i;
      long before = onLoop(() -> found.client.packetsReceived());
      ann.go(
          toBlue ? blue : red,
          "ann" + i,
          track("0", camera, TrackSource.CAMERA),
          track("1", "mic" + i, TrackSource.MICROPHONE));
      await("found " + i, () -> found.client.packetsReceived() > before + 100);
      await("first packet " + i, () -> ann.heard.firstPackets.contains(camera));
      assertEquals(List.of(), left.heard.shown(), "who stays sees nobody");
      long after = onLoop(() -> left.client.packetsReceived());
      long seen = onLoop(() -> found.client.packetsReceived());
      await("more " + i, () -> found.client.packetsReceived() > seen + 20);
      assertEquals(after, onLoop(() -> left.client.packetsReceived()), "packets of another room");
    }
    checkContinuous(inRed.client);
    checkContinuous(inBlue.client);
    assertEquals(3, total(media, "transports_opened"));
    assertEquals(0, total(media, "transports_closed"));
    checkMoves(media, workers);
  }

  /** Alone, it is told to send no picture; what another room needs it must be told anew. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void shouldTellAPublisherThatWasAloneToSendAgain(int workers) throws Exception {
    MediaServer media = start(workers);
    MediaRoom red = media.openRoom("red", speakers -> {});
    Guest ann = new Guest("ann", red, publisher(RED_WIDTH));
    MediaRoom blue = media.openRoom("blue", speakers -> {});
    new Guest("bea", blue, LightClient.Plan.viewer(1));
    await("nobody watches", () -> ann.heard.layers.equals(List.of("0[]")));
    ann.go(blue, "ann", track("0", "cam", TrackSource.CAMERA));
    await("bea watches", () -> ann.heard.layers.equals(List.of("0[0]")));
  }

  /** The port stays, so its worker has to learn what the client does after it has moved. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void shouldFollowAndRestartIceAfterASwitch(int workers) throws Exception {
    MediaServer media = start(workers);
    MediaRoom red = media.openRoom("red", speakers -> {});
    new Guest("ann", red, publisher(RED_WIDTH));
    Guest viewer = new Guest("vic", red, LightClient.Plan.viewer(1));
    MediaRoom blue = media.openRoom("blue", speakers -> {});
    new Guest("bob", blue, publisher(BLUE_WIDTH));
    await("vic sees red", () -> sees(viewer.client, RED_WIDTH, 0));
    int ufrags = sum(media, "ufrags");
    int addresses = addresses(media);
    for (int i = 1; i <= 4; i++) {
      viewer.go(i % 2 == 1 ? blue : red, "vic" + i);
      loop.replug(viewer.client).get(WAIT_SECONDS, TimeUnit.SECONDS);
      int changes = i;
      await("followed " + i, () -> total(media, "address_changes") == changes);
      assertTrue(viewer.client.restartIce().get(WAIT_SECONDS, TimeUnit.SECONDS));
      await("restarted " + i, () -> total(media, "ice_restarts") == changes);
      long before = onLoop(() -> viewer.client.packetsReceived());
      await("media " + i, () -> viewer.client.packetsReceived() > before + 50);
    }
    assertEquals(ufrags, sum(media, "ufrags"), "the old credentials are forgotten");
    // One that the client never uses goes along, and away with the session.
    MediaSession now = viewer.session;
    IceCredentials unused = IceCredentials.random();
    now.restartIce(now.answer().gen(), unused.ufrag(), unused.pwd())
        .toCompletableFuture()
        .get(WAIT_SECONDS, TimeUnit.SECONDS);
    viewer.go(blue, "vic");
    assertEquals(ufrags + 1, sum(media, "ufrags"));
    long before = onLoop(() -> viewer.client.packetsReceived());
    await("media", () -> viewer.client.packetsReceived() > before + 50);
    viewer.session.close();
    await("closed", () -> total(media, "transports_closed") == 1);
    await("forgotten", () -> released(media, addresses - 1));
    assertEquals(ufrags - 1, sum(media, "ufrags"));
    assertEquals(0, total(media, "interruptions"));
  }

  /** Where a session is when it closes, its port's worker must forget it. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void shouldGoRoundAllWorkersAndLeaveNothing(int workers) throws Exception {
    MediaServer media = start(workers);
    MediaRoom[] rooms = new MediaRoom[3];
    for (int i = 0; i < rooms.length; i++) {
      rooms[i] = media.openRoom("room" + i, speakers -> {});
      new Guest("ann" + i, rooms[i], publisher(160 * (i + 1)));
    }
    int addresses = addresses(media);
    Guest viewer = new Guest("vic", rooms[0], LightClient.Plan.viewer(1));
    Guest stays = new Guest("sue", rooms[0], LightClient.Plan.viewer(1));
    await("vic sees", () -> sees(viewer.client, 160, 0));
    for (int i = 1; i <= 2 * rooms.length + 1; i++) {
      int width = 160 * (i % 3 + 1);
      viewer.go(rooms[i % 3], "vic");
      await("room " + i, () -> video(viewer.client).width() == width);
    }
    checkContinuous(viewer.client);
    Heard heard = viewer.heard;
    viewer.session.close();
    stays.session.close();
    await("closed", () -> heard.states.contains("CLOSEDclosed"));
    await("forgotten", () -> total(media, "transports_closed") == 2 && released(media, addresses));
    assertEquals(0, total(media, "transport_fault"));
  }

  private static boolean released(MediaServer media, int addresses) {
    try {
      return addresses(media) == addresses;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** The room may end before, while and after somebody comes. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void shouldBeInOneRoomOrInNoneWhenTheRoomEnds(int workers) throws Exception {
    MediaServer media = start(workers);
    MediaRoom red = media.openRoom("red", speakers -> {});
    Guest ann = new Guest("ann", red, publisher(RED_WIDTH));
    Heard old = ann.heard;
    MediaRoom blue = media.openRoom("blue", speakers -> {});
    CompletableFuture<MediaSession> adopted =
        blue.adopt(ann.session, "ann", List.of(), new Heard()).toCompletableFuture();
    blue.close();
    boolean there = adopted.handle((s, e) -> e == null).get(WAIT_SECONDS, TimeUnit.SECONDS);
    await(
        "settled",
        () ->
            there
                || old.states.contains("CLOSEDroom_ended")
                || total(media, "transports_closed") == 0);
    if (there) {
      await("closed with its room", () -> total(media, "transports_closed") == 1);
      assertTrue(old.states.stream().noneMatch(s -> s.startsWith("CLOSED")), "old: " + old.states);
    } else if (total(media, "transports_closed") == 0) {
      ann.go(media.openRoom("green", speakers -> {}), "ann");
    }
  }

  /** Two rooms want one session: one gets it. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void shouldGoToOneOfTwo(int workers) throws Exception {
    MediaServer media = start(workers);
    MediaRoom red = media.openRoom("red", speakers -> {});
    Guest ann = new Guest("ann", red, LightClient.Plan.viewer(1));
    MediaRoom blue = media.openRoom("blue", speakers -> {});
    new Guest("bob", blue, publisher(BLUE_WIDTH));
    MediaRoom green = media.openRoom("green", speakers -> {});
    new Guest("gus", green, publisher(BLUE_WIDTH));
    var first = blue.adopt(ann.session, "ann", List.of(), new Heard()).toCompletableFuture();
    var second = green.adopt(ann.session, "ann", List.of(), new Heard()).toCompletableFuture();
    boolean inBlue = first.handle((s, e) -> e == null).get(WAIT_SECONDS, TimeUnit.SECONDS);
    boolean inGreen = second.handle((s, e) -> e == null).get(WAIT_SECONDS, TimeUnit.SECONDS);
    assertTrue(inBlue != inGreen, "blue " + inBlue + ", green " + inGreen);
    await("picture and sound", () -> ann.client.streams().size() == 2);
    await("the other's picture", () -> sees(ann.client, BLUE_WIDTH, 0));
    checkContinuous(ann.client);
  }

  /** Between answer and DTLS the handshake goes on at the other worker. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void shouldSwitchBeforeItIsConnected(int workers) throws Exception {
    MediaServer media = start(workers);
    MediaRoom red = media.openRoom("red", speakers -> {});
    new Guest("ann", red, publisher(RED_WIDTH));
    MediaRoom blue = media.openRoom("blue", speakers -> {});
    CompletableFuture<MediaSession> adopted = new CompletableFuture<>();
    Heard heard = new Heard();
    LightClient early =
        loop.join(
            "vic",
            LightClient.Plan.viewer(1),
            offer -> {
              var answer =
                  blue.join(
                      new MediaRoom.JoinOffer(offer.participantId(), offer.sdp(), offer.tracks()),
                      new Heard());
              return answer.thenApply(s -> {
                red.adopt(s, "vic", List.of(), heard).thenAccept(adopted::complete);
                return new Place(s);
              });
            });
    adopted.get(WAIT_SECONDS, TimeUnit.SECONDS);
    await("vic sees red", () -> sees(early, RED_WIDTH, 0));
    assertTrue(heard.states.contains("CONNECTED"), heard.states.toString());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void shouldStayWhereItWasWhenRefused(int workers) throws Exception {
    MediaServer media = start(workers);
    MediaRoom red = media.openRoom("red", speakers -> {});
    Guest ann = new Guest("ann", red, publisher(RED_WIDTH));
    Guest viewer = new Guest("vic", red, LightClient.Plan.viewer(1));
    MediaRoom blue = media.openRoom("blue", speakers -> {});
    Guest bob = new Guest("bob", blue, LightClient.Plan.viewer(1));
    await("vic sees ann", () -> sees(viewer.client, RED_WIDTH, 0));
    assertEquals(MediaException.Code.BAD_REQUEST, ann.refused(blue, "bob").code());
    assertEquals(
        MediaException.Code.BAD_REQUEST,
        ann.refused(blue, "ann", track("7", "x", TrackSource.CAMERA)).code());
    assertEquals(
        MediaException.Code.BAD_REQUEST,
        ann.refused(blue, "ann", track("1", "x", TrackSource.CAMERA)).code());
    MediaRoom gone = media.openRoom("gone", speakers -> {});
    gone.close();
    assertEquals(MediaException.Code.ROOM_ENDED, ann.refused(gone, "ann").code());
    long before = onLoop(() -> viewer.client.packetsReceived());
    await("vic sees ann still", () -> viewer.client.packetsReceived() > before + 100);
    checkContinuous(viewer.client);
    assertEquals(List.of("ICE_CONNECTED", "CONNECTED"), ann.heard.states);
    // Nothing is left of the refused ones: the id is free, and one can go there.
    MediaSession old = ann.session;
    ann.go(blue, "ann", track("0", "cam", TrackSource.CAMERA));
    await("bob sees ann", () -> bob.client.packetsReceived() > 20);
    Guest stranger = ann;
    stranger.session = old;
    assertEquals(MediaException.Code.NOT_IN_ROOM, stranger.refused(red, "ann").code());
    old.close();
    long seen = onLoop(() -> bob.client.packetsReceived());
    await("closing the old session does nothing", () -> bob.client.packetsReceived() > seen + 20);
  }

  @Test
  void shouldRefuseASessionOfAnotherServer() throws Exception {
    MediaServer media = start(1);
    Guest ann = new Guest("ann", media.openRoom("red", s -> {}), LightClient.Plan.viewer(1));
    try (SfuServer other = new SfuServer(MediaConfig.loopback())) {
      MediaRoom there = other.openRoom("there", s -> {});
      assertEquals(MediaException.Code.BAD_REQUEST, ann.refused(there, "ann").code());
    }
  }
}
