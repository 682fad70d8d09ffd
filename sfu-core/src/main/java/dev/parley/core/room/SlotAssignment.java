package dev.parley.core.room;

import dev.parley.core.api.TrackSource;
import dev.parley.core.api.ViewWish;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Decides which tracks a participant's slots show. Pure: tables in, tables out. Whoever is shown
 * already stays in the same slot; wishes come first (pinned, then priority, then their order), then
 * screens, then cameras of those who spoke last.
 */
final class SlotAssignment {
  private SlotAssignment() {}

  /**
   * The tracks to show, most important first.
   *
   * @param candidates video tracks that may be shown, in the order of publication
   * @param places how many slots there are
   */
  static List<Publication> wantedVideo(ViewWish wish, List<Publication> candidates, int places) {
    int most = wish.layout() == ViewWish.Layout.NONE ? 0 : Math.min(places, wish.maxVideo());
    List<Publication> wanted = new ArrayList<>();
    if (most <= 0) {
      return wanted;
    }
    wish.video().stream()
        .sorted(
            Comparator.comparing(ViewWish.VideoWish::pinned)
                .thenComparingInt(ViewWish.VideoWish::priority)
                .reversed())
        .forEach(w -> {
          for (Publication p : candidates) {
            if (p.owner().id().equals(w.participantId())
                && p.source() == w.source()
                && !wanted.contains(p)) {
              wanted.add(p);
            }
          }
        });
    candidates.stream()
        .filter(p -> !wanted.contains(p))
        .sorted(
            Comparator.<Publication, Boolean>comparing(p -> p.track().muted())
                .thenComparing(p -> p.source() != TrackSource.SCREEN)
                .thenComparing(p -> -p.owner().lastSpokeNanos()))
        .forEach(wanted::add);
    wanted.removeIf(p -> !wished(wish, p));
    return wanted.size() > most ? new ArrayList<>(wanted.subList(0, most)) : wanted;
  }

  /** The first {@code places} in the speakers' order that may be heard. */
  static List<Publication> wantedAudio(
      ViewWish wish, Predicate<Publication> audible, List<Publication> speakers, int places) {
    List<Publication> wanted = new ArrayList<>();
    if (!wish.audio()) {
      return wanted;
    }
    for (Publication p : speakers) {
      if (wanted.size() == places) {
        break;
      }
      if (audible.test(p) && wished(wish, p)) {
        wanted.add(p);
      }
    }
    return wanted;
  }

  private static boolean wished(ViewWish wish, Publication p) {
    return wish.onlyParticipantId().isEmpty()
        || wish.onlyParticipantId().get().equals(p.owner().id());
  }

  /**
   * Puts the wanted tracks into places: each stays where it is shown, the others fill what is free.
   *
   * @param now what each place shows; not changed
   * @return what each place shows from now on
   */
  static @Nullable Publication[] place(@Nullable Publication[] now, List<Publication> wanted) {
    @Nullable Publication[] next = new Publication[now.length];
    List<Publication> waiting = new ArrayList<>(wanted);
    for (int i = 0; i < now.length; i++) {
      Publication shown = now[i];
      if (shown != null && waiting.remove(shown)) {
        next[i] = shown;
      }
    }
    int at = 0;
    for (Publication p : waiting) {
      while (at < next.length && next[at] != null) {
        at++;
      }
      if (at < next.length) {
        next[at] = p;
      }
    }
    return next;
  }
}
