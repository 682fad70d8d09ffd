package dev.parley.bots.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.bots.bench.OverloadResult.Point;
import java.util.List;
import org.junit.jupiter.api.Test;

class OverloadReportTest {
  private static Point point(int percent, double forwardedPerSec, double came, double lost) {
    return new Point(
        percent, percent, percent, forwardedPerSec, 1e6, 1, came, lost, 0.3, 0.3, 0, 1, 2, 0.5);
  }

  private static Point whole(int percent, double forwardedPerSec) {
    return point(percent, forwardedPerSec, 1, 0);
  }

  private static String report(Point... points) {
    return OverloadReport.of(
        new OverloadResult(
            new Machine("a processor", 2, "Linux 6", "a JVM"),
            new OverloadSettings(30, List.of(50, 100), 3, 2500, 10, 4, 12, 7),
            100,
            List.of(points),
            List.of(points)));
  }

  @Test
  void shouldCompareTheLastStepWithTheWholeCapacity() {
    List<Point> curve = List.of(whole(50, 500), whole(100, 1000), whole(200, 840));
    assertEquals(0.84, OverloadResult.kept(curve), 1e-9);
    assertTrue(
        report(whole(100, 1000), whole(200, 840)).contains("0.84; aim: at least 0.9: missed"));
    assertTrue(report(whole(100, 1000), whole(200, 950)).contains("0.95; aim: at least 0.9: met"));
  }

  @Test
  void shouldNotJudgeACurveThatEndsAtTheCapacity() {
    assertTrue(Double.isNaN(OverloadResult.kept(List.of(whole(50, 500), whole(100, 1000)))));
    String text = report(whole(50, 500), whole(100, 1000));
    assertTrue(text.contains("not said: no step above 100 %"), text);
    assertFalse(text.contains("aim: at least"), text);
  }

  @Test
  void shouldNotJudgeACurveWithoutTheWholeCapacity() {
    String text = report(whole(50, 500), whole(200, 1000));
    assertTrue(text.contains("not said: no step at 100 %"), text);
  }

  @Test
  void shouldMissVoicesThatWereNeverSentOn() {
    assertTrue(report(whole(100, 1000)).contains("0.00 %; aim: at most 0.1 %: met"));
    assertTrue(report(point(100, 1000, 0.97, 0)).contains("3.00 %; aim: at most 0.1 %: missed"));
    assertTrue(report(point(100, 1000, 1, 0.02)).contains("2.00 %; aim: at most 0.1 %: missed"));
  }

  @Test
  void shouldStayWithinATerminal() {
    report(whole(100, 300_000), whole(200, 250_000))
        .lines()
        .forEach(line -> assertTrue(line.length() <= 100, line));
  }
}
