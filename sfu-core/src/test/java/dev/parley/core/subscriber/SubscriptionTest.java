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
import dev.parley.core.fixtures.RtpBuilder;
import dev.parley.core.fixtures.Vp8Payloads;
import dev.parley.core.publisher.Layer;
import dev.parley.core.publisher.PublishedTrack;
import dev.parley.core.rtp.NtpTime;
import dev.parley.core.rtp.RtcpWriter;
import dev.parley.core.rtp.RtpPacket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A slot and its subscriptions, driven through published tracks as in a room. */
class SubscriptionTest {
  private static final long MILLI = 1_000_000;
  private static final int SLOT_SSRC = 0x5107;
  private static final int FIRST_SEQUENCE = 1000;
  private static final int FIRST_TIMESTAMP = 5_000_000;
  private static final int VP8_IN = 96;
  private static final int VP8_OUT = 120;
  private static final int OPUS_IN = 111;
  private static final int OPUS_OUT = 109;

  private final Counters counters = new Counters();
  private final List<byte[]> sent = new ArrayList<>();
  private final List<PublishedTrack> keyFramesAsked = new ArrayList<>();
  private boolean sinkReady = true;
  private long now = 10_000 * MILLI;

  /** A published track, and what is subscribed to it. */
  private final class Source implements PublishedTrack.Listener {
    final PublishedTrack track;
    Subscription subscription;
    int ssrc;

    Source(int csrc, Slot slot, PublishedTrack.Format... formats) {
      ssrc = 0x100 + csrc;
      track = Media.track(csrc, formats, 1, 0, counters, this);
      subscription = subscribe(slot);
    }

    Subscription subscribe(Slot slot) {
      subscription =
          new Subscription(
              slot, track, (layer, beginner) -> keyFramesAsked.add(layer.track()), counters);
      subscription.askKeyFrame();
      return subscription;
    }

    @Override
    public void onRtp(Layer layer, RtpPacket packet, long sequence, long nowNanos) {
      subscription.forward(layer, packet, sequence, nowNanos);
    }

    @Override
    public void onFeedbackDue(PublishedTrack t) {}

    @Override
    public void onFirstPacket(PublishedTrack t) {}

    void feed(RtpBuilder... packets) {
      for (RtpBuilder packet : packets) {
        track.handleRtp(0, packet.ssrc(ssrc).packet(), now);
      }
    }
  }

  private Slot slot(boolean audio, int midId, int levelId, int orientationId) {
    return new Slot(
        Media.slot(
            "m5",
            audio,
            SLOT_SSRC,
            audio ? Map.of(Codec.OPUS, OPUS_OUT) : Map.of(Codec.VP8, VP8_OUT),
            midId,
            levelId,
            orientationId),
        FIRST_SEQUENCE,
        FIRST_TIMESTAMP,
        (bytes, offset, length, numberAt, kind, nowNanos) -> {
          assertEquals(now, nowNanos);
          if (sinkReady) {
            sent.add(Arrays.copyOfRange(bytes, offset, offset + length));
          }
          return sinkReady;
        },
        new SlotScratch(),
        counters);
  }

  private final Slot videoSlot = slot(false, 0, 0, 0);

  private Source video(int csrc) {
    return new Source(csrc, videoSlot, Media.format(Codec.VP8, VP8_IN, 0, 13));
  }

  private Source audio(int csrc, Slot slot) {
    return new Source(csrc, slot, Media.format(Codec.OPUS, OPUS_IN, 1, 0));
  }

  private static RtpBuilder key(int sequence, int timestamp, int pictureId, int tl0) {
    return rtp()
        .sequence(sequence)
        .timestamp(timestamp)
        .payload(Vp8Payloads.keyFrame(pictureId, true, tl0, 640, 360));
  }

  private static RtpBuilder inter(int sequence, int timestamp, int pictureId, int tl0) {
    return rtp()
        .sequence(sequence)
        .timestamp(timestamp)
        .payload(Vp8Payloads.interFrame(pictureId, true, tl0));
  }

  private static RtpBuilder opus(int sequence, int timestamp) {
    return rtp().payloadType(OPUS_IN).sequence(sequence).timestamp(timestamp);
  }

  private RtpPacket packet(int index) {
    RtpPacket packet = new RtpPacket();
    byte[] bytes = sent.get(index);
    assertTrue(packet.wrap(bytes, 0, bytes.length));
    return packet;
  }

  private List<Integer> sequences() {
    List<Integer> all = new ArrayList<>();
    for (int i = 0; i < sent.size(); i++) {
      all.add(packet(i).sequence16() - FIRST_SEQUENCE);
    }
    return all;
  }

  private VideoPayload descriptor(int index) {
    VideoPayload d = VideoPayload.of(Codec.VP8, 0);
    assertTrue(d.read(packet(index)));
    return d;
  }

  @Test
  void shouldSendNothingBeforeKeyFrame() {
    Source source = video(3);
    source.feed(inter(10, 0, 5, 1), inter(11, 3000, 6, 1));
    assertEquals(0, sent.size());
    assertEquals(2, counters.total(DropReason.WAITING_FOR_KEY_FRAME));
    source.feed(key(12, 6000, 7, 2), inter(13, 9000, 8, 3));
    assertEquals(List.of(1, 2), sequences());
    assertEquals(2, counters.total(Counter.RTP_FORWARDED));
  }

  @Test
  void shouldAskAtTheStartAndAgainButNotForEachPacket() {
    Source source = video(3);
    assertEquals(1, keyFramesAsked.size());
    for (int i = 0; i < 100; i++) {
      source.feed(inter(10 + i, 0, 5, 1));
      now += 10 * MILLI;
    }
    assertEquals(1 + 10, keyFramesAsked.size());
  }

  @Test
  void shouldPutTheSlotsOwnNumbersIntoTheHeader() {
    Source source = video(3);
    source.feed(key(77, 1234, 1, 1).marker());
    RtpPacket p = packet(0);
    assertEquals(SLOT_SSRC, p.ssrc());
    assertEquals(VP8_OUT, p.payloadType());
    assertTrue(p.marker());
    assertEquals(FIRST_SEQUENCE + 1, p.sequence16());
    assertEquals(FIRST_TIMESTAMP, p.timestamp());
    assertEquals(1, sent.get(0)[0] & 0x0f, "one CSRC");
    assertEquals(3, ByteBuffer.wrap(sent.get(0)).getInt(12));
  }

  @Test
  void shouldLeaveThePayloadAsItIsButForPictureNumbers() {
    Source source = audio(1, slot(true, 0, 0, 0));
    source.feed(opus(1, 0).payload((byte) 9, (byte) 8, (byte) 7).padding(5));
    RtpPacket p = packet(0);
    assertArrayEquals(
        new byte[] {9, 8, 7},
        Arrays.copyOfRange(p.bytes(), p.payloadOffset(), p.payloadOffset() + p.payloadBytes()));
    assertEquals(0, sent.get(0)[0] & 0x20, "padding is not passed on");
  }

  @Test
  void shouldContinueOverSwitchOfSources() {
    Source first = video(3);
    first.feed(key(10, 900_000, 500, 20), inter(11, 903_000, 501, 21));
    now += 2_000 * MILLI;
    Source second = video(4);
    second.feed(key(60_000, 77, 9, 200).marker(), inter(60_001, 3077, 10, 201));
    assertEquals(List.of(1, 2, 3, 4), sequences());
    assertEquals(FIRST_TIMESTAMP + 3000, packet(1).timestamp());
    assertEquals(packet(1).timestamp() + 2 * 90_000, packet(2).timestamp(), "by elapsed time");
    assertEquals(packet(2).timestamp() + 3000, packet(3).timestamp());
    assertEquals(descriptor(1).pictureId() + 1, descriptor(2).pictureId());
    assertEquals(descriptor(2).pictureId() + 1, descriptor(3).pictureId());
    assertEquals(descriptor(1).tl0PicIdx() + 1, descriptor(2).tl0PicIdx());
    assertEquals(4, ByteBuffer.wrap(sent.get(2)).getInt(12));
  }

  @Test
  void shouldKeepOneFrameOfDistanceBetweenSources() {
    video(3).feed(key(10, 900_000, 500, 20));
    video(4).feed(key(60_000, 77, 9, 200));
    assertEquals(3000, packet(1).timestamp() - packet(0).timestamp());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 60, 3_600, 7 * 3_600, 10 * 3_600, 24 * 3_600})
  void shouldMoveTimestampForwardOverAnyPause(long seconds) {
    video(3).feed(key(10, 900_000, 500, 20));
    now += seconds * 1000 * MILLI;
    video(4).feed(key(60_000, 77, 9, 200));
    assertTrue(packet(1).timestamp() - packet(0).timestamp() >= 3000);
  }

  @Test
  void shouldKeepLostNumbersLostAndReorderedOnesInPlace() {
    Source source = video(3);
    source.feed(
        key(65_534, 0, 1, 1), inter(0, 0, 1, 1), inter(65_535, 0, 1, 1), inter(3, 3000, 2, 2));
    assertEquals(List.of(1, 3, 2, 6), sequences());
  }

  @Test
  void shouldDropWhatIsOlderThanTheSwitch() {
    Source source = video(3);
    source.feed(inter(9, 0, 1, 1), key(12, 3000, 3, 3), inter(11, 0, 2, 2), inter(13, 3000, 3, 3));
    assertEquals(List.of(1, 2), sequences());
    assertEquals(1, counters.total(DropReason.RTP_TOO_OLD));
  }

  @Test
  void shouldNotTakeTheNextSourceBackByReorderedLastPacket() {
    Source first = video(3);
    first.feed(key(10, 0, 100, 10), inter(12, 6000, 102, 12), inter(11, 3000, 101, 11));
    Source second = video(4);
    second.feed(key(500, 0, 7, 7));
    assertEquals(List.of(1, 3, 2, 4), sequences());
    assertEquals(descriptor(1).pictureId() + 1, descriptor(3).pictureId());
    assertEquals(descriptor(1).tl0PicIdx() + 1, descriptor(3).tl0PicIdx());
    assertTrue(packet(3).timestamp() - packet(1).timestamp() >= 3000);
  }

  @Test
  void shouldWrapPictureNumbers() {
    Source source = video(3);
    source.feed(key(1, 0, 32_767, 255), inter(2, 3000, 0, 0), inter(3, 6000, 1, 1));
    for (int i = 1; i < 3; i++) {
      assertEquals(
          descriptor(i - 1).pictureId() + 1 & 0x7fff, descriptor(i).pictureId(), "packet " + i);
      assertEquals(descriptor(i - 1).tl0PicIdx() + 1 & 0xff, descriptor(i).tl0PicIdx());
    }
  }

  @Test
  void shouldContinueSevenBitPictureIds() {
    Source first = video(3);
    for (int i = 0; i < 300; i++) {
      byte[] payload =
          i == 0
              ? Vp8Payloads.keyFrame(i & 0x7f, false, -1, 320, 180)
              : Vp8Payloads.interFrame(i & 0x7f, false, -1);
      first.feed(rtp().sequence(i).timestamp(i * 3000).payload(payload));
    }
    Source second = video(4);
    second.feed(rtp().sequence(9).payload(Vp8Payloads.keyFrame(90, false, -1, 320, 180)));
    assertEquals(301, sent.size());
    for (int i = 1; i < sent.size(); i++) {
      assertEquals(128, descriptor(i).pictureIdModulus());
      assertEquals(
          descriptor(i - 1).pictureId() + 1 & 0x7f, descriptor(i).pictureId(), "packet " + i);
    }
  }

  @Test
  void shouldKeepPictureNumbersOverSourceWithoutThem() {
    video(3).feed(key(1, 0, 20_000, 5), inter(2, 3000, 20_500, 6));
    int last = descriptor(1).pictureId();
    video(4).feed(rtp().sequence(1).payload(Vp8Payloads.keyFrame(-1, false, -1, 320, 180)));
    assertEquals(-1, descriptor(2).pictureId());
    video(5).feed(rtp().sequence(1).payload(Vp8Payloads.keyFrame(-1, false, 9, 320, 180)));
    video(6).feed(key(1, 0, 3, 3));
    assertEquals(last + 1, descriptor(4).pictureId());
  }

  @Test
  void shouldBeginAnewWhenTheSourceDoes() {
    Source source = video(3);
    source.feed(key(10, 0, 1, 1));
    source.ssrc = 0x999;
    source.feed(inter(40_000, 5, 9, 9), key(40_001, 5, 10, 10));
    assertEquals(List.of(1, 2), sequences());
    assertEquals(1, counters.total(DropReason.WAITING_FOR_KEY_FRAME));
    assertEquals(descriptor(0).pictureId() + 1, descriptor(1).pictureId());
  }

  @Test
  void shouldWaitForKeyFrameAfterUnmute() {
    Source source = video(3);
    source.feed(key(10, 0, 1, 1));
    source.track.mute(true);
    source.feed(inter(11, 0, 2, 2));
    source.track.mute(false);
    source.feed(inter(12, 0, 3, 3), key(13, 0, 4, 4));
    assertEquals(List.of(1, 2), sequences());
  }

  @Test
  void shouldContinueAudioWithoutWaiting() {
    Slot slot = slot(true, 0, 0, 0);
    audio(1, slot).feed(opus(5, 100), opus(6, 1060));
    now += 100 * MILLI;
    audio(2, slot).feed(opus(900, 7), opus(901, 967));
    assertEquals(List.of(1, 2, 3, 4), sequences());
    assertEquals(4800, packet(2).timestamp() - packet(1).timestamp());
    assertEquals(OPUS_OUT, packet(0).payloadType());
    assertEquals(0, keyFramesAsked.size());
  }

  @Test
  void shouldDropCodecThatTheSubscriberLacks() {
    Source source = audio(1, videoSlot);
    source.feed(opus(5, 100));
    assertEquals(0, sent.size());
    assertEquals(1, counters.total(DropReason.NOT_NEGOTIATED));
  }

  @Test
  void shouldNotCountWhatTheTransportRefuses() {
    Source source = video(3);
    sinkReady = false;
    source.feed(key(10, 0, 1, 1), inter(11, 0, 2, 2));
    assertEquals(0, counters.total(Counter.RTP_FORWARDED));
    RtcpWriter writer = new RtcpWriter();
    assertTrue(source.subscription.addSenderReport(writer, 0, now));
    assertEquals(0, writer.length());
  }

  @Test
  void shouldWriteMidAndAudioLevelInOneByteForm() {
    Source source = audio(1, slot(true, 4, 7, 0));
    source.feed(opus(1, 0).twoByte(1, (byte) 0x85));
    RtpPacket p = packet(0);
    assertEquals(0xbede, ByteBuffer.wrap(sent.get(0)).getShort(16) & 0xffff);
    assertEquals("m5", text(p, 4));
    assertEquals((byte) 0x85, p.bytes()[p.extension(7) >>> 8]);
    assertEquals(4, p.payloadBytes());
  }

  @Test
  void shouldWriteTwoByteFormWhereAnIdNeedsIt() {
    Source source = audio(1, slot(true, 20, 7, 0));
    source.feed(opus(1, 0).oneByte(1, (byte) 0x05), opus(2, 960));
    RtpPacket p = packet(0);
    assertEquals(0x1000, ByteBuffer.wrap(sent.get(0)).getShort(16) & 0xffff);
    assertEquals("m5", text(p, 20));
    assertEquals(5, p.bytes()[p.extension(7) >>> 8]);
    assertEquals(1, p.extension(7) & 0xff);
    assertEquals("m5", text(packet(1), 20));
    assertEquals(-1, packet(1).extension(7));
  }

  @Test
  void shouldPassOnOrientationOfTheSource() {
    Source source = new Source(3, slot(false, 4, 0, 5), Media.format(Codec.VP8, VP8_IN, 0, 13));
    source.feed(key(1, 0, 1, 1).oneByte(13, (byte) 3));
    RtpPacket p = packet(0);
    assertEquals(3, p.bytes()[p.extension(5) >>> 8]);
  }

  @Test
  void shouldWriteNoExtensionWhereNoneWasNegotiated() {
    Source source = audio(1, slot(true, 0, 0, 0));
    source.feed(opus(1, 0).oneByte(1, (byte) 3));
    assertEquals(0, sent.get(0)[0] & 0x10);
    assertEquals(16, packet(0).payloadOffset());
  }

  @Test
  void shouldIgnoreAudioLevelOfWrongLength() {
    Source source = audio(1, slot(true, 4, 7, 0));
    source.feed(opus(1, 0).twoByte(1), opus(2, 0).twoByte(1, (byte) 1, (byte) 2));
    assertEquals(-1, packet(0).extension(7));
    assertEquals(-1, packet(1).extension(7));
  }

  @Test
  void shouldDropPacketThatDoesNotFitAndGoOn() {
    Source source = audio(1, slot(true, 4, 7, 0));
    source.feed(opus(1, 0), opus(2, 0).payload(new byte[2040]), opus(3, 0));
    assertEquals(List.of(1, 3), sequences());
    assertEquals(1, counters.total(DropReason.TOO_LARGE));
  }

  private static String text(RtpPacket p, int id) {
    int found = p.extension(id);
    assertTrue(found >= 0);
    return new String(p.bytes(), found >>> 8, found & 0xff, StandardCharsets.UTF_8);
  }

  private ByteBuffer senderReport(Source source, long unixNanos) {
    RtcpWriter writer = new RtcpWriter();
    assertTrue(source.subscription.addSenderReport(writer, unixNanos, now));
    return ByteBuffer.wrap(writer.bytes(), 0, writer.length());
  }

  @Test
  void shouldReportWhatWasSentInTheSlotsTimestamps() {
    Source source = video(3);
    assertEquals(0, senderReport(source, 0).remaining());
    source.feed(key(10, 900_000, 1, 1), inter(11, 903_000, 2, 2));
    int payload = packet(0).payloadBytes() + packet(1).payloadBytes();
    long unix = 1_700_000_000_000L * MILLI;
    source.track.onSenderReport(source.ssrc, NtpTime.ofUnixNanos(unix), 903_000, now);
    now += 1_000 * MILLI;
    ByteBuffer report = senderReport(source, unix + 5_000 * MILLI);
    assertEquals(SLOT_SSRC, report.getInt(4));
    assertEquals(NtpTime.ofUnixNanos(unix + 5_000 * MILLI), report.getLong(8));
    assertEquals(packet(1).timestamp() + 90_000, report.getInt(16), 2);
    assertEquals(2, report.getInt(20));
    assertEquals(payload, report.getInt(24));
  }

  @Test
  void shouldNotReportBetweenNewStreamOfTheSourceAndItsSplice() {
    Source source = video(3);
    source.feed(key(10, 900_000, 1, 1));
    source.ssrc = 0x777;
    source.feed(rtp().sequence(1).payload().padding(9));
    source.track.onSenderReport(source.ssrc, NtpTime.ofUnixNanos(0), 123_456_789, now);
    assertEquals(0, senderReport(source, 0).remaining(), "its timestamps have no shift yet");
  }

  @Test
  void shouldCountOnOverSwitch() {
    video(3).feed(key(10, 0, 1, 1), inter(11, 0, 1, 1));
    Source second = video(4);
    second.feed(key(5, 0, 1, 1));
    assertEquals(3, senderReport(second, 0).getInt(20));
    assertEquals(2, videoSlot.snapshot().get("switches"));
  }

  @Test
  void shouldMeasureRoundTripFromReportBlocks() {
    // RFC 3550 section 6.4.1, figure 2.
    assertEquals(
        6_125_000_000L, videoSlot.onReportBlock(64, 0xb705_2000, 0x0005_4000, 0xb710_8000));
    assertEquals(0.25, videoSlot.snapshot().get("fractionLost"));
    assertEquals(-1, videoSlot.onReportBlock(0, 0, 0, 5), "no report of ours has arrived yet");
    assertEquals(
        -1,
        videoSlot.onReportBlock(0, 0xb705_2000, 0x0005_4000, 0xb711_8000),
        "the same report once more says nothing new");
  }
}
