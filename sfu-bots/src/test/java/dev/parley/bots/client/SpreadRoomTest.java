package dev.parley.bots.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.core.api.MediaRoom;
import dev.parley.core.api.MediaServer;
import dev.parley.core.api.MediaSession;
import dev.parley.core.api.SilentListener;
import dev.parley.core.api.TrackSource;
import dev.parley.core.api.ViewWish;
import dev.parley.core.dtls.DtlsIdentity;
import dev.parley.core.dtls.HandshakeExecutor;
import dev.parley.core.server.MediaConfig;
import dev.parley.core.server.SfuServer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One room on two workers, with real sockets: two people to a worker before the next is used. */
class SpreadRoomTest {
  private static final long SEED = 20_261_122;
  private static final int WAIT_SECONDS = 30;
  private static final int VIEWERS = 200;
  private static final int CHANGES = 1_000;

  /** Without other programs on the machine it is a few milliseconds; see docs/performance.md. */
  private static final double LONGEST_GAP_MS = 400;

  private final HandshakeExecutor handshakes = new HandshakeExecutor(16, 1_024);
  private final SplittableRandom random = new SplittableRandom(SEED);
  private final List<List<MediaRoom.SpeakerLevel>> speakers = new CopyOnWriteArrayList<>();
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

  private static final class Heard extends SilentListener {
    final List<MediaSession.SlotChange> slots = new CopyOnWriteArrayList<>();
    final List<String> layers = new CopyOnWriteArrayList<>();

    @Override
    public void onSlots(List<MediaSession.SlotChange> changes) {
      slots.addAll(changes);
    }

    @Override
    public void onLayers(String mid, List<String> active) {
      layers.add(mid + active);
    }

    boolean toldOf(String trackId, MediaSession.SlotState state) {
      MediaSession.SlotChange last = null;
      for (MediaSession.SlotChange c : slots) {
        last = c.trackId().isEmpty() || c.trackId().get().equals(trackId) ? c : last;
      }
      return last != null && last.state() == state;
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

  private final class Guest {
    final Heard heard = new Heard();
    final LightClient client;
    private final CompletableFuture<MediaSession> joined = new CompletableFuture<>();

    Guest(String id, MediaRoom room, LightClient.Plan plan) {
      client =
          loop.join(
              id,
              plan,
              offer -> {
                var answer =
                    room.join(
                        new MediaRoom.JoinOffer(offer.participantId(), offer.sdp(), offer.tracks()),
                        heard);
                return answer.thenApply(s -> {
                  joined.complete(s);
                  return new Place(s);
                });
              });
    }

    MediaSession session() throws Exception {
      return joined.get(WAIT_SECONDS, TimeUnit.SECONDS);
    }

    Guest connected() throws Exception {
      assertTrue(client.reached(JoinPhase.DTLS).get(WAIT_SECONDS, TimeUnit.SECONDS) > 0);
      return this;
    }

    /** The worker's port in its candidates. */
    String port() throws Exception {
      return session()
          .answer()
          .sdp()
          .lines()
          .filter(line -> line.startsWith("a=candidate:") && line.contains(" udp "))
          .map(line -> line.split(" ", -1)[5])
          .findFirst()
          .orElseThrow();
    }
  }

  private MediaServer start(int participantsPerWorker) throws IOException {
    server =
        new SfuServer(
            MediaConfig.loopback().withWorkers(2).withParticipantsPerWorker(participantsPerWorker));
    return server;
  }

  private LightClient.Plan publisher(int width) {
    Vp8Source.Shape shape = new Vp8Source.Shape(30, 4, 12, 1_100, width, width / 2, true);
    return LightClient.Plan.publisher(new Vp8Source(shape, random), new OpusSource(random));
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

  private static boolean sees(LightClient viewer, int width, long afterKeyFrames) {
    return viewer.streams().stream()
        .anyMatch(s -> s.video() && s.width() == width && s.keyFrames() > afterKeyFrames);
  }

  private static long videoPackets(LightClient viewer) {
    return viewer.streams().stream()
        .filter(ReceivedStream::video)
        .mapToLong(ReceivedStream::packets)
        .sum();
  }

  private void checkContinuous(LightClient viewer) throws Exception {
    onLoop(() -> {
      for (ReceivedStream stream : viewer.streams()) {
        assertEquals(0, stream.lost(), "lost");
        assertEquals(0, stream.reordered(), "reordered");
        assertEquals(0, stream.undecryptable(), "undecryptable");
        assertEquals(0, stream.pictureJumps(), "jumps of the picture id");
      }
      return true;
    });
  }

  private static ViewWish watching(String participant) {
    return new ViewWish(
        ViewWish.Layout.GRID,
        List.of(new ViewWish.VideoWish(participant, TrackSource.CAMERA, 0, 0, 1, true)),
        0,
        1,
        true,
        Optional.empty());
  }

  @Test
  void shouldShowEverybodyTheSameOnBothWorkers() throws Exception {
    MediaServer media = start(2);
    MediaRoom room = media.openRoom("large", speakers::add);
    Guest ann = new Guest("ann", room, publisher(320)).connected();
    Guest near = new Guest("near", room, viewer(2)).connected();
    Guest bob = new Guest("bob", room, publisher(640)).connected();
    Guest far = new Guest("far", room, viewer(2)).connected();
    assertEquals(ann.port(), near.port());
    assertEquals(bob.port(), far.port());
    assertEquals(2, new HashSet<>(List.of(ann.port(), far.port())).size(), "two workers");
    Set<Integer> numbers = new HashSet<>();
    for (Guest guest : List.of(ann, near, bob, far)) {
      numbers.add(guest.session().csrc());
    }
    assertEquals(4, numbers.size());
    for (Guest viewer : List.of(near, far)) {
      for (int width : List.of(320, 640)) {
        await(viewer.port() + " sees " + width, () -> sees(viewer.client, width, 0));
      }
      await("both voices", () -> viewer.client.streams().size() == 4);
    }
    // Whose packets cross are muted, are back, go, and come again on the other worker.
    bob.session().mute("bob-camera", true);
    await("muted", () -> near.heard.toldOf("bob-camera", MediaSession.SlotState.PAUSED));
    bob.session().mute("bob-camera", false);
    await("back", () -> near.heard.toldOf("bob-camera", MediaSession.SlotState.LIVE));
    long seen = onLoop(() -> videoPackets(near.client));
    await("more of it", () -> videoPackets(near.client) > seen + 300);
    for (Guest viewer : List.of(near, far)) {
      checkContinuous(viewer.client);
    }
    bob.session().close();
    await("gone", () -> near.heard.toldOf("bob-camera", MediaSession.SlotState.EMPTY));
    near.session().close();
    await("closed", () -> total(media, "transports_closed") == 2);
    Guest again = new Guest("bob", room, publisher(160)).connected();
    assertEquals(ann.port(), again.port(), "where there is a place");
    await("far sees bob again", () -> sees(far.client, 160, 0));
    checkContinuous(far.client);
    assertTrue(total(media, "rtp_relayed") > 0);
    assertEquals(0, total(media, "relay_full"));
    assertEquals(0, total(media, "transport_fault"));
    room.close();
    await("all closed", () -> total(media, "transports_closed") == 5);
    await("both wings", () -> total(media, "wings_closed") == total(media, "wings_opened"));
    assertEquals(2, total(media, "wings_opened"));
    assertEquals(0, media.workerLoads().stream().mapToInt(MediaServer.WorkerLoad::sessions).sum());
    Map<String, Object> state =
        media.snapshot().toCompletableFuture().get(WAIT_SECONDS, TimeUnit.SECONDS);
    for (Object worker : (List<?>) state.get("workers")) {
      assertEquals(List.of(), ((Map<?, ?>) worker).get("rooms"));
      assertEquals(0, ((Map<?, ?>) worker).get("ufrags"));
    }
  }

  private static LightClient.Plan viewer(int slots) {
    return new LightClient.Plan(List.of(), slots, slots, 1);
  }

  @Test
  void shouldStayOnOneWorkerWhereThatIsWished() throws Exception {
    MediaServer media = start(0);
    MediaRoom room = media.openRoom("large", speakers::add);
    Set<String> ports = new HashSet<>();
    for (int i = 0; i < 5; i++) {
      ports.add(new Guest("v" + i, room, viewer(1)).connected().port());
    }
    assertEquals(1, ports.size());
    assertEquals(1, total(media, "wings_opened"));
  }

  @Test
  void shouldTakeSessionsOfOtherRoomsInAndLetThemGo() throws Exception {
    MediaServer media = start(1);
    MediaRoom large = media.openRoom("large", speakers::add);
    Guest ann = new Guest("ann", large, publisher(320)).connected();
    MediaRoom other = media.openRoom("other", speakers::add);
    new Guest("bob", other, publisher(640)).connected();
    Guest viewer = new Guest("vic", other, viewer(1)).connected();
    await("vic sees bob", () -> sees(viewer.client, 640, 0));
    MediaSession session = viewer.session();
    for (int i = 1; i <= 4; i++) {
      boolean toLarge = i % 2 == 1;
      long keyFrames =
          onLoop(() -> viewer.client.streams().stream().mapToLong(ReceivedStream::keyFrames).sum());
      session =
          (toLarge ? large : other)
              .adopt(session, "vic", List.of(), new Heard())
              .toCompletableFuture()
              .get(WAIT_SECONDS, TimeUnit.SECONDS);
      await("switch " + i, () -> sees(viewer.client, toLarge ? 320 : 640, keyFrames));
    }
    checkContinuous(viewer.client);
    assertEquals(4, total(media, "room_switches"));
    assertEquals(0, total(media, "transports_closed"));
    assertTrue(total(media, "rtp_relayed") > 0, "ann's wing is another one than vic's");
    assertEquals(List.of(), ann.heard.layers);
  }

  /** Two talkers and one who is silent, on two workers: heard by all, told once. */
  @Test
  void shouldTellOfSpeakersOnce() throws Exception {
    MediaServer media = start(2);
    MediaRoom room = media.openRoom("large", speakers::add);
    List<Guest> talkers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      talkers.add(
          new Guest("t" + i, room, LightClient.Plan.publisher(new OpusSource(random))).connected());
    }
    Guest near = new Guest("near", room, viewer(4));
    Guest far = new Guest("far", room, viewer(4));
    await("all are heard near", () -> near.client.streams().size() == 4);
    await("all are heard far", () -> far.client.streams().size() == 4);
    await("told of all", () -> !speakers.isEmpty() && speakers.getLast().size() == talkers.size());
    for (int i = 1; i < speakers.size(); i++) {
      assertTrue(!speakers.get(i).equals(speakers.get(i - 1)), "told twice");
    }
    checkContinuous(near.client);
    checkContinuous(far.client);
  }

  @Test
  void shouldChangeAThousandViewsInASecondWithoutAStall() throws Exception {
    MediaServer media = start(VIEWERS / 2);
    MediaRoom room = media.openRoom("large", speakers::add);
    new Guest("ann", room, publisher(320)).connected();
    new Guest("bob", room, publisher(640)).connected();
    List<Guest> viewers = new ArrayList<>();
    for (int i = 0; i < VIEWERS; i++) {
      viewers.add(new Guest("v" + i, room, new LightClient.Plan(List.of(), 1, 1, 0)));
    }
    List<MediaSession> sessions = new ArrayList<>();
    for (Guest viewer : viewers) {
      sessions.add(viewer.connected().session());
    }
    await("all see", () -> viewers.stream().allMatch(v -> videoPackets(v.client) > 0));
    Guest near = new Guest("near", room, new LightClient.Plan(List.of(), 1, 1, 1)).connected();
    Guest far = new Guest("far", room, new LightClient.Plan(List.of(), 1, 1, 1)).connected();
    near.session().view(watching("ann"));
    far.session().view(watching("ann"));
    await("witnesses see", () -> sees(near.client, 320, 0) && sees(far.client, 320, 0));
    long from = System.nanoTime();
    double longestMs = 0;
    int told = 0;
    Map<ReceivedStream, Long> last = new java.util.HashMap<>();
    while (System.nanoTime() - from < 1_500_000_000L) {
      long due = Math.min(CHANGES, (System.nanoTime() - from) * CHANGES / 1_000_000_000L);
      for (; told < due; told++) {
        String next = (told / VIEWERS) % 2 == 0 ? "bob" : "ann";
        sessions.get(told % VIEWERS).view(watching(next));
      }
      longestMs = Math.max(longestMs, onLoop(() -> gapMs(last, near, far)));
      LockSupport.parkNanos(500_000);
    }
    System.out.printf(
        "%d changes of %d viewers on two workers in a second: longest gap %.1f ms%n",
        told, VIEWERS, longestMs);
    assertEquals(CHANGES, told);
    assertTrue(longestMs < LONGEST_GAP_MS, "longest gap: " + longestMs + " ms");
    checkContinuous(near.client);
    checkContinuous(far.client);
    assertEquals(0, total(media, "relay_full"));
  }

  /** Prints the processor time of the workers for each packet that left, of the same room. */
  @Test
  void shouldCarryAllItSendsOnOneWorkerAndOnTwo() throws Exception {
    double one = nanosAPacket(0);
    double two = nanosAPacket(VIEWERS / 4);
    System.out.printf(
        "one publisher, %d viewers: %.0f ns a packet on one worker, %.0f on two, ratio %.2f%n",
        VIEWERS / 2, one, two, two / one);
  }

  private double nanosAPacket(int participantsPerWorker) throws Exception {
    MediaServer media = start(participantsPerWorker);
    MediaRoom room = media.openRoom("large", speakers::add);
    Vp8Source.Shape shape = new Vp8Source.Shape(60, 8, 12, 1_100, 640, 360, true);
    new Guest("ann", room, LightClient.Plan.publisher(new Vp8Source(shape, random))).connected();
    List<Guest> viewers = new ArrayList<>();
    for (int i = 0; i < VIEWERS / 2; i++) {
      viewers.add(new Guest("v" + i, room, new LightClient.Plan(List.of(), 1, 1, 0)));
    }
    for (Guest viewer : viewers) {
      viewer.connected();
    }
    await("all see", () -> viewers.stream().allMatch(v -> videoPackets(v.client) > 500));
    long packets = total(media, "rtp_forwarded");
    double busySec = busySec(media);
    LockSupport.parkNanos(3_000_000_000L);
    double nanos = (busySec(media) - busySec) * 1e9 / (total(media, "rtp_forwarded") - packets);
    assertEquals(0, total(media, "relay_full"));
    media.close();
    return nanos;
  }

  private static double busySec(MediaServer media) {
    return media.workerLoads().stream().mapToDouble(MediaServer.WorkerLoad::busySec).sum();
  }

  /** The longest time between packets of the witnesses' pictures, the one that is going on too. */
  private static double gapMs(Map<ReceivedStream, Long> last, Guest... witnesses) {
    double longest = 0;
    for (Guest witness : witnesses) {
      for (ReceivedStream stream : witness.client.streams()) {
        if (stream.video()) {
          long before = last.getOrDefault(stream, stream.lastNanos());
          longest = Math.max(longest, (stream.lastNanos() - before) / 1e6);
          longest = Math.max(longest, (System.nanoTime() - stream.lastNanos()) / 1e6);
          last.put(stream, stream.lastNanos());
        }
      }
    }
    return longest;
  }
}
