package dev.parley.core.room;

import dev.parley.core.api.MediaSample;
import dev.parley.core.subscriber.Choice;
import dev.parley.core.subscriber.Quality;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;

/** The last switches of a participant's slots, until somebody asks. Worker's thread only. */
final class SwitchLog {
  private static final int MOST = 64;

  private final Deque<MediaSample.Switch> switches = new ArrayDeque<>(0);

  /** Notes what a slot is given in place of {@code from}; the oldest makes way. */
  void add(
      long atMs,
      SlotBoard.Shown slot,
      Publication source,
      MediaSample.Picture from,
      MediaSample.Picture to,
      Choice.Reason reason,
      long estimateBps) {
    if (switches.size() == MOST) {
      switches.removeFirst();
    }
    switches.addLast(
        new MediaSample.Switch(
            atMs,
            slot.slot.mid(),
            source.owner().id(),
            source.source(),
            from,
            to,
            nameOf(reason),
            estimateBps));
  }

  /** All since the last time. */
  List<MediaSample.Switch> take() {
    if (switches.isEmpty()) {
      return List.of();
    }
    List<MediaSample.Switch> all = new ArrayList<>(switches);
    switches.clear();
    return all;
  }

  static String nameOf(Choice.Reason reason) {
    return reason.name().toLowerCase(Locale.ROOT);
  }

  /** What is given by a choice; who is not starved is given the least at least. */
  static MediaSample.Picture pictureOf(Choice choice, boolean starved, List<Quality> qualities) {
    boolean least = choice.reason() == Choice.Reason.BANDWIDTH && !starved;
    if (choice.paused() && !least) {
      return MediaSample.Picture.NONE;
    }
    int spatial = Math.max(0, choice.spatial());
    int height = 0;
    for (Quality quality : qualities) {
      if (quality.spatial() == spatial) {
        height = quality.height();
      }
    }
    return new MediaSample.Picture(spatial, Math.max(0, choice.temporal()), height);
  }
}
