package dev.parley.signaling.rules;

import dev.parley.signaling.wire.EventFrame;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * The latest events of one session, numbered from 1. Bounded in number and in characters; the
 * oldest go first. Frames are shared with other sessions, so they are kept and not copied. Room
 * thread.
 */
public final class Replay {
  private final int mostEvents;
  private final int mostChars;
  private final Deque<EventFrame> kept = new ArrayDeque<>();
  private long lastSeq;
  private long chars;

  public Replay(int mostEvents, int mostChars) {
    this.mostEvents = mostEvents;
    this.mostChars = mostChars;
  }

  /** Keeps an event and returns its number. */
  public long add(EventFrame frame) {
    lastSeq++;
    kept.addLast(frame);
    chars += chars(frame);
    while (kept.size() > mostEvents || chars > mostChars) {
      chars -= chars(kept.removeFirst());
    }
    return lastSeq;
  }

  /** The number of the latest event; 0 before the first. */
  public long lastSeq() {
    return lastSeq;
  }

  /** Every event after {@code seq}, unless one of them is no longer kept or was never sent. */
  public Optional<List<EventFrame>> after(long seq) {
    long missed = lastSeq - seq;
    return seq < 0 || missed < 0 || missed > kept.size()
        ? Optional.empty()
        : Optional.of(kept.stream().skip(kept.size() - missed).toList());
  }

  private static int chars(EventFrame frame) {
    return frame.type().length() + frame.data().length();
  }
}
