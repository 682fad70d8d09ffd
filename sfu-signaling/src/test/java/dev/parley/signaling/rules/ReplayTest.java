package dev.parley.signaling.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.parley.signaling.wire.EventFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** The buffer against a list of everything that ever happened. */
final class ReplayTest {
  @Property
  void shouldGiveBackExactlyWhatWasMissedOrNothing(
      @ForAll @Size(max = 60) List<@IntRange(min = 0, max = 40) Integer> lengths,
      @ForAll @IntRange(min = 0, max = 12) int mostEvents,
      @ForAll @IntRange(min = 0, max = 120) int mostChars) {
    Replay replay = new Replay(mostEvents, mostChars);
    List<EventFrame> all = new ArrayList<>();
    check(replay, all, mostEvents, mostChars);
    for (int length : lengths) {
      EventFrame frame = new EventFrame("e", "x".repeat(length));
      all.add(frame);
      assertEquals(all.size(), replay.add(frame));
      check(replay, all, mostEvents, mostChars);
    }
  }

  private static void check(Replay replay, List<EventFrame> all, int mostEvents, int mostChars) {
    assertEquals(all.size(), replay.lastSeq());
    for (int seq = -1; seq <= all.size() + 1; seq++) {
      assertEquals(expected(all, seq, mostEvents, mostChars), replay.after(seq), "after " + seq);
    }
  }

  private static Optional<List<EventFrame>> expected(
      List<EventFrame> all, int seq, int mostEvents, int mostChars) {
    if (seq < 0 || seq > all.size()) {
      return Optional.empty();
    }
    List<EventFrame> missed = all.subList(seq, all.size());
    int chars = missed.stream().mapToInt(frame -> 1 + frame.data().length()).sum();
    return missed.size() > mostEvents || chars > mostChars ? Optional.empty() : Optional.of(missed);
  }
}
