package dev.parley.core.room;

import dev.parley.core.common.HotPath;
import dev.parley.core.publisher.Layer;
import dev.parley.core.publisher.PublishedTrack;
import dev.parley.core.rtp.RtpPacket;

/**
 * A publication's way into another wing of the room, at the end where it comes from; the other end
 * is its {@link Import}. It exists as long as the publication, but packets cross only while
 * somebody over there is shown it. Thread of the publication's wing only.
 */
final class Export {
  private final Publication original;
  private final Wing to;
  private final Import copy;
  private int needed;
  private boolean ended;

  /** Announces the publication over there. */
  Export(Publication original, Wing to) {
    this.original = original;
    this.to = to;
    this.copy = new Import(original.description(), to.room(), to.here(), this);
    boolean muted = original.track().muted();
    Ladder.Told ladder = original.lastLadder();
    to.thread().execute(() -> copy.begin(muted, ladder));
  }

  /** Copies a packet over; {@code sequence} is its number there. */
  @HotPath
  void offer(Layer layer, RtpPacket packet, long sequence, long nowNanos) {
    to.lane().offer(copy, layer, packet, sequence, nowNanos);
  }

  void mute(boolean muted) {
    to.thread().execute(() -> copy.mute(muted));
  }

  /** What the track can be shown in now. */
  void tell(Ladder.Told ladder) {
    to.thread().execute(() -> copy.tell(ladder));
  }

  /** The publication has ended. */
  void end() {
    ended = true;
    to.thread().execute(copy::end);
  }

  /** Somebody over there is shown the track from now on, or nobody any more. */
  void watch(boolean watched, long nowNanos) {
    if (ended) {
      return;
    }
    original.cross(this, watched);
    if (!watched) {
      needed = 0;
    } else if (!original.audio()) {
      tell(original.ladder(nowNanos).told());
    }
  }

  /** Which encodings the viewers over there have a use for, a bit for each. */
  void need(int encodings) {
    needed = encodings;
  }

  int needed() {
    return needed;
  }

  /** Viewers over there wait for key frames. */
  void askKeyFrames(PublishedTrack.Asked asked) {
    if (!ended) {
      original.track().askKeyFrames(asked);
    }
  }
}
