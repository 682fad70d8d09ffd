package dev.parley.core.subscriber;

import dev.parley.core.codec.Codec;
import dev.parley.core.codec.VideoPayload;
import dev.parley.core.common.Counter;
import dev.parley.core.common.Counters;
import dev.parley.core.common.DropReason;
import dev.parley.core.common.FanOut;
import dev.parley.core.common.HotPath;
import dev.parley.core.publisher.Layer;
import dev.parley.core.rtp.NtpTime;
import dev.parley.core.rtp.RtcpWriter;
import dev.parley.core.rtp.RtpPacket;
import dev.parley.core.rtp.RtpSink;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A subscriber's fixed outgoing section: one SSRC for the whole visit, whose numbers continue
 * whatever it shows. Worker's thread only.
 *
 * <p>A source is spliced in by differences taken at its first packet: sequence numbers go on by
 * one, picture numbers go on by one, and the timestamp by the time that really passed, so that the
 * receiver's jitter buffer sees a stream that paused and not one that jumped.
 */
public final class Slot {
  /** At least one frame of distance between two sources, at 30 frames a second. */
  private static final int FRAMES_A_SECOND = 30;

  /** Between two qualities of one source; only the order matters. */
  private static final int LEAST_STEP_FRACTION = 200;

  /** A step of capture times that is longer is taken for a fault of the reports. */
  private static final long LONGEST_STEP_NANOS = 2_000_000_000;

  /** What a slot negotiated; the payload types are the subscriber's. */
  public record Settings(
      String mid,
      boolean audio,
      int ssrc,
      int rtxSsrc,
      Map<Codec, Integer> payloadTypes,
      Map<Codec, Integer> rtxPayloadTypes,
      int midId,
      int audioLevelId,
      int orientationId,
      int transportWideId,
      int descriptorId) {}

  private final Settings settings;
  private final SlotWriter writer;
  private final RtpSink sink;
  private Counters counters;
  private final Repairs repairs;
  private long lastSequence;
  private int lastTimestamp;
  private long lastSentNanos;
  private @Nullable Layer lastLayer;
  private int lastSourceTimestamp;
  private int lastPictureId;
  private int lastTl0;
  private long sequenceShift;
  private int timestampShift;
  private int pictureShift;
  private int tl0Shift;
  private long firstSequence;
  private byte[] held = {};
  private int heldBytes;
  private int heldTransportWideAt;
  private int heldTimestamp;
  private long packets;
  private long octets;
  private int switches;
  private int roundTripLsr;
  private int fractionLost;

  /**
   * An empty slot.
   *
   * @param firstSequence16 and {@code firstTimestamp} random, as RFC 3550 section 5.1 asks
   * @param scratch the worker's
   */
  public Slot(
      Settings settings,
      int firstSequence16,
      int firstTimestamp,
      RtpSink sink,
      SlotScratch scratch,
      Counters counters) {
    this.settings = settings;
    HeaderExtensions.Ids ids =
        new HeaderExtensions.Ids(
            settings.midId(),
            settings.audioLevelId(),
            settings.orientationId(),
            settings.transportWideId(),
            settings.descriptorId());
    this.writer =
        new SlotWriter(
            settings.ssrc(),
            settings.rtxSsrc(),
            settings.payloadTypes(),
            settings.rtxPayloadTypes(),
            new HeaderExtensions(settings.mid(), ids),
            scratch);
    this.lastSequence = firstSequence16;
    this.lastTimestamp = firstTimestamp;
    this.sink = sink;
    this.counters = counters;
    this.repairs = new Repairs(writer, sink, counters);
  }

  /** To say what is to become of the next packet. */
  @HotPath
  Selection selection() {
    return writer.scratch().selection;
  }

  /** Whether the slot's section negotiated the codec. */
  @HotPath
  public boolean accepts(Codec codec) {
    return writer.accepts(codec);
  }

  /** Makes the packet, with this number and picture, the first of a new source or quality. */
  @HotPath
  void splice(Layer layer, RtpPacket packet, long sequence, long picture, long nowNanos) {
    timestampShift = lastTimestamp + elapsed(layer, packet, nowNanos) - packet.timestamp();
    sequenceShift = lastSequence + 1 - sequence;
    firstSequence = sequence;
    VideoPayload video = layer.payload();
    if (video != null) {
      pictureShift = lastPictureId + 1 - (int) Math.max(picture, 0);
      tl0Shift = lastTl0 + 1 - Math.max(video.tl0PicIdx(), 0);
    }
    switches++;
  }

  /** How far the timestamp goes on at a splice, in units of the clock. */
  @HotPath
  private int elapsed(Layer layer, RtpPacket packet, long nowNanos) {
    if (packets == 0) {
      return 0;
    }
    int rate = layer.codec().clockRate();
    Layer before = lastLayer;
    if (before != null && before != layer && before.track() == layer.track()) {
      long then = before.nanosOf(lastSourceTimestamp);
      long now = layer.nanosOf(packet.timestamp());
      if (then != Long.MIN_VALUE
          && now != Long.MIN_VALUE
          && Math.abs(now - then) < LONGEST_STEP_NANOS) {
        int step = (int) ((now - then) / 1_000 * rate / 1_000_000);
        return Math.max(step, rate / LEAST_STEP_FRACTION);
      }
    }
    long micros = (nowNanos - lastSentNanos) / 1_000;
    return Math.max((int) (micros * rate / 1_000_000), rate / FRAMES_A_SECOND);
  }

  /** As {@link Subscription#warm}. */
  @HotPath
  int warm() {
    return (int) packets + writer.warm() + repairs.warm(lastSequence + 1) + sink.warm();
  }

  /** Rewrites the packet of the spliced source and sends it. Says what became of it. */
  @HotPath
  FanOut send(Layer layer, RtpPacket packet, Selection selection, long nowNanos) {
    if (selection.sequence < firstSequence) {
      counters.drop(DropReason.RTP_TOO_OLD);
      return FanOut.TOO_OLD;
    }
    int timestamp = packet.timestamp() + timestampShift;
    long number = selection.sequence + sequenceShift;
    VideoPayload video = layer.payload();
    Rewrite to = writer.scratch().rewrite;
    to.sequence16 = (int) number;
    to.timestamp = timestamp;
    to.marker = selection.marker;
    to.spatial = selection.spatial;
    to.temporal = selection.temporal;
    to.limited = selection.limited;
    if (video != null) {
      to.pictureId =
          (int) selection.picture + pictureShift & Math.max(video.pictureIdModulus() - 1, 0);
      to.tl0 = video.tl0PicIdx() + tl0Shift & 0xff;
    }
    if (!writer.write(layer, packet, video, to, -1)) {
      counters.drop(DropReason.TOO_LARGE);
      return FanOut.TOO_LARGE;
    }
    if (selection.hold) {
      hold(packet.timestamp());
    } else {
      RtpSink.Kind kind = settings.audio() ? RtpSink.Kind.AUDIO : RtpSink.Kind.VIDEO;
      PacketLayout layout = writer.layout();
      if (!sink.sendRtp(
          writer.out(), 0, layout.lengthBytes, layout.transportWideAt, kind, nowNanos)) {
        return FanOut.REFUSED;
      }
    }
    counters.increment(Counter.RTP_FORWARDED);
    packets++;
    octets += packet.payloadBytes();
    if (video != null) {
      repairs.sent(number, layer, selection.original, timestampShift, to);
      remember(video, to.pictureId, to.tl0);
    }
    if (number > lastSequence) {
      lastSequence = number;
      lastTimestamp = timestamp;
      lastLayer = layer;
      lastSourceTimestamp = packet.timestamp();
      lastSentNanos = nowNanos;
    }
    return FanOut.FORWARDED;
  }

  @HotPath
  private void hold(int sourceTimestamp) {
    byte[] room = held;
    if (room.length == 0) {
      room = makeRoom();
    }
    PacketLayout layout = writer.layout();
    System.arraycopy(writer.out(), 0, room, 0, layout.lengthBytes);
    heldBytes = layout.lengthBytes;
    heldTransportWideAt = layout.transportWideAt;
    heldTimestamp = sourceTimestamp;
  }

  private byte[] makeRoom() {
    held = new byte[writer.out().length];
    return held;
  }

  /**
   * Sends the packet kept back, if there is one. An encoder that leaves out the top layer of a
   * picture leaves out the packet with the marker as well, and a receiver waits for the picture's
   * end: so the last packet below is marked when the next one turns out to be of another picture.
   *
   * @param sourceTimestamp of the packet that comes next
   */
  @HotPath
  void release(int sourceTimestamp, long nowNanos) {
    int length = heldBytes;
    if (length == 0) {
      return;
    }
    heldBytes = 0;
    if (sourceTimestamp != heldTimestamp) {
      held[1] |= (byte) 0x80;
      repairs.mark(held[2] << 8 | held[3] & 0xff);
    }
    sink.sendRtp(held, 0, length, heldTransportWideAt, RtpSink.Kind.VIDEO, nowNanos);
  }

  /** Goes on at a worker, with its scratch and counters. */
  public void moveTo(SlotScratch newScratch, Counters newCounters) {
    counters = newCounters;
    writer.moveTo(newScratch);
    repairs.moveTo(newCounters);
  }

  /** Sends the packet kept back, if there is one, as its picture's last: nothing follows it. */
  public void releaseHeld(long nowNanos) {
    release(~heldTimestamp, nowNanos);
  }

  /** Only forward: a reordered packet must not take the next source back. */
  @HotPath
  private void remember(VideoPayload video, int pictureId, int tl0) {
    int modulus = video.pictureIdModulus();
    if (modulus > 0
        && video.pictureId() >= 0
        && (pictureId - lastPictureId & modulus - 1) < modulus / 2) {
      lastPictureId = pictureId;
    }
    if (video.tl0PicIdx() >= 0 && (tl0 - lastTl0 & 0xff) < 0x80) {
      lastTl0 = tl0;
    }
  }

  /**
   * Takes the number of a packet that is not sent, though a newer one has left room for it, so that
   * the receiver does not wait for it.
   */
  @HotPath
  void fill(Layer layer, long sequence, long nowNanos) {
    long number = sequence + sequenceShift;
    if (sequence >= firstSequence && number < lastSequence) {
      writer.writePadding(layer, false, (int) number, lastTimestamp, 1);
      PacketLayout layout = writer.layout();
      if (sink.sendRtp(
          writer.out(),
          0,
          layout.lengthBytes,
          layout.transportWideAt,
          RtpSink.Kind.VIDEO,
          nowNanos)) {
        counters.increment(Counter.PADDING_SENT);
      }
    }
  }

  /** Sends once more what the subscriber misses, as {@link Repairs} allows. */
  public void onNack(int sequence16, int followingMask, long roundTripNanos, long nowNanos) {
    repairs.onNack(lastSequence, sequence16, followingMask, roundTripNanos, nowNanos);
  }

  /**
   * Sends the latest packets once more, or padding, to learn what the network carries.
   *
   * @return the bytes sent; 0 when the slot has no stream for that
   */
  public int probe(int bytes, long nowNanos) {
    Layer layer = lastLayer;
    return layer == null ? 0 : repairs.probe(layer, lastSequence, lastTimestamp, bytes, nowNanos);
  }

  /** Adds a sender report when the slot has sent anything; false when the writer is full. */
  boolean addSenderReport(RtcpWriter rtcp, Layer layer, long unixNanos, long nowNanos) {
    if (packets == 0) {
      return true;
    }
    int timestamp = layer.timestampAt(nowNanos) + timestampShift;
    return rtcp.addSenderReport(
        settings.ssrc(), NtpTime.ofUnixNanos(unixNanos), timestamp, packets, octets);
  }

  /**
   * Takes in the subscriber's report on this slot.
   *
   * @return a new measurement of the round trip in nanoseconds, or -1
   */
  public long onReportBlock(int lost, int lastSr, int delaySinceLastSr, int ntpMiddleNow) {
    fractionLost = lost;
    if (lastSr == 0 || lastSr == roundTripLsr) {
      return -1;
    }
    int units = ntpMiddleNow - lastSr - delaySinceLastSr;
    if (units < 0) {
      return -1;
    }
    roundTripLsr = lastSr;
    return NtpTime.nanosOfShort(units);
  }

  /** Lets go of a track that is gone. */
  void forget(Layer layer) {
    repairs.forget(layer);
    if (lastLayer == layer) {
      lastLayer = null;
    }
  }

  public long payloadBytesSent() {
    return octets;
  }

  public String mid() {
    return settings.mid();
  }

  public boolean audio() {
    return settings.audio();
  }

  public int ssrc() {
    return settings.ssrc();
  }

  public Map<String, Object> snapshot() {
    Map<String, Object> state = new LinkedHashMap<>();
    state.put("mid", mid());
    state.put("kind", audio() ? "audio" : "video");
    state.put("ssrc", ssrc() & 0xffff_ffffL);
    state.put("packets", packets);
    state.put("payloadBytes", octets);
    state.put("switches", switches);
    state.put("fractionLost", fractionLost / 256.0);
    if (!audio()) {
      state.put("repeated", repairs.repeated());
    }
    return state;
  }
}
