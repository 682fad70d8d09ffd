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

/** {@code bench signal} end to end with a whole server, too short to mean anything. */
class SignalBenchTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    CommandLine command = Main.commandLine();
    command.setOut(new PrintWriter(out, true));
    command.setErr(new PrintWriter(err, true));
    return command.execute(arguments);
  }

  @Test
  void shouldMeasureJoinsOfRoomsThatDifferInSize(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("signal.json");
    int code = run("bench", "signal", "--people=0,3", "--joins=2", "--warm-up=1", "--json=" + file);
    assertEquals(0, code, err::toString);
    assertTrue(out.toString().contains("3 people more, unheard: "), out::toString);
    JsonNode rooms = new ObjectMapper().readTree(file.toFile()).path("rooms");
    assertEquals(2, rooms.path(0).path("heard").size());
    assertEquals(2, rooms.path(1).path("unheard").size());
    assertEquals("[]".length(), rooms.path(0).path("listBytes").asInt());
    assertEquals(3, rooms.path(1).path("people").asInt());
    assertTrue(rooms.path(1).path("listBytes").asInt() > 3 * 50, rooms::toString);
    for (JsonNode join : rooms.path(1).path("heard")) {
      assertTrue(join.path("pingMillis").asDouble() > 0, join::toString);
      assertTrue(join.path("replyMillis").asDouble() > 0, join::toString);
      assertTrue(join.path("toldMillis").asDouble() > 0, join::toString);
    }
  }

  @Test
  void shouldRefuseSizesThatMakeNoSense() {
    assertEquals(2, run("bench", "signal", "--people=0,-1"));
    assertTrue(err.toString().contains("--people from 0 to"), err::toString);
  }
}
