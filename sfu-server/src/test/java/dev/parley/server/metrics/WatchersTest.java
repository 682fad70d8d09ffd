package dev.parley.server.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Alert rules and dashboard ask for what a server really exports, and Prometheus can read them. */
class WatchersTest {
  private static final Path DOCKER = Path.of("..", "docker");
  private static final Path RULES = DOCKER.resolve("prometheus/alerts.yml");
  private static final Path RULES_TEST = DOCKER.resolve("prometheus/alerts.test.yml");
  private static final Path DASHBOARD = DOCKER.resolve("grafana/dashboards/parley.json");

  /** What Prometheus adds to whatever it reads. */
  private static final Set<String> ADDED_LABELS = Set.of("job", "instance");

  private static final Set<String> ADDED_METRICS = Set.of("up");
  private static final List<String> ROWS =
      List.of("Overview", "Calls", "Media", "Network", "Signalling and queue", "Process");

  private static final Pattern ALERT =
      Pattern.compile(
          "- alert: (\\w+)\\n(?<body>(?!- alert).*?)(?=\\n {6}- alert|\\n {2}- name|\\z)",
          Pattern.DOTALL);
  private static final Pattern EXPRESSION =
      Pattern.compile("expr: (>-\\n)?(?<text>.*?)\\n {8}(for|labels):", Pattern.DOTALL);

  @TempDir private static Path folder = Path.of("");
  private static Exposition metrics = Exposition.read("\n");

  @BeforeAll
  static void measure() throws Exception {
    try (MeasuredServer server = MeasuredServer.start(folder, "")) {
      metrics = server.metrics();
    }
  }

  /** The rules by the name of the alert. */
  private static Map<String, String> rules() throws IOException {
    Map<String, String> rules = new LinkedHashMap<>();
    for (MatchResult alert : ALERT.matcher(Files.readString(RULES)).results().toList()) {
      rules.put(alert.group(1), alert.group("body"));
    }
    return rules;
  }

  private static List<String> dashboardQueries() throws IOException {
    List<String> queries = new ArrayList<>();
    JsonNode board = new ObjectMapper().readTree(DASHBOARD.toFile());
    for (JsonNode query : board.findValues("expr")) {
      queries.add(query.asText());
    }
    return queries;
  }

  /** What a query asks for that no server exports: metrics, labels, and values of labels. */
  private static Set<String> unknown(String query) {
    Set<String> unknown = new TreeSet<>();
    PromQuery read = PromQuery.read(query);
    Set<String> labels = new HashSet<>(ADDED_LABELS);
    for (PromQuery.Selector selector : read.selectors()) {
      if (ADDED_METRICS.contains(selector.metric())) {
        continue;
      }
      List<Exposition.Sample> samples =
          metrics.families().stream()
              .flatMap(family -> family.samples().stream())
              .filter(sample -> sample.name().equals(selector.metric()))
              .toList();
      if (samples.isEmpty()) {
        unknown.add(selector.metric());
      }
      samples.forEach(sample -> labels.addAll(sample.labels().keySet()));
      for (PromQuery.Matcher matcher : selector.matchers()) {
        Set<String> values = new HashSet<>();
        samples.forEach(sample -> values.add(sample.labels().getOrDefault(matcher.label(), "")));
        if (!ADDED_LABELS.contains(matcher.label()) && !values.containsAll(matcher.values())) {
          unknown.add(selector.metric() + " " + matcher);
        }
      }
    }
    for (String label : read.groupings()) {
      if (!labels.contains(label)) {
        unknown.add("by " + label);
      }
    }
    return unknown;
  }

  @Test
  void shouldAskForWhatIsThere() throws IOException {
    Map<String, String> rules = rules();
    assertTrue(rules.size() > 15, () -> "alerts: " + rules.keySet());
    rules.forEach((name, body) -> {
      MatchResult expression =
          EXPRESSION
              .matcher(body)
              .results()
              .findFirst()
              .orElseThrow(() -> new AssertionError(body));
      assertEquals(Set.of(), unknown(expression.group("text")), name);
    });
    List<String> queries = dashboardQueries();
    assertTrue(queries.size() > 40, () -> "queries: " + queries.size());
    queries.forEach(query -> assertEquals(Set.of(), unknown(query), query));
  }

  @Test
  void shouldFindWhatIsNotThere() {
    for (String wrong :
        List.of(
            "sum(rate(sfu_nothing_total[5m]))",
            "sfu_rooms{colour=\"red\"}",
            "sum by (reason) (sfu_rooms)",
            "rate(sfu_media_dropped_total{reason=~\"send_full|nothing\"}[5m])",
            "sfu_media_fan_out_total{outcome!=\"nothing\"}")) {
      assertEquals(1, unknown(wrong).size(), wrong);
    }
  }

  @Test
  void shouldSayWhatToDo() throws IOException {
    rules()
        .forEach((name, body) -> {
          assertTrue(body.contains("severity: "), name);
          assertTrue(body.contains("summary: "), name);
          assertTrue(body.contains("runbook: "), name);
        });
  }

  @Test
  void shouldHaveARowForEachThingToSee() throws IOException {
    JsonNode board = new ObjectMapper().readTree(DASHBOARD.toFile());
    List<String> rows = new ArrayList<>();
    Set<Integer> ids = new HashSet<>();
    for (JsonNode panel : board.path("panels")) {
      assertTrue(ids.add(panel.path("id").asInt()), panel::toString);
      if (panel.path("type").asText().equals("row")) {
        rows.add(panel.path("title").asText());
      } else {
        assertEquals("parley", panel.at("/datasource/uid").asText(), panel::toString);
      }
    }
    assertEquals(ROWS, rows);
  }

  @Test
  void shouldTestEachAlert() throws IOException {
    String tests = Files.readString(RULES_TEST);
    rules()
        .keySet()
        .forEach(name -> assertTrue(tests.contains("alertname=\"" + name + "\""), name));
  }

  @Test
  void shouldBeRulesForPrometheus() throws Exception {
    Promtool.Verdict verdict = Promtool.run("", "check", "rules", RULES.toString());
    assertEquals(0, verdict.exitCode(), verdict.output());
  }

  @Test
  void shouldFireWhenAllGoesWrongAndOnlyThen() throws Exception {
    Promtool.Verdict verdict = Promtool.run("", "test", "rules", RULES_TEST.toString());
    assertEquals(0, verdict.exitCode(), verdict.output());
  }
}
