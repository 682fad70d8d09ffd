package dev.parley.micro;

import dev.parley.core.codec.Codec;
import dev.parley.core.common.Counters;
import dev.parley.core.common.FanOut;
import dev.parley.core.publisher.Layer;
import dev.parley.core.publisher.PublishedTrack;
import dev.parley.core.publisher.SourceClock;
import dev.parley.core.rtp.RtpPacket;
import dev.parley.core.rtp.RtpSink;
import dev.parley.core.subscriber.Slot;
import dev.parley.core.subscriber.SlotScratch;
import dev.parley.core.subscriber.Subscription;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * From an accepted packet to the bytes that are encrypted for a viewer: selection, numbers,
 * extensions, payload descriptor, and what is remembered for repairs. A packet comes once and goes
 * to as many slots as a small room has, so its reading is a share of each.
 */
@State(Scope.Thread)
public class RewriteBenchmark implements PublishedTrack.Listener, RtpSink {
  private static final int VIEWERS = 16;
  private static final int SCRATCH_BYTES = 2048;
  private static final int VIEWER_PAYLOAD_TYPE = 102;
  private static final int RTX_PAYLOAD_TYPE = 103;
  private static final long STEP_NANOS = 1_000_000;

  @Param("VP8")
  private Codec codec = Codec.VP8;

  @Param("1")
  private long seed;

  private final RtpPacket packet = new RtpPacket();
  private final Counters counters = new Counters();
  private final byte[] scratch = new byte[SCRATCH_BYTES];
  private final SlotScratch slotScratch = new SlotScratch();
  private SyntheticStream stream;
  private PublishedTrack track;
  private Subscription[] viewers = {};
  private long nowNanos = 1_000_000_000;
  private int forwarded;
  private long bytesSent;

  /** A track and the slots that show it. */
  @Setup
  public void begin() {
    stream = new SyntheticStream(codec, seed);
    PublishedTrack.Format format =
        new PublishedTrack.Format(
            codec,
            SyntheticStream.PAYLOAD_TYPE,
            codec.audio() ? SyntheticStream.LEVEL_ID : 0,
            0,
            codec == Codec.AV1 ? SyntheticStream.DESCRIPTOR_ID : 0,
            0,
            !codec.audio());
    track =
        new PublishedTrack(
            new PublishedTrack.Settings("track", 1, 1, 1, 500_000_000),
            new PublishedTrack.Format[] {format},
            new SourceClock(),
            0,
            counters,
            this);
    List<Subscription> all = new ArrayList<>();
    for (int i = 0; i < VIEWERS; i++) {
      Subscription subscription = new Subscription(slot(i), track, (layer, need) -> {}, counters);
      subscription.show(0, 0, 2, false);
      all.add(subscription);
    }
    viewers = all.toArray(Subscription[]::new);
  }

  private Slot slot(int number) {
    return new Slot(
        new Slot.Settings(
            "v" + number,
            codec.audio(),
            1_000 + 2 * number,
            codec.audio() ? 0 : 1_001 + 2 * number,
            Map.of(codec, VIEWER_PAYLOAD_TYPE),
            codec.audio() ? Map.of() : Map.of(codec, RTX_PAYLOAD_TYPE),
            SyntheticStream.MID_ID,
            codec.audio() ? SyntheticStream.LEVEL_ID : 0,
            0,
            SyntheticStream.TRANSPORT_WIDE_ID,
            codec == Codec.AV1 ? SyntheticStream.DESCRIPTOR_ID : 0),
        number,
        number,
        this,
        slotScratch,
        counters);
  }

  @Benchmark
  @OperationsPerInvocation(VIEWERS)
  public long rewrite() {
    byte[] bytes = stream.next();
    nowNanos += STEP_NANOS;
    forwarded = 0;
    if (packet.wrap(bytes, 0, bytes.length)) {
      track.handleRtp(0, packet, nowNanos);
    }
    if (forwarded != VIEWERS) {
      throw new IllegalStateException(
          "%d of %d viewers were sent a packet of %s".formatted(forwarded, VIEWERS, codec));
    }
    return bytesSent;
  }

  @Benchmark
  @OperationsPerInvocation(VIEWERS)
  public long floor() {
    byte[] bytes = stream.next();
    for (int i = 0; i < VIEWERS; i++) {
      System.arraycopy(bytes, 0, scratch, i, bytes.length);
      bytesSent += scratch[i];
    }
    return bytesSent;
  }

  @Override
  public void onRtp(Layer layer, RtpPacket accepted, long sequence, long now) {
    for (Subscription viewer : viewers) {
      if (viewer.forward(layer, accepted, sequence, now) == FanOut.FORWARDED) {
        forwarded++;
      }
    }
  }

  @Override
  public boolean sendRtp(
      byte[] bytes, int offset, int lengthBytes, int transportWideAt, Kind kind, long now) {
    bytesSent += lengthBytes + bytes[offset + 1];
    return true;
  }

  @Override
  public void onFirstPacket(PublishedTrack started) {}

  @Override
  public void onFeedbackDue(PublishedTrack concerned) {}
}
