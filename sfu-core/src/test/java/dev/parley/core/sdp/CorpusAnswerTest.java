package dev.parley.core.sdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.core.api.MediaException;
import dev.parley.core.api.MediaKind;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What must hold for the answer to every offer that a browser made. */
class CorpusAnswerTest {
  private static final Set<String> TAKEN = Set.of("opus", "VP8");
  private static final Set<String> FEEDBACK = Set.of("nack pli", "ccm fir");

  static Stream<Corpus.Entry> offers() {
    return Corpus.offers();
  }

  @ParameterizedTest
  @MethodSource("offers")
  void shouldAnswerWhatABrowserOffers(Corpus.Entry entry) {
    SessionDescription offer = SdpReader.read(entry.text());
    List<Boolean> open = offer.media().stream().map(CorpusAnswerTest::shouldBeOpen).toList();
    if (!open.contains(true)) {
      boolean media = offer.media().stream().anyMatch(m -> m.kind() != MediaKind.APPLICATION);
      MediaException e = assertThrows(MediaException.class, () -> Answers.to(entry.text()));
      assertEquals(
          media ? MediaException.Code.NO_COMMON_CODEC : MediaException.Code.SDP_UNSUPPORTED,
          e.code());
      return;
    }

    NegotiatedSession session = Answers.to(entry.text());
    SessionDescription answer = SdpReader.read(session.answerSdp());

    assertEquals(mids(offer), mids(answer));
    assertEquals(mids(offer), session.sections().stream().map(NegotiatedSection::mid).toList());
    assertEquals(open, session.sections().stream().map(NegotiatedSection::accepted).toList());
    assertEquals(open, answer.media().stream().map(m -> !m.rejected()).toList());
    assertEquals(
        offer.bundle().stream().filter(m -> open.get(mids(offer).indexOf(m))).toList(),
        answer.bundle());
    checkTransport(offer, session, answer);
    checkSharedTables(answer);
    checkSlots(answer);
    for (int i = 0; i < open.size(); i++) {
      if (open.get(i)) {
        checkSection(offer.media().get(i), answer.media().get(i), session.sections().get(i));
      }
    }
  }

  private static boolean shouldBeOpen(MediaDescription offered) {
    return !offered.rejected()
        && switch (offered.kind()) {
          case AUDIO -> offered.codecs().stream().anyMatch(c -> c.is("opus"));
          case VIDEO -> offered.codecs().stream().anyMatch(c -> c.is("VP8"));
          case APPLICATION -> false;
        };
  }

  private static List<String> mids(SessionDescription description) {
    return description.media().stream().map(MediaDescription::mid).toList();
  }

  private static void checkTransport(
      SessionDescription offer, NegotiatedSession session, SessionDescription answer) {
    MediaDescription offered = offer.media().getFirst();
    assertEquals(offered.iceUfrag().orElseThrow(), session.remoteUfrag());
    assertEquals(offered.icePwd().orElseThrow(), session.remotePwd());
    assertEquals(offered.fingerprints(), session.remoteFingerprints());

    assertTrue(answer.iceLite());
    MediaDescription tagged = answer.tagged().orElseThrow();
    assertEquals(Answers.SERVER.iceUfrag(), tagged.iceUfrag().orElseThrow());
    assertEquals(Answers.SERVER.icePwd(), tagged.icePwd().orElseThrow());
    assertEquals(Answers.SHA_256, tagged.fingerprints().getFirst().value());
    assertEquals(Setup.PASSIVE, tagged.setup().orElseThrow());
    assertEquals(Answers.SERVER.candidates(), tagged.candidates());
    assertTrue(tagged.transport().endOfCandidates());
    for (MediaDescription media : answer.media()) {
      if (!media.rejected()) {
        assertEquals(tagged.iceUfrag(), media.iceUfrag());
        assertEquals(tagged.icePwd(), media.icePwd());
        assertEquals(tagged.fingerprints(), media.fingerprints());
        assertEquals(tagged.setup(), media.setup());
      }
      assertEquals(media.equals(tagged), !media.candidates().isEmpty());
    }
  }

  /** RFC 9143: one meaning for a payload type and for an extension id in the whole bundle. */
  private static void checkSharedTables(SessionDescription answer) {
    Map<Integer, List<Object>> codecs = new HashMap<>();
    Map<Integer, String> extensions = new HashMap<>();
    for (MediaDescription media : answer.media()) {
      if (!media.rejected()) {
        for (Codec c : media.codecs()) {
          List<Object> meaning = List.of(c.name(), c.clockRate(), c.channels(), c.fmtp());
          assertEquals(meaning, codecs.computeIfAbsent(c.payloadType(), k -> meaning));
        }
        for (ExtensionMap e : media.extensions()) {
          assertEquals(e.uri(), extensions.computeIfAbsent(e.id(), k -> e.uri()));
        }
      }
    }
  }

  private static void checkSlots(SessionDescription answer) {
    Set<Long> ssrcs = new HashSet<>();
    Set<String> msids = new HashSet<>();
    for (MediaDescription media : answer.media()) {
      boolean slot = !media.rejected() && media.direction() == Direction.SENDONLY;
      assertEquals(slot ? 1 : 0, media.ssrcs().size());
      assertEquals(slot ? 1 : 0, media.msids().size());
      if (slot) {
        assertTrue(ssrcs.add(media.ssrcs().getFirst().ssrc()));
        assertTrue(msids.add(media.msids().getFirst()));
        assertTrue(media.extensions().stream().anyMatch(e -> e.uri().equals(HeaderExtensions.MID)));
      }
    }
  }

  private static void checkSection(
      MediaDescription offered, MediaDescription answered, NegotiatedSection section) {
    assertEquals(offered.protocol(), answered.protocol());
    assertEquals(offered.kind(), section.kind());
    assertNotEquals(0, answered.port());
    assertTrue(answered.rtcpMux());
    assertTrue(answered.simulcast().isEmpty() && answered.rids().isEmpty());
    assertEquals(offered.extmapAllowMixed(), answered.extmapAllowMixed());
    assertEquals(
        switch (offered.direction()) {
          case SENDRECV, SENDONLY -> Direction.RECVONLY;
          case RECVONLY -> Direction.SENDONLY;
          case INACTIVE -> Direction.INACTIVE;
        },
        answered.direction());

    assertEquals(1, answered.codecs().size());
    Codec codec = answered.codecs().getFirst();
    assertTrue(TAKEN.contains(codec.name()));
    assertTrue(FEEDBACK.containsAll(codec.rtcpFeedback()));
    assertEquals(offered.kind() == MediaKind.VIDEO ? FEEDBACK : Set.of(), codec.rtcpFeedback());
    Codec offeredCodec =
        offered.codecs().stream()
            .filter(c -> c.payloadType() == codec.payloadType())
            .findFirst()
            .orElseThrow();
    assertEquals(offeredCodec.name(), codec.name());
    Map<String, String> kept = new HashMap<>(codec.fmtp());
    String startBitrate = kept.remove("x-google-start-bitrate");
    assertEquals(offered.kind() == MediaKind.VIDEO ? "1000" : null, startBitrate);
    assertTrue(offeredCodec.fmtp().entrySet().containsAll(kept.entrySet()));
    assertEquals(codec.payloadType(), section.codecs().getFirst().payloadType());

    Map<Integer, String> ids = new HashMap<>();
    offered.extensions().forEach(e -> ids.put(e.id(), e.uri()));
    for (ExtensionMap e : answered.extensions()) {
      assertEquals(ids.get(e.id()), e.uri());
      assertEquals(e.id(), section.extensions().get(e.uri()));
    }
    assertEquals(section.extensions().size(), answered.extensions().size());
  }
}
