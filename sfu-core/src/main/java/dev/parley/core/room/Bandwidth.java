package dev.parley.core.room;

import dev.parley.core.api.MediaSample;
import dev.parley.core.api.TrackSource;
import dev.parley.core.api.ViewWish;
import dev.parley.core.bwe.Estimator;
import dev.parley.core.subscriber.Allocation;
import dev.parley.core.subscriber.Allocator;
import dev.parley.core.subscriber.Choice;
import dev.parley.core.subscriber.Demand;
import dev.parley.core.subscriber.Quality;
import dev.parley.core.subscriber.Shedding;
import dev.parley.core.subscriber.Subscription;
import dev.parley.core.transport.Transport;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How much one participant can be sent, and what it is used for: its network's estimate is handed
 * out among its video slots. Worker's thread only.
 */
final class Bandwidth {
  private static final long INTERVAL_NANOS = 100_000_000;

  /** While the estimate stays, the sources' rates and layers are looked at no more often. */
  private static final long REST_NANOS = 500_000_000;

  private static final double NEWS = 0.03;

  private static final ViewWish.VideoWish NO_WISH =
      new ViewWish.VideoWish("", TrackSource.CAMERA, 0, 0, 0, false);

  private final Allocator allocator = new Allocator();
  private final SwitchLog switches = new SwitchLog();
  private final Room room;
  private final Participant viewer;
  private Shedding shedding = Shedding.NONE;
  private long nextNanos = Long.MIN_VALUE;
  private long allocatedNanos;
  private long allocatedFor;
  private boolean estimated;
  private long used;
  private long wanted;

  Bandwidth(Room room, Participant viewer) {
    this.room = room;
    this.viewer = viewer;
  }

  long nextTimeoutNanos() {
    return nextNanos;
  }

  /** Chooses qualities anew when it is time to: soon when the network or the load has changed. */
  void update(Transport transport, SlotBoard slots, long nowNanos) {
    if (nowNanos < nextNanos) {
      return;
    }
    long target = transport.estimator().targetBitsPerSecond();
    boolean news =
        Math.abs(target - allocatedFor) > NEWS * allocatedFor || room.shedding(viewer) != shedding;
    if (news || nowNanos - allocatedNanos >= REST_NANOS) {
      allocate(transport, slots, nowNanos);
    } else {
      nextNanos = nowNanos + INTERVAL_NANOS;
    }
  }

  /** Chooses the quality of every video slot by what the network and the server take now. */
  void allocate(Transport transport, SlotBoard slots, long nowNanos) {
    nextNanos = nowNanos + INTERVAL_NANOS;
    allocatedNanos = nowNanos;
    Estimator estimator = transport.estimator();
    allocatedFor = estimator.targetBitsPerSecond();
    estimated = estimator.known();
    shedding = room.shedding(viewer);
    SlotBoard.Shown[] videos = slots.videos();
    List<Demand> demands = new ArrayList<>();
    for (int i = 0; i < videos.length; i++) {
      Publication source = videos[i].publication;
      Subscription subscription = videos[i].subscription;
      if (source != null && subscription != null) {
        demands.add(demand(i, source, subscription, slots.wish(), nowNanos));
      }
    }
    Allocation allocation =
        allocator.allocate(
            demands,
            estimated ? allocatedFor : Allocator.UNKNOWN,
            slots.audioInUse(),
            shedding,
            nowNanos);
    boolean rising = anyRises(videos);
    for (Choice choice : allocation.choices()) {
      SlotBoard.Shown shown = videos[choice.slot()];
      // Each begins with a key frame; several at once would fill the queue they are to measure.
      boolean rises = rises(shown, choice);
      if (!rises || !rising) {
        apply(shown, choice, !estimator.congestedBefore(), nowNanos);
        rising |= rises;
      }
    }
    used = allocation.usedBitsPerSecond();
    wanted = allocation.wantedBitsPerSecond();
    estimator.allocated(used, wanted, nowNanos);
    transport.pace(used, room.crowded());
  }

  private static boolean anyRises(SlotBoard.Shown[] videos) {
    for (SlotBoard.Shown shown : videos) {
      Subscription subscription = shown.subscription;
      if (subscription != null && subscription.switching()) {
        return true;
      }
    }
    return false;
  }

  /** Whether a larger picture is to follow the one that is shown. */
  private static boolean rises(SlotBoard.Shown shown, Choice choice) {
    Subscription subscription = shown.subscription;
    Choice before = subscription == null ? null : subscription.choice();
    return before != null && !before.paused() && choice.spatial() > before.spatial();
  }

  private static Demand demand(
      int slot, Publication source, Subscription shown, ViewWish wish, long nowNanos) {
    ViewWish.VideoWish own = NO_WISH;
    for (ViewWish.VideoWish w : wish.video()) {
      if (w.source() == source.source() && w.participantId().equals(source.owner().id())) {
        own = w;
      }
    }
    Choice before = shown.choice();
    return new Demand(
        slot,
        source.track().serial(),
        source.ladder(nowNanos).qualities(),
        own.participantId().isEmpty() ? wish.defaultHeight() : own.height(),
        own.priority(),
        own.pinned(),
        source.source() == TrackSource.SCREEN,
        source.owner().speaking(nowNanos),
        source.track().muted(),
        before == null ? Choice.PAUSED : before.spatial(),
        before == null ? Choice.PAUSED : before.temporal(),
        shown.chosenSinceNanos());
  }

  /**
   * Carries a choice out.
   *
   * @param unproved nothing has shown yet that the network is too slow: then nobody is paused for
   *     it, but given the least there is
   */
  private void apply(SlotBoard.Shown shown, Choice choice, boolean unproved, long nowNanos) {
    Subscription subscription = shown.subscription;
    Publication source = shown.publication;
    if (subscription == null || source == null) {
      return;
    }
    Choice before = subscription.choice();
    boolean falls = before != null && !choice.paused() && choice.spatial() < before.spatial();
    subscription.choice(choice, nowNanos);
    Ladder ladder = source.ladder(nowNanos);
    boolean starved = choice.paused() && choice.reason() == Choice.Reason.BANDWIDTH;
    shown.starved = starved && !unproved;
    shown.shed = choice.paused() && choice.reason() == Choice.Reason.SERVER;
    note(shown, source, choice, reason(before, choice), ladder.qualities(), nowNanos);
    if (shown.starved || shown.shed) {
      subscription.pause();
    } else if (choice.paused()) {
      subscription.show(ladder.layerOf(0), 0, 0, falls);
    } else {
      int step = choice.spatial();
      int layer = ladder.layerOf(step);
      subscription.show(layer, ladder.spatialOf(step), choice.temporal(), falls);
    }
  }

  /** What the server had left out comes back for no other reason than that it has time again. */
  private static Choice.Reason reason(@Nullable Choice before, Choice now) {
    boolean back =
        before != null
            && before.reason() == Choice.Reason.SERVER
            && now.reason() != Choice.Reason.MUTED
            && now.spatial() >= before.spatial();
    return back ? Choice.Reason.SERVER : now.reason();
  }

  private void note(
      SlotBoard.Shown shown,
      Publication source,
      Choice choice,
      Choice.Reason reason,
      List<Quality> qualities,
      long nowNanos) {
    MediaSample.Picture from = shown.picture;
    MediaSample.Picture to = SwitchLog.pictureOf(choice, shown.starved, qualities);
    shown.picture = to;
    if (from.spatial() != to.spatial() || from.temporal() != to.temporal()) {
      switches.add(
          room.unixNanos(nowNanos) / 1_000_000,
          shown,
          source,
          from,
          to,
          reason,
          estimated ? allocatedFor : MediaSample.UNKNOWN);
    }
  }

  /** The switches since the last time. */
  List<MediaSample.Switch> switches() {
    return switches.take();
  }

  long usedBitsPerSecond() {
    return used;
  }

  long wantedBitsPerSecond() {
    return wanted;
  }

  /** Of what the viewer wants to see, what it is sent: 0 to 1. */
  double usedShare() {
    return wanted <= 0 ? 1 : Math.min(1, used / (double) wanted);
  }

  Map<String, Object> snapshot(Transport transport) {
    Map<String, Object> state = new LinkedHashMap<>();
    state.put("usedBitsPerSecond", used);
    state.put("wantedBitsPerSecond", wanted);
    if (shedding != Shedding.NONE) {
      state.put("shedding", shedding.name().toLowerCase(Locale.ROOT));
    }
    state.put("estimator", transport.estimator().snapshot());
    return state;
  }
}
