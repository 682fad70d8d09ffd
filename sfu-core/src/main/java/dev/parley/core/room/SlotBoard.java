package dev.parley.core.room;

import dev.parley.core.api.MediaSample;
import dev.parley.core.api.MediaSession.SlotChange;
import dev.parley.core.api.MediaSession.SlotReason;
import dev.parley.core.api.MediaSession.SlotState;
import dev.parley.core.api.ViewWish;
import dev.parley.core.common.Counters;
import dev.parley.core.subscriber.Slot;
import dev.parley.core.subscriber.SlotScratch;
import dev.parley.core.subscriber.Subscription;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What one participant is shown: its slots, the tracks in them, and what it has been told of them.
 * Worker's thread only.
 */
final class SlotBoard {
  private final Room room;
  private final Participant owner;
  private final Counters counters;
  private Shown[] audio = {};
  private Shown[] video = {};
  private ViewWish wish = ViewWish.AUTO;

  /** A slot and what it shows. */
  static final class Shown {
    final Slot slot;
    @Nullable Publication publication;
    @Nullable Subscription subscription;

    /** The network does not carry even the lowest quality. */
    boolean starved;

    /** The server has no time even for the lowest quality. */
    boolean shed;

    /** What it was given last. */
    MediaSample.Picture picture = MediaSample.Picture.NONE;

    SlotReason reason = SlotReason.VIEW;
    SlotReason pausedFor = SlotReason.MUTED;
    SlotState told = SlotState.EMPTY;
    @Nullable Publication toldOf;

    Shown(Slot slot) {
      this.slot = slot;
    }
  }

  SlotBoard(Room room, Participant owner, Counters counters) {
    this.room = room;
    this.owner = owner;
    this.counters = counters;
  }

  void add(List<Slot> slots) {
    audio = append(audio, slots, true);
    video = append(video, slots, false);
  }

  /** Sends what the slots hold back; they show nothing of this room any more. */
  void releaseAll(long nowNanos) {
    each(shown -> shown.slot.releaseHeld(nowNanos));
  }

  /** Goes on with the slots of another room, which are empty now; what they showed is told anew. */
  void takeOver(SlotBoard before, SlotScratch scratch) {
    audio = emptied(before.audio, scratch);
    video = emptied(before.video, scratch);
  }

  private Shown[] emptied(Shown[] before, SlotScratch scratch) {
    Shown[] all = new Shown[before.length];
    for (int i = 0; i < all.length; i++) {
      before[i].slot.moveTo(scratch, counters);
      all[i] = new Shown(before[i].slot);
      all[i].told = before[i].told;
      all[i].reason = SlotReason.LEFT;
    }
    return all;
  }

  private static Shown[] append(Shown[] now, List<Slot> slots, boolean audio) {
    List<Shown> all = new ArrayList<>(List.of(now));
    for (Slot slot : slots) {
      if (slot.audio() == audio) {
        all.add(new Shown(slot));
      }
    }
    return all.toArray(new Shown[0]);
  }

  void wish(ViewWish newWish) {
    wish = newWish;
  }

  int audioInUse() {
    int used = 0;
    for (Shown shown : audio) {
      used += shown.publication == null ? 0 : 1;
    }
    return used;
  }

  /**
   * Sends packets once more or padding, to learn what the network carries.
   *
   * @return the bytes sent
   */
  int probe(int bytes, long nowNanos) {
    int sent = 0;
    for (Shown shown : video) {
      if (sent < bytes) {
        sent += shown.slot.probe(bytes - sent, nowNanos);
      }
    }
    return sent;
  }

  int audioSlots() {
    return audio.length;
  }

  /** Puts what is wanted into the slots. */
  void assign(List<Publication> cameras, List<Publication> speakers) {
    List<Publication> visible = new ArrayList<>(cameras.size());
    for (Publication p : cameras) {
      if (room.shows(p.owner(), owner)) {
        visible.add(p);
      }
    }
    show(video, SlotAssignment.wantedVideo(wish, visible, video.length), SlotReason.VIEW);
    show(
        audio,
        SlotAssignment.wantedAudio(wish, p -> room.shows(p.owner(), owner), speakers, audio.length),
        SlotReason.SPEAKER);
  }

  private void show(Shown[] slots, List<Publication> wanted, SlotReason reason) {
    @Nullable Publication[] now = new Publication[slots.length];
    for (int i = 0; i < slots.length; i++) {
      now[i] = slots[i].publication;
    }
    @Nullable Publication[] next = SlotAssignment.place(now, wanted);
    for (int i = 0; i < slots.length; i++) {
      Shown shown = slots[i];
      Publication source = next[i];
      if (source != shown.publication) {
        boolean left = shown.publication != null && !room.has(shown.publication);
        detach(shown);
        if (source != null) {
          attach(shown, source);
        }
        shown.reason = left && source == null ? SlotReason.LEFT : reason;
      }
    }
  }

  private void attach(Shown shown, Publication source) {
    Subscription subscription = new Subscription(shown.slot, source.track(), room, counters);
    shown.publication = source;
    shown.subscription = subscription;
    shown.starved = false;
    shown.shed = false;
    shown.picture = MediaSample.Picture.NONE;
    source.add(subscription);
    subscription.askKeyFrame();
  }

  private static void detach(Shown shown) {
    rest(shown);
    shown.publication = null;
  }

  private static void rest(Shown shown) {
    if (shown.publication != null && shown.subscription != null) {
      shown.publication.remove(shown.subscription);
      shown.subscription.end();
    }
    shown.subscription = null;
  }

  /** Nothing can be sent for a while: the slots keep their places, their sources know nothing. */
  void rest() {
    each(SlotBoard::rest);
  }

  /** Shows what was shown before {@link #rest}, each from its next key frame. */
  void resume() {
    each(shown -> {
      Publication source = shown.publication;
      if (source != null && shown.subscription == null && room.has(source)) {
        attach(shown, source);
      }
    });
  }

  /** What is to be told of the slots since the last time. */
  List<SlotChange> news() {
    List<SlotChange> changes = new ArrayList<>();
    each(shown -> {
      Publication source = shown.publication;
      SlotState state =
          source == null
              ? SlotState.EMPTY
              : source.track().muted() || shown.starved || shown.shed
                  ? SlotState.PAUSED
                  : SlotState.LIVE;
      if (state != shown.told || source != shown.toldOf) {
        changes.add(change(shown, source, state));
        shown.told = state;
        shown.toldOf = source;
      }
    });
    return changes;
  }

  private static SlotChange change(Shown shown, @Nullable Publication source, SlotState state) {
    SlotReason reason = shown.reason;
    if (source != null && state == SlotState.PAUSED) {
      shown.pausedFor =
          source.track().muted()
              ? SlotReason.MUTED
              : shown.shed ? SlotReason.SERVER : SlotReason.BANDWIDTH;
      reason = shown.pausedFor;
    } else if (source != null && source == shown.toldOf) {
      reason = shown.pausedFor;
    }
    Optional<Publication> shows = Optional.ofNullable(source);
    return new SlotChange(
        shown.slot.mid(),
        state,
        shows.map(p -> p.owner().id()),
        shows.map(p -> p.track().trackId()),
        shows.map(Publication::source),
        source == null ? 0 : source.owner().csrc(),
        reason);
  }

  /** The video slots, for those who choose qualities. */
  Shown[] videos() {
    return video;
  }

  ViewWish wish() {
    return wish;
  }

  /** Frees every slot; the participant is leaving. */
  void detachAll() {
    each(SlotBoard::detach);
  }

  void eachSubscription(Consumer<Subscription> step) {
    each(shown -> {
      if (shown.subscription != null) {
        step.accept(shown.subscription);
      }
    });
  }

  long payloadBytesSent() {
    long bytes = 0;
    for (Shown shown : audio) {
      bytes += shown.slot.payloadBytesSent();
    }
    for (Shown shown : video) {
      bytes += shown.slot.payloadBytesSent();
    }
    return bytes;
  }

  void each(Consumer<Shown> step) {
    for (Shown shown : audio) {
      step.accept(shown);
    }
    for (Shown shown : video) {
      step.accept(shown);
    }
  }

  /** The slot that sends with this SSRC. */
  @Nullable Slot slot(int ssrc) {
    Shown shown = find(ssrc);
    return shown == null ? null : shown.slot;
  }

  /** What the slot with this SSRC shows. */
  @Nullable Subscription subscription(int ssrc) {
    Shown shown = find(ssrc);
    return shown == null ? null : shown.subscription;
  }

  private @Nullable Shown find(int ssrc) {
    for (Shown shown : video) {
      if (shown.slot.ssrc() == ssrc) {
        return shown;
      }
    }
    for (Shown shown : audio) {
      if (shown.slot.ssrc() == ssrc) {
        return shown;
      }
    }
    return null;
  }

  List<Map<String, Object>> snapshot() {
    List<Map<String, Object>> slots = new ArrayList<>();
    each(shown -> {
      Map<String, Object> slot = shown.slot.snapshot();
      slot.put("state", shown.told.name().toLowerCase(Locale.ROOT));
      Publication source = shown.publication;
      if (source != null) {
        slot.put("trackId", source.track().trackId());
        slot.put("source", source.source().wireName());
      }
      slots.add(slot);
    });
    return slots;
  }
}
