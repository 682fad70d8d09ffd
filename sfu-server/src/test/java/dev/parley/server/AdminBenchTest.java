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

/** {@code bench admin} end to end with a whole server, too short to mean anything. */
class AdminBenchTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    CommandLine command = Main.commandLine();
    command.setOut(new PrintWriter(out, true));
    command.setErr(new PrintWriter(err, true));
    return command.execute(arguments);
  }

  @Test
  void shouldMeasureForwardingWithAndWithoutRequests(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("admin.json");
    int code =
        run(
            "bench",
            "admin",
            "--rooms=2",
            "--people=2",
            "--requests=25",
            "--rounds=2",
            "--seconds=2",
            "--warm-up=8",
            "--json=" + file);
    assertEquals(0, code, err::toString);
    assertTrue(out.toString().contains("workers, a packet: "), out::toString);
    JsonNode rounds = new ObjectMapper().readTree(file.toFile()).path("rounds");
    assertEquals(2, rounds.size());
    for (JsonNode round : rounds) {
      JsonNode quiet = round.path("quiet");
      JsonNode asked = round.path("asked");
      assertEquals(0, quiet.path("requests").asInt(), round::toString);
      assertTrue(asked.path("requests").asInt() > 25, round::toString);
      assertEquals(0, asked.path("failures").asInt(), round::toString);
      assertTrue(quiet.path("forwarded").asInt() > 50, round::toString);
      assertTrue(quiet.path("workerNanos").asDouble() > 0, round::toString);
      assertTrue(
          asked.path("processNanos").asDouble() > asked.path("workerNanos").asDouble(),
          round::toString);
    }
  }

  @Test
  void shouldRefuseSizesThatMakeNoSense() {
    assertEquals(2, run("bench", "admin", "--rooms=0"));
    assertTrue(err.toString().contains("--rooms is from 1"), err::toString);
  }
}
