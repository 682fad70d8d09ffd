package dev.parley.core.publisher;

import dev.parley.core.codec.Codec;
import dev.parley.core.codec.VideoPayload;
import dev.parley.core.common.Counter;
import dev.parley.core.common.Counters;
import dev.parley.core.common.DropReason;
import dev.parley.core.common.HotPath;
import dev.parley.core.rtp.RtcpWriter;
import dev.parley.core.rtp.RtpPacket;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One track of a participant: what arrives in one section while it is published, in one layer or
 * several. Reads each packet once for all subscribers. Worker's thread only.
 */
public final class PublishedTrack {
  /** Where accepted packets go; implemented by the room. */
  public interface Listener {
    /**
     * Borrows the packet until it returns.
     *
     * @param sequence the layer's unwrapped number without the packets left out
     */
    @HotPath
    void onRtp(Layer layer, RtpPacket packet, long sequence, long nowNanos);

    /**
     * Whoever keeps packets of the track has to let go of them now: what they mean is to change.
     */
    @HotPath
    default void onRenewal(PublishedTrack track) {}

    void onFirstPacket(PublishedTrack track);

    /** Something is missing or a viewer waits: RTCP to the source may be due. */
    @HotPath
    void onFeedbackDue(PublishedTrack track);
  }

  /**
   * What the track's section negotiated for one codec; ids are 0 where an extension was not.
   *
   * @param rtxPayloadType of its retransmissions, or 0
   * @param nack whether the source repeats packets
   */
  public record Format(
      Codec codec,
      int payloadType,
      int audioLevelId,
      int orientationId,
      int descriptorId,
      int rtxPayloadType,
      boolean nack) {}

  /**
   * How a track is made.
   *
   * @param serial tells the tracks of a room apart, also of those that are gone
   */
  public record Settings(
      String trackId, int serial, int csrc, int layers, long keyFrameIntervalNanos) {}

  /**
   * Key frames that viewers elsewhere wait for.
   *
   * @param waiting a bit for each layer; {@code rising} those for a better quality only
   * @param beginners how many have not seen anything of the track yet
   */
  public record Asked(int waiting, int rising, int beginners) {}

  private final Settings settings;
  private final Format[] formats;
  private final Counters counters;
  private final Listener listener;
  private final KeyFrameRequests keyFrames;
  private final Layer[] layers;
  private final int index;
  private Format format;
  private boolean muted;
  private boolean started;
  private long keyFrameRequestsSent;

  /**
   * A published track, before its first packet.
   *
   * @param index the room's place for this track, for arrays of the fan-out
   * @param formats at least one
   */
  public PublishedTrack(
      Settings settings,
      Format[] formats,
      SourceClock clock,
      int index,
      Counters counters,
      Listener listener) {
    this.settings = settings;
    this.formats = formats;
    this.format = formats[0];
    this.keyFrames = new KeyFrameRequests(settings.keyFrameIntervalNanos());
    this.index = index;
    this.counters = counters;
    this.listener = listener;
    this.layers = new Layer[settings.layers()];
    for (int i = 0; i < layers.length; i++) {
      layers[i] = new Layer(this, i, format, clock);
    }
  }

  /**
   * Stop 6: unwraps, counts, finds losses and key frames, and hands the packet to the room.
   *
   * @param layerIndex from 0, the lowest quality; below {@link #layers()}
   */
  @HotPath
  public void handleRtp(int layerIndex, RtpPacket packet, long nowNanos) {
    Format of = formatOf(packet.payloadType());
    if (of == null) {
      counters.drop(DropReason.RTP_UNKNOWN_PAYLOAD);
      return;
    }
    Layer layer = layers[layerIndex];
    if (!layer.started() || packet.ssrc() != layer.ssrc()) {
      start(layer, packet.ssrc(), of);
    } else if (of.payloadType() != layer.format().payloadType()) {
      change(layer, of);
    }
    handle(layer, packet, false, nowNanos);
  }

  /** A retransmission (RFC 4588) of a packet of the layer; the packet is unwrapped in place. */
  @HotPath
  public void handleRtx(int layerIndex, RtpPacket packet, long nowNanos) {
    Layer layer = layers[layerIndex];
    Format of = layer.format();
    if (!layer.started() || packet.payloadBytes() == 0) {
      counters.drop(DropReason.RTP_PADDING_ONLY);
    } else if (packet.payloadType() != of.rtxPayloadType()
        || !packet.unwrapRetransmission(layer.ssrc(), of.payloadType())) {
      counters.drop(DropReason.RTP_UNKNOWN_PAYLOAD);
    } else {
      counters.increment(Counter.RTX_RECEIVED);
      handle(layer, packet, true, nowNanos);
    }
  }

  @HotPath
  private void handle(Layer layer, RtpPacket packet, boolean repaired, long nowNanos) {
    long arrived = layer.receive(packet, repaired, nowNanos);
    if (layer.nextRequestNanos(0) <= nowNanos) {
      listener.onFeedbackDue(this);
    }
    if (packet.payloadBytes() == 0) {
      layer.omit(arrived);
      counters.drop(DropReason.RTP_PADDING_ONLY);
      return;
    }
    if (muted) {
      layer.omit(arrived);
      counters.drop(DropReason.RTP_NOT_PUBLISHED);
      return;
    }
    if (layer.renews(packet)) {
      listener.onRenewal(this);
    }
    if (!layer.read(packet, arrived)) {
      layer.omit(arrived);
      counters.drop(DropReason.RTP_MALFORMED);
      return;
    }
    long sequence = layer.accept(packet, arrived, nowNanos);
    if (sequence < 0) {
      counters.drop(DropReason.RTP_TOO_OLD);
      return;
    }
    pass(layer, packet, sequence, nowNanos);
  }

  /**
   * Stop 6 of a copy: a packet that the track in another wing of the room has accepted. Read and
   * kept once more, since viewers here ask for repetitions here.
   *
   * @param origin the generation of the layer there
   * @param sequence as it was given out there, without what was left out
   */
  @HotPath
  public void handleRelayed(
      int layerIndex, int origin, RtpPacket packet, long sequence, long nowNanos) {
    Format of = formatOf(packet.payloadType());
    if (of == null) {
      counters.drop(DropReason.RTP_UNKNOWN_PAYLOAD);
      return;
    }
    Layer layer = layers[layerIndex];
    if (!layer.continues(origin)) {
      start(layer, packet.ssrc(), of);
      layer.origin(origin);
    } else if (of.payloadType() != layer.format().payloadType()) {
      change(layer, of);
    }
    if (layer.renews(packet)) {
      listener.onRenewal(this);
    }
    if (!layer.read(packet, sequence)) {
      counters.drop(DropReason.RTP_MALFORMED);
    } else if (layer.keep(packet, sequence, nowNanos) < 0) {
      counters.drop(DropReason.RTP_TOO_OLD);
    } else {
      pass(layer, packet, sequence, nowNanos);
    }
  }

  /** How the clock of a copy's source stands to the server's, as the original knows. */
  @HotPath
  public void clock(int layerIndex, int timestamp, long nanos) {
    layers[layerIndex].clock(timestamp, nanos);
  }

  @HotPath
  private void pass(Layer layer, RtpPacket packet, long sequence, long nowNanos) {
    VideoPayload video = layer.payload();
    if (video != null && video.keyFrameStart()) {
      // Whoever waits for it is sent what came before it, and asks for it, before it is counted.
      listener.onRenewal(this);
      keyFrames.onKeyFrame(layer.index());
    }
    listener.onRtp(layer, packet, sequence, nowNanos);
  }

  @HotPath
  private @Nullable Format formatOf(int payloadType) {
    if (format.payloadType() == payloadType) {
      return format;
    }
    for (int i = 0; i < formats.length; i++) {
      if (formats[i].payloadType() == payloadType) {
        return formats[i];
      }
    }
    return null;
  }

  private void start(Layer layer, int ssrc, Format of) {
    listener.onRenewal(this);
    format = of;
    layer.start(ssrc, of);
    if (!started) {
      started = true;
      listener.onFirstPacket(this);
    }
  }

  /**
   * Audio may change between plain and redundant packets at any time; another picture codec may
   * not.
   */
  @HotPath
  private void change(Layer layer, Format of) {
    if (of.codec().audio()) {
      format = of;
      layer.format(of);
    } else {
      start(layer, layer.ssrc(), of);
    }
  }

  /** Takes in a sender report of one of this track's streams; others are ignored. */
  public void onSenderReport(int ssrc, long ntp, int rtpTimestamp, long nowNanos) {
    for (Layer layer : layers) {
      if (layer.started() && layer.ssrc() == ssrc) {
        layer.onSenderReport(ntp, rtpTimestamp, nowNanos);
      }
    }
  }

  /**
   * Adds the receiver report blocks of all layers from {@code first} on.
   *
   * @return the layer that no longer fitted, or {@link #layers()}
   */
  public int addReportBlocks(RtcpWriter writer, int first, long nowNanos) {
    for (int i = first; i < layers.length; i++) {
      if (!layers[i].addReportBlock(writer, nowNanos)) {
        return i;
      }
    }
    return layers.length;
  }

  /**
   * A viewer cannot go on without a key frame of this layer. Merged with the requests of all
   * others.
   */
  @HotPath
  public void askKeyFrame(Layer layer, KeyFrameNeed need) {
    counters.increment(Counter.KEY_FRAMES_ASKED);
    keyFrames.ask(layer.index(), need);
    listener.onFeedbackDue(this);
  }

  /** Viewers in another wing of the room wait, too. Counted there. */
  public void askKeyFrames(Asked asked) {
    keyFrames.ask(asked.waiting(), asked.rising(), asked.beginners());
    listener.onFeedbackDue(this);
  }

  /** Whether a viewer of this copy waits for a key frame. */
  public boolean keyFrameAsked() {
    return keyFrames.waiting();
  }

  /** What viewers of this copy wait for since the last time, for the original. */
  public Asked takeAsked() {
    return keyFrames.handOn();
  }

  /** When {@link #addFeedback} has something to do. */
  public long nextTimeoutNanos(long roundTripNanos) {
    if (!started || muted) {
      return Long.MAX_VALUE;
    }
    long next = keyFrames.nextTimeoutNanos();
    for (Layer layer : layers) {
      next = Math.min(next, layer.nextRequestNanos(roundTripNanos));
    }
    return next;
  }

  /** Adds the PLI and the NACKs that are due. */
  public void addFeedback(RtcpWriter writer, int senderSsrc, long roundTripNanos, long nowNanos) {
    if (!started || muted) {
      return;
    }
    for (Layer layer : layers) {
      counters.add(
          Counter.NACKS_SENT, layer.addRequests(writer, senderSsrc, roundTripNanos, nowNanos));
    }
    int asked = keyFrames.take(nowNanos);
    if (asked >= 0) {
      Layer layer = layers[asked].started() ? layers[asked] : anyStarted();
      writer.addPli(senderSsrc, layer.ssrc());
      keyFrameRequestsSent++;
      counters.increment(Counter.KEY_FRAMES_REQUESTED);
    }
  }

  private Layer anyStarted() {
    for (Layer layer : layers) {
      if (layer.started()) {
        return layer;
      }
    }
    return layers[0];
  }

  public void mute(boolean mute) {
    if (muted != mute) {
      for (Layer layer : layers) {
        layer.interrupt();
      }
    }
    muted = mute;
    if (!mute && format.codec().hasKeyFrames()) {
      keyFrames.ask(0, KeyFrameNeed.CONTINUE);
    }
  }

  /** The original of this copy was muted or un-muted; it says itself what begins anew. */
  public void muteCopy(boolean mute) {
    muted = mute;
  }

  public boolean muted() {
    return muted;
  }

  public Settings settings() {
    return settings;
  }

  /** What it may come in, preferred first. */
  public List<Format> formats() {
    return List.of(formats);
  }

  public String trackId() {
    return settings.trackId();
  }

  /** Another for every track of a room. */
  public int serial() {
    return settings.serial();
  }

  @HotPath
  public int csrc() {
    return settings.csrc();
  }

  @HotPath
  public int index() {
    return index;
  }

  /** Of the latest stream. */
  @HotPath
  public Codec codec() {
    return format.codec();
  }

  /** How many layers it may come in; at least 1. */
  @HotPath
  public int layers() {
    return layers.length;
  }

  @HotPath
  public Layer layer(int layerIndex) {
    return layers[layerIndex];
  }

  /** In all layers, without retransmissions. */
  public long packetsReceived() {
    long packets = 0;
    for (Layer layer : layers) {
      packets += layer.packetsReceived();
    }
    return packets;
  }

  /** What did not come at first, repaired or not. */
  public long packetsLost() {
    long packets = 0;
    for (Layer layer : layers) {
      packets += layer.packetsLost();
    }
    return packets;
  }

  /** In all layers. */
  public long payloadBytesReceived() {
    long bytes = 0;
    for (Layer layer : layers) {
      bytes += layer.payloadBytesReceived();
    }
    return bytes;
  }

  /** Of the layer that has the most of those that come now (RFC 3550 section 6.4.1). */
  public double jitterMs(long nowNanos) {
    double most = 0;
    for (Layer layer : layers) {
      most = layer.live(nowNanos) ? Math.max(most, layer.jitterMs()) : most;
    }
    return most;
  }

  public Map<String, Object> snapshot(long nowNanos) {
    Map<String, Object> state = new LinkedHashMap<>();
    state.put("trackId", trackId());
    state.put("codec", format.codec().sdpName());
    state.put("muted", muted);
    if (format.codec().hasKeyFrames()) {
      state.put("keyFrameRequestsSent", keyFrameRequestsSent);
    }
    List<Object> all = new ArrayList<>();
    for (Layer layer : layers) {
      if (layer.started()) {
        all.add(layer.snapshot(nowNanos));
      }
    }
    state.put("layers", all);
    return state;
  }
}
