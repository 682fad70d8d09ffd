package dev.parley.core.room;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.core.api.MediaKind;
import dev.parley.core.api.MediaRoom;
import dev.parley.core.api.MediaSession;
import dev.parley.core.api.TrackSource;
import dev.parley.core.api.ViewWish;
import dev.parley.core.codec.Codec;
import dev.parley.core.common.Counter;
import dev.parley.core.common.FanOut;
import dev.parley.core.fixtures.PcapReader;
import dev.parley.core.fixtures.TestRoom;
import dev.parley.core.fixtures.Transports;
import dev.parley.core.publisher.PublishedTrack;
import dev.parley.core.rtp.RtpPacket;
import dev.parley.core.subscriber.Slot;
import dev.parley.core.subscriber.SlotScratch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A crowd is sent what a few are sent, byte for byte: recorded streams of every codec, in batches
 * of random size, with losses and repeats, to a room below and a room above the size that gathers.
 */
class TrainTest {
  private static final int FEW = Train.WORTH_VIEWERS - 1;
  private static final int CROWD = Train.WORTH_VIEWERS + Train.TOGETHER / 2 + 1;
  private static final int DESCRIPTOR = 13;
  private static final int BEFORE = 1717;
  private static final int[] HEIGHTS = {0, 180, 360};

  @ParameterizedTest
  @CsvSource({
    "vp8-simulcast.at-receiver,VP8,96",
    "firefox-vp8-simulcast.at-receiver,VP8,120",
    "vp8-simulcast-loss.at-receiver,VP8,96",
    "vp9-l1t3.at-receiver,VP9,98",
    "vp9-l3t3key.at-receiver,VP9,98",
    "vp9-l3t3key-drops.at-receiver,VP9,98",
    "h264.at-receiver,H264,102",
    "av1-l1t3.at-receiver,AV1,45",
    "av1-l3t3.at-receiver,AV1,45"
  })
  void shouldSendACrowdWhatItSendsAFew(String recording, Codec codec, int payloadType)
      throws IOException {
    List<byte[]> packets = packets(recording, payloadType);
    assertTrue(packets.size() > 100, recording + " has " + packets.size());
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Call few = new Call(FEW, codec, payloadType, packets);
    Call crowd = new Call(CROWD, codec, payloadType, packets);
    few.play(packets, new SplittableRandom(seed));
    crowd.play(packets, new SplittableRandom(seed));
    int sent = 0;
    for (int viewer = 0; viewer < FEW; viewer++) {
      List<byte[]> expected = few.received.get(viewer);
      List<byte[]> actual = crowd.received.get(viewer);
      assertEquals(expected.size(), actual.size(), "viewer " + viewer);
      for (int i = 0; i < expected.size(); i++) {
        assertArrayEquals(expected.get(i), actual.get(i), "viewer " + viewer + ", packet " + i);
      }
      sent += expected.size();
    }
    assertTrue(sent > packets.size(), sent + " packets sent");
    assertEquals(
        crowd.room.counters.total(Counter.RTP_OFFERED),
        Arrays.stream(FanOut.values()).mapToLong(crowd.room.counters::total).sum());
  }

  @Test
  void shouldSendAllPacketsOfABatchToOneViewerBeforeTheNext() throws IOException {
    List<byte[]> packets = packets("h264.at-receiver", 102);
    Call crowd = new Call(CROWD, Codec.H264, 102, packets);
    crowd.play(packets.subList(0, 40), new SplittableRandom(1));
    crowd.order.clear();
    crowd.batch(packets.subList(40, 45));
    assertEquals(5 * CROWD, crowd.order.size());
    Set<Integer> first = Set.copyOf(crowd.order.subList(0, 5 * Train.TOGETHER));
    assertEquals(Train.TOGETHER, first.size());
  }

  /** Those of the main payload type, from the publisher. */
  private static List<byte[]> packets(String recording, int payloadType) throws IOException {
    RtpPacket packet = new RtpPacket();
    List<byte[]> all = new ArrayList<>();
    for (PcapReader.Recorded recorded : PcapReader.read(recording)) {
      byte[] b = recorded.bytes();
      if (!recorded.rtcp()
          && packet.wrap(b, 0, b.length)
          && packet.payloadType() == payloadType
          && packet.payloadBytes() > 0) {
        all.add(b);
      }
    }
    return all;
  }

  /** One publisher, whose packets are recorded, and viewers who want pictures of several sizes. */
  private static final class Call {
    final TestRoom room = new TestRoom();
    final List<List<byte[]>> received = new ArrayList<>();
    final List<Integer> order = new ArrayList<>();
    private final Participant publisher;

    Call(int viewers, Codec codec, int payloadType, List<byte[]> packets) {
      PublishedTrack.Format format =
          new PublishedTrack.Format(
              codec, payloadType, 0, 0, codec == Codec.AV1 ? DESCRIPTOR : 0, 0, false);
      SendSection section =
          new SendSection(
              "cam",
              MediaKind.VIDEO,
              new SendSection.Ids(0, 0, 0, 0),
              List.of(format),
              List.of(),
              ssrcs(packets),
              Map.of());
      publisher = join("publisher", List.of(section), List.of());
      room.room.publish(
          publisher, new MediaRoom.TrackPublication("cam", "tr", TrackSource.CAMERA, false));
      for (int i = 0; i < viewers; i++) {
        Participant viewer = join("viewer-" + i, List.of(), List.of(slot(i, codec)));
        room.room.view(viewer, wish(HEIGHTS[i % HEIGHTS.length]));
      }
      room.pass(30);
    }

    private static List<Integer> ssrcs(List<byte[]> packets) {
      Set<Integer> found = new LinkedHashSet<>();
      RtpPacket packet = new RtpPacket();
      for (byte[] b : packets) {
        assertTrue(packet.wrap(b, 0, b.length));
        found.add(packet.ssrc());
      }
      return List.copyOf(found);
    }

    private static ViewWish wish(int height) {
      ViewWish auto = ViewWish.AUTO;
      return new ViewWish(
          auto.layout(),
          auto.video(),
          height,
          auto.maxVideo(),
          auto.audio(),
          auto.onlyParticipantId());
    }

    private Participant join(String id, List<SendSection> sections, List<Slot> slots) {
      Participant participant = room.room.add(id, 1, new Silent());
      participant.transport(Transports.unconnected(room.counters, participant));
      participant.sections(sections, slots);
      participant.onConnected();
      return participant;
    }

    private Slot slot(int viewer, Codec codec) {
      List<byte[]> list = new ArrayList<>();
      received.add(list);
      Slot.Settings settings =
          new Slot.Settings(
              "v", false, 0x5000 + viewer, 0, Map.of(codec, 100), Map.of(), 4, 0, 0, 5, DESCRIPTOR);
      return new Slot(
          settings,
          1,
          1,
          (bytes, offset, length, numberAt, kind, nowNanos) -> {
            order.add(viewer);
            return list.add(Arrays.copyOfRange(bytes, offset, offset + length));
          },
          new SlotScratch(),
          room.counters);
    }

    void play(List<byte[]> packets, SplittableRandom random) {
      List<byte[]> waiting = new ArrayList<>();
      int fed = 0;
      for (byte[] packet : packets) {
        // The beginning comes whole: without its key frame nothing is to be seen.
        int fate = ++fed < 40 ? 2 : random.nextInt(50);
        for (int copies = fate == 0 ? 0 : fate == 1 ? 2 : 1; copies > 0; copies--) {
          waiting.add(packet);
        }
        boolean large = random.nextInt(100) < 10 || waiting.size() > 20;
        if (random.nextInt(large ? 60 : 8) == 0) {
          batch(waiting);
          waiting.clear();
          room.pass(10L * random.nextInt(3));
        }
      }
      batch(waiting);
    }

    void batch(List<byte[]> packets) {
      for (byte[] packet : packets) {
        // Behind others, as in a queue between workers.
        byte[] copy = new byte[BEFORE + packet.length];
        System.arraycopy(packet, 0, copy, BEFORE, packet.length);
        publisher.onRtp(copy, BEFORE, packet.length, room.now);
        // What has been handed over belongs to the caller again.
        Arrays.fill(copy, (byte) 0xff);
      }
      room.settle();
    }
  }

  private static final class Silent implements Participant.Listener {
    @Override
    public void onClosed(String reason, @Nullable Throwable fault) {
      throw new AssertionError(reason, fault);
    }

    @Override
    public void onState(MediaSession.State state, MediaSession.StateDetail detail) {}

    @Override
    public void onSlots(List<MediaSession.SlotChange> changes) {}

    @Override
    public void onLayers(String mid, List<String> active) {}

    @Override
    public void onQuality(int level) {}

    @Override
    public void onFirstPacket(String trackId) {}
  }
}
