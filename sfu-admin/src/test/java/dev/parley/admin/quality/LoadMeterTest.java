package dev.parley.admin.quality;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.core.api.MediaServer.LatencyBucket;
import dev.parley.core.api.MediaServer.LatencyTotals;
import dev.parley.core.api.WorkerSample;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LoadMeterTest {
  private final LoadMeter meter =
      new LoadMeter(
          new LoadMeter.Machine() {
            @Override
            public double cpu() {
              return 0.3;
            }

            @Override
            public double pressure() {
              return 0.9;
            }
          });

  private ServerLoad at(long seconds, long busySeconds, LatencyTotals latency) {
    return meter.measure(
        List.of(new WorkerSample(3, 7_000_000, busySeconds * 1_000_000_000, List.of())),
        latency,
        seconds * 1_000_000_000);
  }

  private static LatencyTotals latency(long within1, long within10, long all) {
    return new LatencyTotals(
        List.of(
            new LatencyBucket(0.001, within1),
            new LatencyBucket(0.01, within10),
            new LatencyBucket(Double.POSITIVE_INFINITY, all)),
        0);
  }

  @Test
  void shouldMeasureTheLastIntervalAlone() {
    assertEquals(0, at(100, 50, latency(1000, 5000, 5000)).workers().getFirst().busy());
    ServerLoad load = at(104, 53, latency(1999, 6000, 6000));
    assertEquals(new ServerLoad.WorkerLoad(3, 0.75, 7), load.workers().getFirst());
    assertEquals(1, load.forwardingP99Ms());
    assertEquals(10, at(108, 53, latency(1999, 7000, 7000)).forwardingP99Ms());
    assertEquals(10, at(112, 53, latency(1999, 7000, 8000)).forwardingP99Ms());
    assertEquals(0, at(116, 53, latency(1999, 7000, 8000)).forwardingP99Ms());
  }

  @Test
  void shouldTakeTheTightestForTheStress() {
    at(100, 50, LatencyTotals.NONE);
    assertEquals(0.75 / 0.95, at(104, 53, LatencyTotals.NONE).stress(), 1e-9);
    assertEquals(0.07, at(108, 53, LatencyTotals.NONE).stress(), 1e-9);
  }

  @Test
  void shouldCountWaitingSoonerOnAFullMachineAndNotTheFullMachineAlone() {
    List<ServerLoad.WorkerLoad> worker = List.of(new ServerLoad.WorkerLoad(0, 0.1, 1));
    assertFalse(new ServerLoad(1, 0.9, worker, 2).overloaded());
    assertFalse(new ServerLoad(0.5, 0.9, worker, 20).overloaded());
    assertTrue(new ServerLoad(1, 0.9, worker, 10).overloaded());
    assertTrue(new ServerLoad(0.5, 0, worker, 50).overloaded());
  }

  @Test
  void shouldReadThePressureThatLinuxTells() {
    assertEquals(
        0.75, LoadMeter.pressureOf("some avg10=75.00 avg60=68.99 avg300=51.76 total=1\nfull"));
    assertEquals(0, LoadMeter.pressureOf("some avg10=x y"));
    assertEquals(0, LoadMeter.pressureOf(""));
  }
}
