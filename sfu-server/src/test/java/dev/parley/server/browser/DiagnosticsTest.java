package dev.parley.server.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.server.network.Certificate;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The page {@code /diagnostics}: what it finds out about a network, and how it looks. */
@Tag("browser")
@ExtendWith(Studio.Extension.class)
class DiagnosticsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String HOST = "127.0.0.1";

  /** Each way that is blocked takes its 15 s. */
  private static final Duration LIMIT = Duration.ofSeconds(90);

  private static final String STATE = "document.body.dataset.state";
  private static final String STOP =
      "void (%s === 'running' && document.querySelector('[data-action=run]').click())"
          .formatted(STATE);
  private static final String WIDTH =
      "document.documentElement.scrollWidth > innerWidth ? 'too wide' : 'fits'";
  private static final String REPORT = "JSON.stringify(window.parleyCheck.report)";

  /**
   * Behind a network without UDP, which takes longest to find out: begun first, and not waited for.
   */
  private static Tab blocked;

  @BeforeAll
  static void begin(Studio studio) {
    String page = studio.server().base().resolve("/diagnostics").toString();
    blocked = studio.chromium().openWithoutUdp(page);
  }

  @AfterAll
  static void end() {
    blocked.close();
  }

  private static JsonNode through(Tab tab) {
    Await.until(
        "the check is through",
        LIMIT,
        () -> tab.evaluate(STATE),
        "done"::equals,
        state -> tab.evaluate("document.body.innerText"));
    try {
      return JSON.readTree(tab.evaluate(REPORT));
    } catch (JsonProcessingException e) {
      throw new AssertionError("The report is no JSON", e);
    }
  }

  /** Waits for one check, and stops those behind it, which the test is not about. */
  private static JsonNode upTo(Tab tab, String id) {
    Await.until(
        id + " is through",
        LIMIT,
        () ->
            tab.evaluate(
                "document.querySelector('[data-check=%s]')?.dataset.verdict ?? 'running'"
                    .formatted(id)),
        verdict -> !verdict.equals("running"),
        verdict -> tab.evaluate("document.body.innerText"));
    stop(tab);
    return through(tab);
  }

  /** Only what runs: the same button begins anew. */
  private static void stop(Tab tab) {
    String unused = tab.evaluate(STOP);
  }

  private static Map<String, String> verdicts(JsonNode report) {
    Map<String, String> verdicts = new TreeMap<>();
    for (JsonNode check : report.path("checks")) {
      verdicts.put(check.path("id").asText(), check.path("verdict").asText());
    }
    return verdicts;
  }

  private static JsonNode check(JsonNode report, String id) {
    for (JsonNode check : report.path("checks")) {
      if (check.path("id").asText().equals(id)) {
        return check;
      }
    }
    throw new AssertionError("No check " + id + " in " + report);
  }

  @Test
  void shouldFindThatAllWorks(Studio studio) throws IOException {
    String page = studio.server().base().resolve("/diagnostics").toString();
    try (Tab tab = studio.chromium().open(page)) {
      JsonNode report = through(tab);
      Map<String, String> verdicts = verdicts(report);
      for (String id : new String[] {"browser", "websocket", "clock", "resume", "udp", "tcp"}) {
        assertEquals("ok", verdicts.get(id), () -> id + " in " + report);
      }
      for (String id : new String[] {"microphone", "camera", "speaker"}) {
        assertEquals("skipped", verdicts.get(id), () -> id + " in " + report);
      }
      // What the machine is busy with may show as jitter.
      JsonNode call = check(report, "call");
      assertFalse(call.path("verdict").asText().equals("failed"), report::toString);
      assertTrue(call.at("/details/receivedKbps").asInt() > 100, report::toString);
      assertEquals("udp", check(report, "udp").at("/details/path").asText());
      assertEquals("tcp", check(report, "tcp").at("/details/path").asText());
      for (String address : studio.server().media()) {
        String ip = address.substring(0, address.lastIndexOf(':'));
        assertFalse(report.toString().contains(ip), report::toString);
      }
      tab.click("[data-action=send]");
      String code =
          Await.until(
              "the report is sent",
              LIMIT,
              () -> tab.evaluate("document.querySelector('.check-code')?.textContent ?? ''"),
              text -> !text.isEmpty(),
              text -> tab.evaluate("document.body.innerText"));
      String found = studio.server().adminPage("/v1/diagnostics/" + code);
      assertEquals(report, JSON.readTree(found.substring(found.indexOf('{'))).path("report"));
      for (int width : new int[] {360, 768, 1440}) {
        Chromium.resize(tab, width, 1000);
        assertEquals("fits", tab.evaluate(WIDTH));
        Files.write(TestServer.OUTPUT.resolve("diagnostics-" + width + ".png"), tab.screenshot());
      }
    }
  }

  @Test
  void shouldTryMicrophoneCameraAndSpeaker(Studio studio) throws IOException {
    String page = studio.server().base().resolve("/diagnostics?lang=en").toString();
    try (Tab tab = studio.chromium().open(page)) {
      stop(tab);
      JsonNode stopped = through(tab);
      assertEquals("skipped", check(stopped, "call").path("verdict").asText(), stopped::toString);
      tab.click("[data-action=devices]");
      tab.click("[data-action=run]");
      // Clicking waits for the question.
      tab.click("[data-action=heard]");
      JsonNode report = upTo(tab, "speaker");
      assertEquals("ok", check(report, "speaker").path("verdict").asText(), report::toString);
      JsonNode microphone = check(report, "microphone");
      assertEquals("ok", microphone.path("verdict").asText(), report::toString);
      assertTrue(microphone.at("/details/levelPercent").asInt() > 0, report::toString);
      JsonNode camera = check(report, "camera");
      assertEquals("ok", camera.path("verdict").asText(), report::toString);
      assertTrue(camera.at("/details/fps").asInt() > 0, report::toString);
      Files.write(TestServer.OUTPUT.resolve("diagnostics-devices.png"), tab.screenshot());
    }
  }

  /** Where the server speaks TLS itself, that port takes the relay's clients as well. */
  @Test
  void shouldTryTheRelayByTls() throws IOException {
    Assumptions.assumeTrue(Chromium.installed().isPresent(), "there is no Chromium here");
    Certificate certificate = Certificate.make(TestServer.OUTPUT.toAbsolutePath(), HOST);
    int port = freePort();
    String settings =
        """
        https.port = %d
        https.certificateFile = "%s"
        https.keyFile = "%s"
        turn.enabled = true
        turn.port = 0
        turn.host = "%s"
        """
            .formatted(port, certificate.file(), certificate.key(), HOST);
    List<String> trust = List.of("--ignore-certificate-errors-spki-list=" + certificate.pin());
    try (TestServer server = TestServer.start("relay-tls", settings);
        Chromium chromium = Chromium.launch(Chromium.installed().orElseThrow(), trust);
        Tab tab = chromium.open("https://%s:%d/diagnostics".formatted(HOST, port))) {
      JsonNode report = upTo(tab, "relayTls");
      JsonNode relay = check(report, "relayTls");
      assertEquals("ok", relay.path("verdict").asText(), () -> report + server.logTail());
      assertEquals("relay", relay.at("/details/path").asText(), report::toString);
      assertEquals("ok", check(report, "websocket").path("verdict").asText(), report::toString);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  @Test
  void shouldTryEveryRelayThatTheServerNames(Studio studio) {
    try (TestServer server = TestServer.start("relay", "turn.enabled = true\nturn.port = 0");
        Tab tab = studio.chromium().open(server.base().resolve("/diagnostics").toString())) {
      JsonNode report = upTo(tab, "relayTls");
      for (String id : new String[] {"relayUdp", "relayTcp"}) {
        JsonNode relay = check(report, id);
        assertEquals("ok", relay.path("verdict").asText(), report::toString);
        assertEquals("relay", relay.at("/details/path").asText(), report::toString);
      }
      assertEquals("skipped", check(report, "relayTls").path("verdict").asText());
      assertEquals("relay_tls_absent", check(report, "relayTls").at("/reasons/0").asText());
    }
  }

  @Test
  void shouldTellThatUdpIsBlockedAndWhatToDo() throws IOException {
    JsonNode report = through(blocked);
    JsonNode udp = check(report, "udp");
    assertEquals("failed", udp.path("verdict").asText(), report::toString);
    assertEquals("udp_blocked", udp.at("/reasons/0").asText(), report::toString);
    assertFalse(udp.path("cause").asText().isEmpty());
    assertFalse(udp.path("advice").asText().isEmpty());
    assertEquals("ok", check(report, "tcp").path("verdict").asText(), report::toString);
    assertEquals("tcp", check(report, "call").at("/details/path").asText(), report::toString);
    assertEquals("warning", report.path("verdict").asText(), report::toString);
    Files.write(TestServer.OUTPUT.resolve("diagnostics-blocked.png"), blocked.screenshot());
  }
}
