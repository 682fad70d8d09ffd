package dev.parley.bots.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.bots.measure.Measurements;
import dev.parley.bots.measure.Metric;
import dev.parley.bots.measure.OwnLoad;
import dev.parley.bots.measure.ServerSample;
import dev.parley.bots.measure.Stat;
import dev.parley.bots.run.Outcome;
import dev.parley.bots.run.Outcome.End;
import dev.parley.bots.run.Outcome.Verdict;
import dev.parley.bots.run.Point;
import dev.parley.bots.scenario.Scenario;
import dev.parley.bots.scenario.Target;
import dev.parley.bots.scenario.Threshold;
import dev.parley.bots.scenario.Tokens;
import java.io.StringReader;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

/** One run in four formats. */
class ReportsTest {
  private static final long MS = 1_000_000;
  private static final String NAME = "A <b>bold</b> & \"quoted\" run";

  private static Threshold atMost(Metric metric, double max) {
    return new Threshold(
        metric,
        Stat.P95,
        Optional.empty(),
        OptionalDouble.of(max),
        OptionalDouble.empty(),
        false,
        Duration.ZERO);
  }

  private static ServerSample server(long nanos, double cpu, double received) {
    return new ServerSample(
        nanos, Map.of("process_cpu_seconds_total", cpu, "sfu_media_rtp_received_total", received));
  }

  private static Outcome outcome(End end) {
    Measurements all = new Measurements();
    all.count(Metric.BOTS_STARTED, 10);
    all.count(Metric.BOTS_JOINED, 9);
    all.count(Metric.JOIN_FAILED, 1);
    all.failure("room_full");
    all.count(Metric.PACKETS_SENT, 1_000);
    all.count(Metric.PACKETS_RECEIVED, 1_980);
    all.count(Metric.PACKETS_EXPECTED, 2_000);
    all.count(Metric.PACKETS_MISSED, 20);
    all.count(Metric.PACKETS_UNKNOWN_SSRC, 5);
    for (int i = 1; i <= 100; i++) {
      all.time(Metric.JOIN_TOTAL, i * MS);
    }
    Threshold join = atMost(Metric.JOIN_TOTAL, 50);
    Threshold loss = atMost(Metric.LOSS_BEFORE_REPAIR, 0.02);
    Threshold latency = atMost(Metric.LATENCY_VIDEO, 100);
    return new Outcome(
        new Scenario(
            NAME,
            7,
            Duration.ofMinutes(1),
            new Target(URI.create("http://127.0.0.1:8080"), Optional.empty(), new Tokens.None()),
            List.of(),
            List.of(join, loss, latency)),
        Instant.parse("2026-01-02T03:04:05Z"),
        Duration.ofSeconds(2),
        end,
        end == End.COMPLETED ? "" : "it <stopped>",
        all,
        Map.of("only", all),
        List.of(
            new Point(
                1_000 * MS,
                10,
                10,
                4,
                List.of(),
                all,
                new OwnLoad.Sample(0.5, 0.3),
                Optional.of(server(0, 1, 0))),
            new Point(
                2_000 * MS,
                10,
                10,
                9,
                List.of(),
                all,
                new OwnLoad.Sample(0.6, 0.4),
                Optional.of(server(1_000 * MS, 1.5, 999)))),
        List.of(
            new Verdict(join, OptionalDouble.of(95), false),
            new Verdict(loss, OptionalDouble.of(0.01), true),
            new Verdict(latency, OptionalDouble.empty(), false)),
        List.of("something <odd>"),
        1_200 * MS,
        Optional.of(server(0, 1, 0)),
        Optional.of(server(2_000 * MS, 2, 999)));
  }

  @ParameterizedTest
  @CsvSource({"COMPLETED,2", "STOPPED,3", "THRESHOLD,2", "REFUSED,3", "UNREACHABLE,4"})
  void shouldEndWithTheCodeOfItsEnd(End end, int code) {
    assertEquals(code, outcome(end).exitCode());
  }

  @Test
  void shouldSayWhatFailedInTheText() {
    String text = TextReport.of(outcome(End.COMPLETED));
    assertTrue(text.contains("FAILED  join.total p95: 95.0 ms, at most 50.0 ms"), text);
    assertTrue(text.contains("ok      loss.beforeRepair: 1.000 %, at most 2.000 %"), text);
    assertTrue(text.contains("FAILED  latency.video p95: nothing measured"), text);
    assertTrue(text.contains("room_full: 1"), text);
    assertTrue(text.contains("PROBLEM  packets.unknownSsrc: 5"), text);
    assertTrue(text.contains("received 999 of the 1000 packets"), text);
  }

  @Test
  void shouldKeepTheFieldsOfItsVersion() throws Exception {
    JsonNode json = new ObjectMapper().readTree(JsonReport.of(outcome(End.COMPLETED)));
    assertEquals(1, json.path("version").asInt());
    assertEquals(NAME, json.path("name").asText());
    assertEquals(2, json.path("exitCode").asInt());
    assertEquals(95, json.at("/total/times/join.total/p95").asDouble(), 0.1);
    assertEquals(0.01, json.at("/total/shares/loss.beforeRepair").asDouble());
    assertEquals(9, json.at("/scenarios/only/counts/bots.joined").asInt());
    assertEquals(1, json.at("/total/failures/room_full").asInt());
    assertEquals(999, json.at("/server/rtpReceived").asInt());
    assertEquals(0.5, json.at("/seconds/1/serverCores").asDouble(), 1e-6);
    assertTrue(json.at("/thresholds/2/value").isMissingNode());
    assertFalse(json.at("/thresholds/2/holds").asBoolean());
  }

  @Test
  void shouldBeATestSuiteThatOthersCanRead() throws Exception {
    Element suite =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(JunitReport.of(outcome(End.STOPPED)))))
            .getDocumentElement();
    assertEquals(NAME, suite.getAttribute("name"));
    assertEquals("4", suite.getAttribute("tests"));
    assertEquals("3", suite.getAttribute("failures"));
    assertEquals(3, suite.getElementsByTagName("failure").getLength());
    assertEquals(4, suite.getElementsByTagName("testcase").getLength());
  }

  @Test
  void shouldBeOnePageThatEscapesWhatItIsGiven() {
    String page = HtmlReport.of(outcome(End.REFUSED));
    assertTrue(page.contains("A &lt;b&gt;bold&lt;/b&gt; &amp; &quot;quoted&quot; run"), page);
    assertTrue(page.contains("it &lt;stopped&gt;"));
    assertTrue(page.contains("something &lt;odd&gt;"));
    assertFalse(page.contains("<script"), "no script");
    assertFalse(page.contains("src=") || page.contains("href="), "nothing from elsewhere");
    assertTrue(page.contains("<path class=\"c0\""), "a chart");
    assertFalse(page.contains("NaN\"") || page.contains("NaN "), "no broken path");
  }

  @ParameterizedTest
  @CsvSource({"0,1", "0.3,0.4", "1,1", "1.2,2", "4,4", "7,8", "9,10", "120,200"})
  void shouldEndAxesAtRoundNumbers(double most, double top) {
    assertEquals(top, Chart.ceiling(most), 1e-9);
  }
}
