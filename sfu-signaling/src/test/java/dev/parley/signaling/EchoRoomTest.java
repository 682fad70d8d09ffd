package dev.parley.signaling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.signaling.config.RoomConfig;
import dev.parley.signaling.rules.EchoRooms;
import dev.parley.signaling.rules.InvalidSetting;
import dev.parley.signaling.rules.RoomSettings;
import dev.parley.signaling.store.RoomSettingsJson;
import dev.parley.signaling.token.Grants;
import dev.parley.signaling.token.TokenMinter;
import dev.parley.signaling.token.TokenVerdict;
import dev.parley.signaling.wire.Role;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Rooms in which connections are checked. */
final class EchoRoomTest {
  private static final int LAST_SEC = 5;
  private static final EchoRooms TWO = new EchoRooms(2, LAST_SEC);

  private final TestServer server =
      new TestServer(
          TestServer.with(
              TestServer.secured(),
              new RoomConfig(
                  RoomSettings.preset("consultation"), Map.of(), Optional.empty(), TWO)));

  @AfterEach
  void stop() {
    server.close();
  }

  /** Somebody whose token opens one ordinary room. */
  private TestClient guest(String identity) {
    return guest(identity, Role.PARTICIPANT);
  }

  private TestClient guest(String identity, Role role) {
    TokenVerdict.Granted who =
        new TokenVerdict.Granted(
            identity,
            Optional.of(identity),
            Map.of(),
            List.of("consultation"),
            Grants.of(role),
            Optional.empty());
    long nowSec = System.currentTimeMillis() / 1000;
    String token =
        new TokenMinter(server.vertx, TestServer.TOKENS).mint(who, Duration.ofHours(1), nowSec);
    TestClient client = server.connect();
    client.ok("hello", "{\"versions\":[1],\"token\":\"" + token + "\"}");
    return client;
  }

  @Test
  void shouldOpenWithAnyTokenAndEchoForAFixedTime() {
    TestClient ann = guest("ann");
    assertEquals("joined", ann.join("echo-1", "").path("status").asText());
    JsonNode timer = ann.event("timer.state");
    assertEquals("running", timer.path("state").asText());
    int remainingMs = timer.path("remainingMs").asInt();
    assertTrue(remainingMs > 0 && remainingMs <= LAST_SEC * 1000, timer::toString);
    assertTrue(server.media.lastRoom().echo);
    assertEquals("forbidden", guest("ben").errorCode("join", "{\"room\":\"other\"}"));
  }

  /** Nobody keeps one of the few rooms for ever, nor sits out its time. */
  @Test
  void shouldEndForModeratorsToo() {
    TestClient ann = guest("ann", Role.MODERATOR);
    ann.join("echo-1", "");
    ann.event("timer.state");
    for (String request :
        List.of(
            "timer.pause {'paused':true}",
            "timer.extend {'sec':60}",
            "timer.set {'durationSec':600}")) {
      String[] parts = request.split(" ", 2);
      assertEquals("forbidden", ann.errorCode(parts[0], parts[1].replace('\'', '"')), request);
    }
    assertEquals("ended", ann.event("timer.state").path("state").asText());
    assertEquals("end", ann.event("timer.ended").path("action").asText());
  }

  @Test
  void shouldSeatOnePersonEach() {
    guest("ann").join("echo-1", "");
    assertEquals("room_full", guest("ben").errorCode("join", "{\"room\":\"echo-1\"}"));
  }

  @Test
  void shouldLimitHowManyAreOpen() {
    TestClient ann = guest("ann");
    ann.join("echo-1", "");
    guest("ben").join("echo-2", "");
    TestClient cleo = guest("cleo");
    assertEquals("server_full", cleo.errorCode("join", "{\"room\":\"echo-3\"}"));
    ann.event("timer.state");
    ann.ok("leave", "{}");
    assertEquals("joined", cleo.join("echo-3", "").path("status").asText());
  }

  @Test
  void shouldLeaveOrdinaryRoomsAlone() {
    guest("ann").join("consultation", "");
    assertFalse(server.media.lastRoom().echo);
    assertEquals(RoomSettings.OPEN, RoomConfig.OPEN.of("an-echo-"));
  }

  @Test
  void shouldRefuseSettingsOfItsOwnForAReservedName() {
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> RoomSettingsJson.document("{\"rooms\":{\"echo-a\":{\"maxParticipants\":2}}}"));
    assertTrue(String.valueOf(refused.getMessage()).startsWith("rooms.echo-a:"));
    assertThrows(InvalidSetting.class, () -> new EchoRooms(0, 30));
    assertThrows(InvalidSetting.class, () -> new EchoRooms(1, 4));
  }
}
