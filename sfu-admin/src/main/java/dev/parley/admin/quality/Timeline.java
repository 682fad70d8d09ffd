package dev.parley.admin.quality;

import dev.parley.core.api.MediaSample;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/** The last minutes of one participant, packed: some 10 KB in ten minutes. Any thread. */
final class Timeline {
  private static final int FIRST_ROOM = 16;
  private static final int MOST_SWITCHES = 200;

  /** Of shares of loss. */
  private static final double UNIT = 10_000;

  private static final int FIELDS = 11;

  private final int most;
  private long[] times = new long[FIRST_ROOM];
  private int[] numbers = new int[FIRST_ROOM * FIELDS];
  private String[] paths = new String[FIRST_ROOM];
  private List<?>[] blames = new List<?>[FIRST_ROOM];
  private final Deque<MediaSample.Switch> switches = new ArrayDeque<>(0);
  private int first;
  private int count;

  /** Keeps so many samples. */
  Timeline(int most) {
    this.most = most;
  }

  synchronized void add(QualitySample sample) {
    if (count == times.length && count < most) {
      grow();
    }
    int at = (first + count) % times.length;
    if (count == times.length) {
      first = (first + 1) % times.length;
    } else {
      count++;
    }
    times[at] = sample.atMs();
    paths[at] = sample.path().intern();
    int last = (at + times.length - 1) % times.length;
    // Most samples are judged as the one before: they share a list.
    blames[at] = count > 1 && sample.blames().equals(blames[last]) ? blames[last] : sample.blames();
    int to = at * FIELDS;
    numbers[to] = sample.durationMs();
    numbers[to + 1] = sample.level();
    numbers[to + 2] = (int) Math.round(sample.lossDown() * UNIT);
    numbers[to + 3] = (int) Math.round(sample.lossUp() * UNIT);
    numbers[to + 4] = (int) Math.round(sample.roundTripMs());
    numbers[to + 5] = (int) Math.round(sample.jitterMs());
    numbers[to + 6] = kilobits(sample.estimateBps());
    numbers[to + 7] = kilobits(sample.sentBps());
    numbers[to + 8] = kilobits(sample.wantedBps());
    numbers[to + 9] = kilobits(sample.receivedBps());
    numbers[to + 10] = sample.frozenMs();
  }

  synchronized void note(List<MediaSample.Switch> news) {
    for (MediaSample.Switch change : news) {
      if (switches.size() == MOST_SWITCHES) {
        switches.removeFirst();
      }
      switches.addLast(change);
    }
  }

  /** Grows before it wraps, so the oldest is the first. */
  private void grow() {
    int room = Math.min(most, times.length * 2);
    times = Arrays.copyOf(times, room);
    numbers = Arrays.copyOf(numbers, room * FIELDS);
    paths = Arrays.copyOf(paths, room);
    blames = Arrays.copyOf(blames, room);
  }

  private static int kilobits(long bitsPerSecond) {
    return bitsPerSecond < 0 ? -1 : (int) Math.min(Integer.MAX_VALUE, bitsPerSecond / 1000);
  }

  private static long bits(int kilobits) {
    return kilobits < 0 ? -1 : kilobits * 1000L;
  }

  /** In order of time, those after {@code sinceMs}. */
  synchronized List<QualitySample> samples(long sinceMs) {
    List<QualitySample> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int at = (first + i) % times.length;
      if (times[at] > sinceMs) {
        all.add(sample(at));
      }
    }
    return all;
  }

  private QualitySample sample(int at) {
    int from = at * FIELDS;
    return new QualitySample(
        times[at],
        numbers[from],
        numbers[from + 1],
        numbers[from + 2] / UNIT,
        numbers[from + 3] / UNIT,
        numbers[from + 4],
        numbers[from + 5],
        bits(numbers[from + 6]),
        bits(numbers[from + 7]),
        bits(numbers[from + 8]),
        bits(numbers[from + 9]),
        numbers[from + 10],
        paths[at],
        blames[at].stream().map(Blame.class::cast).toList());
  }

  /** In order of time, those after {@code sinceMs}. */
  synchronized List<MediaSample.Switch> switches(long sinceMs) {
    return switches.stream().filter(change -> change.atMs() > sinceMs).toList();
  }
}
