package dev.parley.core.publisher;

import static dev.parley.core.fixtures.RtpBuilder.rtp;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.parley.core.codec.Codec;
import dev.parley.core.codec.VideoPayload;
import dev.parley.core.common.Counter;
import dev.parley.core.common.Counters;
import dev.parley.core.common.DropReason;
import dev.parley.core.fixtures.Media;
import dev.parley.core.fixtures.RtpBuilder;
import dev.parley.core.fixtures.Vp8Payloads;
import dev.parley.core.rtp.NtpTime;
import dev.parley.core.rtp.RtcpWriter;
import dev.parley.core.rtp.RtpPacket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PublishedTrackTest {
  private static final long MILLI = 1_000_000;
  private static final int OPUS = 111;
  private static final int VP8 = 96;

  private final Counters counters = new Counters();
  private final List<Long> sequences = new ArrayList<>();
  private final List<Boolean> keys = new ArrayList<>();
  private int firstPackets;
  private long now = 1000 * MILLI;

  private final PublishedTrack.Listener listener =
      new PublishedTrack.Listener() {
        @Override
        public void onRtp(Layer layer, RtpPacket packet, long sequence, long nowNanos) {
          assertEquals(now, nowNanos);
          sequences.add(sequence & 0xffff);
          VideoPayload video = layer.payload();
          keys.add(video != null && video.keyFrameStart());
        }

        @Override
        public void onFeedbackDue(PublishedTrack track) {}

        @Override
        public void onFirstPacket(PublishedTrack track) {
          firstPackets++;
        }
      };

  private PublishedTrack track(PublishedTrack.Format... formats) {
    return Media.track(7, formats, 1, 0, counters, listener);
  }

  private PublishedTrack audio() {
    return track(Media.format(Codec.OPUS, OPUS, 1, 0));
  }

  private PublishedTrack video() {
    return track(Media.format(Codec.VP8, VP8, 0, 0));
  }

  private static RtpBuilder opus(int sequence) {
    return rtp().payloadType(OPUS).sequence(sequence).timestamp(sequence * 960);
  }

  private static RtpBuilder key(int sequence) {
    return rtp().sequence(sequence).payload(Vp8Payloads.keyFrame(sequence, true, 1, 640, 360));
  }

  private static RtpBuilder inter(int sequence) {
    return rtp().sequence(sequence).payload(Vp8Payloads.interFrame(sequence, true, 1));
  }

  private void feed(PublishedTrack track, RtpBuilder... packets) {
    for (RtpBuilder packet : packets) {
      now += 20 * MILLI;
      track.handleRtp(0, packet.packet(), now);
    }
  }

  private int pliSent(PublishedTrack track) {
    RtcpWriter writer = new RtcpWriter();
    track.addFeedback(writer, 1, 0, now);
    return writer.length() / 12;
  }

  @Test
  void shouldHandOnMediaInOrder() {
    feed(audio(), opus(65_534), opus(65_535), opus(0), opus(1));
    assertEquals(List.of(65_534L, 65_535L, 0L, 1L), sequences);
    assertEquals(1, firstPackets);
  }

  @Test
  void shouldNumberOnOverPaddingOnlyPackets() {
    feed(audio(), opus(1), opus(2).payload().padding(20), opus(3).payload().padding(4), opus(4));
    assertEquals(List.of(1L, 2L), sequences);
    assertEquals(2, counters.total(DropReason.RTP_PADDING_ONLY));
  }

  @Test
  void shouldDropUnknownPayloadTypeWithoutTouchingTheStream() {
    PublishedTrack track = audio();
    feed(track, opus(1), opus(2).payloadType(63).ssrc(99), opus(2));
    assertEquals(List.of(1L, 2L), sequences);
    assertEquals(1, counters.total(DropReason.RTP_UNKNOWN_PAYLOAD));
    assertEquals(0x1111, track.layer(0).ssrc());
  }

  @Test
  void shouldDropMediaWhileMuted() {
    PublishedTrack track = audio();
    feed(track, opus(1));
    int before = track.layer(0).generation();
    track.mute(true);
    feed(track, opus(2), opus(3));
    assertEquals(List.of(1L), sequences);
    assertEquals(2, counters.total(DropReason.RTP_NOT_PUBLISHED));
    track.mute(false);
    feed(track, opus(4));
    assertEquals(List.of(1L, 2L), sequences);
    assertNotEquals(before, track.layer(0).generation(), "un-muted, the stream begins anew");
  }

  @Test
  void shouldBeginAnewWithAnotherSsrc() {
    PublishedTrack track = audio();
    feed(track, opus(100));
    int before = track.layer(0).generation();
    feed(track, opus(5).ssrc(0x2222), opus(6).ssrc(0x2222));
    assertNotEquals(before, track.layer(0).generation());
    assertEquals(0x2222, track.layer(0).ssrc());
    assertEquals(List.of(100L, 5L, 6L), sequences);
    assertEquals(1, firstPackets, "told once for the track");
  }

  @Test
  void shouldBeginAnewWithAnotherFormat() {
    PublishedTrack track =
        track(Media.format(Codec.VP8, VP8, 0, 0), Media.format(Codec.VP8, 100, 0, 3));
    feed(track, key(1));
    int before = track.layer(0).generation();
    feed(track, key(2).payloadType(100));
    assertNotEquals(before, track.layer(0).generation());
    assertEquals(100, track.layer(0).format().payloadType());
    assertEquals(3, track.layer(0).format().orientationId());
    assertEquals(2, sequences.size());
    assertEquals(1, firstPackets);
  }

  @Test
  void shouldDropPayloadThatIsNoVp8() {
    feed(
        video(),
        key(1),
        inter(2).payload((byte) 0x90, (byte) 0x80),
        inter(3).payload((byte) 0x10),
        inter(4));
    assertEquals(List.of(1L, 2L), sequences);
    assertEquals(2, counters.total(DropReason.RTP_MALFORMED));
  }

  @Test
  void shouldTellWhichPacketBeginsKeyFrame() {
    feed(video(), key(1), inter(2), key(3), inter(4));
    assertEquals(List.of(true, false, true, false), keys);
  }

  @Test
  void shouldDropWhatIsFarBehindOmissions() {
    PublishedTrack track = audio();
    feed(track, opus(100));
    for (int i = 0; i < 300; i++) {
      feed(track, opus(102 + i).payload().padding(4));
    }
    feed(track, opus(101));
    assertEquals(List.of(100L), sequences);
    assertEquals(1, counters.total(DropReason.RTP_TOO_OLD));
  }

  @Test
  void shouldAskForKeyFrameOnlyOnceStartedAndNotMuted() {
    PublishedTrack track = video();
    track.askKeyFrame(track.layer(0), KeyFrameNeed.CONTINUE);
    assertEquals(0, pliSent(track));
    assertEquals(Long.MAX_VALUE, track.nextTimeoutNanos(0));
    feed(track, inter(1));
    assertEquals(1, pliSent(track));
    track.mute(true);
    track.askKeyFrame(track.layer(0), KeyFrameNeed.CONTINUE);
    now += 1000 * MILLI;
    assertEquals(0, pliSent(track));
    assertEquals(Long.MAX_VALUE, track.nextTimeoutNanos(0));
    track.mute(false);
    assertEquals(1, pliSent(track), "a viewer needs one after the pause");
    assertEquals(2, counters.total(Counter.KEY_FRAMES_REQUESTED));
    assertEquals(2, counters.total(Counter.KEY_FRAMES_ASKED));
  }

  @Test
  void shouldNotAskAgainWhenKeyFrameCameMeanwhile() {
    PublishedTrack track = video();
    feed(track, inter(1));
    track.askKeyFrame(track.layer(0), KeyFrameNeed.CONTINUE);
    feed(track, key(2));
    assertEquals(0, pliSent(track));
  }

  @Test
  void shouldNeverAskAudioForKeyFrames() {
    PublishedTrack track = audio();
    feed(track, opus(1));
    track.mute(true);
    track.mute(false);
    assertEquals(0, pliSent(track));
    assertEquals(Long.MAX_VALUE, track.nextTimeoutNanos(0));
  }

  @Test
  void shouldGuessTimestampByArrivalBeforeTheFirstReport() {
    PublishedTrack track = audio();
    feed(track, opus(10));
    assertEquals(10 * 960, track.layer(0).timestampAt(now));
    assertEquals(10 * 960 + 48_000, track.layer(0).timestampAt(now + 1000 * MILLI));
  }

  @Test
  void shouldGiveTimestampBySenderReport() {
    PublishedTrack track = audio();
    feed(track, opus(10));
    long unix = 1_700_000_000_000L * MILLI;
    track.onSenderReport(0x1111, NtpTime.ofUnixNanos(unix), 5000, now);
    assertEquals(5000, track.layer(0).timestampAt(now), 1);
    assertEquals(5000 + 24_000, track.layer(0).timestampAt(now + 500 * MILLI), 1);
    assertEquals(5000 - 4_800, track.layer(0).timestampAt(now - 100 * MILLI), 1);
  }

  @Test
  void shouldReportOnItsStreamOnceThereIsOne() {
    PublishedTrack track = audio();
    RtcpWriter writer = new RtcpWriter();
    writer.addReceiverReport(1);
    assertEquals(1, track.addReportBlocks(writer, 0, now));
    assertEquals(8, writer.length());
    feed(track, opus(1));
    assertEquals(1, track.addReportBlocks(writer, 0, now));
    assertEquals(32, writer.length());
  }

  @Test
  void shouldDescribeItself() {
    PublishedTrack track = video();
    feed(track, key(1), inter(2));
    assertEquals(640, track.layer(0).snapshot(now).get("width"));
    assertEquals(360, track.layer(0).snapshot(now).get("height"));
    assertEquals(2L, track.layer(0).snapshot(now).get("packets"));
    assertEquals(1L, track.layer(0).snapshot(now).get("keyFrames"));
    assertEquals(0x1111L, track.layer(0).snapshot(now).get("ssrc"));
  }
}
