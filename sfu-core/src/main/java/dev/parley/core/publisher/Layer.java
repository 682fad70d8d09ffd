package dev.parley.core.publisher;

import dev.parley.core.codec.Codec;
import dev.parley.core.codec.RedPayload;
import dev.parley.core.codec.VideoPayload;
import dev.parley.core.common.HotPath;
import dev.parley.core.rtp.RtcpWriter;
import dev.parley.core.rtp.RtpPacket;
import dev.parley.core.rtp.SequenceCompactor;
import dev.parley.core.rtp.SequenceUnwrapper;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One stream (one SSRC) of a published track: a simulcast encoding, or all there is; SVC qualities
 * are inside it. Order, statistics, what is missing, and the last packets for those who ask again.
 * Worker's thread only.
 */
public final class Layer {
  /** A stream that has been silent so long is not sent at present. */
  private static final long LIVE_NANOS = 1_000_000_000;

  /** A source that is asked for a stream sends it within this time, or cannot. */
  private static final long WAKING_NANOS = 3_000_000_000L;

  private static final long REFUSED_NANOS = 15_000_000_000L;

  private final PublishedTrack track;
  private final int index;
  private final SourceClock clock;
  private final PacketRing ring = new PacketRing();
  private final NackList missing = new NackList();
  private final LayerRates rates = new LayerRates();
  private final RedPayload red = new RedPayload();
  private ReceiverStatistics statistics;
  private SequenceCompactor compactor = new SequenceCompactor();
  private SequenceUnwrapper pictures = new SequenceUnwrapper();
  private PublishedTrack.Format format;
  private @Nullable VideoPayload payload;
  private @Nullable VideoPayload shown;
  private @Nullable VideoPayload repairPayload;
  private boolean started;
  private int ssrc;
  private int generation;
  private int origin;
  private long highest = -1;
  private long picture = -1;
  private long pictureShown = -1;
  private int lastTimestamp;
  private long lastArrivalNanos = Long.MIN_VALUE / 2;
  private int reportTimestamp;
  private long reportNanos = Long.MIN_VALUE;
  private long keyFramesSeen;
  private boolean resting;
  private long wokenNanos = Long.MIN_VALUE / 2;

  Layer(PublishedTrack track, int index, PublishedTrack.Format format, SourceClock clock) {
    this.track = track;
    this.index = index;
    this.format = format;
    this.clock = clock;
    this.statistics = new ReceiverStatistics(format.codec().clockRate());
  }

  /** Begins anew: another SSRC or codec, so no number continues. */
  void start(int newSsrc, PublishedTrack.Format newFormat) {
    ssrc = newSsrc;
    format = newFormat;
    started = true;
    statistics = new ReceiverStatistics(format.codec().clockRate());
    compactor = new SequenceCompactor();
    pictures = new SequenceUnwrapper();
    missing.clear();
    reportNanos = Long.MIN_VALUE;
    highest = -1;
    generation++;
    VideoPayload reader =
        format.codec().audio() ? null : VideoPayload.of(format.codec(), format.descriptorId());
    payload = reader;
    shown = reader;
    repairPayload = reader == null ? null : reader.sibling();
  }

  /**
   * Counts a packet and finds out what is missing before it.
   *
   * @param repaired it came as a retransmission, which is counted as such and not as received
   * @return its unwrapped sequence number
   */
  @HotPath
  long receive(RtpPacket packet, boolean repaired, long nowNanos) {
    long before = highest;
    long arrived =
        repaired
            ? statistics.unwrap(packet.sequence16())
            : statistics.onPacket(
                packet.sequence16(), packet.timestamp(), packet.payloadBytes(), nowNanos);
    if (arrived > before) {
      highest = arrived;
      if (before >= 0 && arrived > before + 1 && format.nack()) {
        if (!missing.onGap(before + 1, arrived, nowNanos)) {
          track.askKeyFrame(this, KeyFrameNeed.CONTINUE);
        }
      }
    } else if (arrived < before) {
      missing.onLate(arrived, nowNanos);
    }
    return arrived;
  }

  /** The packet's number is not to be seen by viewers. */
  @HotPath
  void omit(long arrived) {
    compactor.omit(arrived);
  }

  /**
   * Reads what the payload says of itself.
   *
   * @return false when it is malformed
   */
  @HotPath
  boolean read(RtpPacket packet, long arrived) {
    VideoPayload video = payload;
    if (video == null) {
      return format.codec() != Codec.RED
          || red.read(packet.bytes(), packet.payloadOffset(), packet.payloadBytes());
    }
    if (!video.read(packet)) {
      return false;
    }
    picture =
        video.pictureId() < 0 ? -1 : pictures.unwrap(video.pictureId(), video.pictureIdModulus());
    showLatest();
    if (video.keyFrameStart()) {
      missing.onKeyFrame(arrived);
    }
    return true;
  }

  /**
   * Keeps a copy for repairs and gives the packet its number without those left out.
   *
   * @return -1 for a duplicate or one that is too old
   */
  @HotPath
  long accept(RtpPacket packet, long arrived, long nowNanos) {
    return keep(packet, compactor.compact(arrived), nowNanos);
  }

  /** The same for a packet that has its number. */
  @HotPath
  long keep(RtpPacket packet, long sequence, long nowNanos) {
    VideoPayload video = payload;
    if (video != null && sequence >= 0) {
      if (ring.contains(sequence)) {
        return -1;
      }
      ring.put(sequence, packet, nowNanos);
      keyFramesSeen += video.keyFrameStart() ? 1 : 0;
    }
    rates.onPacket(packet.payloadBytes(), video, nowNanos);
    lastTimestamp = packet.timestamp();
    lastArrivalNanos = nowNanos;
    return sequence;
  }

  void onSenderReport(long ntp, int rtpTimestamp, long nowNanos) {
    statistics.onSenderReport(ntp, nowNanos);
    reportTimestamp = rtpTimestamp;
    reportNanos = clock.onSenderReport(ntp, nowNanos);
  }

  /** Whether a relayed packet goes on with what was relayed before it. */
  @HotPath
  boolean continues(int newOrigin) {
    return started && origin == newOrigin;
  }

  /** What is relayed from now on is of this generation of the layer that it is a copy of. */
  void origin(int newOrigin) {
    origin = newOrigin;
  }

  /** Takes over how the source's clock stands to the server's. */
  @HotPath
  void clock(int timestamp, long nanos) {
    reportTimestamp = timestamp;
    reportNanos = nanos;
  }

  /** The timestamp of the source that {@link #reportNanos} belongs to. */
  @HotPath
  public int reportTimestamp() {
    return reportTimestamp;
  }

  /** By the last sender report; {@code Long.MIN_VALUE} before the first. */
  @HotPath
  public long reportNanos() {
    return reportNanos;
  }

  /**
   * The RTP timestamp that belongs to {@code nowNanos} of the server's clock: by the last sender
   * report, before the first one by the last arrival.
   */
  public int timestampAt(long nowNanos) {
    boolean reported = reportNanos != Long.MIN_VALUE;
    long since = nowNanos - (reported ? reportNanos : lastArrivalNanos);
    int base = reported ? reportTimestamp : lastTimestamp;
    return base + (int) (since / 1_000 * format.codec().clockRate() / 1_000_000);
  }

  /** The other way round; {@code Long.MIN_VALUE} before the first sender report. */
  @HotPath
  public long nanosOf(int timestamp) {
    if (reportNanos == Long.MIN_VALUE) {
      return Long.MIN_VALUE;
    }
    return reportNanos
        + (timestamp - reportTimestamp) * 1_000_000_000L / format.codec().clockRate();
  }

  /** Adds a receiver report block; false when the writer is full. */
  boolean addReportBlock(RtcpWriter writer, long nowNanos) {
    return !started || statistics.addReportBlock(writer, ssrc, nowNanos);
  }

  long nextRequestNanos(long roundTripNanos) {
    return started ? missing.nextTimeoutNanos(roundTripNanos) : Long.MAX_VALUE;
  }

  /** Asks again for what is missing and due. */
  int addRequests(RtcpWriter writer, int senderSsrc, long roundTripNanos, long nowNanos) {
    if (!started) {
      return 0;
    }
    long before = missing.asked();
    missing.addRequests(writer, senderSsrc, ssrc, roundTripNanos, nowNanos);
    return (int) (missing.asked() - before);
  }

  /** What was sent before is not continued: the track was muted or un-muted. */
  void interrupt() {
    missing.clear();
    generation++;
  }

  @HotPath
  void format(PublishedTrack.Format newFormat) {
    format = newFormat;
  }

  /** Whether the source sends this stream at present. */
  public boolean live(long nowNanos) {
    return started && nowNanos - lastArrivalNanos < LIVE_NANOS;
  }

  /**
   * The source has been told that it may rest this stream, or that it is needed again. What rests
   * can still be chosen, at its last rates; a source that is asked and does not come is left alone
   * for a while.
   */
  public void rest(boolean rest, long nowNanos) {
    if (resting && !rest) {
      wokenNanos = nowNanos;
    }
    resting = rest;
  }

  /** Whether viewers can be given it: it is sent now, or rests and can be woken. */
  public boolean available(long nowNanos) {
    if (!started) {
      return false;
    }
    if (live(nowNanos)) {
      return true;
    }
    long sinceWoken = nowNanos - wokenNanos;
    return sinceWoken < WAKING_NANOS || (resting && sinceWoken > REFUSED_NANOS);
  }

  public boolean started() {
    return started;
  }

  /** Grows when the stream begins anew: nothing continues. */
  @HotPath
  public int generation() {
    return generation;
  }

  /** The track's layers are numbered from the lowest quality, 0. */
  @HotPath
  public int index() {
    return index;
  }

  @HotPath
  public PublishedTrack track() {
    return track;
  }

  /** What the stream was negotiated as. */
  @HotPath
  public PublishedTrack.Format format() {
    return format;
  }

  @HotPath
  public Codec codec() {
    return format.codec();
  }

  /** The packet that is being forwarded; null for audio. */
  @HotPath
  public @Nullable VideoPayload payload() {
    return shown;
  }

  /**
   * A packet that was kept is being forwarded until {@link #showLatest}.
   *
   * @param reader one that {@link VideoPayload#follow follows} the stream's
   */
  @HotPath
  public void show(VideoPayload reader, long unwrappedPicture) {
    shown = reader;
    pictureShown = unwrappedPicture;
  }

  /** The packet that is being forwarded is the one read last. */
  @HotPath
  public void showLatest() {
    shown = payload;
    pictureShown = picture;
  }

  /** As {@link VideoPayload#renews}. */
  @HotPath
  boolean renews(RtpPacket packet) {
    VideoPayload video = payload;
    return video != null && video.renews(packet);
  }

  /** A reader of its own for packets of the past, so that the stream's state is not disturbed. */
  public @Nullable VideoPayload repairPayload() {
    return repairPayload;
  }

  /** The unwrapped picture id of the packet that is being forwarded, or -1. */
  @HotPath
  public long picture() {
    return pictureShown;
  }

  /** The last packets, by the numbers viewers are given. */
  @HotPath
  public PacketRing ring() {
    return ring;
  }

  /** Meaningless before the first packet. */
  @HotPath
  public int ssrc() {
    return ssrc;
  }

  /** What a viewer of this quality needs, with the packets' overhead; 0 before it is measured. */
  public long bitsPerSecond(int spatial, int temporal) {
    return rates.bitsPerSecond(spatial, temporal);
  }

  /** At least 1. */
  public int spatialLayers() {
    VideoPayload video = payload;
    return video == null ? 1 : Math.min(video.spatialLayers(), LayerRates.LAYERS);
  }

  /** At least 1. */
  public int temporalLayers() {
    VideoPayload video = payload;
    return video == null ? 1 : Math.min(video.temporalLayers(), LayerRates.LAYERS);
  }

  /** In pixels, 0 while it is not known. */
  public int heightOf(int spatial) {
    VideoPayload video = payload;
    return video == null ? 0 : video.heightOf(spatial);
  }

  public double framesPerSecond(int temporal) {
    return rates.framesPerSecond(temporal);
  }

  long packetsReceived() {
    return statistics.packets();
  }

  long payloadBytesReceived() {
    return statistics.bytes();
  }

  double jitterMs() {
    return statistics.jitter() * 1000.0 / format.codec().clockRate();
  }

  long packetsLost() {
    return statistics.lost();
  }

  public Map<String, Object> snapshot(long nowNanos) {
    Map<String, Object> state = new LinkedHashMap<>();
    state.put("ssrc", ssrc & 0xffff_ffffL);
    state.put("live", live(nowNanos));
    state.put("resting", resting);
    state.put("packets", statistics.packets());
    state.put("payloadBytes", statistics.bytes());
    state.put("packetsLost", statistics.lost());
    state.put("jitterMs", jitterMs());
    VideoPayload video = payload;
    if (video != null) {
      state.put(
          "bitsPerSecond",
          live(nowNanos) ? bitsPerSecond(spatialLayers() - 1, LayerRates.LAYERS) : 0);
      state.put("framesPerSecond", framesPerSecond(LayerRates.LAYERS));
      state.put("width", video.width());
      state.put("height", video.height());
      state.put("spatialLayers", video.spatialLayers());
      state.put("temporalLayers", video.temporalLayers());
      state.put("keyFrames", keyFramesSeen);
      state.put("repeatsAsked", missing.asked());
      state.put("repaired", missing.recovered());
      state.put("givenUp", missing.givenUp());
    }
    return state;
  }
}
