package dev.parley.core.subscriber;

import dev.parley.core.codec.VideoPayload;
import dev.parley.core.common.Counters;
import dev.parley.core.common.DropReason;
import dev.parley.core.common.FanOut;
import dev.parley.core.common.HotPath;
import dev.parley.core.publisher.KeyFrameNeed;
import dev.parley.core.publisher.Layer;
import dev.parley.core.publisher.PublishedTrack;
import dev.parley.core.rtp.RtcpWriter;
import dev.parley.core.rtp.RtpPacket;
import dev.parley.core.rtp.SequenceCompactor;
import org.jspecify.annotations.Nullable;

/**
 * A slot showing a track, in the quality that was chosen for it. A stream begins with a key frame
 * where the codec has them, and begins anew when the source does; the quality shown goes on until
 * the chosen one can take over. Worker's thread only.
 */
public final class Subscription {
  /** Carries key-frame requests up to the room, which merges them. */
  public interface Listener {
    /** The slot cannot go on, or not as it was chosen, without one. */
    @HotPath
    void onKeyFrameNeeded(Layer layer, KeyFrameNeed need);
  }

  /** So that a source which ignores requests is not asked for every packet. */
  private static final long ASK_AGAIN_NANOS = 100_000_000;

  private static final int PAUSED = -1;

  private final Slot slot;
  private final PublishedTrack track;
  private final Listener listener;
  private final Counters counters;
  private final SequenceCompactor sequences = new SequenceCompactor();
  private final SequenceCompactor pictures = new SequenceCompactor();
  private @Nullable Layer current;
  private int generation;
  private int spatial;
  private int temporal;
  private int targetLayer;
  private int targetSpatial;
  private int targetTemporal;

  /** Lower frames were left out since the last key frame: going down needs a new one. */
  private boolean lowerSkipped;

  /** Fewer layers than there are were shown since the last key frame. */
  private boolean limited;

  private int pictureTimestamp;
  private long lastAskNanos;
  private boolean asked;
  private boolean begun;

  /** Of what is shown until another layer takes over, only the lowest temporal layer is sent. */
  private boolean thinned;

  private @Nullable Choice choice;
  private long chosenSinceNanos;

  public Subscription(Slot slot, PublishedTrack track, Listener listener, Counters counters) {
    this.slot = slot;
    this.track = track;
    this.listener = listener;
    this.counters = counters;
  }

  /**
   * Chooses what is to be shown; takes effect where the codec allows.
   *
   * @param layer the track's layer, with the highest spatial and temporal layer inside it
   * @param falls what is shown is too much for the network: until another layer can take over, only
   *     the frames that others depend on are sent
   */
  public void show(int layer, int maxSpatial, int maxTemporal, boolean falls) {
    boolean other = layer != targetLayer;
    targetLayer = layer;
    targetSpatial = maxSpatial;
    targetTemporal = maxTemporal;
    thinned = switching() && (falls || (thinned && !other));
    Layer now = current;
    if (other && (now == null || now.index() != layer)) {
      listener.onKeyFrameNeeded(track.layer(layer), need());
    }
  }

  @HotPath
  private KeyFrameNeed need() {
    if (!begun) {
      return KeyFrameNeed.BEGIN;
    }
    return current == null || thinned ? KeyFrameNeed.CONTINUE : KeyFrameNeed.RISE;
  }

  /** What the allocator has chosen last, or null. */
  public @Nullable Choice choice() {
    return choice;
  }

  public long chosenSinceNanos() {
    return chosenSinceNanos;
  }

  /** Remembers the allocator's choice, for the next time. */
  public void choice(Choice newChoice, long nowNanos) {
    Choice before = choice;
    if (before == null
        || before.spatial() != newChoice.spatial()
        || before.temporal() != newChoice.temporal()) {
      chosenSinceNanos = nowNanos;
    }
    choice = newChoice;
  }

  /** Sends nothing until {@link #show}. */
  public void pause() {
    targetLayer = PAUSED;
    current = null;
  }

  /** Stop 8: selects, splices the source in, rewrites and sends. Says what became of it. */
  @HotPath
  public FanOut forward(Layer layer, RtpPacket packet, long sequence, long nowNanos) {
    if (layer != current || layer.generation() != generation) {
      if (layer.index() != targetLayer) {
        return FanOut.OTHER_LAYER;
      }
      FanOut start = begin(layer, packet, sequence, nowNanos);
      if (start != FanOut.FORWARDED) {
        return start;
      }
    }
    slot.release(packet.timestamp(), nowNanos);
    VideoPayload video = layer.payload();
    Selection selected = slot.selection();
    selected.picture = -1;
    selected.marker = packet.marker();
    selected.hold = false;
    if (video != null) {
      if (video.frameStart()) {
        adjust(layer, video, packet.timestamp(), nowNanos);
      }
      if (!video.neededFor(spatial, temporal)) {
        leaveOut(layer, video, sequence, nowNanos);
        return FanOut.HIGHER_LAYER;
      }
      limited =
          (limited && !video.keyFrameStart())
              || spatial < video.spatialLayers() - 1
              || temporal < video.temporalLayers() - 1;
      long picture = layer.picture();
      boolean closeUp = picture >= 0 && !video.pictureIdsMayJump();
      selected.picture = closeUp ? pictures.compact(picture) : picture;
      if (video.spatialLayers() > 1) {
        boolean last = video.frameEnd() && video.spatialId() == spatial;
        selected.marker |= last;
        selected.hold = video.frameEnd() && !selected.marker;
      }
    }
    selected.original = sequence;
    selected.sequence = sequences.compact(sequence);
    if (selected.sequence < 0) {
      counters.drop(DropReason.RTP_TOO_OLD);
      return FanOut.TOO_OLD;
    }
    selected.spatial = spatial;
    selected.temporal = temporal;
    selected.limited = limited;
    return slot.send(layer, packet, selected, nowNanos);
  }

  /** Fetches what the next packet needs into the processor's cache; the value means nothing. */
  @HotPath
  public int warm() {
    return generation + (int) (sequences.highest() + pictures.highest()) + slot.warm();
  }

  /** A packet of the source is not sent on, and nobody is to miss it. */
  @HotPath
  public void omit(Layer layer, long sequence) {
    if (layer == current && layer.generation() == generation) {
      sequences.omit(sequence);
    }
  }

  /** Begins the stream with this packet, which is to be forwarded then, or says why not. */
  @HotPath
  private FanOut begin(Layer layer, RtpPacket packet, long sequence, long nowNanos) {
    if (!slot.accepts(layer.codec())) {
      counters.drop(DropReason.NOT_NEGOTIATED);
      return FanOut.NOT_NEGOTIATED;
    }
    VideoPayload video = layer.payload();
    if (video != null && !video.keyFrameStart()) {
      Layer now = current;
      boolean waiting = now == null || now == layer;
      if (waiting) {
        counters.drop(DropReason.WAITING_FOR_KEY_FRAME);
        current = null;
      }
      askAgain(layer, nowNanos);
      return waiting ? FanOut.WAITING_FOR_KEY_FRAME : FanOut.OTHER_LAYER;
    }
    current = layer;
    generation = layer.generation();
    spatial = targetSpatial;
    temporal = targetTemporal;
    begun = true;
    lowerSkipped = false;
    pictureTimestamp = packet.timestamp();
    sequences.reset();
    pictures.reset();
    slot.splice(layer, packet, sequence, layer.picture(), nowNanos);
    return FanOut.FORWARDED;
  }

  /** Goes up where this frame allows it, and down at the beginning of a picture. */
  @HotPath
  private void adjust(Layer layer, VideoPayload video, int timestamp, long nowNanos) {
    boolean newPicture = timestamp != pictureTimestamp;
    pictureTimestamp = timestamp;
    if (video.keyFrameStart() && layer.index() == targetLayer) {
      spatial = targetSpatial;
      temporal = targetTemporal;
      lowerSkipped = false;
      return;
    }
    if (layer.index() != targetLayer) {
      if (newPicture && thinned) {
        temporal = 0;
      }
      return;
    }
    if (newPicture && targetTemporal < temporal) {
      temporal = targetTemporal;
    }
    if (newPicture && targetSpatial < spatial) {
      if (!lowerSkipped || video.canChangeSpatial()) {
        spatial = targetSpatial;
      } else {
        askAgain(layer, nowNanos);
      }
    }
    if (targetTemporal > temporal && video.canRaiseTemporal(spatial, temporal, targetTemporal)) {
      temporal = targetTemporal;
    }
    if (targetSpatial > spatial) {
      if (video.canChangeSpatial()) {
        spatial = targetSpatial;
      } else {
        askAgain(layer, nowNanos);
      }
    }
  }

  @HotPath
  private void leaveOut(Layer layer, VideoPayload video, long sequence, long nowNanos) {
    if (video.spatialId() < spatial) {
      lowerSkipped = true;
    }
    boolean late = sequence < sequences.highest();
    if (late) {
      long compact = sequences.compact(sequence);
      if (compact >= 0) {
        slot.fill(layer, compact, nowNanos);
      }
      return;
    }
    sequences.omit(sequence);
    if (video.temporalId() > temporal && layer.picture() >= 0) {
      pictures.omit(layer.picture());
    }
  }

  /** The slot waits: not every packet that it drops meanwhile is a new request. */
  @HotPath
  private void askAgain(Layer layer, long nowNanos) {
    if (!asked || nowNanos - lastAskNanos >= ASK_AGAIN_NANOS) {
      asked = true;
      lastAskNanos = nowNanos;
      listener.onKeyFrameNeeded(layer, need());
    }
  }

  /** The slot's receiver asks for a key frame; the source merges it with the requests of others. */
  public void askKeyFrame() {
    Layer now = current;
    if (track.codec().hasKeyFrames() && targetLayer != PAUSED) {
      Layer layer = now == null ? track.layer(targetLayer) : now;
      listener.onKeyFrameNeeded(layer, begun ? KeyFrameNeed.CONTINUE : KeyFrameNeed.BEGIN);
    }
  }

  /** Adds the slot's sender report; false when the writer is full. */
  public boolean addSenderReport(RtcpWriter writer, long unixNanos, long nowNanos) {
    // Between a new stream of the source and its splice there is no shift for its timestamps.
    Layer now = current;
    return now == null
        || generation != now.generation()
        || slot.addSenderReport(writer, now, unixNanos, nowNanos);
  }

  /** The slot shows something else from now on, and the track may be gone. */
  public void end() {
    for (int i = 0; i < track.layers(); i++) {
      slot.forget(track.layer(i));
    }
  }

  public Slot slot() {
    return slot;
  }

  @HotPath
  public PublishedTrack track() {
    return track;
  }

  /** The layer that is sent now, or -1 while it waits or is paused. */
  public int layerShown() {
    Layer now = current;
    return now == null ? PAUSED : now.index();
  }

  /** Whether it shows one layer and waits for another to take over. */
  @HotPath
  public boolean switching() {
    Layer now = current;
    return now != null && targetLayer != PAUSED && now.index() != targetLayer;
  }

  public int spatialShown() {
    return spatial;
  }

  public int temporalShown() {
    return temporal;
  }
}
