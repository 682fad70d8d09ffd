package dev.parley.core.room;

import dev.parley.core.api.MediaKind;
import dev.parley.core.api.TrackSource;
import dev.parley.core.common.HotPath;
import dev.parley.core.publisher.PublishedTrack;
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

  private final Participant owner;
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

  /** The fan-out: replaced whole on change, so that the loop over it is never disturbed. */
  Subscription[] subscriptions = NOBODY;

  /** {@code layerNames} are the RIDs of the section, or numbers where there are none. */
  Publication(
      Participant owner,
      String mid,
      TrackSource source,
      PublishedTrack track,
      List<String> layerNames) {
    this.owner = owner;
    this.mid = mid;
    this.source = source;
    this.audio = source.kind() == MediaKind.AUDIO;
    this.track = track;
    this.layerNames = layerNames;
    this.ladder = new Ladder(track);
  }

  /** What can be shown now; worked out once for all viewers within {@value #LADDER_MS} ms. */
  Ladder ladder(long nowNanos) {
    if (nowNanos - ladderNanos > LADDER_MS * 1_000_000L) {
      ladderNanos = nowNanos;
      ladder.update(nowNanos);
    }
    return ladder;
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

  Participant owner() {
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
