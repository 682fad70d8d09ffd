package dev.parley.core.subscriber;

import static dev.parley.core.fixtures.RtpBuilder.rtp;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.core.codec.Codec;
import dev.parley.core.common.Counters;
import dev.parley.core.common.DropReason;
import dev.parley.core.fixtures.Media;
import dev.parley.core.publisher.Layer;
import dev.parley.core.publisher.PublishedTrack;
import dev.parley.core.rtp.RtpPacket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Who sends redundant audio (RFC 2198) and who does not hear each other. */
class RedundantAudioTest implements PublishedTrack.Listener {
  private static final int OPUS = 111;
  private static final int RED = 63;
  private static final int VIEWERS_OPUS = 100;
  private static final int VIEWERS_RED = 101;
  private static final int EARLIER = 0x0a;
  private static final int PRESENT = 0x0b;

  private final Counters counters = new Counters();
  private final PublishedTrack track =
      Media.track(
          7,
          new PublishedTrack.Format[] {
            Media.format(Codec.OPUS, OPUS, 0, 0), Media.format(Codec.RED, RED, 0, 0)
          },
          1,
          0,
          counters,
          this);
  private final List<byte[]> plain = new ArrayList<>();
  private final List<byte[]> redundant = new ArrayList<>();
  private final Subscription withoutRed = listener(plain, Map.of(Codec.OPUS, VIEWERS_OPUS));
  private final Subscription withRed =
      listener(redundant, Map.of(Codec.OPUS, VIEWERS_OPUS, Codec.RED, VIEWERS_RED));
  private int sequence = 10;
  private long lastNumber;

  private Subscription listener(List<byte[]> sent, Map<Codec, Integer> payloadTypes) {
    Slot slot =
        new Slot(
            Media.slot("a", true, 0x51, payloadTypes, 0, 0, 0),
            1,
            1,
            (bytes, offset, length, numberAt, kind, now) ->
                sent.add(Arrays.copyOfRange(bytes, offset, offset + length)),
            new SlotScratch(),
            counters);
    return new Subscription(slot, track, (layer, need) -> {}, counters);
  }

  @Override
  public void onRtp(Layer layer, RtpPacket packet, long number, long nowNanos) {
    lastNumber = number;
    withoutRed.forward(layer, packet, number, nowNanos);
    withRed.forward(layer, packet, number, nowNanos);
  }

  @Override
  public void onFirstPacket(PublishedTrack t) {}

  @Override
  public void onFeedbackDue(PublishedTrack t) {}

  private void send(int payloadType, int... payload) {
    byte[] bytes = new byte[payload.length];
    for (int i = 0; i < payload.length; i++) {
      bytes[i] = (byte) payload[i];
    }
    track.handleRtp(
        0,
        rtp()
            .ssrc(1)
            .sequence(sequence)
            .timestamp(sequence++ * 960)
            .payloadType(payloadType)
            .payload(bytes)
            .packet(),
        sequence * 20_000_000L);
  }

  /** One block of 2 bytes, 960 ticks (15 times 64) ago, and the present sound of 3. */
  private void sendRedundant() {
    send(RED, 0x80 | OPUS, 15, 0, 2, OPUS, EARLIER, EARLIER, PRESENT, PRESENT, PRESENT);
  }

  private static RtpPacket last(List<byte[]> sent) {
    RtpPacket packet = new RtpPacket();
    assertTrue(packet.wrap(sent.getLast(), 0, sent.getLast().length));
    return packet;
  }

  private static byte[] payload(RtpPacket p) {
    return Arrays.copyOfRange(p.bytes(), p.payloadOffset(), p.payloadOffset() + p.payloadBytes());
  }

  @Test
  void shouldGiveThePresentSoundAloneToWhoHasNoRed() {
    sendRedundant();

    assertEquals(VIEWERS_OPUS, last(plain).payloadType());
    assertArrayEquals(new byte[] {PRESENT, PRESENT, PRESENT}, payload(last(plain)));
  }

  @Test
  void shouldPassRedundancyOnInTheViewersPayloadTypes() {
    sendRedundant();

    byte[] got = payload(last(redundant));
    assertEquals(VIEWERS_RED, last(redundant).payloadType());
    assertEquals(0x80 | VIEWERS_OPUS, got[0] & 0xff);
    assertEquals(VIEWERS_OPUS, got[4]);
    assertEquals(10, got.length);
    assertEquals(PRESENT, got[9]);
  }

  @Test
  void shouldGivePlainSoundToWhoHasRed() {
    send(OPUS, PRESENT);

    assertEquals(VIEWERS_OPUS, last(redundant).payloadType());
    assertArrayEquals(new byte[] {PRESENT}, payload(last(redundant)));
  }

  @Test
  void shouldContinueWhenATalkerChangesBetweenBoth() {
    for (int i = 0; i < 6; i++) {
      if (i % 2 == 0) {
        sendRedundant();
      } else {
        send(OPUS, PRESENT);
      }
      assertEquals(2 + i, last(plain).sequence16());
      assertEquals(2 + i, last(redundant).sequence16());
    }
  }

  @Test
  void shouldDropBlocksThatDoNotFit() {
    send(RED, 0x80 | OPUS, 0, 3, 0xff, OPUS, 1, 2, 3);
    send(RED, 0x80 | OPUS);

    assertEquals(0, plain.size());
    assertEquals(2, counters.total(DropReason.RTP_MALFORMED));
  }

  @Test
  void shouldLeaveNoGapWhereSilenceIsNotSentOn() {
    send(OPUS, PRESENT);
    withRed.omit(track.layer(0), lastNumber + 1);
    sequence++;
    send(OPUS, PRESENT);

    assertEquals(3, last(redundant).sequence16());
    assertEquals(4, last(plain).sequence16(), "to this one it looks lost");
  }
}
