package dev.parley.signaling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.parley.signaling.rules.QueueSettings;
import dev.parley.signaling.rules.RoomSettings;
import dev.parley.signaling.rules.TimerSettings;
import dev.parley.signaling.token.Grants;
import dev.parley.signaling.token.TokenMinter;
import dev.parley.signaling.token.TokenVerdict;
import dev.parley.signaling.wire.Role;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What moderators do to people, to the room, to the queue and to the timer. */
final class ModerationTest {
  private static final String MICROPHONE =
      ",\"sdp\":"
          + TextNode.valueOf(FakeMediaServer.offer("audio:0:sendonly", "video:1:sendonly"))
          + ",\"tracks\":[{\"mid\":\"0\",\"source\":\"microphone\"}]";

  private static final RoomSettings APPROVAL =
      new RoomSettings(
          Optional.empty(),
          new QueueSettings(
              10, true, true, QueueSettings.Mode.APPROVAL, 50, 20, true, true, 30, 60, true, ""),
          new TimerSettings(
              600,
              TimerSettings.StartOn.MANUAL,
              OptionalLong.empty(),
              List.of(60),
              TimerSettings.OnEnd.END,
              0,
              List.of(60),
              3600,
              false),
          0);

  private TestServer server;

  @BeforeEach
  void start() {
    server = new TestServer(TestServer.secured());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private void restart(RoomSettings settings) {
    server.close();
    server = new TestServer(TestServer.with(TestServer.secured(), settings));
  }

  private TestClient as(String identity, Role role) {
    long nowSec = System.currentTimeMillis() / 1000;
    TokenVerdict.Granted who =
        new TokenVerdict.Granted(
            identity,
            Optional.of(identity),
            Map.of(),
            List.of(),
            Grants.of(role),
            Optional.empty());
    String token =
        new TokenMinter(server.vertx, TestServer.TOKENS).mint(who, Duration.ofHours(1), nowSec);
    TestClient client = server.connect();
    client.ok("hello", "{\"versions\":[1],\"token\":\"" + token + "\"}");
    return client;
  }

  private static String id(JsonNode joined) {
    return joined.at("/self/id").asText();
  }

  @Test
  void shouldMuteOneAndNotUnmute() {
    TestClient host = as("hanna", Role.HOST);
    TestClient guest = as("gerd", Role.PARTICIPANT);
    host.join("r", "");
    String guestId = id(guest.join("r", MICROPHONE));
    host.event("participant.joined");
    int id = host.send("mod.mute", "{\"participantId\":\"" + guestId + "\"}");
    JsonNode muted = host.event("track.muted");
    assertEquals(guestId, muted.path("participantId").asText());
    assertTrue(muted.path("muted").asBoolean());
    assertEquals(id, host.next().path("id").asInt());
    assertEquals(muted, guest.event("track.muted"));
    FakeMediaServer.FakeSession media = server.media.lastRoom().lastSession();
    assertEquals(List.of(muted.path("trackId").asText() + "=true"), media.muted);
    guest.ok("track.update", "{\"mid\":\"0\",\"muted\":false}");
    assertFalse(host.event("track.muted").path("muted").asBoolean());
  }

  @Test
  void shouldMuteEverybodyButModerators() {
    TestClient host = as("hanna", Role.HOST);
    TestClient guest = as("gerd", Role.PARTICIPANT);
    host.join("r", MICROPHONE);
    String guestId = id(guest.join("r", MICROPHONE));
    host.event("participant.joined");
    host.send("mod.muteAll", "{\"source\":\"microphone\"}");
    assertEquals(guestId, host.event("track.muted").path("participantId").asText());
    assertEquals("ok", host.next().path("type").asText());
    assertTrue(host.isQuiet());
  }

  @Test
  void shouldKickAndKeepOut() {
    TestClient host = as("hanna", Role.HOST);
    TestClient guest = as("gerd", Role.PARTICIPANT);
    host.join("r", "");
    String guestId = id(guest.join("r", ""));
    host.event("participant.joined");
    host.send(
        "mod.kick",
        "{\"participantId\":\"" + guestId + "\",\"banSec\":60,\"reason\":\"Be kind!\"}");
    assertEquals("kicked", host.event("participant.left").path("reason").asText());
    assertEquals("ok", host.next().path("type").asText());
    assertEquals(4012, guest.closeCode());
    JsonNode error = as("gerd", Role.PARTICIPANT).request("join", "{\"room\":\"r\"}").path("error");
    assertEquals("banned", error.path("code").asText());
    assertTrue(error.path("retryAfterMs").asInt() > 50_000);
    assertEquals("joined", as("other", Role.PARTICIPANT).join("r", "").path("status").asText());
  }

  @Test
  void shouldRememberABanWhenTheRoomIsEmpty() {
    TestClient host = as("hanna", Role.HOST);
    TestClient guest = as("gerd", Role.PARTICIPANT);
    host.join("r", "");
    String guestId = id(guest.join("r", ""));
    host.event("participant.joined");
    host.send("mod.kick", "{\"participantId\":\"" + guestId + "\",\"banSec\":60}");
    host.event("participant.left");
    host.next();
    host.ok("bye", "{}");
    assertEquals("banned", as("gerd", Role.PARTICIPANT).errorCode("join", "{\"room\":\"r\"}"));
  }

  @Test
  void shouldLockTheRoomForAllButModerators() {
    TestClient host = as("hanna", Role.HOST);
    host.join("r", "");
    host.send("mod.lock", "{\"locked\":true}");
    assertTrue(host.event("room.updated").path("locked").asBoolean());
    host.next();
    assertEquals("room_locked", as("gerd", Role.PARTICIPANT).errorCode("join", "{\"room\":\"r\"}"));
    assertTrue(as("mona", Role.MODERATOR).join("r", "").at("/room/locked").asBoolean());
    host.event("participant.joined");
    host.send("mod.lock", "{\"locked\":false}");
    host.event("room.updated");
    host.next();
    assertEquals("joined", as("gerd", Role.PARTICIPANT).join("r", "").path("status").asText());
  }

  @Test
  void shouldEndTheRoomForEverybody() {
    TestClient host = as("hanna", Role.HOST);
    TestClient guest = as("gerd", Role.PARTICIPANT);
    host.join("r", "");
    guest.join("r", "");
    host.send("mod.end", "{\"reason\":\"Good night\"}");
    assertEquals(4013, guest.closeCode());
    assertEquals(4013, host.closeCode());
    assertEquals("joined", as("gerd", Role.PARTICIPANT).join("r", "").path("status").asText());
  }

  @Test
  void shouldTakeTheRightToPublishFromAViewer() {
    TestClient host = as("hanna", Role.HOST);
    TestClient guest = as("gerd", Role.PARTICIPANT);
    host.join("r", "");
    String guestId = id(guest.join("r", MICROPHONE));
    host.event("participant.joined");
    host.send("mod.role", "{\"participantId\":\"" + guestId + "\",\"role\":\"viewer\"}");
    assertEquals("forbidden", host.event("track.unpublished").path("reason").asText());
    assertEquals("viewer", host.event("participant.updated").at("/participant/role").asText());
    guest.event("track.unpublished");
    guest.event("participant.updated");
    assertEquals(
        "forbidden",
        guest.errorCode(
            "track.update", "{\"mid\":\"0\",\"active\":true,\"source\":\"microphone\"}"));
    host.next();
    host.send("mod.role", "{\"participantId\":\"" + guestId + "\",\"role\":\"moderator\"}");
    guest.event("participant.updated");
    host.event("participant.updated");
    host.next();
    guest.send("mod.lock", "{\"locked\":true}");
    assertTrue(guest.event("room.updated").path("locked").asBoolean());
  }

  @Test
  void shouldNotLetModeratorsTouchHosts() {
    TestClient host = as("hanna", Role.HOST);
    TestClient moderator = as("mona", Role.MODERATOR);
    String hostId = id(host.join("r", ""));
    moderator.join("r", "");
    String target = "{\"participantId\":\"" + hostId + "\"";
    assertEquals("forbidden", moderator.errorCode("mod.kick", target + "}"));
    assertEquals("forbidden", moderator.errorCode("mod.role", target + ",\"role\":\"viewer\"}"));
    host.event("participant.joined");
    assertTrue(host.isQuiet());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mod.mute | {\"participantId\":\"pa_x\"}",
        "mod.muteAll | {}",
        "mod.kick | {\"participantId\":\"pa_x\"}",
        "mod.lock | {\"locked\":true}",
        "mod.role | {\"participantId\":\"pa_x\",\"role\":\"host\"}",
        "mod.end | {}",
        "mod.admit | {\"all\":true}",
        "mod.deny | {\"ticketId\":\"qt_x\"}",
        "mod.hold | {\"ticketId\":\"qt_x\",\"held\":true}",
        "mod.priority | {\"ticketId\":\"qt_x\",\"priority\":1}",
        "mod.toQueue | {\"participantId\":\"pa_x\"}",
        "timer.set | {\"durationSec\":60}",
        "timer.start | {}",
        "timer.pause | {\"paused\":true}",
        "timer.extend | {\"sec\":60}",
      })
  void shouldObeyModeratorsOnly(String type, String data) {
    TestClient host = as("hanna", Role.HOST);
    TestClient guest = as("gerd", Role.PARTICIPANT);
    host.join("r", "");
    guest.join("r", "");
    host.event("participant.joined");
    assertEquals("forbidden", guest.errorCode(type, data));
    assertTrue(host.isQuiet());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mod.mute | {} | participantId",
        "mod.mute | {\"participantId\":\"pa_x\",\"source\":\"nose\"} | source",
        "mod.kick | {\"participantId\":7} | participantId",
        "mod.kick | {\"participantId\":\"pa_x\",\"banSec\":-1} | banSec",
        "mod.lock | {} | locked",
        "mod.lock | {\"locked\":\"yes\"} | locked",
        "mod.role | {\"participantId\":\"pa_x\",\"role\":\"king\"} | role",
        "mod.admit | {} | ticketId",
        "mod.admit | {\"next\":true,\"all\":true} | ticketId",
        "mod.admit | {\"count\":0} | count",
        "mod.deny | {\"ticketId\":\"x\"} | ticketId",
        "mod.hold | {\"ticketId\":\"qt_x\"} | held",
        "mod.priority | {\"ticketId\":\"qt_x\",\"priority\":10} | priority",
        "timer.set | {\"durationSec\":0} | durationSec",
        "timer.pause | {} | paused",
        "timer.extend | {\"sec\":\"60\"} | sec",
      })
  void shouldNameTheFieldThatIsWrong(String type, String data, String field) {
    TestClient host = as("hanna", Role.HOST);
    host.join("r", "");
    JsonNode error = host.request(type, data).path("error");
    assertEquals("bad_request", error.path("code").asText());
    assertEquals(field, error.at("/details/field").asText());
    assertTrue(host.isQuiet());
  }

  @Test
  void shouldAdmitHoldAndDeny() {
    restart(APPROVAL);
    TestClient early = as("early", Role.PARTICIPANT);
    JsonNode first = early.join("r", "");
    assertEquals("queued", first.path("status").asText());
    assertTrue(first.path("paused").asBoolean());
    TestClient late = as("late", Role.PARTICIPANT);
    late.join("r", "");
    TestClient host = as("hanna", Role.HOST);
    host.join("r", "");
    JsonNode list = host.event("queue.list");
    assertEquals("early", list.at("/tickets/0/displayName").asText());
    assertEquals(2, list.path("tickets").size());
    assertFalse(early.event("queue.update").path("paused").asBoolean(true));
    late.event("queue.update");
    String ticket = list.at("/tickets/0/ticketId").asText();
    host.send("mod.hold", "{\"ticketId\":\"" + ticket + "\",\"held\":true}");
    host.send("mod.admit", "{\"next\":true}");
    String token = late.event("queue.admitted").path("admitToken").asText();
    assertEquals(
        "joined", late.join("r", ",\"admitToken\":\"" + token + "\"").path("status").asText());
    host.send("mod.deny", "{\"ticketId\":\"" + ticket + "\",\"text\":\"Sorry\"}");
    while (true) {
      JsonNode event = early.next();
      if (event.path("type").asText().equals("queue.denied")) {
        assertEquals("Sorry", event.at("/data/text").asText());
        break;
      }
    }
    assertEquals(4015, early.closeCode());
  }

  @Test
  void shouldSendAGuestBackToTheQueue() {
    restart(APPROVAL);
    TestClient host = as("hanna", Role.HOST);
    host.join("r", "");
    TestClient guest = as("gerd", Role.PARTICIPANT);
    guest.join("r", "");
    String ticket = host.event("queue.list").at("/tickets/0/ticketId").asText();
    host.send("mod.admit", "{\"ticketId\":\"" + ticket + "\"}");
    String token = guest.event("queue.admitted").path("admitToken").asText();
    String guestId = id(guest.join("r", ",\"admitToken\":\"" + token + "\""));
    host.send("mod.toQueue", "{\"participantId\":\"" + guestId + "\",\"head\":true}");
    JsonNode update = guest.event("queue.update");
    assertEquals("waiting", update.at("/ticket/state").asText());
    assertEquals("not_in_room", guest.errorCode("chat.send", "{\"text\":\"hello?\"}"));
    // Not by all or next: the moderator has to name the one who was sent out.
    host.send("mod.admit", "{\"ticketId\":\"" + update.at("/ticket/ticketId").asText() + "\"}");
    String again = guest.event("queue.admitted").path("admitToken").asText();
    assertEquals(
        "joined", guest.join("r", ",\"admitToken\":\"" + again + "\"").path("status").asText());
  }

  @Test
  void shouldKeepTheRoomForOneWhoWentBackToTheQueueAlone() {
    restart(APPROVAL);
    TestClient host = as("hanna", Role.HOST);
    String hostId = id(host.join("r", ""));
    host.send("mod.toQueue", "{\"participantId\":\"" + hostId + "\",\"head\":true}");
    String ticket = host.event("queue.update").at("/ticket/ticketId").asText();
    assertEquals(1, server.signaling.openRooms());
    TestClient other = as("otto", Role.HOST);
    other.join("r", "");
    assertEquals(ticket, other.event("queue.list").at("/tickets/0/ticketId").asText());
  }

  @Test
  void shouldEndTheConnectionWhoseTicketAnotherOneTakesOver() {
    restart(APPROVAL);
    TestClient first = as("gerd", Role.PARTICIPANT);
    JsonNode ticket = first.join("r", "").at("/ticket/ticketId");
    TestClient second = as("gerd", Role.PARTICIPANT);
    assertEquals(ticket, second.join("r", "").at("/ticket/ticketId"));
    assertEquals(4011, first.closeCode());
    TestClient host = as("hanna", Role.HOST);
    host.join("r", "");
    assertFalse(second.event("queue.update").path("paused").asBoolean(true));
    host.send("mod.admit", "{\"ticketId\":" + ticket + "}");
    second.event("queue.admitted");
  }

  @Test
  void shouldSteerTheTimer() {
    restart(APPROVAL);
    TestClient host = as("hanna", Role.HOST);
    JsonNode joined = host.join("r", "");
    assertEquals("idle", joined.at("/timer/state").asText());
    assertEquals(600_000, joined.at("/timer/remainingMs").asInt());
    host.send("timer.start", "{}");
    assertEquals("running", host.event("timer.state").path("state").asText());
    assertEquals("ok", host.next().path("type").asText());
    host.send("timer.extend", "{\"sec\":60}");
    assertEquals(60, host.event("timer.state").path("extendedSec").asInt());
    assertEquals("ok", host.next().path("type").asText());
    assertEquals("bad_request", host.errorCode("timer.extend", "{\"sec\":61}"));
    assertEquals("timer_conflict", host.errorCode("timer.start", "{}"));
    host.send("timer.pause", "{\"paused\":true}");
    assertEquals("paused", host.event("timer.state").path("state").asText());
    TestClient moderator = as("mona", Role.MODERATOR);
    assertEquals("paused", moderator.join("r", "").at("/timer/state").asText());
  }

  @Test
  void shouldPassOnAWishForMoreTime() {
    restart(APPROVAL);
    TestClient host = as("hanna", Role.HOST);
    host.join("r", "");
    TestClient guest = as("gerd", Role.MODERATOR);
    String guestId = id(guest.join("r", ""));
    host.event("participant.joined");
    assertEquals("timer_conflict", guest.errorCode("timer.ask", "{\"sec\":60}"));
    host.send("timer.start", "{}");
    host.event("timer.state");
    host.next();
    assertEquals("running", guest.event("timer.state").path("state").asText());
    guest.send("timer.ask", "{\"sec\":60,\"text\":\"nearly done\"}");
    JsonNode asked = host.event("timer.asked");
    assertEquals(guestId, asked.path("participantId").asText());
    assertEquals(60, asked.path("sec").asInt());
    assertEquals("nearly done", asked.path("text").asText());
    guest.event("timer.asked");
    guest.next();
    JsonNode again = guest.request("timer.ask", "{\"sec\":60}").path("error");
    assertEquals("rate_limited", again.path("code").asText());
    assertTrue(again.path("retryAfterMs").asInt() > 0);
    assertEquals("bad_request", guest.errorCode("timer.ask", "{\"sec\":0}"));
    assertTrue(host.isQuiet());
  }

  @Test
  void shouldEndTheRoomWhenTheTimeIsUp() {
    restart(
        new RoomSettings(
            Optional.empty(),
            QueueSettings.NONE,
            new TimerSettings(
                2,
                TimerSettings.StartOn.TWO_JOINED,
                OptionalLong.empty(),
                List.of(1),
                TimerSettings.OnEnd.END,
                0,
                List.of(),
                3600,
                false),
            0));
    TestClient anna = as("anna", Role.PARTICIPANT);
    anna.join("r", "");
    TestClient ben = as("ben", Role.PARTICIPANT);
    assertEquals("running", ben.join("r", "").at("/timer/state").asText());
    anna.event("participant.joined");
    assertEquals("running", anna.event("timer.state").path("state").asText());
    assertEquals(1, anna.event("timer.warning").path("remainingSec").asInt());
    assertEquals("ended", anna.event("timer.state").path("state").asText());
    assertEquals("end", anna.event("timer.ended").path("action").asText());
    assertEquals(4014, anna.closeCode());
    assertEquals(4014, ben.closeCode());
    assertEquals(0, server.signaling.openRooms());
  }
}
