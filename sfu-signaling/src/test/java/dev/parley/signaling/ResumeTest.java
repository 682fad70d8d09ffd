package dev.parley.signaling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.parley.signaling.config.OnDuplicate;
import dev.parley.signaling.config.SessionConfig;
import dev.parley.signaling.config.SignalingConfig;
import dev.parley.signaling.observe.ResumeFailure;
import dev.parley.signaling.token.TokenMinter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A client that loses its socket and comes back, over real WebSockets. */
final class ResumeTest {
  private static final String OFFER =
      new TextNode(
              FakeMediaServer.offer("audio:0:sendonly", "video:1:sendonly", "audio:2:recvonly"))
          .toString();
  private static final String WITH_MICROPHONE =
      ",\"sdp\":" + OFFER + ",\"tracks\":[{\"mid\":\"0\",\"source\":\"microphone\"}]";

  private TestServer server = new TestServer(TestServer.development());
  private int helloId;

  @AfterEach
  void stop() {
    server.close();
  }

  private void restart(SignalingConfig config) {
    server.close();
    server = new TestServer(config);
  }

  private void restart(SessionConfig sessions) {
    restart(TestServer.with(TestServer.development(), sessions));
  }

  private static SessionConfig replay(int events, int chars) {
    SessionConfig d = SessionConfig.DEFAULT;
    return new SessionConfig(
        d.resumeGrace(),
        events,
        chars,
        d.rememberedReplies(),
        OnDuplicate.REPLACE,
        d.socketsPerAddress(),
        Optional.empty());
  }

  /** What a client keeps of its session. */
  private record Kept(TestClient client, String sessionId, String resumeToken) {
    static Kept of(TestClient client, JsonNode hello) {
      return new Kept(client, hello.path("sessionId").asText(), hello.path("resumeToken").asText());
    }

    String hello(long lastSeq) {
      return hello(lastSeq, Optional.empty());
    }

    String hello(long lastSeq, Optional<String> token) {
      return "{\"versions\":[1],"
          + token.map(text -> "\"token\":\"" + text + "\",").orElse("")
          + "\"resume\":{\"sessionId\":\"%s\",\"resumeToken\":\"%s\",\"lastSeq\":%d}}"
              .formatted(sessionId, resumeToken, lastSeq);
    }
  }

  private Kept enter(String room, String more) {
    TestClient client = server.connect();
    Kept kept = Kept.of(client, client.ok("hello", "{\"versions\":[1]}"));
    client.join(room, more);
    return kept;
  }

  /** A new socket whose request ids go on after those of the old one. */
  private Kept resume(Kept before, long lastSeq) {
    helloId += 1000;
    TestClient client = server.connect().startAt(helloId);
    JsonNode hello = client.ok("hello", before.hello(lastSeq));
    assertTrue(hello.path("resumed").asBoolean());
    assertEquals(before.sessionId(), hello.path("sessionId").asText());
    assertNotEquals(before.resumeToken(), hello.path("resumeToken").asText());
    return Kept.of(client, hello);
  }

  private void lose(Kept kept) {
    long before = server.signaling.counters().sessionsInGrace();
    kept.client().socket().close();
    Await.until("grace", () -> server.signaling.counters().sessionsInGrace() == before + 1);
  }

  private TestClient visit(String room) {
    TestClient guest = server.greeted();
    guest.join(room, "");
    return guest;
  }

  private static void expectEvent(TestClient client, int seq, String type) {
    JsonNode frame = client.next();
    assertEquals(type, frame.path("type").asText(), frame.toString());
    assertEquals(seq, frame.path("seq").asInt(), frame.toString());
  }

  private long failures(ResumeFailure reason) {
    return server.signaling.counters().totals().stream()
        .filter(total ->
            total.id().equals("resume_failures")
                && total.label().orElseThrow().value().equals(reason.wireName()))
        .findFirst()
        .orElseThrow()
        .total();
  }

  private void refused(String hello) {
    TestClient client = server.connect();
    JsonNode refusal = client.request("hello", hello).path("error");
    assertEquals("session_not_found", refusal.path("code").asText());
    assertEquals(
        "there is no such session: say hello without resume", refusal.path("message").asText());
    client.ok("hello", "{\"versions\":[1]}");
  }

  @Test
  void shouldSendEventsOfBeforeDuringAndAfterExactlyOnce() {
    Kept anna = enter("events", WITH_MICROPHONE);
    TestClient ben = visit("events");
    expectEvent(anna.client(), 1, "participant.joined");
    lose(anna);
    TestClient guest = visit("events");
    guest.ok("bye", "{}");
    ben.event("participant.joined");
    ben.event("participant.left");
    Kept again = resume(anna, 1);
    expectEvent(again.client(), 2, "participant.joined");
    expectEvent(again.client(), 3, "participant.left");
    TestClient next = visit("events");
    expectEvent(again.client(), 4, "participant.joined");
    ben.event("participant.joined");
    assertTrue(again.client().isQuiet());
    assertTrue(ben.isQuiet(), "nobody noticed");
    assertFalse(server.media.lastRoom().lastSession().closed);
    // The second time the client has lost everything after event 2.
    again.client().socket().close();
    Kept third = resume(again, 2);
    expectEvent(third.client(), 3, "participant.left");
    expectEvent(third.client(), 4, "participant.joined");
    third.client().ok("track.update", "{\"mid\":\"0\",\"muted\":true}");
    next.event("track.muted");
    assertTrue(third.client().isQuiet());
    assertEquals(0, server.signaling.counters().sessionsInGrace());
  }

  @Test
  void shouldLoseNoEventWhateverTheMomentOfTheLoss() {
    Kept anna = enter("storm", "");
    List<Integer> seen = new ArrayList<>();
    for (int round = 0; round < 20; round++) {
      TestClient guest = visit("storm");
      if (round % 3 == 0) {
        seen.add(anna.client().next().path("seq").asInt());
      }
      anna = resume(anna, seen.size());
      guest.ok("bye", "{}");
      while (seen.size() < 2 * (round + 1)) {
        seen.add(anna.client().next().path("seq").asInt());
      }
    }
    for (int i = 0; i < seen.size(); i++) {
      assertEquals(i + 1, seen.get(i));
    }
    assertTrue(anna.client().isQuiet());
  }

  @Test
  void shouldEndTheSessionWhoseEventsAreLost() {
    for (SessionConfig small : List.of(replay(2, 1 << 20), replay(500, 250))) {
      restart(small);
      Kept anna = enter("full", "");
      TestClient ben = visit("full");
      expectEvent(anna.client(), 1, "participant.joined");
      lose(anna);
      visit("full").ok("bye", "{}");
      visit("full");
      for (String type : List.of("participant.joined", "participant.left", "participant.joined")) {
        ben.event(type);
      }
      refused(anna.hello(1));
      assertEquals(1, failures(ResumeFailure.EVENTS_LOST));
      assertEquals("disconnected", ben.event("participant.left").path("reason").asText());
      refused(anna.hello(4));
      assertEquals(1, failures(ResumeFailure.UNKNOWN_SESSION));
    }
  }

  @Test
  void shouldEndTheSessionWhoseClientClaimsTheFuture() {
    Kept anna = enter("future", "");
    TestClient ben = visit("future");
    refused(anna.hello(2));
    assertEquals(1, failures(ResumeFailure.IMPOSSIBLE_SEQ));
    assertEquals(4010, anna.client().closeCode());
    ben.event("participant.left");
  }

  @Test
  void shouldNotTellWhyATokenIsNotAccepted() {
    restart(TestServer.secured());
    TokenMinter minter = new TokenMinter(server.vertx, TestServer.TOKENS);
    long nowSec = System.currentTimeMillis() / 1000;
    Optional<String> annas =
        Optional.of(
            minter.mint("anna", Optional.empty(), Optional.empty(), Duration.ofHours(1), nowSec));
    Optional<String> bens =
        Optional.of(
            minter.mint("ben", Optional.empty(), Optional.empty(), Duration.ofHours(1), nowSec));
    Kept anna = helloWith(annas.get());
    Kept ben = helloWith(bens.get());
    Kept forged = new Kept(anna.client(), anna.sessionId(), ben.resumeToken());
    Kept unknown = new Kept(anna.client(), "se_1", anna.resumeToken());
    lose(anna);
    for (String hello :
        List.of(forged.hello(0, annas), unknown.hello(0, annas), anna.hello(0, bens))) {
      JsonNode refusal = server.connect().request("hello", hello).path("error");
      assertEquals("session_not_found", refusal.path("code").asText());
      assertEquals(
          "there is no such session: say hello without resume", refusal.path("message").asText());
    }
    assertEquals(1, failures(ResumeFailure.WRONG_TOKEN));
    assertEquals(1, failures(ResumeFailure.UNKNOWN_SESSION));
    assertEquals(1, failures(ResumeFailure.OTHER_IDENTITY));
    TestClient late = server.connect();
    String expired =
        minter.mint("anna", Optional.empty(), Optional.empty(), Duration.ofHours(1), nowSec - 7200);
    assertEquals("token_expired", late.errorCode("hello", anna.hello(0, Optional.of(expired))));
    assertEquals(4004, late.closeCode());
    assertTrue(
        server.connect().ok("hello", anna.hello(0, annas)).path("resumed").asBoolean(),
        "all of that changed nothing");
  }

  private Kept helloWith(String token) {
    TestClient client = server.connect();
    return Kept.of(client, client.ok("hello", "{\"versions\":[1],\"token\":\"" + token + "\"}"));
  }

  @Test
  void shouldTakeOverAHalfOpenSocketAtTheLimitOfConnections() {
    restart(
        TestServer.with(
            TestServer.limits(1, 1, 50, 100, Duration.ofSeconds(10), 5),
            Optional.empty(),
            Duration.ofSeconds(30)));
    Kept anna = enter("half", "");
    Kept again = resume(anna, 0);
    assertEquals(4009, anna.client().closeCode());
    again.client().ok("leave", "{}");
    assertEquals("server_full", server.connect().errorCode("hello", "{\"versions\":[1]}"));
    again.client().ok("bye", "{}");
    again.client().closeCode();
    server.greeted();
  }

  @Test
  void shouldTakeTheOldTokenUntilTheClientHasTheNewOne() {
    Kept anna = enter("twice", "");
    // The reply to this hello never arrives: the client still has the first token.
    resume(anna, 0);
    Kept second = resume(anna, 0);
    second.client().ok("ping", "{\"t\":1}");
    second.client().ok("leave", "{}");
    refused(anna.hello(0));
    assertEquals(1, failures(ResumeFailure.WRONG_TOKEN));
    resume(second, 0);
    assertEquals(3, total("resumes"));
    assertEquals(4, total("resume_attempts"));
  }

  private long total(String id) {
    return server.signaling.counters().totals().stream()
        .filter(total -> total.id().equals(id))
        .findFirst()
        .orElseThrow()
        .total();
  }

  @Test
  void shouldAnswerARepeatedRequestOnceAndNotCarryItOutAgain() {
    TestClient first = server.connect();
    Kept anna = Kept.of(first, first.ok("hello", "{\"versions\":[1]}"));
    server.media.holdAnswers = true;
    first.startAt(5).send("join", "{\"room\":\"repeat\"" + WITH_MICROPHONE + "}");
    Await.until("join", () -> server.signaling.participants() == 1);
    lose(anna);
    Kept again = resume(anna, 0);
    again.client().startAt(5).send("join", "{\"room\":\"repeat\"" + WITH_MICROPHONE + "}");
    again.client().raw("{\"type\":\"view\",\"id\":6,\"data\":{}}");
    again.client().startAt(1500).ok("ping", "{\"t\":1}");
    server.media.holdAnswers = false;
    server.media.lastRoom().answerAll();
    JsonNode joined = again.client().next();
    assertEquals(5, joined.path("id").asInt());
    assertEquals("joined", joined.at("/data/status").asText());
    assertEquals(6, again.client().next().path("id").asInt());
    assertEquals(1, server.media.lastRoom().sessions.size());
    again.client().startAt(7).ok("leave", "{}");
    Kept third = resume(again, 0);
    assertEquals("ok", third.client().startAt(7).request("leave", "{}").path("type").asText());
    assertEquals("not_in_room", third.client().startAt(8).errorCode("leave", "{}"));
    assertEquals(
        joined.path("data"),
        third.client().startAt(5).join("repeat", WITH_MICROPHONE),
        "the reply of then");
    assertEquals(0, server.signaling.participants());
    assertTrue(third.client().startAt(2500).isQuiet());
  }

  @Test
  void shouldCarryOutWhatWasAskedBeforeTheLoss() {
    Kept anna = enter("asked", WITH_MICROPHONE);
    TestClient ben = visit("asked");
    anna.client().send("track.update", "{\"mid\":\"0\",\"muted\":true}");
    anna.client().socket().close();
    assertTrue(ben.event("track.muted").path("muted").asBoolean());
  }

  @Test
  void shouldGiveTheSeatUpWhenTheGraceEnds() {
    restart(TestServer.grace(Duration.ofMillis(200)));
    Kept anna = enter("grace", WITH_MICROPHONE);
    TestClient ben = visit("grace");
    anna.client().socket().close();
    assertEquals("timeout", ben.event("participant.left").path("reason").asText());
    assertTrue(server.media.lastRoom().lastSession().closed);
    refused(anna.hello(1));
    ben.ok("bye", "{}");
    assertEquals(1000, ben.closeCode());
  }

  @Test
  void shouldKeepNothingAfterByeOrABrokenProtocol() {
    Kept anna = enter("bye", "");
    Kept eve = enter("bye", "");
    TestClient ben = visit("bye");
    anna.client().send("bye", "{}");
    assertEquals("left", ben.event("participant.left").path("reason").asText());
    eve.client().raw("not json");
    assertEquals("disconnected", ben.event("participant.left").path("reason").asText());
    refused(anna.hello(0));
    refused(eve.hello(0));
    assertEquals(0, server.signaling.counters().sessionsInGrace());
  }

  @Test
  void shouldKeepTheParticipantWhosePageIsLoadedAgain() {
    TestClient page = server.connect();
    Kept anna = Kept.of(page, page.ok("hello", "{\"versions\":[1]}"));
    JsonNode before = page.join("reload", WITH_MICROPHONE).path("self");
    TestClient ben = visit("reload");
    FakeMediaServer.FakeSession media = server.media.lastRoom().lastSession();
    // The new page counts its requests from 1, so none is a repetition.
    TestClient reloaded = server.connect();
    assertTrue(reloaded.ok("hello", anna.hello(1)).path("resumed").asBoolean());
    server.media.holdAnswers = true;
    int id = reloaded.send("join", "{\"room\":\"reload\"" + WITH_MICROPHONE + "}");
    assertEquals("replaced", ben.event("track.unpublished").path("reason").asText());
    Await.until("new media", () -> server.media.lastRoom().sessions.size() == 2);
    assertTrue(media.closed);
    TestClient newcomer = server.greeted();
    assertEquals(2, newcomer.join("reload", "").path("participants").size());
    media.end("closed");
    server.media.holdAnswers = false;
    server.media.lastRoom().answerAll();
    JsonNode joined = reloaded.next();
    assertEquals(id, joined.path("id").asInt());
    JsonNode self = joined.at("/data/self");
    assertEquals(before.path("id"), self.path("id"));
    assertEquals(2, self.path("csrc").asInt());
    assertEquals(2, joined.at("/data/participants").size());
    ben.event("participant.joined");
    JsonNode updated = ben.event("participant.updated").path("participant");
    assertEquals(before.path("id"), updated.path("id"));
    assertEquals(2, updated.path("csrc").asInt());
    assertEquals("microphone", updated.at("/tracks/0/source").asText());
    newcomer.event("participant.updated");
    assertEquals(
        "already_joined",
        reloaded.errorCode("join", "{\"room\":\"reload\"" + WITH_MICROPHONE + "}"));
    assertTrue(ben.isQuiet());
    reloaded.ok("bye", "{}");
    assertEquals("left", ben.event("participant.left").path("reason").asText());
    assertTrue(server.media.lastRoom().lastSession().closed);
    assertEquals(2, server.signaling.participants());
  }

  @Test
  void shouldKeepThePlaceOfAReloadedPageWhoseOfferIsRefused() {
    Kept anna = enter("refused", WITH_MICROPHONE);
    TestClient ben = visit("refused");
    TestClient reloaded = server.connect();
    reloaded.ok("hello", anna.hello(1));
    assertEquals(
        "sdp_invalid",
        reloaded.errorCode(
            "join", "{\"room\":\"refused\",\"sdp\":\"v=0\\r\\nfail=SDP_INVALID\\r\\n\"}"));
    ben.event("track.unpublished");
    assertEquals(0, ben.event("participant.updated").at("/participant/csrc").asInt(-1));
    reloaded.join("refused", WITH_MICROPHONE);
    assertEquals(
        "microphone", ben.event("participant.updated").at("/participant/tracks/0/source").asText());
    assertEquals(2, server.signaling.participants());
  }

  @Test
  void shouldLeaveTheOldRoomWhenTheReloadedPageWantsAnother() {
    Kept anna = enter("one", "");
    TestClient ben = visit("one");
    TestClient reloaded = server.connect();
    reloaded.ok("hello", anna.hello(1));
    assertEquals(0, reloaded.join("two", "").path("participants").size());
    assertEquals("left", ben.event("participant.left").path("reason").asText());
  }

  @Test
  void shouldBoundTheSessionsThatWait() {
    restart(
        TestServer.with(
            TestServer.limits(3, 2, 50, 100, Duration.ofSeconds(10), 9),
            Optional.empty(),
            Duration.ofSeconds(30)));
    List<Kept> kept = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Kept each = enter("waiting", "");
      kept.add(each);
      each.client().socket().close();
      int lost = i + 1;
      Await.until(
          "grace",
          () ->
              server.signaling.counters().sessionsInGrace() == Math.min(2, lost)
                  && server.signaling.counters().openConnections() == 0);
    }
    refused(kept.get(0).hello(0));
    resume(kept.get(2), 0);
  }

  @Test
  void shouldTellSessionsThatTheServerRestartsAndForgetThem() {
    Kept anna = enter("restart", "");
    Kept ben = enter("restart", "");
    lose(ben);
    anna.client().event("participant.joined");
    TestServer stopped = server;
    restart(TestServer.development());
    assertEquals("restarting", anna.client().event("server.notice").path("kind").asText());
    assertEquals(1012, anna.client().closeCode());
    assertEquals(0, stopped.signaling.counters().openSessions());
    assertEquals(0, stopped.signaling.counters().sessionsInGrace());
    assertEquals(0, stopped.signaling.counters().pendingTimers());
    assertEquals(0, stopped.signaling.counters().openConnections());
  }
}
