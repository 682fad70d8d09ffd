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
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What must hold for the answer to every offer that a browser made. */
class CorpusAnswerTest {
  private static final Set<String> TAKEN = Set.of("opus", "red", "VP8", "VP9", "H264", "AV1");
  private static final Set<String> FEEDBACK =
      Set.of("nack", "nack pli", "ccm fir", "transport-cc", "goog-remb");

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
          case VIDEO -> offered.codecs().stream().anyMatch(c -> TAKEN.contains(c.name()));
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
      boolean rtx = slot && media.codecs().getFirst().rtxPayloadType().isPresent();
      assertEquals(slot && media.kind() == MediaKind.VIDEO, rtx);
      assertEquals(slot ? rtx ? 2 : 1 : 0, media.ssrcs().size());
      assertEquals(
          rtx
              ? List.of(new SsrcGroup("FID", media.ssrcs().stream().map(SsrcInfo::ssrc).toList()))
              : List.of(),
          media.ssrcGroups());
      assertEquals(slot ? 1 : 0, media.msids().size());
      if (slot) {
        assertTrue(media.ssrcs().stream().allMatch(s -> ssrcs.add(s.ssrc())));
        assertTrue(media.ssrcs().stream().allMatch(s -> s.cname().orElseThrow().equals("parley")));
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
    assertEquals(offered.extmapAllowMixed(), answered.extmapAllowMixed());
    assertEquals(
        switch (offered.direction()) {
          case SENDRECV, SENDONLY -> Direction.RECVONLY;
          case RECVONLY -> Direction.SENDONLY;
          case INACTIVE -> Direction.INACTIVE;
        },
        answered.direction());
    checkCodecs(offered, answered, section);
    checkExtensions(offered, answered, section);

    List<String> rids = offered.rids().stream().map(Rid::id).toList();
    assertEquals(rids, section.rids());
    assertEquals(rids, answered.rids().stream().map(Rid::id).toList());
    assertTrue(answered.rids().stream().noneMatch(Rid::sent));
    assertEquals(
        offered.simulcast().map(Simulcast::send), answered.simulcast().map(Simulcast::receive));
    if (!rids.isEmpty()) {
      assertTrue(section.extensions().containsKey(HeaderExtensions.RID));
      assertTrue(section.extensions().containsKey(HeaderExtensions.REPAIRED_RID));
    }
  }

  private static void checkCodecs(
      MediaDescription offered, MediaDescription answered, NegotiatedSection section) {
    List<Codec> primary = answered.codecs().stream().filter(c -> !c.is("rtx")).toList();
    List<String> names = primary.stream().map(Codec::name).toList();
    List<String> wanted =
        offered.codecs().stream()
            .map(Codec::name)
            .distinct()
            .filter(
                n -> TAKEN.contains(n) && (offered.kind() == MediaKind.AUDIO || !n.equals("red")))
            .toList();
    if (offered.direction() == Direction.RECVONLY) {
      assertEquals(Set.copyOf(wanted), Set.copyOf(names));
      assertEquals(offered.kind() == MediaKind.AUDIO ? "opus" : "VP8", names.getFirst());
    } else {
      assertEquals(wanted, names);
    }
    assertEquals(
        primary.stream().map(Codec::payloadType).toList(),
        section.codecs().stream().map(NegotiatedCodec::payloadType).toList());
    assertEquals(
        primary.stream().map(c -> c.rtxPayloadType().orElse(0)).toList(),
        section.codecs().stream().map(NegotiatedCodec::rtxPayloadType).toList());
    Map<Integer, Codec> offeredCodecs = new HashMap<>();
    offered.codecs().forEach(c -> offeredCodecs.put(c.payloadType(), c));
    for (Codec codec : answered.codecs()) {
      Codec same = Objects.requireNonNull(offeredCodecs.get(codec.payloadType()));
      assertEquals(same.name(), codec.name());
      assertEquals(same.rtxPayloadType(), codec.rtxPayloadType());
      Map<String, String> kept = new HashMap<>(codec.fmtp());
      String startBitrate = kept.remove("x-google-start-bitrate");
      boolean video = offered.kind() == MediaKind.VIDEO && !codec.is("rtx");
      assertEquals(video ? "1000" : null, startBitrate);
      assertTrue(same.fmtp().entrySet().containsAll(kept.entrySet()));
      Set<String> feedback = new HashSet<>(same.rtcpFeedback());
      feedback.retainAll(FEEDBACK);
      assertEquals(feedback, codec.rtcpFeedback());
      switch (codec.name()) {
        case "VP9" -> assertEquals("0", same.fmtp().getOrDefault("profile-id", "0"));
        case "AV1" -> assertEquals("0", same.fmtp().getOrDefault("profile", "0"));
        case "H264" -> {
          assertEquals("1", codec.fmtp().get("packetization-mode"));
          assertEquals("42e01f", codec.fmtp().get("profile-level-id"));
        }
        default -> {}
      }
    }
  }

  private static void checkExtensions(
      MediaDescription offered, MediaDescription answered, NegotiatedSection section) {
    Map<Integer, String> ids = new HashMap<>();
    offered.extensions().forEach(e -> ids.put(e.id(), e.uri()));
    for (ExtensionMap e : answered.extensions()) {
      assertEquals(ids.get(e.id()), e.uri());
      assertEquals(e.id(), section.extensions().get(e.uri()));
    }
    assertEquals(section.extensions().size(), answered.extensions().size());

    boolean slot = offered.direction() == Direction.RECVONLY;
    Set<String> wanted = new HashSet<>();
    wanted.add(HeaderExtensions.MID);
    wanted.add(HeaderExtensions.TRANSPORT_WIDE_CC);
    if (offered.kind() == MediaKind.AUDIO) {
      wanted.add(HeaderExtensions.AUDIO_LEVEL);
    } else {
      wanted.add(HeaderExtensions.VIDEO_ORIENTATION);
      String preferred = section.codecs().getFirst().name();
      if (slot || preferred.equals("AV1")) {
        wanted.add(HeaderExtensions.DEPENDENCY_DESCRIPTOR);
      }
      wanted.add(HeaderExtensions.RID);
      wanted.add(HeaderExtensions.REPAIRED_RID);
    }
    wanted.removeIf(uri ->
        offered.extensions().stream()
            .filter(e -> e.direction().filter(d -> slot && !d.receives()).isEmpty())
            .noneMatch(e -> e.uri().equals(uri)));
    assertEquals(wanted, section.extensions().keySet());
  }
}
