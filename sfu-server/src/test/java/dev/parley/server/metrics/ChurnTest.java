package dev.parley.server.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The sums of docs/metrics.md hold after people came, left and vanished, over networks that lose,
 * with muting, pauses, changes of quality, of network and of room.
 */
class ChurnTest {
  private static final String SETTINGS =
      """
      signaling.resumeGraceSec = 1
      media.ice.consentTimeoutSec = 5
      media.ice.resumeGraceSec = 1
      """;

  private static final String SCENARIO =
      """
      version: 1
      name: Churn
      seed: 8
      maxDuration: 60s
      target: {url: http://127.0.0.1:1}
      networks:
        train:
          up: {rate: 1Mbps, queue: 200ms, delay: 10ms, loss: 3%, lossRun: 2}
          down: {rate: 600kbps, queue: 200ms, delay: 10ms, loss: 3%, lossRun: 2}
      profiles:
        office:
          microphone: {speak: 1s, silence: 1s}
          camera: {}
          receive: {audio: 1, video: 2}
        commuter:
          microphone: {muted: true}
          camera: {codec: vp9}
          receive: {audio: 2, video: 1, height: 180}
          network: train
      scenarios:
        calls:
          executor: constant-bots
          bots: 8
          duration: 12s
          rooms: {name: calls-*, size: 4}
          roles:
            - {profile: office, count: 2}
            - profile: commuter
              actions:
                - {do: toggle-camera, every: 2s, jitter: 1s}
                - {do: toggle-microphone, every: 1s}
                - {do: drop-socket, every: 4s, jitter: 2s}
                - {do: switch-network, every: 5s, jitter: 2s}
                - {do: restart-ice, at: 4s}
                - {do: switch-room, at: 8s, share: 50%, room: others}
        visitors:
          executor: arrival-rate
          startPerSec: 3
          stages: [{duration: 10s, perSec: 3}]
          stay: 1500ms
          maxBots: 20
          rooms: {name: calls-*, count: 2}
          roles: [{profile: office, count: 4}, {profile: commuter}]
      """;

  private static final List<String> LOST_ON_THE_WAY_IN =
      List.of(
          "rtp_malformed",
          "rtp_unknown_ssrc",
          "rtp_unknown_payload",
          "rtp_not_published",
          "rtp_padding_only",
          "rtp_too_old");

  private static final int VANISHING = 20;

  @TempDir private Path folder = Path.of("");

  /** Somebody who says hello, asks to join, and is gone without a word when there is an answer. */
  private static CompletableFuture<WebSocket> vanish(
      MeasuredServer server, HttpClient http, int i) {
    CompletableFuture<WebSocket> gone = new CompletableFuture<>();
    // Every second one brings an offer that cannot be answered.
    String join =
        "{\"type\":\"join\",\"id\":2,\"data\":{\"room\":\"gone-%d\",\"displayName\":\"Ann\"%s}}"
            .formatted(i, i % 2 == 0 ? "" : ",\"sdp\":\"v=1\"");
    WebSocket.Listener listener =
        new WebSocket.Listener() {
          private boolean greeted;

          @Override
          public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            socket.request(1);
            if (greeted) {
              socket.abort();
              gone.complete(socket);
              return gone;
            }
            greeted = true;
            return socket.sendText(join, true);
          }
        };
    String url =
        server.http().toString().replaceFirst("^http", "ws").replaceFirst("/?$", "/v1/signal");
    return http.newWebSocketBuilder()
        .subprotocols("sfu.v1")
        .buildAsync(URI.create(url), listener)
        .thenCompose(socket ->
            socket.sendText("{\"type\":\"hello\",\"id\":1,\"data\":{\"versions\":[1]}}", true))
        .thenCompose(socket -> gone);
  }

  @Test
  void shouldBalance() throws Exception {
    Path scenario = folder.resolve("churn.yaml");
    Files.writeString(scenario, SCENARIO);
    try (MeasuredServer server = MeasuredServer.start(folder, SETTINGS);
        HttpClient http = HttpClient.newHttpClient()) {
      CompletableFuture<MeasuredServer.Run> run = server.bots("run", scenario.toString());
      server.await("a call", now -> run.isDone() || now.sum("sfu_media_rtp_forwarded_total") > 500);
      for (int i = 0; i < VANISHING; i++) {
        vanish(server, http, i).orTimeout(20, TimeUnit.SECONDS).join();
      }
      MeasuredServer.Run done = run.join();
      assertEquals(0, done.exitCode(), done.output());
      Exposition after =
          server.await(
              "everybody's leave",
              now ->
                  now.sum("sfu_rooms") == 0
                      && now.sum("sfu_signaling_sessions") == 0
                      && now.sum("sfu_signaling_connections") == 0
                      && now.sum("sfu_worker_sessions") == 0);
      assertTrue(after.faults().isEmpty(), () -> after.faults().toString());
      people(after);
      packets(after);
    }
  }

  private static void people(Exposition now) {
    assertEquals(0, now.sum("sfu_participants"));
    assertEquals(0, now.sum("sfu_participants_quality"));
    assertEquals(0, now.sum("sfu_queue_length"));
    assertEquals(0, now.sum("sfu_signaling_sessions_in_grace"));
    for (String what :
        List.of(
            "signaling_connections",
            "signaling_sessions",
            "signaling_resources",
            "media_transports",
            "media_tcp")) {
      assertEquals(
          now.sum("sfu_" + what + "_opened_total"), now.sum("sfu_" + what + "_closed_total"), what);
    }
    assertEquals(now.sum("sfu_signaling_joins_total"), now.sum("sfu_signaling_leaves_total"));
    assertEquals(
        now.sum("sfu_signaling_connections_closed_total"),
        now.sum("sfu_signaling_closes_total") + now.sum("sfu_signaling_peer_closes_total"),
        "each socket was closed by one side");
    assertTrue(now.sum("sfu_signaling_joins_total") > 30, "joins");
    assertEquals(VANISHING / 2.0, now.sum("sfu_join_failures_total", "reason=refused"));
    assertEquals(
        now.sum("sfu_join_attempts_total"),
        now.sum("sfu_join_failures_total")
            + now.sum("sfu_join_phase_seconds_count", "phase=total"));
    assertTrue(
        now.sum("sfu_media_selected_pairs_total")
            >= now.sum("sfu_join_phase_seconds_count", "phase=total"),
        "each that came in has taken a pair");
  }

  private static void packets(Exposition now) {
    double lost = -now.sum("sfu_media_fan_out_total", "outcome=too_old");
    for (String reason : LOST_ON_THE_WAY_IN) {
      lost += now.sum("sfu_media_dropped_total", "reason=" + reason);
    }
    assertEquals(
        now.sum("sfu_media_rtp_received_total"), now.sum("sfu_media_rtp_routed_total") + lost);
    assertEquals(now.sum("sfu_media_rtp_offered_total"), now.sum("sfu_media_fan_out_total"));
    assertEquals(
        now.sum("sfu_media_rtp_forwarded_total"),
        now.sum("sfu_media_fan_out_total", "outcome=forwarded"));
    assertEquals(
        now.sum("sfu_media_dropped_total", "reason=waiting_for_key_frame"),
        now.sum("sfu_media_fan_out_total", "outcome=waiting_for_key_frame"));
    for (String outcome : List.of("forwarded", "other_layer", "waiting_for_key_frame")) {
      assertTrue(
          now.sum("sfu_media_fan_out_total", "outcome=" + outcome) > 0, outcome + " has come");
    }
    assertEquals(0, now.sum("sfu_media_fan_out_total", "outcome=fault"));
    assertTrue(now.sum("sfu_media_nacks_received_total") > 0, "losses on the way out");
    assertTrue(now.sum("sfu_media_nacks_sent_total") > 0, "losses on the way in");
    assertTrue(now.sum("sfu_media_rtx_sent_total") > 0, "repairs");
  }
}
