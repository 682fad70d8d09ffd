package dev.parley.core.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.core.api.MediaException;
import dev.parley.core.api.MediaRoom;
import dev.parley.core.api.MediaSession;
import dev.parley.core.api.SilentListener;
import dev.parley.core.dtls.DtlsIdentity;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Generations, credentials and candidates of a session, by the commands of the API. */
class NegotiationTest {
  private static final String PWD = "0123456789012345678901";
  private static final String CANDIDATE = "candidate:1 1 udp 2130706431 192.0.2.1 4000 typ host";
  private static final String FINGERPRINT = DtlsIdentity.generate().sha256().value();

  private final SfuServer server;
  private final MediaSession session;

  NegotiationTest() throws Exception {
    server = new SfuServer(MediaConfig.loopback());
    session =
        get(
            server
                .openRoom("room", speakers -> {})
                .join(
                    new MediaRoom.JoinOffer("ann", offer("abcd", PWD), List.of()),
                    new SilentListener()));
  }

  @AfterEach
  void close() {
    server.close();
  }

  private static <T> T get(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  private static MediaException.Code refusal(CompletionStage<?> stage) {
    CompletionException e = assertThrows(CompletionException.class, () -> get(stage));
    if (e.getCause() instanceof MediaException refused) {
      return refused.code();
    }
    throw new AssertionError("not typed", e);
  }

  private static String offer(String ufrag, String pwd) {
    return String.join(
        "\r\n",
        "v=0",
        "o=- 1 1 IN IP4 127.0.0.1",
        "s=-",
        "t=0 0",
        "a=group:BUNDLE 0",
        "m=audio 9 UDP/TLS/RTP/SAVPF 111",
        "c=IN IP4 0.0.0.0",
        "a=mid:0",
        "a=rtcp-mux",
        "a=recvonly",
        "a=rtpmap:111 opus/48000/2",
        "a=setup:actpass",
        "a=fingerprint:sha-256 " + FINGERPRINT,
        "a=ice-ufrag:" + ufrag,
        "a=ice-pwd:" + pwd,
        "");
  }

  private static String line(String sdp, String attribute) {
    return sdp.lines()
        .filter(l -> l.startsWith(attribute))
        .findFirst()
        .orElseThrow()
        .substring(attribute.length());
  }

  private boolean pendingRestart() {
    Object transport = get(session.snapshot()).getOrDefault("transport", Map.of());
    return Boolean.TRUE.equals(((Map<?, ?>) transport).get("iceRestarting"));
  }

  @Test
  void shouldGiveNewCredentialsAndTheCandidatesOfTheAnswer() {
    String answer = session.answer().sdp();
    MediaSession.LocalIce local = get(session.restartIce(1, "efgh", PWD + "x"));
    assertEquals(2, local.gen());
    assertNotEquals(line(answer, "a=ice-ufrag:"), local.ufrag());
    assertNotEquals(line(answer, "a=ice-pwd:"), local.pwd());
    assertEquals(
        answer.lines().filter(l -> l.startsWith("a=candidate:")).map(l -> l.substring(2)).toList(),
        local.candidates());
    assertTrue(local.candidates().getFirst().contains(" udp "), local::toString);
    assertTrue(local.candidates().getLast().endsWith(" tcptype passive"), local::toString);
    assertFalse(local.toString().contains(local.pwd()));
    assertEquals(2, session.answer().gen());
    assertTrue(pendingRestart());
    assertEquals(2, get(session.snapshot()).get("generation"));
    MediaSession.Answer later = get(session.negotiate(2, offer("efgh", PWD + "x")));
    assertEquals(3, later.gen());
    assertEquals(local.ufrag(), line(later.sdp(), "a=ice-ufrag:"));
    assertEquals(local.pwd(), line(later.sdp(), "a=ice-pwd:"));
  }

  @Test
  void shouldRestartForAnOfferWithNewCredentials() {
    String before = session.answer().sdp();
    MediaSession.Answer same = get(session.negotiate(1, offer("abcd", PWD)));
    assertEquals(line(before, "a=ice-ufrag:"), line(same.sdp(), "a=ice-ufrag:"));
    assertFalse(pendingRestart());
    MediaSession.Answer other = get(session.negotiate(2, offer("efgh", PWD + "x")));
    assertNotEquals(line(before, "a=ice-ufrag:"), line(other.sdp(), "a=ice-ufrag:"));
    assertNotEquals(line(before, "a=ice-pwd:"), line(other.sdp(), "a=ice-pwd:"));
    assertTrue(pendingRestart());
    assertEquals(
        MediaException.Code.SDP_INVALID, refusal(session.negotiate(3, offer("efgh", "short"))));
    assertEquals(3, session.answer().gen());
  }

  @ParameterizedTest
  @CsvSource({
    "0, efgh, 0123456789012345678901x, STALE_GENERATION",
    "2, efgh, 0123456789012345678901x, STALE_GENERATION",
    "1, efg, 0123456789012345678901x, BAD_REQUEST",
    "1, efgh, 012345678901234567890, BAD_REQUEST",
    "1, 'ef:h', 0123456789012345678901x, BAD_REQUEST",
    "1, 'ef h', 0123456789012345678901x, BAD_REQUEST",
    "1, abcd, 0123456789012345678901x, BAD_REQUEST",
    "1, efgh, 0123456789012345678901, BAD_REQUEST",
  })
  void shouldRefuseRestartsAndChangeNothing(
      int gen, String ufrag, String pwd, MediaException.Code code) {
    assertEquals(code, refusal(session.restartIce(gen, ufrag, pwd)));
    assertEquals(1, session.answer().gen());
    assertFalse(pendingRestart());
    assertEquals(2, get(session.restartIce(1, "efgh", PWD + "x")).gen());
  }

  @Test
  void shouldTakeNoteOfCandidates() {
    get(session.remoteCandidates(1, List.of()));
    get(session.remoteCandidates(1, List.of(CANDIDATE, "a=" + CANDIDATE, "")));
    get(
        session.remoteCandidates(
            1, List.of("candidate:2 1 tcp 1518280447 192.0.2.1 9 typ host tcptype active")));
    get(session.remoteCandidates(1, List.of("candidate:1 1 tls 1 name.local 9 typ later")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "candidate:", "candidate:1 1 udp x 192.0.2.1 4000 typ host"})
  void shouldRefuseWhatIsNoCandidate(String text) {
    assertEquals(
        MediaException.Code.BAD_REQUEST,
        refusal(session.remoteCandidates(1, List.of(CANDIDATE, text))));
  }

  @Test
  void shouldRefuseCandidatesOfOtherGenerationsAndTooMany() {
    assertEquals(
        MediaException.Code.STALE_GENERATION,
        refusal(session.remoteCandidates(2, List.of(CANDIDATE))));
    assertEquals(
        MediaException.Code.BAD_REQUEST,
        refusal(session.remoteCandidates(1, Collections.nCopies(129, CANDIDATE))));
  }

  @Test
  void shouldRefuseCommandsAfterTheEnd() {
    session.close();
    assertEquals(
        MediaException.Code.NOT_IN_ROOM, refusal(session.restartIce(1, "efgh", PWD + "x")));
    assertEquals(
        MediaException.Code.NOT_IN_ROOM, refusal(session.remoteCandidates(2, List.of(CANDIDATE))));
  }
}
