package dev.parley.core.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.core.api.MediaException;
import dev.parley.core.api.MediaKind;
import dev.parley.core.api.MediaRoom;
import dev.parley.core.api.MediaSession;
import dev.parley.core.api.MediaSession.SlotChange;
import dev.parley.core.api.SilentListener;
import dev.parley.core.api.TrackSource;
import dev.parley.core.bwe.Estimator;
import dev.parley.core.codec.Codec;
import dev.parley.core.common.Counter;
import dev.parley.core.dtls.DtlsIdentity;
import dev.parley.core.dtls.HandshakeExecutor;
import dev.parley.core.fixtures.Media;
import dev.parley.core.fixtures.Transports;
import dev.parley.core.net.UdpPort;
import dev.parley.core.room.Participant;
import dev.parley.core.room.Room;
import dev.parley.core.room.Roster;
import dev.parley.core.sdp.AnswerPolicy;
import dev.parley.core.sdp.SdpAnswerer;
import dev.parley.core.subscriber.Slot;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A worker with its thread and rooms, and a load that the test tells it. */
class OverloadTest {
  private static final OverloadLimits LIMITS = new OverloadLimits(0.85, 0.92);
  private static final int PATIENCE_SEC = 20;
  private static final int SLOT_SSRC = 0x5000;

  private final SaidLoad load = new SaidLoad();
  private final HandshakeExecutor handshakes = new HandshakeExecutor(1, 1);
  private final ExecutorService negotiation = Executors.newVirtualThreadPerTaskExecutor();
  private final SfuServer.Engine engine =
      new SfuServer.Engine(
          DtlsIdentity.generate(),
          handshakes,
          new SdpAnswerer(AnswerPolicy.standard()),
          negotiation,
          VirtualServer.PATIENT,
          new Estimator.Settings(60_000, 1_000_000, 50_000_000),
          "parley");
  private final Worker worker;
  private long nowNanos;

  OverloadTest() throws IOException {
    worker =
        new Worker(
            0,
            new UdpPort.Settings(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                false,
                1 << 16,
                1 << 16),
            NioIoHandler.newFactory(),
            LIMITS,
            endpoint -> load);
  }

  @AfterEach
  void close() {
    Worker.close(List.of(worker));
    negotiation.shutdownNow();
    handshakes.close();
  }

  /** Says what the test wants. */
  private static final class SaidLoad implements Overload.Meter {
    volatile double busy;

    @Override
    public void turn(long nowNanos) {}

    @Override
    public LoadReading read(long nowNanos) {
      return new LoadReading(busy, 0, LoadReading.MANY, 0, 0);
    }
  }

  private static final class Person extends SilentListener implements Participant.Listener {
    final BlockingQueue<SlotChange> changes = new LinkedBlockingQueue<>();

    @Override
    public void onClosed(String reason, @Nullable Throwable fault) {}

    @Override
    public void onSlots(List<SlotChange> news) {
      changes.addAll(news);
    }

    SlotChange next() throws InterruptedException {
      SlotChange change = changes.poll(PATIENCE_SEC, TimeUnit.SECONDS);
      if (change == null) {
        throw new AssertionError("no change of a slot was told");
      }
      return change;
    }
  }

  private void command(Runnable task) throws Exception {
    worker
        .call(() -> {
          task.run();
          return true;
        })
        .get(PATIENCE_SEC, TimeUnit.SECONDS);
  }

  /** Readings follow each other by a clock of the test's, beside the worker's own. */
  private void load(double busy, int seconds) throws Exception {
    load.busy = busy;
    command(() -> {
      for (int i = 0; i < seconds * 4; i++) {
        nowNanos = Math.max(nowNanos, System.nanoTime()) + LoadGovernor.READING_NANOS;
        worker.measure(nowNanos);
      }
    });
  }

  private Room roomOf(Person viewer) {
    Room room =
        worker.open(
            "room", new Room.Settings(1, 0, "cname"), new Roster.OfOneWing(), speakers -> {});
    join(room, "publisher", new Person());
    join(room, "viewer", viewer);
    Participant publisher = room.participant("publisher");
    if (publisher != null) {
      for (TrackSource source : List.of(TrackSource.MICROPHONE, TrackSource.CAMERA)) {
        String mid = source.kind() == MediaKind.AUDIO ? "0" : "1";
        room.publish(publisher, new MediaRoom.TrackPublication(mid, mid, source, false));
      }
    }
    return room;
  }

  private void join(Room room, String id, Person person) {
    Participant participant = room.add(id, 1, person);
    participant.transport(
        Transports.unconnected(worker.counters(), participant, VirtualServer.PATIENT));
    List<Slot> slots = new ArrayList<>();
    slots.add(slot("a", true));
    slots.add(slot("v", false));
    participant.sections(
        List.of(
            Media.section("0", MediaKind.AUDIO, 0, Media.format(Codec.OPUS, 111, 0, 0)),
            Media.section("1", MediaKind.VIDEO, 0, Media.format(Codec.VP8, 96, 0, 0))),
        slots);
    participant.onConnected();
  }

  private Slot slot(String mid, boolean audio) {
    Map<Codec, Integer> types = audio ? Map.of(Codec.OPUS, 111) : Map.of(Codec.VP8, 96);
    return new Slot(
        Media.slot(mid, audio, SLOT_SSRC + (audio ? 1 : 0), types, 0, 0, 0),
        1,
        1,
        (bytes, offset, length, numberAt, kind, now) -> true,
        worker.scratch(),
        worker.counters());
  }

  @Test
  void shouldRefuseThenStopPicturesAndNeverVoicesAndGiveAllBack() throws Exception {
    Room.Settings settings = new Room.Settings(1, 0, "cname");
    SpreadRoom door =
        new SpreadRoom(
            "door",
            worker,
            1,
            taken -> null,
            (on, people) ->
                new WorkerRoom("door", on, settings, people, engine, List::of, speakers -> {}));
    Person viewer = new Person();
    command(() -> roomOf(viewer));
    SlotChange first = viewer.next();
    SlotChange second = viewer.next();
    assertEquals(MediaSession.SlotState.LIVE, first.state());
    assertEquals(MediaSession.SlotState.LIVE, second.state());

    load(0.5, 5);
    assertTrue(door.full().isEmpty());
    assertEquals(List.of(), worker.readiness(0, 0).warnings());

    load(0.88, 5);
    assertEquals(MediaException.Code.SERVER_FULL, door.full().orElseThrow().code());
    assertTrue(worker.readiness(0, 0).warnings().getFirst().contains("newcomers are refused"));
    assertEquals(0, worker.loadNow().shedding());
    assertTrue(viewer.changes.isEmpty(), "nobody inside is told of it");

    load(1, 30);
    SlotChange paused = viewer.next();
    assertEquals(MediaSession.SlotState.PAUSED, paused.state());
    assertEquals(MediaSession.SlotReason.SERVER, paused.reason());
    assertEquals("v", paused.mid());
    assertEquals(6, worker.loadNow().shedding());
    assertTrue(viewer.changes.isEmpty(), "the voice goes on");
    assertTrue(door.full().isPresent());
    long steps = worker.counters().total(Counter.SHED_STEPS);
    assertEquals(LoadGovernor.MOST_STEPS, steps);

    load(0.2, 120);
    SlotChange back = viewer.next();
    assertEquals(MediaSession.SlotState.LIVE, back.state());
    assertEquals("v", back.mid());
    assertEquals(0, worker.loadNow().shedding());
    assertEquals(steps, worker.counters().total(Counter.RESTORED_STEPS));
    assertTrue(door.full().isEmpty());
    assertFalse(worker.loadNow().full());
  }
}
