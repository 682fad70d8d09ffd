package dev.parley.core.room;

import dev.parley.core.api.TrackSource;
import dev.parley.core.common.Counter;
import dev.parley.core.common.DropReason;
import dev.parley.core.common.HotPath;
import dev.parley.core.publisher.PublishedTrack;
import dev.parley.core.publisher.SourceClock;
import dev.parley.core.rtp.RtpPacket;
import dev.parley.core.subscriber.Choice;
import dev.parley.core.subscriber.LayerUse;
import dev.parley.core.subscriber.Subscription;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A track from another wing of the room, at the end where it is shown; the other end is its {@link
 * Export}. Its packets come as they were accepted there and go to the viewers of this wing, who get
 * their repetitions here; what they need of the source goes back, once for all of them. Thread of
 * the wing that shows it only.
 */
final class Import implements RelayLane.Taker {
  /** So that a storm of viewers is one message. */
  private static final long ASK_NANOS = 20_000_000;

  /** What does not change while a track is published. */
  record Description(
      PublishedTrack.Settings settings,
      List<PublishedTrack.Format> formats,
      String ownerId,
      String mid,
      TrackSource source,
      List<String> layerNames) {}

  private final Description description;
  private final Room room;
  private final Executor origin;
  private final Export original;
  private @Nullable Publication copy;
  private boolean toldWatched;
  private int toldNeeded;
  private long askedNanos = Long.MIN_VALUE / 2;

  /**
   * Made where the track comes from.
   *
   * @param room the wing where it is to be shown
   * @param origin runs tasks on the thread where it comes from
   */
  Import(Description description, Room room, Executor origin, Export original) {
    this.description = description;
    this.room = room;
    this.origin = origin;
    this.original = original;
  }

  Description description() {
    return description;
  }

  /** What viewers here are shown, at a place of the room's fan-out. */
  Publication newCopy(Guest owner, int index) {
    PublishedTrack track =
        new PublishedTrack(
            description.settings(),
            description.formats().toArray(new PublishedTrack.Format[0]),
            new SourceClock(),
            index,
            room.counters(),
            room);
    return new Publication(
        owner, description.mid(), description.source(), track, description.layerNames());
  }

  void begin(boolean muted, Ladder.Told ladder) {
    Publication made = room.bring(this);
    if (made != null) {
      made.track().muteCopy(muted);
      made.tell(ladder);
      copy = made;
    }
  }

  void mute(boolean muted) {
    Publication shown = copy;
    if (shown != null) {
      shown.track().muteCopy(muted);
      room.unsettle();
    }
  }

  void tell(Ladder.Told ladder) {
    Publication shown = copy;
    if (shown != null) {
      shown.tell(ladder);
    }
  }

  void end() {
    Publication shown = copy;
    if (shown != null) {
      copy = null;
      room.dismiss(this, shown);
    }
  }

  /** The wing has closed: what still comes is for nobody. */
  void forget() {
    copy = null;
  }

  /** Stop 5 of a copy: a packet has crossed. */
  @Override
  @HotPath
  public void take(
      int layer,
      int generation,
      int reportTimestamp,
      long reportNanos,
      long sequence,
      byte[] bytes,
      int offset,
      int lengthBytes,
      long nowNanos) {
    Publication shown = copy;
    RtpPacket packet = room.packet();
    if (shown == null) {
      room.counters().drop(DropReason.RELAY_STALE);
    } else if (!packet.wrap(bytes, offset, lengthBytes)) {
      room.counters().drop(DropReason.RTP_MALFORMED);
    } else {
      room.counters().increment(Counter.RTP_RELAYED);
      shown.track().clock(layer, reportTimestamp, reportNanos);
      shown.track().handleRelayed(layer, generation, packet, sequence, nowNanos);
    }
  }

  /** Tells the other end what has changed: whether anybody is shown the track, and who waits. */
  void settle(boolean listens, long nowNanos) {
    Publication shown = copy;
    if (shown == null) {
      return;
    }
    boolean watched = shown.subscriptions.length > 0 || (listens && shown.audio());
    if (watched != toldWatched) {
      toldWatched = watched;
      toldNeeded = 0;
      origin.execute(() -> original.watch(watched, nowNanos));
    }
    if (shown.track().keyFrameAsked() && nowNanos - askedNanos >= ASK_NANOS) {
      askedNanos = nowNanos;
      PublishedTrack.Asked asked = shown.track().takeAsked();
      origin.execute(() -> original.askKeyFrames(asked));
    }
  }

  /** Tells the other end which encodings the viewers here have a use for. */
  void tellNeeded() {
    Publication shown = copy;
    if (shown == null || shown.audio()) {
      return;
    }
    int needed = 0;
    for (Subscription subscription : shown.subscriptions) {
      Choice choice = subscription.choice();
      if (choice != null) {
        needed |= LayerUse.needed(choice, shown.track().layers());
      }
    }
    if (needed != toldNeeded) {
      toldNeeded = needed;
      int told = needed;
      origin.execute(() -> original.need(told));
    }
  }

  /** When {@link #settle} has to be called though nothing else happens. */
  long nextTimeoutNanos() {
    Publication shown = copy;
    return shown != null && shown.track().keyFrameAsked() ? askedNanos + ASK_NANOS : Long.MAX_VALUE;
  }
}
