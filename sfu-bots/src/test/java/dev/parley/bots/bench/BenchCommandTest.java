package dev.parley.bots.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** The benchmarks end to end, too short to mean anything. */
class BenchCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    return new CommandLine(new BenchCommand())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }

  /** Through the relay there are more subscribers than one account may have allocations. */
  @ParameterizedTest
  @CsvSource({"udp, 3, 1200", "tcp, 3, 1200", "turn-tcp, 40, 240", "turn-tls, 40, 240"})
  void shouldMeasureForwarding(
      String transport, String subscribers, String rate, @TempDir Path directory)
      throws IOException {
    Path file = directory.resolve("forward.json");
    int code =
        run(
            "forward",
            "--transport",
            transport,
            "--subscribers",
            subscribers,
            "--rate",
            rate,
            "--rounds",
            "1",
            "--seconds",
            "0.3",
            "--warm-up",
            "1.5",
            "--json",
            file.toString());
    assertEquals(0, code, err::toString);
    assertTrue(out.toString().contains("CPU per forwarded packet"), out::toString);
    JsonNode result = new ObjectMapper().readTree(file.toFile());
    JsonNode server = result.path("rounds").path(0).path("server");
    assertTrue(server.path("packets").asLong() > 0, result::toString);
    assertTrue(server.path("cpuNanosPerPacket").asDouble() > 0, result::toString);
    assertTrue(server.path("processCpuNanosPerPacket").asDouble() > 0, result::toString);
    // On a busy machine the estimator holds back, over TCP the most.
    assertEquals(0, server.path("lostShare").asDouble(), 0.5, result::toString);
  }

  @Test
  void shouldMeasureJoins(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("join.json");
    int code =
        run("join", "--joins", "2", "--warm-up", "0", "--pause", "0", "--json", file.toString());
    assertEquals(0, code, err::toString);
    assertTrue(out.toString().contains("first whole key frame"), out::toString);
    JsonNode result = new ObjectMapper().readTree(file.toFile());
    assertEquals(2, result.path("millis").path("FIRST_KEY_FRAME").size());
  }

  /** On a busy machine there may be no figures, but then there is a reason. */
  @Test
  void shouldMeasureACaseOfTheWholeServer(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("system.json");
    int code =
        run(
            "system",
            "--cases=meet-10x10",
            "--rounds=1",
            "--seconds=0.5",
            "--warm-up=0.5",
            "--json=" + file);
    assertEquals(0, code, err::toString);
    assertTrue(out.toString().contains("meet-10x10: 1 room of 10"), out::toString);
    JsonNode meeting = new ObjectMapper().readTree(file.toFile()).path("cases").path(0);
    assertEquals("meet-10x10", meeting.path("id").asText());
    List<String> refusals = new ArrayList<>();
    meeting.path("refusals").forEach(reason -> refusals.add(reason.asText()));
    List<Double> forwarded = new ArrayList<>();
    for (JsonNode figure : meeting.path("figures")) {
      if (figure.path("measure").asText().equals("PACKETS_PER_SECOND")) {
        forwarded.add(figure.path("spread").path("median").asDouble());
      }
    }
    if (refusals.isEmpty()) {
      assertEquals(1, forwarded.size(), meeting::toString);
      assertTrue(forwarded.getFirst() > 500, meeting::toString);
    } else {
      assertTrue(forwarded.isEmpty(), meeting::toString);
      refusals.forEach(
          reason -> assertTrue(out.toString().contains("no figure: " + reason), out::toString));
    }
  }

  @Test
  void shouldSayThatResultsCannotBeCompared(@TempDir Path directory) {
    assertEquals(1, run("compare", directory.resolve("a").toString(), "b"));
    assertTrue(err.toString().contains("cannot be compared"), err::toString);
  }

  @Test
  void shouldRefuseCasesThatThereAreNot() {
    assertEquals(2, run("system", "--cases=fan-50,fan-7"));
    assertTrue(err.toString().contains("there is no case fan-7; there are fan-50,"), err::toString);
  }

  @Test
  void shouldSayWhereTheMicroBenchmarksAre() {
    assertEquals(2, run("micro"));
    assertTrue(err.toString().contains("run ./sfu bench micro in the sources"), err::toString);
  }

  @Test
  void shouldSayWhatIsMissing() {
    assertEquals(2, run());
    assertTrue(
        err.toString()
            .contains("forward, join, signal, admin, overload, micro or system; or compare"),
        err::toString);
  }

  @Test
  void shouldSayInALineWhyItFailed() {
    assertEquals(1, run("forward", "--server-option", "-XX:NoSuchOption"));
    assertTrue(err.toString().contains("The benchmark failed: "), err::toString);
    assertTrue(err.toString().contains("NoSuchOption"), err::toString);
  }
}
