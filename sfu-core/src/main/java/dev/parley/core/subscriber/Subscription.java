package dev.parley.core.subscriber;

import dev.parley.core.common.Counters;
import dev.parley.core.common.DropReason;
import dev.parley.core.common.HotPath;
import dev.parley.core.publisher.PublishedTrack;
import dev.parley.core.rtp.RtcpWriter;
import dev.parley.core.rtp.RtpPacket;

/**
 * A slot showing a track. Begins with a key frame where the codec has them, and begins anew when
 * the source does. Worker's thread only.
 */
public final class Subscription {
  /** Carries key-frame requests up to the room, which merges them. */
  public interface Listener {
    @HotPath
    void onKeyFrameNeeded(PublishedTrack track);
  }

  /** So that a source which ignores requests is not asked for every packet. */
  private static final long ASK_AGAIN_NANOS = 100_000_000;

  private final Slot slot;
  private final PublishedTrack track;
  private final Listener listener;
  private final Counters counters;
  private boolean live;
  private int generation;
  private long lastAskNanos;
  private boolean asked;

  public Subscription(Slot slot, PublishedTrack track, Listener listener, Counters counters) {
    this.slot = slot;
    this.track = track;
    this.listener = listener;
    this.counters = counters;
  }

  /** Stop 8: waits for a key frame, splices the source in, rewrites and sends. */
  @HotPath
  public void forward(RtpPacket packet, long sequence, long nowNanos) {
    if (!live || generation != track.generation()) {
      if (!slot.accepts(track.codec())) {
        counters.drop(DropReason.NOT_NEGOTIATED);
        return;
      }
      if (track.codec().hasKeyFrames() && !track.keyFrameStart()) {
        counters.drop(DropReason.WAITING_FOR_KEY_FRAME);
        live = false;
        askAgain(nowNanos);
        return;
      }
      slot.splice(track, packet, sequence, nowNanos);
      live = true;
      generation = track.generation();
    }
    slot.send(track, packet, sequence, nowNanos);
  }

  /** The slot waits: not every packet that it drops meanwhile is a new request. */
  @HotPath
  private void askAgain(long nowNanos) {
    if (!asked || nowNanos - lastAskNanos >= ASK_AGAIN_NANOS) {
      asked = true;
      lastAskNanos = nowNanos;
      listener.onKeyFrameNeeded(track);
    }
  }

  /** The slot's receiver asks for a key frame; the source merges it with the requests of others. */
  public void askKeyFrame() {
    if (track.codec().hasKeyFrames()) {
      listener.onKeyFrameNeeded(track);
    }
  }

  /** Adds the slot's sender report; false when the writer is full. */
  public boolean addSenderReport(RtcpWriter writer, long unixNanos, long nowNanos) {
    // Between a new stream of the source and its splice there is no shift for its timestamps.
    return !live
        || generation != track.generation()
        || slot.addSenderReport(writer, track, unixNanos, nowNanos);
  }

  public Slot slot() {
    return slot;
  }

  @HotPath
  public PublishedTrack track() {
    return track;
  }
}
