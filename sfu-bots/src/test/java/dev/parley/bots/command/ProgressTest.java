package dev.parley.bots.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.bots.measure.Measurements;
import dev.parley.bots.measure.OwnLoad;
import dev.parley.bots.run.Point;
import dev.parley.bots.scenario.Executor;
import dev.parley.bots.scenario.Group;
import dev.parley.bots.scenario.Scenario;
import dev.parley.bots.scenario.Target;
import dev.parley.bots.scenario.Tokens;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a person sees while a run goes on. */
class ProgressTest {
  private static final Scenario SCENARIO =
      new Scenario(
          "a",
          1,
          Duration.ofSeconds(60),
          new Target(URI.create("http://127.0.0.1"), Optional.empty(), new Tokens.None()),
          List.of(group("podium", 0, 40), group("audience", 10, 20)),
          List.of());

  private final StringWriter written = new StringWriter();

  private static Group group(String name, int startSec, int durationSec) {
    return new Group(
        name,
        new Executor.ConstantBots(4, Duration.ofSeconds(durationSec), Optional.empty()),
        Duration.ofSeconds(startSec),
        new Group.Rooms.OfSize("r", 9),
        List.of());
  }

  private static Point at(int seconds) {
    return new Point(
        seconds * 1_000_000_000L,
        6,
        6,
        3,
        List.of(new Point.Part("podium", 2, 2), new Point.Part("audience", 4, 1)),
        new Measurements(),
        new OwnLoad.Sample(0, 0),
        Optional.empty());
  }

  private Progress progress(boolean terminal) {
    return new Progress(new PrintWriter(written), SCENARIO, terminal);
  }

  @Test
  void shouldDrawABarForEachGroup() {
    progress(true).accept(at(20));
    List<String> lines =
        written.toString().replaceAll("\u001b\\[[?0-9]*[a-zA-Z]|\r", "").lines().toList();
    assertEquals(
        List.of(
            "podium    [##########----------]  20 of  40 s  2 of 2 bots",
            "audience  [##########----------]  10 of  20 s  1 of 4 bots",
            " 20 s  3 of 6 bots inside  0 packets/s received  0 lost"),
        lines);
  }

  @Test
  void shouldDrawOverWhatItDrewBefore() {
    Progress progress = progress(true);
    progress.accept(at(5));
    assertTrue(!written.toString().contains("\u001b[3A"), "nothing is above the first");
    progress.accept(at(60));
    String second = written.toString().substring(written.toString().indexOf("\u001b[3A"));
    assertEquals(2, second.split("\\[#{20}]", -1).length - 1, "both are over: " + second);
  }

  @Test
  void shouldWriteALineNowAndThenWhereNobodyLooks() {
    Progress progress = progress(false);
    for (int i = 1; i <= 9; i++) {
      progress.accept(at(i));
    }
    assertEquals(
        "…   5 s  3 of 6 bots inside  0 packets/s received  0 lost", written.toString().strip());
  }
}
