package dev.parley.core.room;

import dev.parley.core.api.MediaKind;
import dev.parley.core.api.TrackSource;
import dev.parley.core.common.HotPath;
import dev.parley.core.publisher.Layer;
import dev.parley.core.publisher.PublishedTrack;
import dev.parley.core.rtp.RtpPacket;
import dev.parley.core.rtp.SequenceCompactor;
import dev.parley.core.subscriber.Choice;
import dev.parley.core.subscriber.LayerUse;
import dev.parley.core.subscriber.Subscription;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A published track with its owner and everyone it is shown to. Worker's thread only. */
final class Publication {
  private static final int LADDER_MS = 50;
  private static final Subscription[] NOBODY = new Subscription[0];

  private static final Export[] NOWHERE = new Export[0];

  private final Owner owner;
  private final String mid;
  private final TrackSource source;
  private final boolean audio;
  private final PublishedTrack track;
  private final List<String> layerNames;
  private final Ladder ladder;
  private long ladderNanos = Long.MIN_VALUE / 2;
  private @Nullable LayerUse use;
  private boolean tellLayers;
  private final Loudness loudness = new Loudness();

  /** What gathers the packets of a batch once there is a crowd of viewers. */
  private @Nullable Train train;

  /** It is shown here, and comes from another wing of the room. */
  private final boolean copy;

  /** One for each other wing. */
  private final List<Export> exports = new ArrayList<>(0);

  /** Those whose wing shows it now. */
  private Export[] crossing = NOWHERE;

  private final SequenceCompactor crossed = new SequenceCompactor();
  private int crossedGeneration;
  private Ladder.@Nullable Told toldLadder;

  /** The fan-out: replaced whole on change, so that the loop over it is never disturbed. */
  Subscription[] subscriptions = NOBODY;

  /** {@code layerNames} are the RIDs of the section, or numbers where there are none. */
  Publication(
      Owner owner, String mid, TrackSource source, PublishedTrack track, List<String> layerNames) {
    this.owner = owner;
    this.copy = owner instanceof Guest;
    this.mid = mid;
    this.source = source;
    this.audio = source.kind() == MediaKind.AUDIO;
    this.track = track;
    this.layerNames = layerNames;
    this.ladder = new Ladder(track);
  }

  /** What can be shown now; worked out once for all viewers within {@value #LADDER_MS} ms. */
  Ladder ladder(long nowNanos) {
    if (!copy && nowNanos - ladderNanos > LADDER_MS * 1_000_000L) {
      ladderNanos = nowNanos;
      ladder.update(nowNanos);
    }
    return ladder;
  }

  /** What could be shown when it was worked out last. */
  Ladder.Told lastLadder() {
    return ladder.told();
  }

  /** What a copy can be shown in, as the wing where it comes from knows. */
  void tell(Ladder.Told told) {
    ladder.take(told);
  }

  /** Tells the wings that show it, when it has changed. */
  void tellLadder(long nowNanos) {
    if (crossing.length == 0) {
      return;
    }
    Ladder.Told now = ladder(nowNanos).told();
    if (!now.equals(toldLadder)) {
      toldLadder = now;
      for (Export export : crossing) {
        export.tell(now);
      }
    }
  }

  /** Announces it to another wing. */
  void export(Wing to) {
    exports.add(new Export(this, to));
  }

  /** What the other wings know of it. */
  Import.Description description() {
    return new Import.Description(
        track.settings(), track.formats(), owner.id(), mid, source, layerNames);
  }

  void mute(boolean muted) {
    track.mute(muted);
    exports.forEach(export -> export.mute(muted));
  }

  /** It has ended, and ends in the other wings. */
  void withdraw() {
    crossing = NOWHERE;
    exports.forEach(Export::end);
    exports.clear();
  }

  /** Packets cross to a wing from now on, or do not any more. */
  void cross(Export export, boolean on) {
    List<Export> now = new ArrayList<>(List.of(crossing));
    now.remove(export);
    if (on) {
      now.add(export);
    }
    crossing = now.toArray(NOWHERE);
  }

  /**
   * Sends a packet to the wings that show it. What is left out is not missed there: the numbers
   * close up.
   */
  @HotPath
  void relay(Layer layer, RtpPacket packet, long sequence, boolean spare, long nowNanos) {
    Export[] to = crossing;
    if (to.length == 0) {
      return;
    }
    long number = audio ? closedUp(layer, sequence, spare) : sequence;
    if (number < 0) {
      return;
    }
    for (int i = 0; i < to.length; i++) {
      to[i].offer(layer, packet, number, nowNanos);
    }
  }

  /** The number without the packets that were spared, or -1 when this one is or is too old. */
  @HotPath
  private long closedUp(Layer layer, long sequence, boolean spare) {
    if (layer.generation() != crossedGeneration) {
      crossedGeneration = layer.generation();
      crossed.reset();
    }
    if (spare) {
      crossed.omit(sequence);
      return -1;
    }
    return crossed.compact(sequence);
  }

  /** In how many other wings it is shown. */
  int wings() {
    return crossing.length;
  }

  /** Whether it comes from another wing. */
  @HotPath
  boolean copy() {
    return copy;
  }

  /** Its sender was told of another publication's layers: those of this one are told at once. */
  void tellLayers() {
    tellLayers = true;
  }

  /** Rests the layers that no viewer has a use for, and wakes the others; their names, or null. */
  @Nullable List<String> newLayers(long nowNanos) {
    if (use == null) {
      use = new LayerUse(track.layers(), nowNanos);
    }
    use.begin();
    for (Subscription subscription : subscriptions) {
      Choice choice = subscription.choice();
      if (choice != null) {
        use.add(choice);
      }
    }
    for (Export export : crossing) {
      use.add(export.needed());
    }
    if (!use.end(nowNanos) && !tellLayers) {
      return null;
    }
    tellLayers = false;
    List<String> active = new ArrayList<>();
    for (int step = 0; step < track.layers(); step++) {
      int layer = ladder.layerOf(step);
      track.layer(layer).rest(!use.active(step), nowNanos);
      if (use.active(step)) {
        active.add(layerNames.get(layer));
      }
    }
    return active;
  }

  Owner owner() {
    return owner;
  }

  String mid() {
    return mid;
  }

  TrackSource source() {
    return source;
  }

  PublishedTrack track() {
    return track;
  }

  /**
   * Takes the packet's level in; whether the packet need not be sent on. Of a copy only the rest
   * has come.
   */
  @HotPath
  boolean listen(Layer layer, RtpPacket p, long nowNanos) {
    int levelId = layer.format().audioLevelId();
    int level = p.extension(levelId);
    if (level >= 0 && (level & 0xff) > 0) {
      loudness.onLevel(p.bytes()[level >>> 8] & 0x7f, nowNanos);
    } else if (levelId == 0) {
      loudness.onUnknownLevel(p.payloadBytes(), nowNanos);
    } else {
      return false;
    }
    return !copy && loudness.spare(nowNanos);
  }

  @HotPath
  Loudness loudness() {
    return loudness;
  }

  @HotPath
  @Nullable Train train() {
    return train;
  }

  @HotPath
  boolean audio() {
    return audio;
  }

  void add(Subscription subscription) {
    Subscription[] more = new Subscription[subscriptions.length + 1];
    System.arraycopy(subscriptions, 0, more, 0, subscriptions.length);
    more[subscriptions.length] = subscription;
    subscriptions = more;
    if (train == null && !audio && more.length >= Train.WORTH_VIEWERS) {
      train = new Train();
    }
  }

  void remove(Subscription subscription) {
    for (int i = 0; i < subscriptions.length; i++) {
      if (subscriptions[i] == subscription) {
        Subscription[] fewer = new Subscription[subscriptions.length - 1];
        System.arraycopy(subscriptions, 0, fewer, 0, i);
        System.arraycopy(subscriptions, i + 1, fewer, i, fewer.length - i);
        subscriptions = fewer;
        return;
      }
    }
  }
}
