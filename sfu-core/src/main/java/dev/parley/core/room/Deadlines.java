package dev.parley.core.room;

import dev.parley.core.common.HotPath;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which participant wants its turn first: a binary heap that knows where each stands in it, so that
 * a crowd costs what is due and not what there is. Worker's thread only.
 */
final class Deadlines {
  private static final int FIRST_CAPACITY = 16;

  /** In a room of so many a change concerns everybody. */
  static final int FEW = 64;

  /** So many are asked while what they know is in the processor's cache. */
  private static final int ASKED_TOGETHER = 32;

  /** A participant's place among the others. */
  static final class Turn {
    final Participant owner;
    private long dueNanos = Long.MAX_VALUE;
    private int place = -1;

    /** It may want another time than it wanted last. */
    private boolean marked;

    Turn(Participant owner) {
      this.owner = owner;
    }
  }

  private @Nullable Turn[] heap = new Turn[FIRST_CAPACITY];
  private int size;
  private final List<Turn> marked = new ArrayList<>();

  void add(Turn turn) {
    if (size == heap.length) {
      heap = Arrays.copyOf(heap, 2 * size);
    }
    turn.dueNanos = Long.MAX_VALUE;
    put(size++, turn);
  }

  void remove(Turn turn) {
    int at = turn.place;
    if (at < 0) {
      return;
    }
    turn.place = -1;
    size--;
    Turn last = at(size);
    heap[size] = null;
    if (at < size) {
      put(at, last);
      sift(last);
    }
  }

  /** The participant may want its turn earlier than it said; it is asked before anybody's turn. */
  @HotPath
  void mark(Turn turn) {
    if (!turn.marked) {
      if (marked.size() >= ASKED_TOGETHER && size > FEW) {
        askMarked();
      }
      turn.marked = true;
      marked.add(turn);
    }
  }

  private void askMarked() {
    for (int i = 0; i < marked.size(); i++) {
      Turn turn = marked.get(i);
      turn.marked = false;
      // Who has left may be on another worker by now.
      if (turn.place >= 0) {
        long next = turn.owner.nextTimeoutNanos();
        // In a crowd who wants its turn later is told so when it comes: moving costs more.
        if (size <= FEW || next < turn.dueNanos) {
          due(turn, next);
        }
      }
    }
    marked.clear();
  }

  /** Not later than anybody's turn. {@code Long.MAX_VALUE}: nobody waits for anything. */
  long firstNanos() {
    askMarked();
    return earliest();
  }

  /**
   * Those whose turn it is, who are asked anew when they want the next one; all, when it is
   * anybody's and they are few: then they cost little, and choose qualities at the same time.
   */
  List<Participant> takeDue(long nowNanos) {
    List<Participant> taken = new ArrayList<>();
    if (size <= FEW && firstNanos() <= nowNanos) {
      for (int i = 0; i < size; i++) {
        mark(at(i));
        taken.add(at(i).owner);
      }
      return taken;
    }
    for (long next = firstNanos(); next <= nowNanos; next = earliest()) {
      Turn turn = at(0);
      long wanted = turn.owner.nextTimeoutNanos();
      if (wanted > nowNanos) {
        due(turn, wanted);
        continue;
      }
      due(turn, Long.MAX_VALUE);
      turn.marked = true;
      marked.add(turn);
      taken.add(turn.owner);
    }
    return taken;
  }

  private long earliest() {
    return size == 0 ? Long.MAX_VALUE : at(0).dueNanos;
  }

  private void due(Turn turn, long dueNanos) {
    if (turn.place >= 0 && turn.dueNanos != dueNanos) {
      turn.dueNanos = dueNanos;
      sift(turn);
    }
  }

  private void sift(Turn turn) {
    int at = turn.place;
    while (at > 0 && turn.dueNanos < at(at - 1 >> 1).dueNanos) {
      put(at, at(at - 1 >> 1));
      at = at - 1 >> 1;
    }
    for (int child = 2 * at + 1; child < size; child = 2 * at + 1) {
      if (child + 1 < size && at(child + 1).dueNanos < at(child).dueNanos) {
        child++;
      }
      if (at(child).dueNanos >= turn.dueNanos) {
        break;
      }
      put(at, at(child));
      at = child;
    }
    put(at, turn);
  }

  private void put(int at, Turn turn) {
    heap[at] = turn;
    turn.place = at;
  }

  private Turn at(int place) {
    Turn turn = heap[place];
    if (turn == null) {
      throw new IllegalStateException("no turn at " + place);
    }
    return turn;
  }
}
