package dev.parley.core.sdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.core.api.MediaException;
import dev.parley.core.api.MediaException.Code;
import dev.parley.core.api.MediaSession;
import dev.parley.core.sdp.NegotiatedSection.Rejection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SdpAnswererTest {
  private static final String AV = Corpus.offer("chromium-offer-av-addtrack").text();

  private static NegotiatedSection section(String offer, int index) {
    return Answers.to(offer).sections().get(index);
  }

  private static List<String> names(NegotiatedSection section) {
    return section.codecs().stream().map(NegotiatedCodec::name).toList();
  }

  private static String line(String offer, String start) {
    return Answers.to(offer)
        .answerSdp()
        .lines()
        .filter(l -> l.startsWith(start))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void shouldNotSendBackInASectionThatThePeerPublishesIn() {
    assertTrue(AV.contains("a=sendrecv"));

    NegotiatedSection audio = section(AV, 0);

    assertEquals(MediaSession.Direction.SEND, audio.direction());
    assertEquals(0, audio.slotSsrc());
    assertFalse(Answers.to(AV).answerSdp().contains("a=ssrc:"));
  }

  @Test
  void shouldNameAnnouncedStreamsApartFromTheirRetransmissions() {
    NegotiatedSection video = section(Corpus.offer("firefox-offer-simulcast-vp8").text(), 1);

    assertEquals(List.of(1_410_103_871L, 2_192_901_637L, 170_073_152L), video.announcedSsrcs());
    assertEquals(2_732_665_193L, video.rtxSsrcs().get(1_410_103_871L));
  }

  @Test
  void shouldKeepOnlyTheOpusParametersOfThePolicy() {
    assertEquals(
        Map.of("useinbandfec", "1"),
        section(Corpus.offer("firefox-offer-audio-only").text(), 0).codecs().getFirst().fmtp());
    assertEquals("a=fmtp:111 minptime=10;useinbandfec=1", line(AV, "a=fmtp"));
  }

  @Test
  void shouldGiveEachSlotItsOwnStream() {
    String answer = Answers.to(Corpus.offer("chromium-offer-recvonly-3a9v").text()).answerSdp();

    for (int i = 0; i < 12; i++) {
      assertTrue(answer.contains("a=msid:slot-" + i + " slot-" + i + "\r\n"));
      assertTrue(answer.contains("a=ssrc:" + (1000 + i) + " cname:parley\r\n"));
    }
  }

  @Test
  void shouldKeepTheSsrcOfASlotWhenSectionsAreAdded() {
    String sequence = "sequences/seq-chromium-offers-firefox-answers-recvonly-3a9v/";
    SdpAnswerer answerer = new SdpAnswerer(AnswerPolicy.standard());
    SlotSsrcs ssrcs = Answers.counting();
    List<NegotiatedSection> first =
        answerer
            .answer(
                SdpReader.read(Corpus.named(sequence + "0-first.offer.sdp.gz").text()),
                Answers.SERVER,
                ssrcs)
            .sections();
    List<NegotiatedSection> second =
        answerer
            .answer(
                SdpReader.read(Corpus.named(sequence + "1-add-3recv.offer.sdp.gz").text()),
                Answers.SERVER,
                ssrcs)
            .sections();

    assertEquals(12, first.size());
    assertEquals(15, second.size());
    for (int i = 0; i < first.size(); i++) {
      assertEquals(first.get(i).slotSsrc(), second.get(i).slotSsrc());
    }
  }

  @Test
  void shouldKeepAnInactiveSectionAlive() {
    String offer = AV.replaceFirst("a=sendrecv", "a=inactive");

    NegotiatedSection audio = section(offer, 0);

    assertEquals(MediaSession.Direction.REJECTED, audio.direction());
    assertTrue(audio.accepted());
    assertEquals(List.of("opus", "red"), names(audio));
    assertEquals("a=inactive", line(offer, "a=inactive"));
  }

  @Test
  void shouldRejectDataChannelsBesideMedia() {
    String offer = Corpus.offer("chromium-offer-sendrecv-datachannel").text();

    assertEquals(Optional.of(Rejection.NOT_MEDIA), section(offer, 2).rejection());
    assertTrue(
        Answers.to(offer)
            .answerSdp()
            .contains("m=application 0 UDP/DTLS/SCTP webrtc-datachannel\r\n"));
  }

  @Test
  void shouldTagTheFirstAcceptedSectionWhenTheFirstOneIsRejected() {
    String offer = AV.replaceFirst("opus/48000/2", "speex/48000/2");

    NegotiatedSession session = Answers.to(offer);
    SessionDescription answer = SdpReader.read(session.answerSdp());

    assertEquals(Optional.of(Rejection.NO_COMMON_CODEC), session.sections().get(0).rejection());
    assertEquals(List.of("1"), answer.bundle());
    assertEquals(Answers.SERVER.candidates(), answer.media().get(1).candidates());
  }

  @Test
  void shouldReverseTheDirectionOfAnExtension() {
    String rid = " " + HeaderExtensions.RID;
    String firefox = Corpus.offer("firefox-offer-simulcast-vp8").text();
    assertTrue(firefox.contains("a=extmap:9/sendonly" + rid));

    assertTrue(Answers.to(firefox).answerSdp().contains("a=extmap:9/recvonly" + rid));
    String recvonly = firefox.replace("a=extmap:9/sendonly", "a=extmap:9/recvonly");
    assertFalse(Answers.to(recvonly).answerSdp().contains(rid));
  }

  @Test
  void shouldTakeLargeExtensionIdsOnlyWithMixedHeaders() {
    String high =
        AV.replace("a=extmap:4 " + HeaderExtensions.MID, "a=extmap:20 " + HeaderExtensions.MID);
    assertEquals(20, section(high, 0).extensions().get(HeaderExtensions.MID));

    String unmixed = high.replace("a=extmap-allow-mixed\r\n", "");
    assertFalse(section(unmixed, 0).extensions().containsKey(HeaderExtensions.MID));
  }

  @Test
  void shouldUseOneSetOfParametersForAPayloadType() {
    String offer =
        oneBundle(
            audio("0", "a=rtpmap:111 opus/48000/2\na=fmtp:111 minptime=10\n"),
            audio("1", "a=rtpmap:111 opus/48000/2\na=fmtp:111 useinbandfec=1\n"));

    assertEquals(section(offer, 0).codecs(), section(offer, 1).codecs());
    assertEquals(Map.of("minptime", "10"), section(offer, 1).codecs().getFirst().fmtp());
  }

  @Test
  void shouldAnswerASingleSectionWithoutABundle() {
    String offer =
        Corpus.offer("chromium-offer-audio-only").text().replace("a=group:BUNDLE 0\r\n", "");

    assertFalse(Answers.to(offer).answerSdp().contains("a=group"));
    assertTrue(section(offer, 0).accepted());
  }

  @Test
  void shouldPassStrongFingerprintsOnly() {
    String sha1 = "a=fingerprint:sha-1 " + "AB:".repeat(19) + "AB\r\na=fingerprint:sha-256";
    String offer = AV.replace("a=fingerprint:sha-256", sha1);

    assertEquals(
        List.of("sha-256"),
        Answers.to(offer).remoteFingerprints().stream().map(Fingerprint::algorithm).toList());
  }

  static Stream<Arguments> refused() {
    String sha1 = "AB:".repeat(19) + "AB";
    String slots = Corpus.offer("chromium-offer-recvonly-3a9v").text();
    return Stream.of(
        Arguments.of(AV.replace("actpass", "passive"), Code.SDP_UNSUPPORTED, "passive"),
        Arguments.of(AV.replace("a=rtcp-mux\r\n", ""), Code.SDP_UNSUPPORTED, "rtcp-mux"),
        Arguments.of(AV.replace("a=group:BUNDLE 0 1\r\n", ""), Code.SDP_UNSUPPORTED, "BUNDLE"),
        Arguments.of(AV.replace("t=0 0", "t=0 0\r\na=ice-lite"), Code.SDP_UNSUPPORTED, "lite"),
        Arguments.of(
            AV.replaceAll("a=fingerprint:.*", "a=fingerprint:sha-1 " + sha1),
            Code.SDP_UNSUPPORTED,
            "sha-1"),
        Arguments.of(AV.replaceAll("a=fingerprint:.*\r\n", ""), Code.SDP_INVALID, "a=fingerprint"),
        Arguments.of(AV.replaceAll("a=ice-pwd:.*\r\n", ""), Code.SDP_INVALID, "a=ice-pwd"),
        Arguments.of(
            AV.replaceFirst("a=ice-ufrag:.*", "a=ice-ufrag:abcd"), Code.SDP_INVALID, "ice-ufrag"),
        Arguments.of(
            AV.replaceFirst("a=ice-pwd:.*", "a=ice-pwd:abcdabcdabcdabcdabcdabcd"),
            Code.SDP_INVALID,
            "ice-pwd"),
        Arguments.of(
            AV.replace("opus/", "speex/").replaceAll("(VP8|VP9|H264|AV1)/", "VP7/"),
            Code.NO_COMMON_CODEC,
            "[opus, red, VP8, H264, VP9, AV1]"),
        Arguments.of(
            AV.replace("UDP/TLS/RTP/SAVPF", "RTP/XYZ"), Code.SDP_UNSUPPORTED, "RTP over DTLS"),
        Arguments.of(AV.replaceAll("m=(.....) 9", "m=$1 0"), Code.SDP_UNSUPPORTED, "open"),
        Arguments.of(
            AV.replace("a=group:BUNDLE 0 1", "a=group:BUNDLE"), Code.SDP_UNSUPPORTED, "bundle"),
        Arguments.of(
            Corpus.offer("chromium-offer-datachannel-only").text(),
            Code.SDP_UNSUPPORTED,
            "data channels alone"),
        Arguments.of(
            AV.replace("a=mid:0", "a=mid:" + "x".repeat(17))
                .replace("BUNDLE 0", "BUNDLE " + "x".repeat(17)),
            Code.SDP_UNSUPPORTED,
            "a=mid"),
        Arguments.of(AV.replaceFirst("a=extmap:4 ", "a=extmap:9 "), Code.SDP_INVALID, "maps"),
        Arguments.of(
            oneBundle(
                audio("0", "a=rtpmap:111 opus/48000/2\n"),
                audio("1", "a=rtpmap:111 VP8/90000\n").replace("m=audio", "m=video")),
            Code.SDP_INVALID,
            "payload type 111"),
        Arguments.of(
            slots.replace("m=video", "m=audio").replaceAll("VP8/90000", "opus/48000/2"),
            Code.SLOT_LIMIT,
            "8"));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void shouldRefuse(String offer, Code code, String hint) {
    MediaException e = assertThrows(MediaException.class, () -> Answers.to(offer));

    assertEquals(code, e.code(), Answers.message(e));
    assertTrue(Answers.message(e).contains(hint), Answers.message(e));
  }

  @Test
  void shouldLimitSlotsByThePolicy() {
    SessionDescription offer = SdpReader.read(Corpus.offer("chromium-offer-recvonly-3a9v").text());

    new SdpAnswerer(AnswerPolicy.standard(3, 9)).answer(offer, Answers.SERVER, Answers.counting());
    for (AnswerPolicy tight : List.of(AnswerPolicy.standard(2, 9), AnswerPolicy.standard(3, 8))) {
      MediaException e =
          assertThrows(
              MediaException.class,
              () -> new SdpAnswerer(tight).answer(offer, Answers.SERVER, Answers.counting()));
      assertEquals(Code.SLOT_LIMIT, e.code());
    }
  }

  @Test
  void shouldRefuseSsrcsThatTwoSlotsShare() {
    SessionDescription offer = SdpReader.read(Corpus.offer("chromium-offer-recvonly-3a9v").text());

    assertThrows(
        IllegalStateException.class,
        () ->
            new SdpAnswerer(AnswerPolicy.standard())
                .answer(offer, Answers.SERVER, Answers.sharing(1000)));
  }

  /**
   * Each takes a few milliseconds; the limit leaves room for a busy machine, not for a slow law.
   */
  @Test
  void shouldAnswerSixtyOneSectionsQuickly() {
    String offer = largeOffer();
    for (int i = 0; i < 20; i++) {
      assertEquals(61, Answers.to(offer).sections().size());
    }
    Assertions.assertTimeout(
        Duration.ofSeconds(3),
        () -> {
          for (int i = 0; i < 10; i++) {
            Answers.to(offer);
          }
        });
  }

  static String largeOffer() {
    String[] parts = Corpus.offer("chromium-offer-recvonly-3a9v").text().split("(?=m=)", -1);
    StringBuilder sections = new StringBuilder();
    StringBuilder mids = new StringBuilder();
    for (int i = 0; i < 61; i++) {
      String part = i < 8 ? parts[1] : parts[5];
      if (i >= 57) {
        part = part.replace("a=recvonly", "a=sendonly");
      }
      sections.append(part.replaceFirst("a=mid:\\d+", "a=mid:" + i));
      mids.append(' ').append(i);
    }
    return parts[0].replaceFirst("BUNDLE[ \\d]+", "BUNDLE" + mids) + sections;
  }

  private static String oneBundle(String... sections) {
    return "v=0\no=- 1 1 IN IP4 127.0.0.1\ns=-\nt=0 0\na=group:BUNDLE 0 1\na=ice-ufrag:abcd\n"
        + "a=ice-pwd:0123456789012345678901\na=setup:actpass\na=fingerprint:sha-256 "
        + Answers.SHA_256
        + "\n"
        + String.join("", sections);
  }

  private static String audio(String mid, String codec) {
    return "m=audio 9 UDP/TLS/RTP/SAVPF 111\na=rtcp-mux\na=sendonly\na=mid:" + mid + "\n" + codec;
  }
}
