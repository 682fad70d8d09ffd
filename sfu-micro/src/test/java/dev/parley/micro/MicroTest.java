package dev.parley.micro;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.bots.bench.BenchCommand;
import dev.parley.bots.bench.MicroSuite;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** The micro benchmarks, too short to mean anything. */
class MicroTest {
  /** Of a measurement and its warm-up; both in this JVM. */
  private static final MicroSuite.Effort TINY = new MicroSuite.Effort(6, 1, false, List.of());

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    return new CommandLine(new BenchCommand())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }

  private static Stream<MicroSuite.Piece> pieces() {
    return new JmhSuite().groups().stream().flatMap(group -> group.pieces().stream());
  }

  static Stream<String> names() {
    return pieces().flatMap(piece -> Stream.of(piece.name(), piece.floor())).distinct();
  }

  /** Each throws where a packet is refused. */
  @ParameterizedTest
  @MethodSource("names")
  void shouldMeasureEachPieceAndFloor(String name) throws IOException {
    double nanos = new JmhSuite().nanos(name, TINY);
    assertTrue(nanos > 0 && nanos < 1e9, name + ": " + nanos + " ns, seed " + TINY.seed());
  }

  @Test
  void shouldHaveEachNameOnce() {
    Set<String> once = new HashSet<>();
    pieces().forEach(piece -> assertTrue(once.add(piece.name()), piece.name()));
    assertTrue(
        once.contains("parse-vp8") && once.contains("unprotect-gcm256-1100"), once::toString);
  }

  @Test
  void shouldMeasureInFreshMachinesAndWriteAllOfIt(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("micro.json");
    int code =
        run("micro", "--filter=^parse-stun$", "--forks=1", "--seconds=0.05", "--json=" + file);
    assertEquals(0, code, err::toString);
    assertTrue(out.toString().contains("  parse-stun "), out::toString);
    assertTrue(out.toString().contains("JDK ") && out.toString().contains("seed 1"), out::toString);
    assertTrue(
        out.toString()
            .lines()
            .filter(line -> !line.contains("JDK "))
            .allMatch(line -> line.length() <= 100),
        out::toString);
    JsonNode result = new ObjectMapper().readTree(file.toFile());
    assertEquals(1, result.path("groups").size());
    JsonNode piece = result.path("groups").path(0).path("pieces").path(0);
    assertEquals("parse-stun", piece.path("name").asText());
    double nanos = piece.path("nanos").path("median").asDouble();
    double floor = piece.path("floorNanos").path("median").asDouble();
    assertTrue(nanos > 0 && floor > 0, piece::toString);
    assertEquals(nanos / floor, piece.path("ratio").path("median").asDouble(), 1e-9);
    assertEquals(1, piece.path("rounds").size());
  }

  @Test
  void shouldListThePiecesAsked() {
    assertEquals(0, run("micro", "--list", "--filter=^protect-.*-120"), err::toString);
    assertEquals(
        List.of("protect-gcm128-120", "protect-gcm256-120", "protect-cm-120"),
        out.toString().lines().toList());
  }

  @ParameterizedTest
  @CsvSource({
    "--filter=vp7, no piece has vp7 in its name; there are parse-opus",
    "--filter=(, --filter (: ",
    "--forks=0, --forks is 1 or more",
    "--seconds=0, --seconds 0.01 or more",
    "--seconds=NaN, --seconds 0.01 or more",
  })
  void shouldRefuseWhatCannotBeMeasured(String argument, String told) {
    assertEquals(2, run("micro", argument));
    assertTrue(err.toString().contains(told), err::toString);
    assertEquals("", out.toString());
  }

  @Test
  void shouldSayWhatAPieceSaidThatFailed() {
    MicroSuite.Effort broken = new MicroSuite.Effort(6, 1, true, List.of("-XX:NoSuchOption"));
    IOException e =
        assertThrows(IOException.class, () -> new JmhSuite().nanos("parse-stun", broken));
    assertTrue(String.valueOf(e.getMessage()).contains("NoSuchOption"), e::getMessage);
  }

  @Test
  void shouldExplainItselfWithinEightyColumns() {
    assertEquals(0, run("micro", "--help"));
    assertTrue(out.toString().contains("--filter=REGEX"), out::toString);
    assertTrue(out.toString().lines().allMatch(line -> line.length() <= 80), out::toString);
  }
}
