package dev.parley.admin.quality;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.admin.NoOperator;
import dev.parley.core.api.MediaSample;
import dev.parley.core.api.TrackSource;
import dev.parley.core.api.WorkerSample;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class QualityWatchTest {
  private static final long START_MS = 1_800_000_000_000L;

  private final FixedMachine machine = new FixedMachine();
  private final QualityWatch watch =
      new QualityWatch(new NoEngine(), new NoOperator(), Duration.ofSeconds(2), machine);
  private final Samples ann = new Samples("pa_ann", START_MS);
  private final Samples bob = new Samples("pa_bob", START_MS);
  private final List<String> minutes = new ArrayList<>();
  private long waitedNanos;

  private static final class FixedMachine implements LoadMeter.Machine {
    double cpu;
    double pressure;

    @Override
    public double cpu() {
      return cpu;
    }

    @Override
    public double pressure() {
      return pressure;
    }
  }

  @AfterEach
  void end() {
    watch.close();
  }

  private void pass(int samples, Samples... people) {
    for (int i = 0; i < samples; i++) {
      List<MediaSample> all = Stream.of(people).map(Samples::next).toList();
      watch.take(
          List.of(new WorkerSample(0, waitedNanos, 0, all)),
          Stream.of(people).map(Samples::person).toList());
    }
  }

  private Diagnosis diagnosis(Samples of) {
    String id = of.person().participantId();
    return watch.history("clinic", id, 0).orElseThrow().diagnosis();
  }

  private String first(Samples of) {
    return diagnosis(of).findings().getFirst().blame().text();
  }

  @Test
  void shouldCallAGoodCallGoodAndSayNoMore() {
    bob.sees("pa_ann", TrackSource.CAMERA, "view");
    pass(30, ann, bob);
    assertEquals(Diagnosis.Verdict.GOOD, diagnosis(bob).verdict());
    assertEquals(List.of(), diagnosis(bob).findings());
    assertEquals(58, diagnosis(bob).seconds());
  }

  @Test
  void shouldNotJudgeBeforeItHasMeasured() {
    pass(1, ann);
    assertEquals(Diagnosis.Verdict.UNKNOWN, diagnosis(ann).verdict());
    ann.level = -1;
    pass(10, ann);
    assertEquals(0, diagnosis(ann).seconds());
  }

  @ParameterizedTest
  @CsvSource({"0.031, loss_down", "0.3, loss_down"})
  void shouldNameLossEvenWhereItMakesTheEstimateLow(double loss, String cause) {
    bob.sees("pa_ann", TrackSource.CAMERA, "bandwidth");
    bob.lossDown = loss;
    bob.level = 3;
    bob.estimateBps = 300_000;
    bob.allocatedBps = 200_000;
    pass(30, ann, bob);
    assertEquals(Diagnosis.Verdict.BAD, diagnosis(bob).verdict());
    assertEquals(cause, first(bob));
    assertEquals(1, diagnosis(bob).findings().size());
    assertEquals(Math.round(loss * 1000) / 10.0, value(bob, "lossPercent"));
  }

  private double value(Samples of, String name) {
    return diagnosis(of).findings().getFirst().values().getOrDefault(name, -1.0);
  }

  @Test
  void shouldNameTheLineThatIsTooSlowWithBothNumbers() {
    bob.sees("pa_ann", TrackSource.CAMERA, "bandwidth");
    bob.level = 3;
    bob.estimateBps = 400_000;
    bob.allocatedBps = 350_000;
    pass(30, ann, bob);
    assertEquals("low_bandwidth_down", first(bob));
    assertEquals(400_000.0, value(bob, "estimateBps"));
    assertEquals(2_000_000.0, value(bob, "wantedBps"));
    assertTrue(
        diagnosis(bob).findings().getFirst().text().contains("took 0.4 Mbit/s"),
        diagnosis(bob)::toString);
  }

  @Test
  void shouldTellViewersWhoseDeviceIsTooSlow() {
    ann.stats = Optional.of("{\"limitedBy\":[\"cpu\"],\"frozenMs\":0}");
    bob.sees("pa_ann", TrackSource.CAMERA, "view");
    Samples listener = new Samples("pa_cid", START_MS);
    listener.sees("pa_ann", TrackSource.MICROPHONE, "");
    pass(30, ann, bob, listener);
    assertEquals("sender_cpu", first(ann));
    assertEquals("source:pa_ann:sender_cpu", first(bob));
    assertEquals(Diagnosis.Verdict.BAD, diagnosis(bob).verdict());
    assertEquals(List.of(), diagnosis(listener).findings());
  }

  @Test
  void shouldTellLossOnTheWayInFromLossOnTheWayOut() {
    ann.lossUp = 0.1;
    ann.level = 2;
    bob.sees("pa_ann", TrackSource.MICROPHONE, "");
    pass(30, ann, bob);
    assertEquals("loss_up", first(ann));
    assertEquals(10.0, value(ann, "lossPercent"));
    assertEquals("source:pa_ann:loss_up", first(bob));
  }

  @Test
  void shouldNameTcpFirstWhereItStuttersAndOnlyMentionItElsewhere() {
    ann.path = "tcp";
    bob.path = "turn-tls";
    bob.roundTripMs = 900;
    bob.level = 3;
    pass(30, ann, bob);
    assertEquals("tcp_path", first(ann));
    assertEquals(Diagnosis.Verdict.GOOD, diagnosis(ann).verdict());
    assertEquals("tcp_path", first(bob));
    assertEquals(Diagnosis.Verdict.BAD, diagnosis(bob).verdict());
    bob.lossDown = 0.2;
    pass(30, ann, bob);
    assertEquals("tcp_path", first(bob));
  }

  @Test
  void shouldBlameTheServerForAllWhenItHasTooMuchToDo() {
    waitedNanos = 30_000_000;
    pass(5, ann);
    assertFalse(watch.load().overloaded());
    machine.cpu = 1;
    machine.pressure = 0.8;
    pass(30, ann);
    assertTrue(watch.load().overloaded());
    assertEquals("server_overload", first(ann));
    machine.cpu = 0.2;
    pass(1, ann);
    assertFalse(watch.load().overloaded());
    waitedNanos = 150_000_000;
    pass(1, ann);
    assertTrue(watch.load().overloaded());
  }

  @Test
  void shouldSayWhenNothingCameThrough() {
    pass(5, ann);
    ann.connected = false;
    ann.level = 0;
    pass(10, ann);
    assertEquals("interrupted", first(ann));
  }

  @Test
  void shouldTellMinutesByTheClockAndTheRestAtTheEnd() {
    watch.listen((visit, minute) ->
        minutes.add(visit.identity() + " " + minute.seconds() + " " + minute.switches()));
    ann.switches.add(
        new MediaSample.Switch(
            START_MS,
            "m0",
            "pa_bob",
            TrackSource.CAMERA,
            MediaSample.Picture.NONE,
            new MediaSample.Picture(0, 0, 180),
            "view",
            -1));
    pass(30, ann);
    assertEquals(List.of("pa_ann@x 56 1"), minutes);
    pass(5);
    assertEquals(List.of("pa_ann@x 56 1", "pa_ann@x 2 0"), minutes);
    assertEquals(Optional.empty(), watch.history("clinic", "pa_ann", 0));
    assertEquals(List.of(), watch.room("clinic"));
  }

  @Test
  void shouldKeepTenMinutesAndForgetTheOldest() {
    pass(400, ann);
    QualityWatch.History kept = watch.history("clinic", "pa_ann", 0).orElseThrow();
    assertEquals(300, kept.samples().size());
    assertEquals(START_MS + 400 * 2000, kept.samples().getLast().atMs());
    assertEquals(START_MS + 101 * 2000, kept.samples().getFirst().atMs());
    long lastButTwo = START_MS + 398 * 2000;
    assertEquals(2, watch.history("clinic", "pa_ann", lastButTwo).orElseThrow().samples().size());
  }

  @Test
  void shouldGiveBackWhatItWasGiven() {
    bob.sees("pa_ann", TrackSource.CAMERA, "bandwidth");
    bob.lossDown = 0.0123;
    bob.lossUp = 0.5;
    bob.estimateBps = -1;
    bob.path = "turn-udp";
    bob.stats = Optional.of("{\"frozenMs\":120}");
    pass(3, bob);
    QualitySample last = watch.history("clinic", "pa_bob", 0).orElseThrow().samples().getLast();
    assertEquals(0.0123, last.lossDown());
    assertEquals(0.5, last.lossUp());
    assertEquals(-1, last.estimateBps());
    assertEquals(120, last.frozenMs());
    assertEquals(800_000, last.receivedBps());
    assertEquals(1_600_000, last.sentBps());
    assertEquals(
        List.of("loss_up", "relay_path"), last.blames().stream().map(Blame::text).toList());
  }
}
