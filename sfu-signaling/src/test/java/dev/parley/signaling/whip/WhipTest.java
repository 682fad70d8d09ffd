package dev.parley.signaling.whip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.core.api.MediaRoom;
import dev.parley.core.api.MediaSession;
import dev.parley.core.api.TrackSource;
import dev.parley.signaling.FakeMediaServer;
import dev.parley.signaling.TestClient;
import dev.parley.signaling.TestServer;
import dev.parley.signaling.observe.SignalingCounters;
import dev.parley.signaling.token.TokenMinter;
import dev.parley.signaling.wire.ErrorCode;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** WHIP, WHEP and the other public HTTP routes. */
final class WhipTest {
  private record Answer(int status, MultiMap headers, String body) {
    String header(String name) {
      return String.valueOf(headers.get(name));
    }
  }

  private static final String SDP = "application/sdp";
  private static final String PUBLISH =
      FakeMediaServer.offer(
          "audio:a:sendonly", "video:b:sendonly", "video:c:sendrecv", "video:d:recvonly");
  private static final String WATCH = FakeMediaServer.offer("audio:0:recvonly", "video:1:recvonly");

  private static TestServer server;
  private static TestServer secured;
  private static HttpClient client;

  @BeforeAll
  static void start() {
    server = new TestServer(TestServer.development());
    secured = new TestServer(TestServer.secured());
    client = server.vertx.createHttpClient();
  }

  @AfterAll
  static void stop() {
    secured.close();
    server.close();
  }

  private static Answer call(
      TestServer to, HttpMethod method, String path, Map<String, String> headers, String body) {
    return TestClient.get(
        client
            .request(method, to.port(), "127.0.0.1", path)
            // The body is asked for in the turn in which the response comes, or it is lost.
            .compose(request -> {
              headers.forEach(request::putHeader);
              return (body.isEmpty() ? request.send() : request.send(body))
                  .compose(response ->
                      response
                          .body()
                          .map(bytes ->
                              new Answer(
                                  response.statusCode(), response.headers(), bytes.toString())));
            })
            .toCompletionStage());
  }

  private static Answer post(String path, String sdp) {
    return call(server, HttpMethod.POST, path, Map.of("Content-Type", SDP), sdp);
  }

  private static Answer get(String path) {
    return call(server, HttpMethod.GET, path, Map.of(), "");
  }

  private static String bearer(String identity) {
    return bearer(identity, Optional.empty(), Duration.ZERO);
  }

  private static String bearer(Optional<String> room, Duration age) {
    return bearer("obs", room, age);
  }

  private static String bearer(String identity, Optional<String> room, Duration age) {
    return "Bearer "
        + new TokenMinter(secured.vertx, TestServer.TOKENS)
            .mint(
                identity,
                Optional.of("Studio"),
                room,
                Duration.ofMinutes(1),
                System.currentTimeMillis() / 1000 - age.toSeconds());
  }

  @Test
  void shouldPublishAndEnd() {
    TestClient anna = server.greeted();
    anna.join("stage", "");
    Answer created = post("/whip/stage", PUBLISH);
    assertEquals(201, created.status());
    assertEquals(SDP, created.header("Content-Type"));
    assertTrue(created.header("Location").matches("/whip/stage/rs_[A-Za-z0-9]{22}"));
    assertTrue(created.header("ETag").matches("\"[^\"]+\""));
    assertEquals(
        "<turn:turn.example:3478>; rel=\"ice-server\"; username=\"u\\\"1\"; credential=\"p\";"
            + " credential-type=\"password\"",
        created.header("Link"));
    assertTrue(created.body().startsWith("answer"));
    JsonNode joined = anna.event("participant.joined").path("participant");
    assertEquals("whip", joined.path("displayName").asText());
    assertEquals(
        List.of(TrackSource.MICROPHONE, TrackSource.CAMERA, TrackSource.SCREEN),
        server.media.lastRoom().lastSession().offer.tracks().stream()
            .map(MediaRoom.TrackPublication::source)
            .toList());
    String path = created.header("Location");
    assertEquals(415, call(server, HttpMethod.PATCH, path, Map.of(), "").status());
    assertEquals(
        404,
        call(server, HttpMethod.DELETE, path.replace("stage", "other"), Map.of(), "").status());
    assertEquals(200, call(server, HttpMethod.DELETE, path, Map.of(), "").status());
    assertEquals("left", anna.event("participant.left").path("reason").asText());
    assertEquals(200, call(server, HttpMethod.DELETE, path, Map.of(), "").status());
    assertEquals(404, call(server, HttpMethod.DELETE, path + "x", Map.of(), "").status());
    assertEquals(0, server.signaling.counters().openResources());
  }

  @Test
  void shouldLetTheAddressBeEnoughInDevelopment() {
    Map<String, String> headers =
        Map.of("Content-Type", SDP, "Authorization", "Bearer what-an-encoder-insists-on-sending");
    Answer created = call(server, HttpMethod.POST, "/whip/encoder", headers, PUBLISH);
    assertEquals(201, created.status());
    assertEquals(
        200, call(server, HttpMethod.DELETE, created.header("Location"), headers, "").status());
  }

  @Test
  void shouldGoWhenItsMediaGoes() {
    TestClient anna = server.greeted();
    anna.join("fade", "");
    Answer created = post("/whip/fade", PUBLISH);
    anna.event("participant.joined");
    server.media.lastRoom().lastSession().end("consent_expired");
    assertEquals("timeout", anna.event("participant.left").path("reason").asText());
    long notFound = refusals(ErrorCode.SESSION_NOT_FOUND);
    String path = created.header("Location");
    assertEquals(200, call(server, HttpMethod.DELETE, path, Map.of(), "").status());
    assertEquals(notFound, refusals(ErrorCode.SESSION_NOT_FOUND));
    String elsewhere = path.replace("fade", "other");
    assertEquals(404, call(server, HttpMethod.DELETE, elsewhere, Map.of(), "").status());
    assertEquals(notFound + 1, refusals(ErrorCode.SESSION_NOT_FOUND));
  }

  private static final String FRAGMENT = "application/trickle-ice-sdpfrag";
  private static final String CANDIDATE =
      "candidate:1 1 udp 2130706431 192.0.2.7 4000 typ host generation 0";

  private static String fragment(String... lines) {
    return "a=group:BUNDLE a b\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:a\r\n"
        + String.join("\r\n", lines)
        + "\r\n";
  }

  private static String restart(String ufrag) {
    return fragment("a=ice-ufrag:" + ufrag, "a=ice-pwd:0123456789012345678901");
  }

  private static Answer patch(String path, String ifMatch, String body) {
    Map<String, String> headers =
        ifMatch.isEmpty()
            ? Map.of("Content-Type", FRAGMENT)
            : Map.of("Content-Type", FRAGMENT, "If-Match", ifMatch);
    return call(server, HttpMethod.PATCH, path, headers, body);
  }

  @Test
  void shouldTakeTrickledCandidates() {
    Answer created = post("/whip/trickle", PUBLISH);
    String path = created.header("Location");
    FakeMediaServer.FakeSession media = server.media.lastRoom().lastSession();
    Answer noted =
        patch(path, created.header("ETag"), fragment("a=" + CANDIDATE, "a=end-of-candidates"));
    assertEquals(204, noted.status());
    assertEquals("", noted.body());
    assertEquals(List.of(CANDIDATE), media.remoteCandidates);
    assertEquals(
        204, patch(path, "\"other\", " + created.header("ETag"), fragment("a=x:y")).status());
    assertTrue(media.restarts.isEmpty());
    call(server, HttpMethod.DELETE, path, Map.of(), "");
    assertEquals(404, patch(path, "*", restart("gone")).status(), "ended");
  }

  @ParameterizedTest
  @ValueSource(strings = {"*", "\"*\""})
  void shouldRestartIce(String any) {
    Answer created = post("/whep/restart", WATCH);
    String path = created.header("Location");
    FakeMediaServer.FakeSession media = server.media.lastRoom().lastSession();
    Answer restarted = patch(path, any, restart("second"));
    assertEquals(200, restarted.status());
    assertEquals(FRAGMENT, restarted.header("Content-Type"));
    assertEquals("no-store", restarted.header("Cache-Control"));
    assertEquals(
        List.of(
            "a=ice-lite",
            "a=ice-options:trickle",
            "a=group:BUNDLE 0 1",
            "m=audio 9 UDP/TLS/RTP/SAVPF 0",
            "a=mid:0",
            "a=ice-ufrag:server2",
            "a=ice-pwd:passwordOfTheFakeServer2",
            "a=candidate:1 1 udp 2130706431 192.0.2.1 10000 typ host",
            "a=end-of-candidates"),
        restarted.body().lines().toList());
    assertEquals(List.of("second 0123456789012345678901"), media.restarts);
    String etag = restarted.header("ETag");
    assertTrue(etag.matches("\"[^\"]+\""));
    assertNotEquals(created.header("ETag"), etag);
    assertEquals(412, patch(path, created.header("ETag"), fragment("a=" + CANDIDATE)).status());
    assertEquals(412, patch(path, "W/" + etag, fragment("a=" + CANDIDATE)).status());
    assertTrue(media.remoteCandidates.isEmpty());
    assertEquals(204, patch(path, etag, fragment("a=" + CANDIDATE)).status());
    Answer again = patch(path, any, restart("third"));
    assertEquals(200, again.status());
    assertNotEquals(etag, again.header("ETag"));
    call(server, HttpMethod.DELETE, path, Map.of(), "");
  }

  @Test
  void shouldRefuseWhatIsNoPatchAndChangeNothing() {
    Answer created = post("/whip/patches", PUBLISH + "a=ice-ufrag:first\r\n");
    String path = created.header("Location");
    String etag = created.header("ETag");
    FakeMediaServer.FakeSession media = server.media.lastRoom().lastSession();
    Map<String, String> sdp = Map.of("Content-Type", SDP, "If-Match", etag);
    Answer type = call(server, HttpMethod.PATCH, path, sdp, "v=0");
    assertEquals(415, type.status());
    assertEquals(FRAGMENT, type.header("Accept-Patch"));
    assertEquals(428, patch(path, "", fragment("a=" + CANDIDATE)).status());
    assertEquals(412, patch(path, "\"other\"", fragment("a=" + CANDIDATE)).status());
    assertEquals(400, patch(path, etag, "").status());
    assertEquals(400, patch(path, etag, "no sdp").status());
    assertEquals(400, patch(path, etag, fragment("a=candidate:1 1 udp x")).status());
    assertEquals(400, patch(path, etag, fragment(many(129))).status());
    assertEquals(400, patch(path, etag, restart("second")).status(), "an unasked restart");
    assertEquals(204, patch(path, etag, restart("first")).status(), "as the offer says");
    assertEquals(400, patch(path, "*", fragment("a=" + CANDIDATE)).status(), "no credentials");
    assertEquals(400, patch(path, "*", fragment("a=ice-ufrag:abcd")).status());
    assertEquals(400, patch(path, "*", restart("abc")).status(), "too short");
    Answer two = patch(path, "*", restart("abcd") + "a=ice-ufrag:efgh\r\n");
    assertEquals(422, two.status());
    assertTrue(two.body().contains("sdp_unsupported"));
    assertEquals(404, patch(path + "x", "*", restart("abcd")).status());
    assertEquals(404, patch(path.replace("patches", "other"), "*", restart("abcd")).status());
    assertEquals(413, patch(path, etag, "a=x:" + "a".repeat(500 << 10)).status());
    assertTrue(media.restarts.isEmpty());
    assertTrue(media.remoteCandidates.isEmpty());
    assertEquals(204, patch(path, etag, fragment("a=" + CANDIDATE)).status(), "still the same");
    call(server, HttpMethod.DELETE, path, Map.of(), "");
  }

  private static String[] many(int candidates) {
    String[] lines = new String[candidates];
    Arrays.fill(lines, "a=" + CANDIDATE);
    return lines;
  }

  @Test
  void shouldLetOnlyTheOwnerRestart() {
    String token = bearer(Optional.of("mine"), Duration.ZERO);
    Answer created = authorized(HttpMethod.POST, "/whip/mine", token);
    String path = created.header("Location");
    Map<String, String> eve =
        Map.of("Content-Type", FRAGMENT, "If-Match", "*", "Authorization", bearer("eve"));
    assertEquals(403, call(secured, HttpMethod.PATCH, path, eve, restart("abcd")).status());
    Map<String, String> nobody = Map.of("Content-Type", FRAGMENT, "If-Match", "*");
    assertEquals(401, call(secured, HttpMethod.PATCH, path, nobody, restart("abcd")).status());
    assertTrue(secured.media.lastRoom().lastSession().restarts.isEmpty());
    Map<String, String> owner =
        Map.of("Content-Type", FRAGMENT, "If-Match", "*", "Authorization", token);
    assertEquals(200, call(secured, HttpMethod.PATCH, path, owner, restart("abcd")).status());
    assertEquals(200, authorized(HttpMethod.DELETE, path, token).status());
  }

  @Test
  void shouldKeepAResourceWhoseClientIsSilentForAWhile() {
    TestClient anna = server.greeted();
    anna.join("silence", "");
    Answer created = post("/whip/silence", PUBLISH);
    anna.event("participant.joined");
    FakeMediaServer.FakeSession media = server.media.lastRoom().lastSession();
    media.report(MediaSession.State.INTERRUPTED);
    String path = created.header("Location");
    assertEquals(200, patch(path, "*", restart("back")).status());
    media.report(MediaSession.State.CONNECTED);
    media.report(MediaSession.State.INTERRUPTED);
    assertEquals(1, server.signaling.counters().openResources());
    media.end("consent_expired");
    assertEquals("timeout", anna.event("participant.left").path("reason").asText());
  }

  private static long refusals(ErrorCode code) {
    return server.signaling.counters().totals().stream()
        .filter(total ->
            total.id().equals("errors")
                && total.label().orElseThrow().value().equals(code.wireName()))
        .mapToLong(SignalingCounters.Total::total)
        .sum();
  }

  @Test
  void shouldWatchARoomOrOnePerson() {
    Answer all = post("/whep/cinema", WATCH);
    assertEquals(201, all.status());
    assertTrue(all.header("Location").startsWith("/whep/cinema/rs_"));
    FakeMediaServer.FakeRoom room = server.media.lastRoom();
    assertTrue(room.lastSession().offer.tracks().isEmpty());
    assertTrue(room.lastSession().views.getLast().onlyParticipantId().isEmpty());
    Answer one = post("/whep/cinema/pa_later", WATCH);
    assertEquals(201, one.status());
    assertEquals(Optional.of("pa_later"), room.lastSession().views.getLast().onlyParticipantId());
    TestClient anna = server.greeted();
    JsonNode joined = anna.join("cinema", "");
    assertEquals("viewer", joined.at("/participants/0/role").asText());
    assertEquals(400, post("/whep/cinema/nobody!", WATCH).status());
    for (Answer answer : List.of(all, one)) {
      call(server, HttpMethod.DELETE, answer.header("Location"), Map.of(), "");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "not an sdp,400,sdp_invalid",
    "v=0,400,sdp_invalid",
    "SDP_INVALID,400,sdp_invalid",
    "SDP_UNSUPPORTED,422,sdp_unsupported",
    "NO_COMMON_CODEC,422,no_common_codec",
    "SERVER_FULL,503,server_full",
    "DRAINING,503,draining",
    "INTERNAL,500,internal"
  })
  void shouldSayWhatIsWrongAsAProblem(String offer, int status, String code) {
    String sdp =
        offer.matches("[A-Z_]+")
            ? "v=0\r\nm=audio 9 x 9\r\na=mid:0\r\na=fail=" + offer + "\r\n"
            : offer;
    for (String path : List.of("/whip/bad", "/whep/bad")) {
      Answer answer = post(path, sdp);
      assertEquals(status, answer.status(), answer.body());
      assertEquals("application/problem+json", answer.header("Content-Type"));
      assertTrue(answer.body().contains("\"code\":\"" + code + "\""), answer.body());
      assertEquals(status == 503, answer.headers().contains("Retry-After"));
    }
    assertEquals(0, server.signaling.openRooms() - openOtherRooms());
  }

  @Test
  void shouldRefuseNewResourcesWhileTheServerHasNoTime() {
    Answer before = post("/whip/busy", PUBLISH);
    server.media.full = true;
    try {
      for (String path : List.of("/whip/busy", "/whep/busy", "/whip/other")) {
        Answer answer = post(path, path.startsWith("/whip") ? PUBLISH : WATCH);
        assertEquals(503, answer.status(), answer.body());
        assertEquals("5", answer.header("Retry-After"));
        assertTrue(answer.body().contains("\"code\":\"server_full\""), answer.body());
      }
      assertEquals(
          200,
          patch(before.header("Location"), "*", restart("busy")).status(),
          "an ICE restart is nothing new");
    } finally {
      server.media.full = false;
    }
    call(server, HttpMethod.DELETE, before.header("Location"), Map.of(), "");
  }

  private static int openOtherRooms() {
    return (int) server.media.rooms.stream().filter(room -> !room.closed).count();
  }

  @Test
  void shouldRefuseWhatIsNoOffer() {
    String path = "/whip/room";
    assertEquals(
        415,
        call(server, HttpMethod.POST, path, Map.of("Content-Type", "text/plain"), "v=0").status());
    assertEquals(415, call(server, HttpMethod.POST, path, Map.of(), "v=0").status());
    Answer big = post(path, "v=0" + "a".repeat(500 << 10));
    assertEquals(413, big.status());
    assertTrue(big.body().contains("message_too_big"));
    assertEquals(400, post("/whip/not%20a%20room", PUBLISH).status());
    Answer wrong = get(path);
    assertEquals(405, wrong.status());
    assertEquals("POST, OPTIONS", wrong.header("Allow"));
  }

  @Test
  void shouldAnswerPreflights() {
    Map<String, String> from = Map.of("Origin", "https://allowed.example");
    for (String path : List.of("/whip/r", "/whep/r", "/whep/r/pa_1")) {
      Answer answer = call(server, HttpMethod.OPTIONS, path, from, "");
      assertEquals(204, answer.status());
      assertEquals(SDP, answer.header("Accept-Post"));
      assertEquals(path.endsWith("pa_1"), answer.headers().contains("Accept-Patch"));
      assertEquals("https://allowed.example", answer.header("Access-Control-Allow-Origin"));
      assertTrue(answer.header("Access-Control-Allow-Headers").contains("authorization"));
    }
    Answer stranger =
        call(server, HttpMethod.OPTIONS, "/whip/r", Map.of("Origin", "https://evil.example"), "");
    assertFalse(stranger.headers().contains("Access-Control-Allow-Origin"));
  }

  @Test
  void shouldReplaceThePublisherWhoPublishesAgainButNotForAViewer() {
    String token = bearer("gus");
    Answer first = authorized(HttpMethod.POST, "/whip/again", token);
    FakeMediaServer.FakeSession media = secured.media.lastRoom().lastSession();
    Answer viewer = authorized(HttpMethod.POST, "/whep/again", token);
    assertEquals(201, viewer.status());
    assertFalse(media.closed);
    Answer second = authorized(HttpMethod.POST, "/whip/again", token);
    assertEquals(201, second.status());
    assertTrue(media.closed);
    for (Answer each : List.of(first, second, viewer)) {
      assertEquals(200, authorized(HttpMethod.DELETE, each.header("Location"), token).status());
    }
  }

  @Test
  void shouldAskForTokens() {
    Answer none = call(secured, HttpMethod.POST, "/whip/r", Map.of("Content-Type", SDP), PUBLISH);
    assertEquals(401, none.status());
    assertEquals("Bearer", none.header("WWW-Authenticate"));
    String old = bearer(Optional.empty(), Duration.ofHours(1));
    Answer expired = authorized(HttpMethod.POST, "/whip/r", old);
    assertEquals(401, expired.status());
    assertTrue(expired.body().contains("token_expired"));
    String other = bearer(Optional.of("other"), Duration.ZERO);
    assertEquals(403, authorized(HttpMethod.POST, "/whip/r", other).status());
    String good = bearer(Optional.of("r"), Duration.ZERO);
    Answer created = authorized(HttpMethod.POST, "/whip/r", good);
    assertEquals(201, created.status());
    String path = created.header("Location");
    assertEquals(401, call(secured, HttpMethod.DELETE, path, Map.of(), "").status());
    String anywhere = bearer(Optional.empty(), Duration.ZERO);
    authorized(HttpMethod.POST, "/whip/r-2", anywhere);
    authorized(HttpMethod.POST, "/whip/r-3", anywhere);
    Answer many = authorized(HttpMethod.POST, "/whip/r-4", anywhere);
    assertEquals(503, many.status());
    assertTrue(many.body().contains("too_many_connections"));
    assertEquals(200, authorized(HttpMethod.DELETE, path, good).status());
    assertEquals(200, authorized(HttpMethod.DELETE, path, good).status());
    assertEquals(403, authorized(HttpMethod.DELETE, path, bearer("eve")).status());
    assertEquals(401, call(secured, HttpMethod.GET, "/v1/iceServers", Map.of(), "").status());
    assertTrue(authorized(HttpMethod.GET, "/v1/iceServers", good).body().contains("turn.example"));
  }

  private static Answer authorized(HttpMethod method, String path, String bearer) {
    return call(
        secured,
        method,
        path,
        Map.of("Content-Type", SDP, "Authorization", bearer),
        method.equals(HttpMethod.POST) ? PUBLISH : "");
  }

  @Test
  void shouldServePages() {
    Answer index = get("/");
    assertEquals(200, index.status());
    assertEquals("text/html; charset=utf-8", index.header("Content-Type"));
    assertEquals("no-cache", index.header("Cache-Control"));
    assertTrue(index.header("Content-Security-Policy").contains("default-src 'self'"));
    assertEquals("nosniff", index.header("X-Content-Type-Options"));
    assertEquals("no-referrer", index.header("Referrer-Policy"));
    assertTrue(get("/probe").body().contains("probe page"));
    Answer asset = get("/assets/probe-1a2B3c4D.js");
    assertTrue(asset.header("Cache-Control").contains("immutable"));
    assertTrue(asset.header("Content-Type").startsWith("text/javascript"));
    assertEquals(
        304,
        call(
                server,
                HttpMethod.GET,
                "/probe",
                Map.of("If-None-Match", get("/probe").header("ETag")),
                "")
            .status());
    assertEquals("ok\n", get("/healthz").body());
    for (String path :
        List.of("/nothing", "/../pom.xml", "/%2e%2e/logback-test.xml", "/v1/nothing")) {
      assertEquals(404, get(path).status(), path);
    }
    assertEquals(405, call(server, HttpMethod.POST, "/", Map.of(), "x").status());
    assertEquals(
        426,
        call(server, HttpMethod.GET, "/v1/signal", Map.of("Sec-WebSocket-Protocol", "sfu.v1"), "")
            .status());
  }
}
