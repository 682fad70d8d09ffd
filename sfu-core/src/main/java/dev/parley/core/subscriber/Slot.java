package dev.parley.core.subscriber;

import dev.parley.core.codec.Codec;
import dev.parley.core.codec.Vp8Descriptor;
import dev.parley.core.common.Counter;
import dev.parley.core.common.Counters;
import dev.parley.core.common.DropReason;
import dev.parley.core.common.HotPath;
import dev.parley.core.publisher.PublishedTrack;
import dev.parley.core.rtp.NtpTime;
import dev.parley.core.rtp.RtcpWriter;
import dev.parley.core.rtp.RtpPacket;
import dev.parley.core.rtp.RtpSink;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A subscriber's fixed outgoing section: one SSRC for the whole visit, whose numbers continue
 * whatever it shows. Worker's thread only.
 *
 * <p>A source is spliced in by three differences taken at its first packet: sequence numbers go on
 * by one, picture numbers go on by one, and the timestamp by the time that really passed, so that
 * the receiver's jitter buffer sees a stream that paused and not one that jumped.
 */
public final class Slot {
  /** At least one frame of distance between two sources, at 30 frames a second. */
  private static final int FRAMES_A_SECOND = 30;

  private static final int NO_PAYLOAD_TYPE = -1;

  private final String mid;
  private final boolean audio;
  private final int ssrc;

  /** By {@link Codec#ordinal()}. */
  private final int[] payloadTypes = new int[Codec.values().length];

  private final HeaderExtensions extensions;
  private final RtpSink sink;
  private final byte[] scratch;
  private final Counters counters;

  private long lastSequence;
  private int lastTimestamp;
  private long lastSentNanos;
  private int lastPictureId;
  private int lastTl0;
  private long sequenceShift;
  private int timestampShift;
  private int pictureShift;
  private int tl0Shift;
  private long firstSequence;
  private long packets;
  private long octets;
  private int switches;
  private int roundTripLsr;
  private long roundTripNanos = -1;
  private int fractionLost;

  /**
   * An empty slot.
   *
   * @param ssrc as announced in the answer
   * @param payloadTypes the subscriber's payload type of each codec it negotiated here
   * @param firstSequence16 and {@code firstTimestamp} random, as RFC 3550 section 5.1 asks
   * @param scratch the worker's, at least 1500 bytes and room for a header
   */
  public Slot(
      String mid,
      boolean audio,
      int ssrc,
      Map<Codec, Integer> payloadTypes,
      int midId,
      int audioLevelId,
      int orientationId,
      int firstSequence16,
      int firstTimestamp,
      RtpSink sink,
      byte[] scratch,
      Counters counters) {
    this.mid = mid;
    this.audio = audio;
    this.ssrc = ssrc;
    for (Codec codec : Codec.values()) {
      this.payloadTypes[codec.ordinal()] = payloadTypes.getOrDefault(codec, NO_PAYLOAD_TYPE);
    }
    this.extensions = new HeaderExtensions(mid, midId, audioLevelId, orientationId);
    this.lastSequence = firstSequence16;
    this.lastTimestamp = firstTimestamp;
    this.sink = sink;
    this.scratch = scratch;
    this.counters = counters;
  }

  /** Whether the slot's section negotiated the codec. */
  @HotPath
  public boolean accepts(Codec codec) {
    return payloadTypes[codec.ordinal()] != NO_PAYLOAD_TYPE;
  }

  /** Makes the packet the first of a new source. */
  @HotPath
  void splice(PublishedTrack track, RtpPacket packet, long sequence, long nowNanos) {
    int rate = track.codec().clockRate();
    int elapsed = 0;
    if (packets > 0) {
      long micros = (nowNanos - lastSentNanos) / 1_000;
      elapsed = Math.max((int) (micros * rate / 1_000_000), rate / FRAMES_A_SECOND);
    }
    timestampShift = lastTimestamp + elapsed - packet.timestamp();
    sequenceShift = lastSequence + 1 - sequence;
    firstSequence = sequence;
    if (track.codec() == Codec.VP8) {
      Vp8Descriptor vp8 = track.vp8();
      pictureShift = lastPictureId + 1 - Math.max(vp8.pictureId(), 0);
      tl0Shift = lastTl0 + 1 - Math.max(vp8.tl0PicIdx(), 0);
    }
    switches++;
  }

  /** Rewrites the packet of the spliced source and sends it. */
  @HotPath
  void send(PublishedTrack track, RtpPacket packet, long sequence, long nowNanos) {
    if (sequence < firstSequence) {
      counters.drop(DropReason.RTP_TOO_OLD);
      return;
    }
    byte[] out = scratch;
    int timestamp = packet.timestamp() + timestampShift;
    long newSequence = sequence + sequenceShift;
    int end = RtpPacket.FIXED_HEADER_BYTES;
    int csrc = track.csrc();
    out[end] = (byte) (csrc >>> 24);
    out[end + 1] = (byte) (csrc >>> 16);
    out[end + 2] = (byte) (csrc >>> 8);
    out[end + 3] = (byte) csrc;
    end += 4;
    int payload = extensions.write(out, end, track.format(), packet);
    if (packet.payloadBytes() > out.length - payload) {
      counters.drop(DropReason.TOO_LARGE);
      return;
    }
    RtpPacket.writeFixedHeader(
        out,
        0,
        payload > end,
        1,
        packet.marker(),
        payloadTypes[track.codec().ordinal()],
        (int) newSequence,
        timestamp,
        ssrc);
    System.arraycopy(packet.bytes(), packet.payloadOffset(), out, payload, packet.payloadBytes());
    if (track.codec() == Codec.VP8) {
      renumberPicture(track.vp8(), out, payload, packet.payloadOffset());
    }
    if (!sink.sendRtp(out, 0, payload + packet.payloadBytes(), nowNanos)) {
      return;
    }
    counters.increment(Counter.RTP_FORWARDED);
    packets++;
    octets += packet.payloadBytes();
    if (newSequence > lastSequence) {
      lastSequence = newSequence;
      lastTimestamp = timestamp;
      lastSentNanos = nowNanos;
    }
  }

  @HotPath
  private void renumberPicture(Vp8Descriptor vp8, byte[] out, int payload, int original) {
    int modulus = vp8.pictureIdModulus();
    int pictureId = vp8.pictureId() + pictureShift & modulus - 1;
    int tl0 = vp8.tl0PicIdx() + tl0Shift & 0xff;
    vp8.rewrite(out, payload, original, pictureId, tl0);
    // Only forward: a reordered packet must not take the next source back.
    if (vp8.pictureId() >= 0 && (pictureId - lastPictureId & modulus - 1) < modulus / 2) {
      lastPictureId = pictureId;
    }
    if (vp8.tl0PicIdx() >= 0 && (tl0 - lastTl0 & 0xff) < 0x80) {
      lastTl0 = tl0;
    }
  }

  /** Adds a sender report when the slot has sent anything; false when the writer is full. */
  boolean addSenderReport(RtcpWriter writer, PublishedTrack track, long unixNanos, long nowNanos) {
    if (packets == 0) {
      return true;
    }
    int timestamp = track.timestampAt(nowNanos) + timestampShift;
    return writer.addSenderReport(ssrc, NtpTime.ofUnixNanos(unixNanos), timestamp, packets, octets);
  }

  /** Takes in the subscriber's report on this slot. */
  public void onReportBlock(int lost, int lastSr, int delaySinceLastSr, int ntpMiddleNow) {
    fractionLost = lost;
    if (lastSr != 0 && lastSr != roundTripLsr) {
      int units = ntpMiddleNow - lastSr - delaySinceLastSr;
      if (units >= 0) {
        roundTripNanos = NtpTime.nanosOfShort(units);
        roundTripLsr = lastSr;
      }
    }
  }

  public String mid() {
    return mid;
  }

  public boolean audio() {
    return audio;
  }

  public int ssrc() {
    return ssrc;
  }

  public Map<String, Object> snapshot() {
    Map<String, Object> state = new LinkedHashMap<>();
    state.put("mid", mid);
    state.put("kind", audio ? "audio" : "video");
    state.put("ssrc", ssrc & 0xffff_ffffL);
    state.put("packets", packets);
    state.put("payloadBytes", octets);
    state.put("switches", switches);
    state.put("fractionLost", fractionLost / 256.0);
    if (roundTripNanos >= 0) {
      state.put("roundTripMs", roundTripNanos / 1e6);
    }
    return state;
  }
}
