package dev.parley.core.subscriber;

import static dev.parley.core.fixtures.RtpBuilder.rtp;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.core.codec.Codec;
import dev.parley.core.codec.VideoPayload;
import dev.parley.core.common.Counter;
import dev.parley.core.common.Counters;
import dev.parley.core.common.DropReason;
import dev.parley.core.fixtures.Media;
import dev.parley.core.fixtures.Vp8Payloads;
import dev.parley.core.publisher.Layer;
import dev.parley.core.publisher.PublishedTrack;
import dev.parley.core.rtp.NtpTime;
import dev.parley.core.rtp.RtpPacket;
import dev.parley.core.rtp.RtpSink;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Choosing among the layers of a track, and sending again what a subscriber misses. */
class LayersTest implements PublishedTrack.Listener {
  private static final long MILLI = 1_000_000;
  private static final int VP8 = 96;
  private static final int RTX = 97;
  private static final int SLOT_SSRC = 0x5107;
  private static final int RTX_SSRC = 0x5108;
  private static final int FRAME_TICKS = 3000;

  private final Counters counters = new Counters();
  private final List<byte[]> sent = new ArrayList<>();
  private final List<RtpSink.Kind> kinds = new ArrayList<>();
  private final List<Integer> keyFramesAsked = new ArrayList<>();
  private final PublishedTrack track =
      Media.track(
          3,
          new PublishedTrack.Format[] {Media.repaired(Codec.VP8, VP8, RTX)},
          3,
          0,
          counters,
          this);
  private long now = 10_000 * MILLI;
  private final Slot slot = slot(RTX_SSRC);
  private final Subscription subscription = subscription(slot);
  private final int[] sequences = {100, 40_000, 65_530};
  private final int[] pictures = {10, 20_000, 32_760};
  private final int[] tl0s = {1, 100, 250};
  private final int[] timestamps = {0, 1_000_000, -5_000};

  private Slot slot(int rtxSsrc) {
    return new Slot(
        new Slot.Settings(
            "m",
            false,
            SLOT_SSRC,
            rtxSsrc,
            Map.of(Codec.VP8, 120),
            rtxSsrc == 0 ? Map.of() : Map.of(Codec.VP8, 121),
            4,
            0,
            0,
            5,
            0),
        1000,
        5_000_000,
        (bytes, offset, length, numberAt, kind, nowNanos) -> {
          assertEquals(0x51, bytes[numberAt - 1] & 0xff, "two bytes of extension 5 follow");
          sent.add(Arrays.copyOfRange(bytes, offset, offset + length));
          return kinds.add(kind);
        },
        new SlotScratch(),
        counters);
  }

  private Subscription subscription(Slot into) {
    return new Subscription(
        into, track, (layer, beginner) -> keyFramesAsked.add(layer.index()), counters);
  }

  @Override
  public void onRtp(Layer layer, RtpPacket packet, long sequence, long nowNanos) {
    subscription.forward(layer, packet, sequence, nowNanos);
  }

  @Override
  public void onFirstPacket(PublishedTrack t) {}

  @Override
  public void onFeedbackDue(PublishedTrack t) {}

  private void feed(int layer, int temporal, boolean key) {
    if (temporal == 0) {
      tl0s[layer] = tl0s[layer] + 1 & 0xff;
    }
    int picture = pictures[layer] + 1 & 0x7fff;
    pictures[layer] = picture;
    byte[] payload =
        key
            ? Vp8Payloads.keyFrame(picture, true, tl0s[layer], 320 << layer, 180 << layer)
            : Vp8Payloads.layerFrame(picture, tl0s[layer], temporal, temporal == 2);
    sequences[layer] = sequences[layer] + 1 & 0xffff;
    track.handleRtp(
        layer,
        rtp()
            .ssrc(0x100 + layer)
            .sequence(sequences[layer])
            .timestamp(timestamps[layer])
            .marker()
            .payload(payload)
            .packet(),
        now);
  }

  /** One picture of all three layers. */
  private void picture(int temporal, boolean key) {
    now += 33 * MILLI;
    for (int layer = 0; layer < 3; layer++) {
      timestamps[layer] += FRAME_TICKS;
      feed(layer, temporal, key);
    }
  }

  private RtpPacket packet(int index) {
    RtpPacket packet = new RtpPacket();
    byte[] bytes = sent.get(index);
    assertTrue(packet.wrap(bytes, 0, bytes.length));
    return packet;
  }

  private VideoPayload read(int index) {
    VideoPayload video = VideoPayload.of(Codec.VP8, 0);
    assertTrue(video.read(packet(index)));
    return video;
  }

  private void assertContinuous() {
    for (int i = 1; i < sent.size(); i++) {
      String where = "packet " + i;
      assertEquals(packet(i - 1).sequence16() + 1 & 0xffff, packet(i).sequence16(), where);
      assertEquals(read(i - 1).pictureId() + 1 & 0x7fff, read(i).pictureId(), where);
      int tl0 = read(i - 1).tl0PicIdx() + (read(i).temporalId() == 0 ? 1 : 0) & 0xff;
      assertEquals(tl0, read(i).tl0PicIdx(), where);
      assertTrue(packet(i).timestamp() - packet(i - 1).timestamp() > 0, where);
    }
  }

  @Test
  void shouldShowTheChosenLayerFromItsKeyFrameOn() {
    subscription.show(1, 0, 3, false);
    assertEquals(List.of(1), keyFramesAsked);
    picture(0, false);
    assertEquals(0, sent.size());
    picture(0, true);
    picture(0, false);
    assertEquals(2, sent.size());
    assertEquals(640, read(0).width());
  }

  @Test
  void shouldGoOnWithTheOldLayerUntilTheNewOneCanTakeOver() {
    subscription.show(0, 0, 3, false);
    picture(0, true);
    for (int target : new int[] {2, 0, 1, 2, 1, 0}) {
      subscription.show(target, 0, 3, false);
      picture(0, false);
      picture(0, false);
      picture(0, true);
      assertEquals(target, subscription.layerShown());
      picture(0, false);
    }
    assertEquals(
        1 + 6 * 4 + 3, sent.size(), "none is missing; going up, the first one comes in both");
    assertContinuous();
  }

  @Test
  void shouldKeepCaptureTimesOverASwitch() {
    long unix = 1_700_000_000_000_000_000L;
    subscription.show(0, 0, 3, false);
    picture(0, true);
    for (int layer = 0; layer < 3; layer++) {
      track.onSenderReport(0x100 + layer, NtpTime.ofUnixNanos(unix), timestamps[layer], now);
    }
    subscription.show(2, 0, 3, false);
    now += 500 * MILLI;
    for (int layer = 0; layer < 3; layer++) {
      timestamps[layer] += FRAME_TICKS;
    }
    feed(0, 0, false);
    now += 20 * MILLI;
    timestamps[2] += FRAME_TICKS;
    feed(2, 0, true);
    assertEquals(FRAME_TICKS, packet(2).timestamp() - packet(1).timestamp(), 2, "captured then");
  }

  @Test
  void shouldLeaveOutTemporalLayersWithoutAGap() {
    subscription.show(1, 0, 0, false);
    picture(0, true);
    int[] pattern = {2, 1, 2, 0};
    for (int i = 0; i < 40; i++) {
      picture(pattern[i % 4], false);
    }
    assertEquals(11, sent.size());
    assertContinuous();
    subscription.show(1, 0, 2, false);
    for (int i = 0; i < 40; i++) {
      picture(pattern[i % 4], false);
    }
    assertContinuous();
    assertTrue(sent.size() > 45, "all but the first of the frames came: " + sent.size());
    int before = sent.size();
    subscription.show(1, 0, 1, false);
    for (int i = 0; i < 40; i++) {
      picture(pattern[i % 4], false);
    }
    assertEquals(before + 20, sent.size(), "down at once");
    assertContinuous();
  }

  @Test
  void shouldFillTheNumberOfALatePacketThatIsNotWanted() {
    subscription.show(1, 0, 0, false);
    picture(0, true);
    sequences[1]++;
    int lost = sequences[1];
    pictures[1]++;
    picture(0, false);
    assertEquals(2, packet(1).sequence16() - packet(0).sequence16());
    byte[] late = Vp8Payloads.layerFrame(pictures[1] - 1, tl0s[1] - 1, 2, false);
    track.handleRtp(1, rtp().ssrc(0x101).sequence(lost).payload(late).packet(), now);
    assertEquals(1, packet(2).sequence16() - packet(0).sequence16());
    assertEquals(0, packet(2).payloadBytes(), "padding alone");
  }

  @Test
  void shouldSendNothingWhilePaused() {
    subscription.show(0, 0, 3, false);
    picture(0, true);
    subscription.pause();
    picture(0, true);
    assertEquals(1, sent.size());
    subscription.show(0, 0, 3, false);
    assertEquals(List.of(0), keyFramesAsked);
    picture(0, true);
    assertEquals(2, sent.size());
    assertContinuous();
  }

  @Test
  void shouldRepeatAPacketJustAsItWas() {
    subscription.show(2, 0, 3, false);
    picture(0, true);
    picture(2, false);
    picture(0, false);
    byte[] original = sent.get(1);
    RtpPacket first = packet(1);
    int number = first.sequence16();
    int payloadBytes = first.payloadBytes();
    byte[] payload =
        Arrays.copyOfRange(original, first.payloadOffset(), first.payloadOffset() + payloadBytes);
    int timestamp = first.timestamp();
    sent.clear();
    slot.onNack(number, 0, 50 * MILLI, now);
    RtpPacket again = packet(0);
    assertEquals(121, again.payloadType());
    assertEquals(RTX_SSRC, again.ssrc());
    assertEquals(timestamp, again.timestamp());
    assertEquals(number, again.short16(again.payloadOffset()));
    assertArrayEquals(
        payload,
        Arrays.copyOfRange(
            sent.get(0), again.payloadOffset() + 2, again.payloadOffset() + 2 + payloadBytes));
    assertEquals(RtpSink.Kind.REPAIR, kinds.getLast());
    assertEquals(1, counters.total(Counter.RTX_SENT));
  }

  @Test
  void shouldRepeatPlainWithoutAStreamForRepairs() {
    Slot plain = slot(0);
    Subscription other = subscription(plain);
    other.show(0, 0, 3, false);
    RtpPacket key =
        rtp().ssrc(0x100).sequence(5).payload(Vp8Payloads.keyFrame(1, true, 1, 320, 180)).packet();
    track.handleRtp(0, key, now);
    other.forward(track.layer(0), key, track.layer(0).ring().newest(), now);
    byte[] original = sent.getLast();
    plain.onNack(packet(sent.size() - 1).sequence16(), 0, 0, now);
    assertArrayEquals(original, sent.getLast());
  }

  @Test
  void shouldRepeatOncePerRoundTrip() {
    subscription.show(0, 0, 3, false);
    for (int i = 0; i < 5; i++) {
      picture(0, i == 0);
    }
    int number = packet(1).sequence16();
    sent.clear();
    slot.onNack(number, 0b101, 100 * MILLI, now);
    assertEquals(3, sent.size());
    slot.onNack(number, 0b101, 100 * MILLI, now + 50 * MILLI);
    assertEquals(3, sent.size());
    assertEquals(3, counters.total(DropReason.REPAIR_LIMIT));
    slot.onNack(number, 0, 100 * MILLI, now + 100 * MILLI);
    assertEquals(4, sent.size());
    slot.onNack(number + 500, 0, 100 * MILLI, now);
    assertEquals(1, counters.total(DropReason.REPAIR_UNKNOWN), "it was never sent");
  }

  @Test
  void shouldRepeatOverALayerSwitch() {
    subscription.show(0, 0, 3, false);
    picture(0, true);
    picture(0, false);
    subscription.show(2, 0, 3, false);
    picture(0, true);
    int number = packet(1).sequence16();
    int picture = read(1).pictureId();
    sent.clear();
    slot.onNack(number, 1, 100 * MILLI, now);
    assertEquals(2, sent.size());
    RtpPacket again = packet(0);
    assertTrue(again.unwrapRetransmission(SLOT_SSRC, 120));
    VideoPayload video = VideoPayload.of(Codec.VP8, 0);
    assertTrue(video.read(again));
    assertEquals(picture, video.pictureId());
  }

  @Test
  void shouldProbeWithWhatItHasAndThenWithPadding() {
    assertEquals(0, slot.probe(1000, now), "nothing has been sent yet");
    subscription.show(0, 0, 3, false);
    picture(0, true);
    picture(0, false);
    sent.clear();
    assertTrue(slot.probe(1000, now) >= 1000);
    assertEquals(2, packet(0).payloadBytes() > 2 ? 2 : 0, "first what was sent");
    assertEquals(0, packet(2).payloadBytes(), "then padding");
    for (int i = 0; i < sent.size(); i++) {
      assertEquals(RTX_SSRC, packet(i).ssrc());
      assertEquals(i, packet(i).sequence16() - packet(0).sequence16());
    }
  }
}
