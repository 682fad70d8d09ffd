package dev.parley.server.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@code /metrics} says while a call goes on. After a change of what is exported {@code
 * -Dparley.writeReference=true} writes the table of docs/metrics.md anew.
 */
class MetricsTest {
  private static final Path PAGE = Path.of("..", "docs", "metrics.md");
  private static final String BEGIN = "<!-- metrics, written by MetricsTest -->\n";
  private static final String END = "<!-- end of metrics -->\n";
  private static final String REASONS = "<!-- reasons, written by DropReasonTest -->";
  private static final String END_OF_REASONS = "<!-- end of reasons -->";
  private static final int MOST_SERIES = 120;

  private static final Pattern WRONG_UNIT =
      Pattern.compile(
          ".*_(ms|msec|millis|milliseconds|micros|nanos|sec|secs|minutes|hours|kb|kib|mb|bits|kbps"
              + "|percent)(_.*)?");

  /** Whose values come from people, so that there would be more of them all the time. */
  private static final Set<String> UNBOUNDED =
      Set.of("room", "participant", "identity", "session", "ticket", "track", "user", "address");

  @TempDir private static Path folder = Path.of("");
  private static String text = "";
  private static Exposition metrics = Exposition.read("\n");

  @BeforeAll
  static void measure() throws Exception {
    try (MeasuredServer server = MeasuredServer.start(folder, "")) {
      CompletableFuture<MeasuredServer.Run> run =
          server.bots("quick", "--bots", "4", "--room-size", "4", "--seconds", "6");
      server.await(
          "a call",
          now ->
              now.sum("sfu_media_rtp_forwarded_total") > 500
                  && now.sum("sfu_join_phase_seconds_count", "phase=first_packet") == 4);
      assertEquals(404, server.get("/v1/rooms/nowhere").statusCode());
      text = server.text();
      metrics = Exposition.read(text);
      MeasuredServer.Run done = run.join();
      assertEquals(0, done.exitCode(), done.output());
    }
  }

  @Test
  void shouldBeWrittenAsPrometheusReadsIt() {
    assertEquals(List.of(), metrics.faults());
    assertTrue(metrics.families().size() > 100, () -> metrics.families().size() + " families");
  }

  @Test
  void shouldPassPrometheusOwnChecks() throws Exception {
    Promtool.Verdict verdict = Promtool.run(text, "check", "metrics");
    assertEquals(new Promtool.Verdict(0, ""), verdict);
  }

  @Test
  void shouldHaveBaseUnitsAndFewSeries() {
    for (Exposition.Family family : metrics.families()) {
      if (family.name().startsWith("sfu_")) {
        assertTrue(!WRONG_UNIT.matcher(family.name()).matches(), family.name());
      }
      assertTrue(family.samples().size() <= MOST_SERIES, family.name());
      assertTrue(family.labels().stream().noneMatch(UNBOUNDED::contains), family.name());
    }
  }

  @Test
  void shouldTellOfTheCall() {
    assertEquals(4, metrics.sum("sfu_participants"));
    assertEquals(1, metrics.sum("sfu_rooms"));
    assertEquals(1, metrics.sum("sfu_ready"));
    assertEquals(0, metrics.sum("sfu_draining"));
    assertEquals(4, metrics.sum("sfu_join_attempts_total"));
    assertEquals(0, metrics.sum("sfu_join_failures_total"));
    for (String phase : List.of("offer", "ice", "dtls", "first_packet", "total")) {
      assertEquals(4, metrics.sum("sfu_join_phase_seconds_count", "phase=" + phase), phase);
    }
    assertTrue(metrics.sum("sfu_join_phase_seconds_sum", "phase=total") > 0);
    assertTrue(metrics.sum("sfu_worker_busy_seconds_total") > 0);
    assertEquals(4, metrics.sum("sfu_worker_sessions"));
    assertTrue(metrics.sum("sfu_media_fan_out_total", "outcome=forwarded") > 500);
    assertTrue(metrics.sum("sfu_signaling_sent_bytes_total") > 1000);
    assertTrue(metrics.sum("sfu_signaling_messages_received_total") >= 8);
    assertTrue(metrics.sum("process_open_fds") > 0);
  }

  @Test
  void shouldBeOnThePage() throws IOException {
    String page = Files.readString(PAGE);
    int begin = page.indexOf(BEGIN) + BEGIN.length();
    int end = page.indexOf(END);
    assertTrue(begin >= BEGIN.length() && end >= begin, "the page has no place for the table");
    if (Boolean.getBoolean("parley.writeReference")) {
      Files.writeString(PAGE, page.substring(0, begin) + table() + page.substring(end));
      return;
    }
    assertEquals(table(), page.substring(begin, end));
  }

  @Test
  void shouldHaveEveryDropReasonOnThePage() throws IOException {
    Set<String> exported = new TreeSet<>();
    for (Exposition.Sample sample :
        metrics.family("sfu_media_dropped_total").orElseThrow().samples()) {
      exported.add(sample.labels().getOrDefault("reason", ""));
    }
    String page = Files.readString(PAGE);
    Set<String> written = new TreeSet<>();
    String reasons = page.substring(page.indexOf(REASONS), page.indexOf(END_OF_REASONS));
    Matcher row = Pattern.compile("^\\| `(\\w+)` \\| [^|]", Pattern.MULTILINE).matcher(reasons);
    while (row.find()) {
      written.add(row.group(1));
    }
    assertEquals(exported, written);
  }

  /** Of this server's own metrics; the JVM's depend on the JVM. */
  private static String table() {
    StringBuilder table =
        new StringBuilder("\n| metric | type | labels | meaning |\n|---|---|---|---|\n");
    metrics.families().stream()
        .filter(family -> family.name().startsWith("sfu_") && !family.name().endsWith("_created"))
        .sorted(java.util.Comparator.comparing(Exposition.Family::name))
        .forEach(family ->
            table.append(
                "| `%s` | %s | %s | %s |\n"
                    .formatted(
                        family.name(),
                        family.type(),
                        String.join(", ", family.labels().stream().map("`%s`"::formatted).toList()),
                        family.help())));
    return table.append('\n').toString();
  }
}
