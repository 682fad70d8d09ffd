package dev.parley.core.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.core.api.MediaKind;
import dev.parley.core.api.MediaRoom;
import dev.parley.core.api.MediaServer;
import dev.parley.core.api.MediaSession;
import dev.parley.core.api.SilentListener;
import dev.parley.core.api.TrackSource;
import dev.parley.core.codec.Codec;
import dev.parley.core.fixtures.Media;
import dev.parley.core.fixtures.Transports;
import dev.parley.core.net.UdpPort;
import dev.parley.core.room.Participant;
import dev.parley.core.room.Room;
import dev.parley.core.room.Roster;
import dev.parley.core.subscriber.Slot;
import io.netty.channel.nio.NioIoHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WorkerTest {
  private static final Room.Settings SETTINGS = new Room.Settings(1, 0, "cname");

  private final Worker worker;

  WorkerTest() throws Exception {
    worker =
        new Worker(
            0,
            new UdpPort.Settings(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                false,
                1 << 16,
                1 << 16),
            NioIoHandler.newFactory(),
            OverloadLimits.OFF);
  }

  @AfterEach
  void close() {
    Worker.close(List.of(worker));
  }

  /** Somebody who hears of slots, or breaks on hearing. */
  private static final class Person extends SilentListener implements Participant.Listener {
    final CompletableFuture<List<MediaSession.SlotChange>> slots = new CompletableFuture<>();
    final boolean breaks;

    Person(boolean breaks) {
      this.breaks = breaks;
    }

    @Override
    public void onClosed(String reason, @Nullable Throwable fault) {}

    @Override
    public void onSlots(List<MediaSession.SlotChange> changes) {
      slots.complete(changes);
      if (breaks) {
        throw new IllegalStateException("a listener that breaks");
      }
    }
  }

  private Person roomWithViewer(String id, boolean breaks) {
    Room room = worker.open(id, SETTINGS, new Roster.OfOneWing(), speakers -> {});
    Person viewer = new Person(breaks);
    join(room, "publisher", new Person(false));
    join(room, "viewer", viewer);
    Participant publisher = room.participant("publisher");
    if (publisher != null) {
      room.publish(publisher, new MediaRoom.TrackPublication("0", id, TrackSource.CAMERA, false));
    }
    return viewer;
  }

  private void join(Room room, String id, Person person) {
    Participant participant = room.add(id, 1, person);
    participant.transport(Transports.unconnected(worker.counters(), participant));
    participant.sections(
        List.of(Media.section("0", MediaKind.VIDEO, 0, Media.format(Codec.VP8, 96, 0, 0))),
        List.of(
            new Slot(
                Media.slot("1", false, 7, Map.of(Codec.VP8, 96), 0, 0, 0),
                1,
                1,
                (bytes, offset, length, numberAt, kind, now) -> true,
                worker.scratch(),
                worker.counters())));
    participant.onConnected();
  }

  @Test
  void shouldTellItsLoadWhileItIsStuck() throws Exception {
    CountDownLatch stuck = new CountDownLatch(1);
    CountDownLatch free = new CountDownLatch(1);
    worker
        .executor()
        .execute(() -> {
          stuck.countDown();
          try {
            assertTrue(free.await(20, TimeUnit.SECONDS));
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
    assertTrue(stuck.await(20, TimeUnit.SECONDS));
    MediaServer.WorkerLoad before = worker.loadNow();
    MediaServer.WorkerLoad after = worker.loadNow();
    assertTrue(after.silentSec() > before.silentSec(), "its last turn is longer ago all the time");
    assertEquals(0, after.sessions());
    free.countDown();
  }

  private void command(Runnable task) throws Exception {
    worker
        .call(() -> {
          task.run();
          return true;
        })
        .get(5, TimeUnit.SECONDS);
  }

  @Test
  void shouldSettleOtherRoomsAndKeepItsTimersWhenOneRoomBreaks() throws Exception {
    Person[] viewers = new Person[3];
    command(() -> {
      viewers[0] = roomWithViewer("first", true);
      viewers[1] = roomWithViewer("second", false);
      worker.onBatchEnd(System.nanoTime());
      assertTrue(viewers[1].slots.isDone(), "in the same batch");
    });
    assertEquals(1, viewers[0].slots.get(5, TimeUnit.SECONDS).size());
    assertEquals(1, viewers[1].slots.get(5, TimeUnit.SECONDS).size());
    command(() -> viewers[2] = roomWithViewer("third", false));
    assertEquals(1, viewers[2].slots.get(5, TimeUnit.SECONDS).size());
  }

  @Test
  void shouldGiveExceptionOfCommandToItsCaller() throws Exception {
    ExecutionException e =
        assertThrows(
            ExecutionException.class,
            () ->
                worker
                    .call(() -> {
                      throw new IllegalArgumentException("no");
                    })
                    .get(5, TimeUnit.SECONDS));
    assertTrue(e.getCause() instanceof IllegalArgumentException);
    command(() -> {});
  }
}
