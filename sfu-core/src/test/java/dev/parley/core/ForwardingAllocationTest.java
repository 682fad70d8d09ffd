package dev.parley.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import dev.parley.core.api.MediaKind;
import dev.parley.core.api.MediaRoom;
import dev.parley.core.api.SilentListener;
import dev.parley.core.api.TrackSource;
import dev.parley.core.codec.Codec;
import dev.parley.core.common.Counter;
import dev.parley.core.common.Counters;
import dev.parley.core.fixtures.Media;
import dev.parley.core.fixtures.RtpBuilder;
import dev.parley.core.fixtures.Transports;
import dev.parley.core.fixtures.Vp8Payloads;
import dev.parley.core.relay.RelayQueue;
import dev.parley.core.room.Participant;
import dev.parley.core.room.Room;
import dev.parley.core.room.RoomHost;
import dev.parley.core.room.Wing;
import dev.parley.core.rtp.RtpPacket;
import dev.parley.core.subscriber.Slot;
import dev.parley.core.subscriber.SlotScratch;
import java.lang.management.ManagementFactory;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Holds rule 4 of the architecture: no allocation per packet in steady state. */
class ForwardingAllocationTest {
  private static final int VIEWERS = 20;
  private static final int PACKETS = 20_000;

  private final Counters counters = new Counters();
  private final SlotScratch scratch = new SlotScratch();
  private final byte[] audio =
      RtpBuilder.rtp()
          .payloadType(111)
          .oneByte(1, (byte) 40)
          .oneByte(4, (byte) '0')
          .payload(new byte[80])
          .build();
  private final byte[] video =
      RtpBuilder.rtp().oneByte(4, (byte) '1').payload(Vp8Payloads.interFrame(1, true, 1)).build();
  private int sequence;
  private long now = 1_000_000_000;

  private final Deque<Runnable> tasks = new ArrayDeque<>();
  private final Room room = newRoom();
  private final Room otherWing = newRoom();

  private Room newRoom() {
    return new Room(
        "rm",
        new Room.Settings(500_000_000, 0, "cname"),
        new RoomHost() {
          @Override
          public void unsettled(Room r) {}

          @Override
          public long unixNanos(long nowNanos) {
            return nowNanos;
          }
        },
        speakers -> {},
        new RtpPacket(),
        counters);
  }

  @Test
  void shouldForwardWithoutAllocating() {
    shouldForwardWithoutAllocating(room);
  }

  /** The viewers are on another worker, where each packet comes by the relay. */
  @Test
  void shouldRelayToAnotherWingWithoutAllocating() {
    room.connect(new Wing(otherWing, tasks::add, tasks::add, lane(), false));
    otherWing.connect(new Wing(room, tasks::add, tasks::add, lane(), true));
    shouldForwardWithoutAllocating(otherWing);
    assertEquals(1 + 5L * 2 * PACKETS, counters.total(Counter.RTP_RELAYED));
  }

  private RelayQueue lane() {
    return new RelayQueue(
        counters,
        tasks::add,
        queue -> {
          long unused = queue.drain(now);
        });
  }

  /** What waits between the wings, in as many rounds as it takes. */
  private void runTasks() {
    while (!tasks.isEmpty()) {
      tasks.removeFirst().run();
    }
  }

  private void shouldForwardWithoutAllocating(Room viewersAt) {
    Participant publisher = person(room, "publisher", List.of());
    room.publish(
        publisher, new MediaRoom.TrackPublication("0", "mic", TrackSource.MICROPHONE, false));
    room.publish(publisher, new MediaRoom.TrackPublication("1", "cam", TrackSource.CAMERA, false));
    for (int i = 0; i < VIEWERS; i++) {
      person(viewersAt, "viewer" + i, List.of(slot(2 * i, true), slot(2 * i + 1, false)));
    }
    runTasks();
    room.settle(now);
    viewersAt.settle(now);
    runTasks();
    byte[] key =
        RtpBuilder.rtp()
            .oneByte(4, (byte) '1')
            .payload(Vp8Payloads.keyFrame(1, true, 1, 640, 360))
            .build();
    publisher.onRtp(key, 0, key.length, now);
    runTasks();
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().threadId();
    send(publisher);
    send(publisher);
    long least = Long.MAX_VALUE;
    // Compilation on the way may charge a few bytes once; steady state is the best of some rounds.
    for (int round = 0; round < 3; round++) {
      long before = threads.getThreadAllocatedBytes(thread);
      long nothing = threads.getThreadAllocatedBytes(thread) - before;
      before = threads.getThreadAllocatedBytes(thread);
      send(publisher);
      least = Math.min(least, threads.getThreadAllocatedBytes(thread) - before - nothing);
    }
    assertEquals(1 + 5L * 2 * PACKETS * VIEWERS + VIEWERS - 1, forwarded(), "all were forwarded");
    assertEquals(0, least, "bytes for " + 2 * PACKETS * VIEWERS + " forwarded packets");
  }

  private long forwarded() {
    return counters.total(Counter.RTP_FORWARDED);
  }

  private void send(Participant publisher) {
    for (int i = 0; i < PACKETS; i++) {
      sequence++;
      now += 20_000_000;
      number(audio);
      number(video);
      publisher.onRtp(audio, 0, audio.length, now);
      publisher.onRtp(video, 0, video.length, now);
      runTasks();
    }
  }

  private void number(byte[] packet) {
    packet[2] = (byte) (sequence + 1 >> 8);
    packet[3] = (byte) (sequence + 1);
    packet[11] = packet == audio ? (byte) 1 : (byte) 0x11;
  }

  private Slot slot(int number, boolean isAudio) {
    return new Slot(
        Media.slot(
            "s" + number,
            isAudio,
            1000 + number,
            isAudio ? Map.of(Codec.OPUS, 100) : Map.of(Codec.VP8, 101),
            4,
            1,
            0),
        number,
        number,
        (bytes, offset, length, numberAt, kind, nowNanos) -> true,
        scratch,
        counters);
  }

  private Participant person(Room in, String id, List<Slot> slots) {
    Participant participant = in.add(id, 1, new Deaf());
    participant.transport(Transports.unconnected(counters, participant));
    participant.sections(
        List.of(
            Media.section("0", MediaKind.AUDIO, 4, Media.format(Codec.OPUS, 111, 1, 0)),
            Media.section("1", MediaKind.VIDEO, 4, Media.format(Codec.VP8, 96, 0, 0))),
        slots);
    participant.onConnected();
    return participant;
  }

  private static final class Deaf extends SilentListener implements Participant.Listener {
    @Override
    public void onClosed(String reason, @Nullable Throwable fault) {}
  }
}
