package dev.parley.core.subscriber;

import dev.parley.core.codec.VideoPayload;
import dev.parley.core.common.Counter;
import dev.parley.core.common.Counters;
import dev.parley.core.common.DropReason;
import dev.parley.core.common.HotPath;
import dev.parley.core.publisher.Layer;
import dev.parley.core.rtp.RtpPacket;
import dev.parley.core.rtp.RtpSink;
import org.jspecify.annotations.Nullable;

/**
 * Sends packets of a slot once more: as retransmissions (RFC 4588) where the subscriber negotiated
 * them, plain otherwise. A packet leaves at most once a round trip, and all of them together take
 * no more than what the slot sends itself. Worker's thread only.
 */
final class Repairs {
  private static final long LEAST_ROUND_TRIP_NANOS = 10_000_000;

  /** So many may be repeated in a round trip whatever the slot has sent. */
  private static final int FREE_REPEATS = 30;

  private static final int PADDING_BYTES = 255;

  /** Older packets are not worth sending as a probe: what they repair is long past. */
  private static final int PROBE_BACK = 64;

  private final SlotWriter writer;
  private final RtpSink sink;
  private Counters counters;
  private @Nullable SentPackets sent;
  private int rtxSequence;
  private long windowNanos = Long.MIN_VALUE / 2;
  private int windowRepeats;
  private int windowSent;
  private long repeated;
  private long probeNext;

  Repairs(SlotWriter writer, RtpSink sink, Counters counters) {
    this.writer = writer;
    this.sink = sink;
    this.counters = counters;
  }

  void moveTo(Counters newCounters) {
    counters = newCounters;
  }

  /** As {@link Subscription#warm}. */
  @HotPath
  int warm(long next) {
    SentPackets history = sent;
    return history == null ? windowSent : windowSent + history.warm(next);
  }

  @HotPath
  void sent(long number, Layer layer, long source, int timestampShift, Rewrite rewrite) {
    SentPackets history = sent;
    if (history == null) {
      history = begin();
    }
    history.add(number, layer, source, timestampShift, rewrite);
    windowSent++;
  }

  /** The packet with this number, one of the last, was sent with a marker after all. */
  @HotPath
  void mark(int sequence16) {
    SentPackets history = sent;
    if (history != null) {
      history.mark(sequence16);
    }
  }

  private SentPackets begin() {
    SentPackets history = new SentPackets();
    sent = history;
    return history;
  }

  void onNack(long newest, int sequence16, int followingMask, long roundTripNanos, long nowNanos) {
    counters.add(Counter.NACKS_RECEIVED, 1 + Integer.bitCount(followingMask));
    long roundTrip = Math.max(roundTripNanos, LEAST_ROUND_TRIP_NANOS);
    if (nowNanos - windowNanos >= roundTrip) {
      windowNanos = nowNanos;
      windowRepeats = 0;
      windowSent = 0;
    }
    long number = newest + (short) (sequence16 - (int) newest);
    repeat(number, roundTrip, nowNanos);
    for (int mask = followingMask; mask != 0; mask &= mask - 1) {
      repeat(number + 1 + Integer.numberOfTrailingZeros(mask), roundTrip, nowNanos);
    }
  }

  private void repeat(long number, long roundTrip, long nowNanos) {
    SentPackets history = sent;
    int at = history == null ? -1 : history.find(number);
    if (history == null || at < 0) {
      counters.drop(DropReason.REPAIR_UNKNOWN);
      return;
    }
    // A request for what has just been repeated crossed the repetition on its way.
    if (nowNanos - history.repeatedNanos(at) < roundTrip - roundTrip / 8
        || windowRepeats >= FREE_REPEATS + windowSent) {
      counters.drop(DropReason.REPAIR_LIMIT);
      return;
    }
    if (again(history, at, RtpSink.Kind.REPAIR, nowNanos) > 0) {
      windowRepeats++;
      repeated++;
      counters.increment(Counter.RTX_SENT);
    }
  }

  /** Returns the bytes sent, 0 when the packet is gone. */
  private int again(SentPackets history, int at, RtpSink.Kind kind, long nowNanos) {
    Layer layer = history.layer(at);
    VideoPayload video = layer == null ? null : layer.repairPayload();
    if (layer == null || video == null) {
      counters.drop(DropReason.REPAIR_UNKNOWN);
      return 0;
    }
    SlotScratch scratch = writer.scratch();
    RtpPacket packet = scratch.packet;
    Rewrite rewrite = scratch.repeated;
    int length = layer.ring().copy(history.source(at), scratch.original, 0);
    if (length < 0 || !packet.wrapPlain(scratch.original, 0, length) || !video.read(packet)) {
      counters.drop(DropReason.REPAIR_UNKNOWN);
      return 0;
    }
    boolean apart = writer.repairsApart(layer.codec());
    history.read(at, rewrite);
    rewrite.timestamp += packet.timestamp();
    if (!writer.write(layer, packet, video, rewrite, apart ? rtxSequence++ & 0xffff : -1)) {
      counters.drop(DropReason.TOO_LARGE);
      return 0;
    }
    history.repeated(at, nowNanos);
    PacketLayout layout = writer.layout();
    boolean left =
        sink.sendRtp(writer.out(), 0, layout.lengthBytes, layout.transportWideAt, kind, nowNanos);
    return left ? layout.lengthBytes : 0;
  }

  int probe(Layer layer, long newest, int timestamp, int bytes, long nowNanos) {
    SentPackets history = sent;
    if (history == null || !writer.repairsApart(layer.codec())) {
      return 0;
    }
    int done = 0;
    long from = Math.max(newest - PROBE_BACK, probeNext);
    while (done < bytes && from <= newest) {
      int at = history.find(from);
      if (at >= 0) {
        int size = again(history, at, RtpSink.Kind.PADDING, nowNanos);
        if (size == 0) {
          break;
        }
        counters.increment(Counter.PADDING_SENT);
        done += size;
      }
      from++;
    }
    probeNext = from;
    while (done < bytes) {
      writer.writePadding(layer, true, rtxSequence++ & 0xffff, timestamp, PADDING_BYTES);
      PacketLayout layout = writer.layout();
      if (!sink.sendRtp(
          writer.out(),
          0,
          layout.lengthBytes,
          layout.transportWideAt,
          RtpSink.Kind.PADDING,
          nowNanos)) {
        break;
      }
      counters.increment(Counter.PADDING_SENT);
      done += layout.lengthBytes;
    }
    return done;
  }

  void forget(Layer layer) {
    SentPackets history = sent;
    if (history != null) {
      history.forget(layer);
    }
  }

  long repeated() {
    return repeated;
  }
}
