package dev.parley.core.bwe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.core.rtp.TransportFeedbackReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the recorder writes is what the reader reads. */
class ArrivalRecorderTest {
  private static final long MILLI = 1_000_000;
  private static final int MOST_BYTES = 1100;

  private final ArrivalRecorder recorder = new ArrivalRecorder();
  private final byte[] out = new byte[1500];
  private long now = 77_777 * MILLI;

  /** What one report says: number to arrival in microseconds, -1 for a missing one. */
  private Map<Integer, Long> report(int mostBytes) {
    Map<Integer, Long> all = new TreeMap<>();
    int length = recorder.write(out, 4, mostBytes, 1, 2, now);
    assertTrue(length <= mostBytes, length + " bytes");
    assertEquals(0, length % 4);
    if (length > 0) {
      assertEquals(length / 4 - 1, (out[6] & 0xff) << 8 | (out[7] & 0xff));
      assertTrue(
          TransportFeedbackReader.read(
              out, 4, length, (number, got, micros) -> all.put(number, got ? micros : -1)));
    }
    return all;
  }

  private static long wire(long nanos) {
    long reference = Math.floorDiv(nanos, 64 * MILLI) % (1 << 24);
    return reference * 64_000 + Math.floorMod(nanos, 64 * MILLI) / 250_000 * 250;
  }

  @Test
  void shouldSayNothingBeforeAnythingArrived() {
    assertEquals(Long.MAX_VALUE, recorder.nextTimeoutNanos());
    assertEquals(Map.of(), report(MOST_BYTES));
  }

  @Test
  void shouldTellArrivalsAndGaps() {
    recorder.onPacket(65_534, now);
    recorder.onPacket(1, now + 3 * MILLI);
    assertEquals(now + 50 * MILLI, recorder.nextTimeoutNanos());
    Map<Integer, Long> said = report(MOST_BYTES);
    assertEquals(wire(now), said.get(65_534));
    assertEquals(-1, said.get(65_535));
    assertEquals(-1, said.get(0));
    assertEquals(wire(now + 3 * MILLI), said.get(1));
    assertEquals(Long.MAX_VALUE, recorder.nextTimeoutNanos(), "all is said");
  }

  @Test
  void shouldTellOfAPacketThatComesLate() {
    recorder.onPacket(10, now);
    recorder.onPacket(12, now);
    assertEquals(-1, report(MOST_BYTES).get(11));
    recorder.onPacket(11, now + MILLI);
    assertEquals(wire(now + MILLI), report(MOST_BYTES).get(11));
  }

  @Test
  void shouldBeginAnewAfterAJump() {
    recorder.onPacket(10, now);
    recorder.onPacket(30_000, now + MILLI);
    Map<Integer, Long> said = report(MOST_BYTES);
    assertEquals(1, said.size());
    assertEquals(wire(now + MILLI), said.get(30_000));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void shouldTellEverythingOnceWhateverThePattern(long seed) {
    Random random = new Random(seed);
    double loss = random.nextDouble() * 0.6;
    long most = 1L + random.nextInt(40);
    int mostBytes = 60 + random.nextInt(1000);
    Map<Integer, Long> arrived = new HashMap<>();
    Map<Integer, Long> told = new HashMap<>();
    int number = random.nextInt(65_536);
    for (int round = 0; round < 200; round++) {
      List<Integer> burst = new ArrayList<>();
      for (int i = random.nextInt(60); i > 0; i--) {
        number = number + 1 & 0xffff;
        if (random.nextDouble() >= loss) {
          burst.add(number);
        }
      }
      if (random.nextInt(5) == 0) {
        java.util.Collections.shuffle(burst, random);
      }
      for (int n : burst) {
        now += (long) (random.nextDouble() * most * MILLI);
        recorder.onPacket(n, now);
        arrived.put(n, wire(now));
      }
      if (random.nextBoolean()) {
        for (Map<Integer, Long> said = report(mostBytes);
            !said.isEmpty();
            said = report(mostBytes)) {
          said.forEach((n, micros) -> {
            if (micros >= 0) {
              told.put(n, micros);
            }
          });
        }
      }
    }
    report(mostBytes);
    for (Map.Entry<Integer, Long> e : told.entrySet()) {
      assertEquals(arrived.get(e.getKey()), e.getValue(), "seed " + seed + ", " + e.getKey());
    }
    assertTrue(told.size() >= arrived.size() - 200, told.size() + " of " + arrived.size());
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13})
  void shouldReadGarbageWithoutHarm(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      byte[] garbage = new byte[random.nextInt(80)];
      random.nextBytes(garbage);
      int[] seen = new int[1];
      boolean read =
          TransportFeedbackReader.read(garbage, 0, garbage.length, (n, got, t) -> seen[0]++);
      assertTrue(read == seen[0] > 0, "seed " + seed + ": " + Arrays.toString(garbage));
    }
    assertFalse(TransportFeedbackReader.read(new byte[100], 0, 10, (n, got, t) -> {}));
  }
}
