package dev.parley.signaling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.core.api.TrackSource;
import dev.parley.signaling.token.Grants;
import dev.parley.signaling.token.TokenMinter;
import dev.parley.signaling.token.TokenVerdict;
import dev.parley.signaling.wire.Role;
import dev.parley.signaling.wire.WireJson;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the grants of a token allow, over WebSocket, WHIP and WHEP. */
final class GrantsOnTheWireTest {
  private static final Grants MICROPHONE_ONLY =
      grants(Role.PARTICIPANT, Set.of(TrackSource.MICROPHONE), true);
  private static final Grants DEAF = grants(Role.PARTICIPANT, Grants.DEFAULT.publish(), false);

  private static TestServer server;
  private static HttpClient http;

  @BeforeAll
  static void start() {
    server = new TestServer(TestServer.secured());
    http = server.vertx.createHttpClient();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Grants grants(Role role, Set<TrackSource> publish, boolean subscribe) {
    return new Grants(publish, subscribe, true, true, false, role, false, 0, OptionalInt.empty());
  }

  private static String token(String identity, Grants grants) {
    return new TokenMinter(server.vertx, TestServer.TOKENS)
        .mint(
            new TokenVerdict.Granted(
                identity,
                Optional.empty(),
                Map.of("team", "red"),
                List.of(),
                grants,
                Optional.empty()),
            Duration.ofMinutes(1),
            System.currentTimeMillis() / 1000);
  }

  private static JsonNode hello(TestClient client, String identity, Grants grants) {
    return client.ok("hello", "{\"versions\":[1],\"token\":\"" + token(identity, grants) + "\"}");
  }

  private static String join(String room, String sdp, String... tracks) {
    return "{\"room\":\"%s\",\"sdp\":%s,\"tracks\":[%s]}"
        .formatted(
            room,
            WireJson.write(WireJson.MAPPER.getNodeFactory().textNode(sdp)),
            String.join(",", tracks));
  }

  private static String track(String mid, TrackSource source) {
    return "{\"mid\":\"%s\",\"source\":\"%s\"}".formatted(mid, source.wireName());
  }

  private static String update(String mid, TrackSource source, boolean active) {
    return "{\"mid\":\"%s\",\"source\":\"%s\",\"active\":%s}"
        .formatted(mid, source.wireName(), active);
  }

  private static int post(String path, String identity, Grants grants, String sdp) {
    return TestClient.get(
        http.request(HttpMethod.POST, server.port(), "127.0.0.1", path)
            .compose(request ->
                request
                    .putHeader("Content-Type", "application/sdp")
                    .putHeader("Authorization", "Bearer " + token(identity, grants))
                    .send(sdp))
            .map(response -> response.statusCode())
            .toCompletionStage());
  }

  @Test
  void shouldPublishOnlyWhatIsGranted() {
    TestClient anna = server.connect();
    hello(anna, "anna", MICROPHONE_ONLY);
    String sdp = FakeMediaServer.offer("audio:0:sendonly", "video:1:sendonly", "audio:2:recvonly");
    assertEquals(
        "forbidden",
        anna.errorCode(
            "join",
            join(
                "stage", sdp, track("0", TrackSource.MICROPHONE), track("1", TrackSource.CAMERA))));
    JsonNode joined = anna.ok("join", join("stage", sdp, track("0", TrackSource.MICROPHONE)));
    assertEquals(1, joined.path("slots").size());
    List<String> permissions = new ArrayList<>();
    joined.path("self").path("permissions").forEach(name -> permissions.add(name.asText()));
    assertEquals(
        List.of("publish", "publish.microphone", "subscribe", "chat", "data"), permissions);
    FakeMediaServer.FakeSession media = server.media.lastRoom().lastSession();
    assertEquals(
        "forbidden", anna.errorCode("track.update", update("1", TrackSource.CAMERA, true)));
    assertEquals(
        "forbidden", anna.errorCode("track.update", update("0", TrackSource.SCREEN_AUDIO, true)));
    assertTrue(media.published.isEmpty());
    anna.ok("track.update", update("1", TrackSource.CAMERA, false));
    anna.ok("track.update", "{\"mid\":\"0\",\"muted\":true}");
    assertEquals(1, media.muted.size());
    anna.ok("bye", "{}");
  }

  @Test
  void shouldGiveNoSlotsToWhoMayNotSubscribe() {
    TestClient dora = server.connect();
    JsonNode limits = hello(dora, "dora", DEAF).path("limits");
    assertEquals(0, limits.path("audioSlots").path("most").asInt(-1));
    assertEquals(0, limits.path("videoSlots").path("initial").asInt(-1));
    String sends = FakeMediaServer.offer("audio:0:sendonly");
    String slot = FakeMediaServer.offer("audio:0:sendonly", "video:1:recvonly");
    int rooms = server.media.rooms.size();
    assertEquals("forbidden", dora.errorCode("join", join("deaf", slot)));
    assertEquals(rooms, server.media.rooms.size());
    assertEquals(0, dora.ok("join", join("deaf", sends)).path("slots").size());
    assertEquals(
        "forbidden",
        dora.errorCode(
            "negotiate",
            "{\"gen\":1,\"sdp\":"
                + WireJson.write(WireJson.MAPPER.getNodeFactory().textNode(slot))
                + "}"));
    dora.ok(
        "negotiate",
        "{\"gen\":1,\"sdp\":"
            + WireJson.write(WireJson.MAPPER.getNodeFactory().textNode(sends))
            + "}");
    dora.ok("bye", "{}");
  }

  @Test
  void shouldShowTheRoleAndTheAttributesOfTheToken() {
    TestClient anna = server.connect();
    hello(anna, "anna", Grants.DEFAULT);
    anna.join("roles", "");
    for (Role role : Role.values()) {
      TestClient other = server.connect();
      hello(other, "other-" + role, Grants.of(role));
      JsonNode self =
          other.join("roles", ",\"attributes\":{\"team\":\"blue\",\"hat\":\"no\"}").path("self");
      assertEquals(role.wireName(), self.path("role").asText());
      JsonNode seen = anna.event("participant.joined").path("participant");
      assertEquals(role.wireName(), seen.path("role").asText());
      assertEquals("{\"hat\":\"no\",\"team\":\"red\"}", sorted(seen.path("attributes")));
      other.ok("bye", "{}");
      anna.event("participant.left");
    }
    anna.ok("bye", "{}");
  }

  private static String sorted(JsonNode attributes) {
    return "{\"hat\":\"%s\",\"team\":\"%s\"}"
        .formatted(attributes.path("hat").asText(), attributes.path("team").asText());
  }

  @Test
  void shouldHoldOverHttpToo() {
    String both = FakeMediaServer.offer("audio:0:sendonly", "video:1:sendonly");
    String sound = FakeMediaServer.offer("audio:0:sendonly");
    String watch = FakeMediaServer.offer("audio:0:recvonly");
    Grants viewer = Grants.of(Role.VIEWER);
    assertEquals(403, post("/whip/http", "w1", MICROPHONE_ONLY, both));
    assertEquals(201, post("/whip/http", "w2", MICROPHONE_ONLY, sound));
    assertEquals(403, post("/whip/http", "w3", viewer, sound));
    assertEquals(201, post("/whip/http", "w4", DEAF, sound));
    assertEquals(
        403, post("/whip/http", "w5", DEAF, sound + "m=audio 9 X 0\r\na=mid:9\r\na=recvonly\r\n"));
    assertEquals(201, post("/whep/http", "w6", viewer, watch));
    assertEquals(403, post("/whep/http", "w7", DEAF, watch));
  }
}
