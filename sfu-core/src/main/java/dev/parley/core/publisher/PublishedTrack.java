package dev.parley.core.publisher;

import dev.parley.core.codec.Codec;
import dev.parley.core.codec.Vp8Descriptor;
import dev.parley.core.common.Counter;
import dev.parley.core.common.Counters;
import dev.parley.core.common.DropReason;
import dev.parley.core.common.HotPath;
import dev.parley.core.rtp.RtcpWriter;
import dev.parley.core.rtp.RtpPacket;
import dev.parley.core.rtp.SequenceCompactor;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One track of a participant: what arrives in one section while it is published. Reads each packet
 * once for all subscribers. Worker's thread only.
 */
public final class PublishedTrack {
  /** Where accepted packets go; implemented by the room. */
  public interface Listener {
    /**
     * Borrows the packet until it returns.
     *
     * @param sequence the unwrapped number without the packets left out
     */
    @HotPath
    void onRtp(PublishedTrack track, RtpPacket packet, long sequence, long nowNanos);

    void onFirstPacket(PublishedTrack track);
  }

  /** What the track's section negotiated; ids are 0 where an extension was not. */
  public record Format(Codec codec, int payloadType, int audioLevelId, int orientationId) {}

  private final String trackId;
  private final int csrc;
  private final Format[] formats;
  private final SourceClock clock;
  private final Vp8Descriptor vp8;
  private final Counters counters;
  private final Listener listener;
  private final KeyFrameRequests keyFrames;
  private final int index;

  private SequenceCompactor compactor = new SequenceCompactor();
  private ReceiverStatistics statistics;
  private Format format;
  private boolean muted;
  private boolean started;
  private int ssrc;
  private int generation;
  private int lastTimestamp;
  private long lastArrivalNanos;
  private int reportTimestamp;
  private long reportNanos = Long.MIN_VALUE;
  private boolean keyFrameStart;
  private int width;
  private int height;
  private long keyFramesSeen;
  private long keyFrameRequestsSent;

  /**
   * A published track, before its first packet.
   *
   * @param index the room's place for this track, for arrays of the fan-out
   * @param formats at least one
   */
  public PublishedTrack(
      String trackId,
      int csrc,
      Format[] formats,
      SourceClock clock,
      Vp8Descriptor vp8,
      long keyFrameIntervalNanos,
      int index,
      Counters counters,
      Listener listener) {
    this.trackId = trackId;
    this.csrc = csrc;
    this.formats = formats;
    this.format = formats[0];
    this.statistics = new ReceiverStatistics(format.codec().clockRate());
    this.clock = clock;
    this.vp8 = vp8;
    this.keyFrames = new KeyFrameRequests(keyFrameIntervalNanos);
    this.index = index;
    this.counters = counters;
    this.listener = listener;
  }

  /** Stop 6: unwraps, counts, finds key frames, and hands the packet to the room. */
  @HotPath
  public void handleRtp(RtpPacket packet, long nowNanos) {
    if (packet.payloadType() != format.payloadType() && !switchFormat(packet.payloadType())) {
      counters.drop(DropReason.RTP_UNKNOWN_PAYLOAD);
      return;
    }
    if (!started || packet.ssrc() != ssrc) {
      start(packet.ssrc());
    }
    long arrived =
        statistics.onPacket(
            packet.sequence16(), packet.timestamp(), packet.payloadBytes(), nowNanos);
    if (packet.payloadBytes() == 0) {
      compactor.omit(arrived);
      counters.drop(DropReason.RTP_PADDING_ONLY);
      return;
    }
    if (muted) {
      compactor.omit(arrived);
      counters.drop(DropReason.RTP_NOT_PUBLISHED);
      return;
    }
    keyFrameStart = false;
    if (format.codec() == Codec.VP8) {
      if (!vp8.read(packet.bytes(), packet.payloadOffset(), packet.payloadBytes())) {
        compactor.omit(arrived);
        counters.drop(DropReason.RTP_MALFORMED);
        return;
      }
      if (vp8.keyFrameStart()) {
        keyFrameStart = true;
        width = vp8.width();
        height = vp8.height();
        keyFramesSeen++;
        keyFrames.onKeyFrame();
      }
    }
    long sequence = compactor.compact(arrived);
    if (sequence < 0) {
      counters.drop(DropReason.RTP_TOO_OLD);
      return;
    }
    lastTimestamp = packet.timestamp();
    lastArrivalNanos = nowNanos;
    listener.onRtp(this, packet, sequence, nowNanos);
  }

  private boolean switchFormat(int payloadType) {
    for (Format candidate : formats) {
      if (candidate.payloadType() == payloadType) {
        format = candidate;
        started = false;
        return true;
      }
    }
    return false;
  }

  private void start(int newSsrc) {
    boolean first = !started && ssrc == 0;
    ssrc = newSsrc;
    started = true;
    statistics = new ReceiverStatistics(format.codec().clockRate());
    compactor = new SequenceCompactor();
    reportNanos = Long.MIN_VALUE;
    generation++;
    if (first) {
      listener.onFirstPacket(this);
    }
  }

  /**
   * Grows when the stream begins anew (another SSRC or codec): sequence numbers do not continue.
   */
  @HotPath
  public int generation() {
    return generation;
  }

  /** Takes in a sender report of this track's stream. */
  public void onSenderReport(long ntp, int rtpTimestamp, long nowNanos) {
    statistics.onSenderReport(ntp, nowNanos);
    reportTimestamp = rtpTimestamp;
    reportNanos = clock.onSenderReport(ntp, nowNanos);
  }

  /**
   * The source's RTP timestamp that belongs to {@code nowNanos} of the server's clock: by the last
   * sender report, before the first one by the last arrival.
   */
  public int timestampAt(long nowNanos) {
    boolean reported = reportNanos != Long.MIN_VALUE;
    long since = nowNanos - (reported ? reportNanos : lastArrivalNanos);
    int base = reported ? reportTimestamp : lastTimestamp;
    return base + (int) (since / 1_000 * format.codec().clockRate() / 1_000_000);
  }

  /** Adds a receiver report block; false when the writer is full. */
  public boolean addReportBlock(RtcpWriter writer, long nowNanos) {
    return !started || statistics.addReportBlock(writer, ssrc, nowNanos);
  }

  /** A viewer cannot go on without a key frame. Merged with the requests of all others. */
  @HotPath
  public void askKeyFrame() {
    counters.increment(Counter.KEY_FRAMES_ASKED);
    keyFrames.ask();
  }

  public long nextTimeoutNanos() {
    return started && !muted ? keyFrames.nextTimeoutNanos() : Long.MAX_VALUE;
  }

  /** Adds a PLI when one is due. */
  public void addKeyFrameRequest(RtcpWriter writer, int senderSsrc, long nowNanos) {
    if (started && !muted && keyFrames.take(nowNanos)) {
      writer.addPli(senderSsrc, ssrc);
      keyFrameRequestsSent++;
      counters.increment(Counter.KEY_FRAMES_REQUESTED);
    }
  }

  public void mute(boolean mute) {
    if (muted && !mute) {
      generation++;
    }
    muted = mute;
    if (!mute && format.codec().hasKeyFrames()) {
      keyFrames.ask();
    }
  }

  public boolean muted() {
    return muted;
  }

  public String trackId() {
    return trackId;
  }

  @HotPath
  public int csrc() {
    return csrc;
  }

  @HotPath
  public int index() {
    return index;
  }

  @HotPath
  public Codec codec() {
    return format.codec();
  }

  /** What the packet that is being forwarded was negotiated as. */
  @HotPath
  public Format format() {
    return format;
  }

  /** Whether the packet that is being forwarded begins a key frame. */
  @HotPath
  public boolean keyFrameStart() {
    return keyFrameStart;
  }

  /** The descriptor of the packet that is being forwarded, when the codec is VP8. */
  @HotPath
  public Vp8Descriptor vp8() {
    return vp8;
  }

  /** The SSRC of the stream; meaningless before its first packet. */
  @HotPath
  public int ssrc() {
    return ssrc;
  }

  public Map<String, Object> snapshot() {
    Map<String, Object> state = new LinkedHashMap<>();
    state.put("trackId", trackId);
    state.put("codec", format.codec().sdpName());
    state.put("ssrc", ssrc & 0xffff_ffffL);
    state.put("muted", muted);
    state.put("packets", statistics.packets());
    state.put("payloadBytes", statistics.bytes());
    state.put("packetsLost", statistics.lost());
    state.put("jitterMs", statistics.jitter() * 1000 / format.codec().clockRate());
    if (format.codec().hasKeyFrames()) {
      state.put("width", width);
      state.put("height", height);
      state.put("keyFrames", keyFramesSeen);
      state.put("keyFrameRequestsSent", keyFrameRequestsSent);
    }
    return state;
  }
}
