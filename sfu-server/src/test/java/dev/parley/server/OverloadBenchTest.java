package dev.parley.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code ./sfu bench overload}, too short to mean anything. */
class OverloadBenchTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    CommandLine command = Main.commandLine();
    command.setOut(new PrintWriter(out, true));
    command.setErr(new PrintWriter(err, true));
    return command.execute(arguments);
  }

  @Test
  void shouldOfferMoreAndMore(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("overload.json");
    int code =
        run(
            "bench",
            "overload",
            "--limit=12",
            "--warm-up=3",
            "--steps=50,100",
            "--cameras=1",
            "--kbps=600",
            "--settle=1",
            "--seconds=1",
            "--json=" + file);
    assertEquals(0, code, err::toString);
    assertTrue(out.toString().contains("Newcomers are refused"), out::toString);
    JsonNode result = new ObjectMapper().readTree(file.toFile());
    assertTrue(result.path("capacity").asDouble() > 0, result::toString);
    for (JsonNode point : result.path("shedding")) {
      assertTrue(point.path("inside").asInt() > 0, result::toString);
      assertEquals(point.path("offered").asInt(), point.path("inside").asInt(), result::toString);
      assertTrue(point.path("forwardedPerSec").asDouble() > 0, result::toString);
    }
    assertEquals(2, result.path("shedding").size(), result::toString);
    assertEquals(2, result.path("admission").size(), result::toString);
    assertTrue(out.toString().contains("not said: no step above 100 %"), out::toString);
    for (JsonNode point : result.path("admission")) {
      int inside = point.path("inside").asInt();
      // On a busy machine the door may be closed for all of them.
      assertTrue(inside >= 0 && inside <= point.path("offered").asInt(), result::toString);
    }
  }

  @Test
  void shouldRefuseStepsThatDoNotRise() {
    assertEquals(2, run("bench", "overload", "--steps=50,20"));
    assertTrue(err.toString().contains("--steps rise"), err::toString);
  }
}
