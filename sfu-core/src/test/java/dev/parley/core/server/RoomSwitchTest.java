package dev.parley.core.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.core.api.MediaException;
import dev.parley.core.api.MediaRoom;
import dev.parley.core.api.MediaSession;
import dev.parley.core.api.SilentListener;
import dev.parley.core.bwe.Estimator;
import dev.parley.core.common.Counter;
import dev.parley.core.dtls.DtlsIdentity;
import dev.parley.core.dtls.HandshakeExecutor;
import dev.parley.core.ice.IceCredentials;
import dev.parley.core.ice.IceLite;
import dev.parley.core.net.UdpPort;
import dev.parley.core.room.Room;
import dev.parley.core.room.Roster;
import dev.parley.core.sdp.AnswerPolicy;
import dev.parley.core.sdp.LocalParameters;
import dev.parley.core.sdp.OfferParameters;
import dev.parley.core.sdp.SdpAnswerer;
import dev.parley.core.sdp.SdpOfferWriter;
import io.netty.channel.nio.NioIoHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a session whose switch fails half-way. Its transport never connects. */
class RoomSwitchTest {
  private static final int WAIT_SECONDS = 10;
  private static final Room.Settings SETTINGS = new Room.Settings(1, 0, "cname");
  private static final long NEVER_NANOS = 1_000_000_000_000L;
  private static final DtlsIdentity IDENTITY = DtlsIdentity.generate();

  private final HandshakeExecutor handshakes = new HandshakeExecutor(1, 1);
  private final ExecutorService negotiation = Executors.newVirtualThreadPerTaskExecutor();
  private final SfuServer.Engine engine =
      new SfuServer.Engine(
          IDENTITY,
          handshakes,
          new SdpAnswerer(AnswerPolicy.standard()),
          negotiation,
          new IceLite.Settings(NEVER_NANOS, NEVER_NANOS, NEVER_NANOS),
          new Estimator.Settings(60_000, 1_000_000, 50_000_000),
          "parley");
  private final List<Worker> workers = new ArrayList<>(List.of(worker(0), worker(1), worker(2)));
  private final List<String> states = new CopyOnWriteArrayList<>();

  private static Worker worker(int index) {
    try {
      return new Worker(
          index,
          new UdpPort.Settings(
              new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), false, 1 << 16, 1 << 16),
          NioIoHandler.newFactory(),
          OverloadLimits.OFF);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @AfterEach
  void close() {
    Worker.close(workers);
    handshakes.close();
    negotiation.shutdownNow();
  }

  private final class Heard extends SilentListener {
    private final String who;

    Heard(String who) {
      this.who = who;
    }

    @Override
    public void onState(MediaSession.State state, MediaSession.StateDetail detail) {
      states.add(who + " " + state + " " + detail.reason());
    }
  }

  private static <T> T get(CompletableFuture<T> future) throws Exception {
    return future.get(WAIT_SECONDS, TimeUnit.SECONDS);
  }

  private Room room(Worker worker, String id) throws Exception {
    return get(
        worker.call(() -> worker.open(id, SETTINGS, new Roster.OfOneWing(), speakers -> {})));
  }

  private ParticipantSession join(Worker worker, Room room) throws Exception {
    IceCredentials credentials = IceCredentials.random();
    String sdp =
        SdpOfferWriter.write(
            OfferParameters.opusAndVp8(
                new LocalParameters(
                    credentials.ufrag(),
                    credentials.pwd(),
                    IDENTITY.sha256().algorithm(),
                    IDENTITY.sha256().value(),
                    List.of(),
                    "ann",
                    "1",
                    1),
                List.of(),
                1,
                1));
    Negotiation agreed =
        Negotiation.begin(
            sdp,
            engine,
            () ->
                LocalCandidates.of(
                    List.of(InetAddress.getLoopbackAddress()),
                    worker.localAddress().getPort(),
                    OptionalInt.empty()));
    return get(
        worker.call(() ->
            ParticipantSession.open(
                worker,
                room,
                engine,
                agreed,
                new MediaRoom.JoinOffer("ann", sdp, List.of()),
                new Heard("old"))));
  }

  private CompletableFuture<MediaSession> go(
      MediaSession session, Worker to, Room room, BooleanSupplier ended) {
    return new RoomSwitch(
            (ParticipantSession) session, to, room, ended, "ann", List.of(), new Heard("new"))
        .run();
  }

  private static MediaException.Code refusal(CompletableFuture<MediaSession> adopted) {
    ExecutionException e = assertThrows(ExecutionException.class, () -> get(adopted));
    return assertInstanceOf(MediaException.class, e.getCause()).code();
  }

  private int people(Worker worker, Room room) throws Exception {
    return get(worker.call(room::size));
  }

  /** That no worker knows anything of a session. */
  private void nothingIsLeft(ParticipantSession session) throws Exception {
    String ufrag = session.answer().sdp().split("a=ice-ufrag:", 2)[1].split("\r\n", 2)[0];
    for (Worker worker : workers) {
      assertEquals(0, worker.load().get());
      // Twice: what one worker does may be a task for another.
      get(worker.call(() -> true));
    }
    for (Worker worker : workers) {
      assertFalse(get(worker.call(() -> worker.demux().knows(ufrag))));
      assertEquals(0, get(worker.call(() -> worker.demux().diverted())));
    }
    long opened =
        workers.stream().mapToLong(w -> w.counters().total(Counter.TRANSPORTS_OPENED)).sum();
    long closed =
        workers.stream().mapToLong(w -> w.counters().total(Counter.TRANSPORTS_CLOSED)).sum();
    assertEquals(opened, closed);
  }

  /** Home, away, from away to away, and back home. */
  @ParameterizedTest
  @ValueSource(strings = {"0 0", "0 1", "0 1 2", "0 1 0", "0 1 1"})
  void shouldEndWithTheRoomThatEndsOnTheWay(String way) throws Exception {
    int[] stops = java.util.Arrays.stream(way.split(" ", -1)).mapToInt(Integer::parseInt).toArray();
    Room first = room(workers.get(0), "first");
    ParticipantSession session = join(workers.get(0), first);
    MediaSession at = session;
    for (int i = 1; i < stops.length - 1; i++) {
      Worker worker = workers.get(stops[i]);
      at = get(go(at, worker, room(worker, "room" + i), () -> false));
    }
    Worker last = workers.get(stops[stops.length - 1]);
    Room ending = room(last, "ending");
    AtomicInteger asked = new AtomicInteger();
    // Open when the place is reserved, ended when the session arrives.
    assertEquals(
        MediaException.Code.ROOM_ENDED,
        refusal(go(at, last, ending, () -> asked.getAndIncrement() > 0)));
    String listener = stops.length == 2 ? "old" : "new";
    assertEquals(List.of(listener + " CLOSED room_ended"), states);
    assertEquals(0, people(workers.get(0), first));
    assertEquals(0, people(last, ending));
    nothingIsLeft(session);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void shouldLeaveNoReservedPlaceWhenTheSessionIsClosed(int target) throws Exception {
    Room first = room(workers.get(0), "first");
    ParticipantSession session = join(workers.get(0), first);
    Worker to = workers.get(target);
    Room next = room(to, "next");
    session.close();
    assertEquals(MediaException.Code.NOT_IN_ROOM, refusal(go(session, to, next, () -> false)));
    assertEquals(0, people(to, next));
    assertEquals(List.of("old CLOSED closed"), states);
    nothingIsLeft(session);
  }

  @Test
  void shouldCarryCommandsToWhereverTheSessionLives() throws Exception {
    ParticipantSession session = join(workers.get(0), room(workers.get(0), "first"));
    Room away = room(workers.get(1), "away");
    Room back = room(workers.get(0), "back");
    MediaSession there = get(go(session, workers.get(1), away, () -> false));
    assertEquals(1, people(workers.get(1), away));
    assertEquals(1, workers.get(1).load().get());
    assertEquals(0, workers.get(0).load().get());
    assertEquals(1, get(workers.get(0).call(() -> workers.get(0).demux().diverted())));
    assertTrue(there.csrc() > 0);
    assertEquals("ann", get(there.snapshot().toCompletableFuture()).get("participantId"));
    assertThrows(ExecutionException.class, () -> get(session.snapshot().toCompletableFuture()));
    MediaSession again = get(go(there, workers.get(0), back, () -> false));
    assertEquals(0, get(workers.get(0).call(() -> workers.get(0).demux().diverted())));
    there.close();
    session.close();
    assertEquals(1, people(workers.get(0), back), "a dead session closes nothing");
    again.close();
    assertEquals(0, people(workers.get(0), back));
    assertEquals(List.of("new CLOSED closed"), states);
    nothingIsLeft(session);
  }

  @Test
  void shouldRestartIceAtThePortItKeeps() throws Exception {
    ParticipantSession session = join(workers.get(0), room(workers.get(0), "first"));
    MediaSession there =
        get(go(session, workers.get(1), room(workers.get(1), "away"), () -> false));
    IceCredentials client = IceCredentials.random();
    MediaSession.LocalIce fresh =
        get(
            there
                .restartIce(there.answer().gen(), client.ufrag(), client.pwd())
                .toCompletableFuture());
    assertTrue(get(workers.get(0).call(() -> workers.get(0).demux().knows(fresh.ufrag()))));
    assertEquals(2, get(workers.get(0).call(() -> workers.get(0).demux().diverted())));
    assertFalse(get(workers.get(1).call(() -> workers.get(1).demux().knows(fresh.ufrag()))));
    MediaSession back = get(go(there, workers.get(0), room(workers.get(0), "back"), () -> false));
    assertEquals(0, get(workers.get(0).call(() -> workers.get(0).demux().diverted())));
    assertTrue(get(workers.get(0).call(() -> workers.get(0).demux().knows(fresh.ufrag()))));
    back.close();
    get(workers.get(0).call(() -> true));
    assertFalse(get(workers.get(0).call(() -> workers.get(0).demux().knows(fresh.ufrag()))));
    nothingIsLeft(session);
  }

  @Test
  void shouldCloseWithItsWorkerWhereverItsPortIs() throws Exception {
    ParticipantSession session = join(workers.get(0), room(workers.get(0), "first"));
    get(go(session, workers.get(1), room(workers.get(1), "away"), () -> false));
    Worker.close(workers);
    workers.clear();
    assertEquals(List.of("new CLOSED room_ended"), states);
  }
}
