package dev.parley.core.room;

import dev.parley.core.common.Counter;
import dev.parley.core.common.Counters;
import dev.parley.core.common.FanOut;
import dev.parley.core.common.HotPath;
import dev.parley.core.publisher.Layer;
import dev.parley.core.rtp.RtpPacket;
import dev.parley.core.subscriber.Subscription;
import org.jspecify.annotations.Nullable;

/**
 * The one fan-out loop: a track's packets to everyone it is shown to, at once, or gathered in a
 * {@link Train} where there is a crowd of them. Worker's thread only.
 */
final class Dispatch {
  /** What goes wrong for one viewer must not reach the others. */
  interface Faults {
    void onFault(Subscription subscription, RuntimeException fault);
  }

  private final Counters counters;
  private final RoomHost host;
  private final Faults faults;

  /** What {@link Subscription#warm} gave, so that its reads are not left out. */
  int warmth;

  Dispatch(Counters counters, RoomHost host, Faults faults) {
    this.counters = counters;
    this.host = host;
    this.faults = faults;
  }

  /** Whether the packet leaves with the others of its batch; if not, all before it have left. */
  @HotPath
  boolean gather(Publication publication, Layer layer, RtpPacket p, long sequence, long nowNanos) {
    Train train = publication.train();
    if (train == null) {
      return false;
    }
    if (!train.take(layer, p, sequence, nowNanos)) {
      depart(publication);
      if (!train.take(layer, p, sequence, nowNanos)) {
        return false;
      }
    }
    host.gathered(publication.subscriptions.length);
    return true;
  }

  /** Sends what has gathered, if anything: all of it to a few viewers, then to the next few. */
  @HotPath
  void depart(@Nullable Publication publication) {
    Train train = publication == null ? null : publication.train();
    if (publication == null || train == null || train.size() == 0) {
      return;
    }
    Subscription[] subscriptions = publication.subscriptions;
    for (int i = 0; i < train.size(); i++) {
      count(subscriptions.length);
    }
    try {
      depart(train, subscriptions);
    } finally {
      train.clear();
    }
  }

  @HotPath
  private void depart(Train train, Subscription[] subscriptions) {
    int packets = train.size();
    for (int from = 0; from < subscriptions.length; from += Train.TOGETHER) {
      int to = Math.min(from + Train.TOGETHER, subscriptions.length);
      // An estimator that took the batch's time for the departure would see the wait as a queue.
      long now = host.laterNanos(train.nanos(packets - 1));
      warm(subscriptions, from, to);
      for (int i = 0; i < packets; i++) {
        Layer layer = train.show(i);
        long sequence = train.sequence(i);
        send(subscriptions, from, to, layer, train.packet(i), sequence, false, now);
      }
      host.departed();
    }
  }

  @HotPath
  private void warm(Subscription[] subscriptions, int from, int to) {
    try {
      for (int i = from; i < to; i++) {
        warmth += subscriptions[i].warm();
      }
    } catch (RuntimeException fault) {
      // It shows again when the packet is sent, and costs nobody else anything there.
      warmth++;
    }
  }

  /** Sends one packet to all; {@code spare}: nobody needs it, and nobody is to miss it. */
  @HotPath
  void send(
      Publication publication,
      Layer layer,
      RtpPacket p,
      long sequence,
      boolean spare,
      long nowNanos) {
    Subscription[] subscriptions = publication.subscriptions;
    count(subscriptions.length);
    send(subscriptions, 0, subscriptions.length, layer, p, sequence, spare, nowNanos);
  }

  @HotPath
  private void count(int offered) {
    counters.increment(Counter.RTP_ROUTED);
    counters.add(Counter.RTP_OFFERED, offered);
  }

  @HotPath
  private void send(
      Subscription[] subscriptions,
      int from,
      int to,
      Layer layer,
      RtpPacket p,
      long sequence,
      boolean spare,
      long nowNanos) {
    for (int i = from; i < to; i++) {
      Subscription subscription = subscriptions[i];
      try {
        if (spare) {
          subscription.omit(layer, sequence);
          counters.fannedOut(FanOut.SILENCE);
        } else {
          counters.fannedOut(subscription.forward(layer, p, sequence, nowNanos));
        }
      } catch (RuntimeException fault) {
        counters.fannedOut(FanOut.FAULT);
        faults.onFault(subscription, fault);
      }
    }
  }
}
