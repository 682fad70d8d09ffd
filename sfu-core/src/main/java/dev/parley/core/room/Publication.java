package dev.parley.core.room;

import dev.parley.core.api.MediaKind;
import dev.parley.core.api.TrackSource;
import dev.parley.core.publisher.PublishedTrack;
import dev.parley.core.subscriber.Subscription;

/** A published track with its owner and everyone it is shown to. Worker's thread only. */
final class Publication {
  private static final Subscription[] NOBODY = new Subscription[0];

  private final Participant owner;
  private final String mid;
  private final TrackSource source;
  private final PublishedTrack track;
  private final Loudness loudness = new Loudness();

  /** The fan-out: replaced whole on change, so that the loop over it is never disturbed. */
  Subscription[] subscriptions = NOBODY;

  Publication(Participant owner, String mid, TrackSource source, PublishedTrack track) {
    this.owner = owner;
    this.mid = mid;
    this.source = source;
    this.track = track;
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

  Loudness loudness() {
    return loudness;
  }

  boolean audio() {
    return source.kind() == MediaKind.AUDIO;
  }

  void add(Subscription subscription) {
    Subscription[] more = new Subscription[subscriptions.length + 1];
    System.arraycopy(subscriptions, 0, more, 0, subscriptions.length);
    more[subscriptions.length] = subscription;
    subscriptions = more;
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
