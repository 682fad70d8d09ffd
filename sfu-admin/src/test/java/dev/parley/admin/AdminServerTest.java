package dev.parley.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.admin.history.History;
import dev.parley.admin.history.HistoryConfig;
import dev.parley.admin.webhook.WebhookConfig;
import dev.parley.core.api.MediaRoom;
import dev.parley.core.api.MediaServer;
import dev.parley.core.api.WorkerSample;
import dev.parley.signaling.SignalingState;
import dev.parley.signaling.observe.CallCounters;
import dev.parley.signaling.observe.SignalingCounters;
import dev.parley.signaling.wire.ErrorCode;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AdminServerTest {
  private record Answer(int status, String type, String body) {}

  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client = vertx.createHttpClient();
  private final SignalingCounters counters = new SignalingCounters();
  private final Engine engine = new Engine();
  private final Front front = new Front();
  private MediaServer.Readiness host = MediaServer.Readiness.READY;
  private final AdminServer admin =
      new AdminServer(
          vertx,
          new AdminConfig(
              "127.0.0.1",
              0,
              List.of("sfu.internal"),
              List.of(),
              AdminConfig.DEFAULT.sampleEvery(),
              WebhookConfig.NONE),
          engine,
          front,
          new NoOperator(),
          () -> host,
          History.open(HistoryConfig.off("not in this test")));

  private static final class Engine implements MediaServer {
    private Readiness readiness = Readiness.READY;
    private CompletionStage<Map<String, Object>> snapshot =
        CompletableFuture.completedFuture(Map.of("workers", List.of()));

    @Override
    public MediaRoom openRoom(String roomId, MediaRoom.Listener listener) {
      throw new AssertionError("the operator opens no room");
    }

    @Override
    public MediaRoom openEchoRoom(String roomId, MediaRoom.Listener listener) {
      throw new AssertionError("the operator opens no room");
    }

    @Override
    public List<Metric> metrics() {
      return List.of(
          new Metric("packets_in", "Packets received", false, 7),
          new Metric("replayed", "Packets seen before", true, 3));
    }

    @Override
    public CompletionStage<List<WorkerSample>> samples() {
      return java.util.concurrent.CompletableFuture.completedFuture(List.of());
    }

    @Override
    public CompletionStage<Map<String, Object>> snapshot() {
      return snapshot;
    }

    @Override
    public List<AnnouncedAddress> announcedAddresses() {
      return List.of();
    }

    @Override
    public Readiness readiness() {
      return readiness;
    }

    @Override
    public List<PairTotal> selectedPairs() {
      return List.of(new PairTotal("relay", "turn-tls", "ipv6", 4));
    }

    @Override
    public List<OutcomeTotal> fanOut() {
      return List.of(new OutcomeTotal("forwarded", 6), new OutcomeTotal("other_layer", 2));
    }

    @Override
    public List<WorkerLoad> workerLoads() {
      return List.of(new WorkerLoad(1, 3, 12.5, 0.01, 0.4, true, 1.25));
    }

    @Override
    public LatencyTotals forwardingLatency() {
      return new LatencyTotals(
          List.of(new LatencyBucket(50e-6, 3), new LatencyBucket(Double.POSITIVE_INFINITY, 4)),
          0.5);
    }

    @Override
    public void close() {}
  }

  private final class Front implements SignalingState {
    private boolean running = true;

    @Override
    public boolean isRunning() {
      return running;
    }

    @Override
    public SignalingCounters counters() {
      return counters;
    }

    @Override
    public int openRooms() {
      return 2;
    }

    @Override
    public int participants() {
      return 5;
    }

    @Override
    public CompletionStage<List<Map<String, Object>>> rooms() {
      return CompletableFuture.completedFuture(List.of(Map.of("name", "lobby")));
    }
  }

  @BeforeEach
  void start() {
    get(admin.start());
  }

  @AfterEach
  void stop() {
    get(admin.stop());
    get(vertx.close().toCompletionStage());
  }

  private static <T> T get(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
  }

  private Answer fetch(String path, String host) {
    return send(HttpMethod.GET, path, host);
  }

  private Answer send(HttpMethod method, String path, String host) {
    return get(
        client
            .request(method, admin.port(), "127.0.0.1", path)
            // The body is asked for in the turn in which the response comes, or it is lost.
            .compose(request ->
                request
                    .putHeader("Host", host)
                    .send()
                    .compose(response ->
                        response
                            .body()
                            .map(body ->
                                new Answer(
                                    response.statusCode(),
                                    String.valueOf(response.getHeader("Content-Type")),
                                    body.toString()))))
            .toCompletionStage());
  }

  private Answer fetch(String path) {
    return fetch(path, "localhost:8081");
  }

  @Test
  void shouldBeHealthy() {
    assertEquals(new Answer(200, "text/plain; charset=utf-8", "ok\n"), fetch("/healthz"));
  }

  @Test
  void shouldSayWhyItIsNotReady() {
    assertEquals("{\"ready\":true,\"reasons\":[],\"warnings\":[]}", fetch("/readyz").body());
    front.running = false;
    engine.readiness = new MediaServer.Readiness(List.of("no address"), List.of("small buffers"));
    host = new MediaServer.Readiness(List.of("no certificate"), List.of("the clock"));
    Answer answer = fetch("/readyz");
    assertEquals(503, answer.status());
    assertEquals(
        "{\"ready\":false,\"reasons\":["
            + "\"signalling takes no clients: it is starting or stopping\","
            + "\"no address\",\"no certificate\"],"
            + "\"warnings\":[\"small buffers\",\"the clock\"]}",
        answer.body());
  }

  @Test
  void shouldBeReadyWithWarnings() {
    host = new MediaServer.Readiness(List.of(), List.of("the clock"));
    Answer answer = fetch("/readyz");
    assertEquals(200, answer.status());
    assertEquals("{\"ready\":true,\"reasons\":[],\"warnings\":[\"the clock\"]}", answer.body());
  }

  @Test
  void shouldExportMetricsInPrometheusText() {
    counters.connectionOpened();
    counters.connectionOpened();
    counters.connectionClosed();
    counters.error(ErrorCode.ROOM_FULL);
    counters.calls().joinBegun();
    counters.calls().joinPhase(CallCounters.JoinPhase.ICE, 30_000_000);
    counters.calls().joinFailed(CallCounters.JoinFailure.ICE_TIMEOUT);
    counters.calls().waited(CallCounters.WaitEnd.ADMITTED, 20_000);
    counters.calls().waiting(2);
    counters.calls().quality(4, 1);
    counters.received(100);
    host = new MediaServer.Readiness(List.of("no certificate"), List.of("the clock", "buffers"));
    Answer answer = fetch("/metrics");
    assertTrue(answer.type().startsWith("text/plain; version=0.0.4"));
    List<String> lines = answer.body().lines().toList();
    for (String line :
        List.of(
            "sfu_media_packets_in_total 7.0",
            "sfu_media_selected_pairs_total{type=\"relay\",transport=\"turn-tls\",family=\"ipv6\",} 4.0",
            "# TYPE sfu_media_forwarding_seconds histogram",
            "sfu_media_forwarding_seconds_bucket{le=\"5.0E-5\",} 3.0",
            "sfu_media_forwarding_seconds_bucket{le=\"+Inf\",} 4.0",
            "sfu_media_forwarding_seconds_count 4.0",
            "sfu_media_forwarding_seconds_sum 0.5",
            "sfu_media_dropped_total{reason=\"replayed\",} 3.0",
            "sfu_signaling_connections_opened_total 2.0",
            "sfu_signaling_connections 1.0",
            "sfu_signaling_errors_total{code=\"room_full\",} 1.0",
            "sfu_signaling_closes_total{code=\"4008\",} 0.0",
            "sfu_media_fan_out_total{outcome=\"other_layer\",} 2.0",
            "sfu_worker_busy_seconds_total{worker=\"1\",} 12.5",
            "sfu_worker_silent_seconds{worker=\"1\",} 0.01",
            "sfu_worker_sessions{worker=\"1\",} 3.0",
            "sfu_join_attempts_total 1.0",
            "sfu_join_failures_total{reason=\"ice_timeout\",} 1.0",
            "sfu_join_phase_seconds_bucket{phase=\"ice\",le=\"0.025\",} 0.0",
            "sfu_join_phase_seconds_bucket{phase=\"ice\",le=\"0.05\",} 1.0",
            "sfu_join_phase_seconds_sum{phase=\"ice\",} 0.03",
            "sfu_queue_wait_seconds_count{outcome=\"admitted\",} 1.0",
            "sfu_queue_length 2.0",
            "sfu_participants_quality{level=\"4\",} 1.0",
            "sfu_signaling_messages_received_total 1.0",
            "sfu_signaling_received_bytes_total 100.0",
            "sfu_ready 0.0",
            "sfu_readiness_reasons 1.0",
            "sfu_readiness_warnings 2.0",
            "sfu_draining 0.0",
            "sfu_tls_certificate_expiry_timestamp_seconds 0.0",
            "sfu_rooms 2.0",
            "sfu_participants 5.0")) {
      assertTrue(lines.contains(line), line);
    }
    assertTrue(answer.body().contains("jvm_memory_bytes_used"));
    assertTrue(
        lines.stream().anyMatch(line -> line.matches("sfu_build_info\\{version=\"\\d.*,} 1.0")));
  }

  @Test
  void shouldShowTheStateOfEverything() {
    assertEquals(
        "{\"media\":{\"workers\":[]},\"rooms\":[{\"name\":\"lobby\"}]}", fetch("/debug").body());
    engine.snapshot = CompletableFuture.failedFuture(new IllegalStateException("broken"));
    Answer broken = fetch("/debug");
    assertEquals(500, broken.status());
    assertFalse(broken.body().contains("broken"));
  }

  @Test
  void shouldChangeNothingBeforeTheServerIsReady() {
    front.running = false;
    assertEquals(503, send(HttpMethod.POST, "/v1/server:drain", "localhost").status());
  }

  @Test
  void shouldServeTheDashboardToWhoeverAsks() {
    Answer page = fetch("/");
    assertEquals(200, page.status());
    assertEquals("text/html; charset=utf-8", page.type());
    assertTrue(page.body().contains("The dashboard of a test"));
    assertEquals(404, send(HttpMethod.POST, "/", "localhost").status());
    assertEquals(421, fetch("/", "evil.example").status());
  }

  @Test
  void shouldNotKnowOtherPaths() {
    assertEquals(404, fetch("/rooms").status());
    assertEquals(404, fetch("/v1/nothing").status());
    assertEquals(400, fetch("/%zz").status());
  }

  @ParameterizedTest
  @CsvSource({
    "localhost,200",
    "127.0.0.1:9999,200",
    "[::1]:8081,200",
    "[::1],200",
    "SFU.internal:8081,200",
    "evil.example,421",
    "localhost.evil.example:8081,421",
    "127.0.0.1.nip.io,421"
  })
  void shouldAnswerOnlyToItsOwnNames(String host, int status) {
    assertEquals(status, fetch("/healthz", host).status());
  }
}
