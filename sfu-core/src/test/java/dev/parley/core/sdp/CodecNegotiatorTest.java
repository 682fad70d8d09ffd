package dev.parley.core.sdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.core.api.MediaException;
import dev.parley.core.sdp.NegotiatedSection.Rejection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CodecNegotiatorTest {
  private static final String[] ALL = {
    "rtpmap:45 AV1/90000",
    "rtpmap:46 rtx/90000",
    "fmtp:46 apt=45",
    "rtpmap:98 VP9/90000",
    "fmtp:98 profile-id=2",
    "rtpmap:102 H264/90000",
    "fmtp:102 packetization-mode=1;profile-level-id=42001f;level-asymmetry-allowed=1;x=1",
    "rtpmap:96 VP8/90000",
    "rtpmap:97 rtx/90000",
    "fmtp:97 apt=96;rtx-time=200",
    "rtpmap:108 H264/90000",
    "fmtp:108 packetization-mode=1;profile-level-id=42e01f;level-asymmetry-allowed=1",
    "rtpmap:100 VP9/90000",
    "fmtp:100 profile-id=0"
  };
  private static final String M = "video 98 102 45 46 96 97 108 100";

  private static NegotiatedSection only(String section) {
    return Answers.to(Offers.bundle(section)).sections().getFirst();
  }

  private static List<Integer> payloadTypes(NegotiatedSection section) {
    return section.codecs().stream().map(NegotiatedCodec::payloadType).toList();
  }

  /** 102 is the first H.264 that would do, so its place is that of H.264. */
  @ParameterizedTest
  @ValueSource(strings = {"sendonly", "sendrecv", "inactive"})
  void shouldFollowTheClientsOrderWhereItPublishes(String direction) {
    NegotiatedSection section = only(Offers.section(M, direction, ALL));

    assertEquals(List.of(108, 45, 96, 100), payloadTypes(section));
  }

  @Test
  void shouldFollowTheServersOrderInSlots() {
    NegotiatedSection slot = only(Offers.section(M, "recvonly", ALL));

    assertEquals(List.of(96, 108, 100, 45), payloadTypes(slot));
  }

  @Test
  void shouldTakeRetransmissionsOfTheTakenCodecs() {
    String offer = Offers.bundle(Offers.section(M, "sendonly", ALL));
    NegotiatedSession session = Answers.to(offer);

    assertEquals(
        List.of(0, 46, 97, 0),
        session.sections().getFirst().codecs().stream()
            .map(NegotiatedCodec::rtxPayloadType)
            .toList());
    assertTrue(session.answerSdp().contains(" 108 45 46 96 97 100\r\n"), session.answerSdp());
    assertTrue(session.answerSdp().contains("a=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\n"));
  }

  @ParameterizedTest
  @CsvSource({
    // Looks like RTCP; another clock; of itself; of nothing.
    "70, rtx/90000, 96, 0",
    "97, rtx/48000, 96, 0",
    "97, rtx/90000, 97, 0",
    "97, rtx/90000, 95, 0",
    "0, rtx/90000, 96, 0",
    "97, RTX/90000, 96, 97"
  })
  void shouldTakeUsableRetransmissionsOnly(String rtx, String name, String apt, int expected) {
    NegotiatedSection section =
        only(
            Offers.section(
                "video 96 " + rtx,
                "sendonly",
                "rtpmap:96 VP8/90000",
                "rtpmap:" + rtx + " " + name,
                "fmtp:" + rtx + " apt=" + apt));

    assertEquals(List.of(96), payloadTypes(section));
    assertEquals(expected, section.codecs().getFirst().rtxPayloadType());
  }

  @Test
  void shouldNotTakeRetransmissionsOfAudio() {
    NegotiatedSection section =
        only(
            Offers.section(
                "audio 111 112",
                "sendonly",
                "rtpmap:111 opus/48000/2",
                "rtpmap:112 rtx/48000",
                "fmtp:112 apt=111"));

    assertEquals(0, section.codecs().getFirst().rtxPayloadType());
  }

  @Test
  void shouldKeepTheParametersOfH264ThatMatter() {
    NegotiatedCodec h264 =
        only(Offers.section(
                "video 102",
                "sendonly",
                "rtpmap:102 h264/90000",
                "fmtp:102 profile-level-id=4D001F;x=1;packetization-mode=1"))
            .codecs()
            .getFirst();

    assertEquals("h264", h264.name());
    assertEquals(
        Map.of(
            "profile-level-id",
            "4D001F",
            "packetization-mode",
            "1",
            "x-google-start-bitrate",
            "1000"),
        h264.fmtp());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "profile-level-id=42e01f",
        "packetization-mode=0;profile-level-id=42e01f",
        "packetization-mode=1;profile-level-id=64001f"
      })
  void shouldCloseASectionWithoutAVariantItTakes(String fmtp) {
    String offer =
        Offers.bundle(
            Offers.section("audio 111", "sendonly", "rtpmap:111 opus/48000/2"),
            Offers.section("video 102", "sendonly", "rtpmap:102 H264/90000", "fmtp:102 " + fmtp));

    assertEquals(
        Optional.of(Rejection.NO_COMMON_CODEC), Answers.to(offer).sections().get(1).rejection());
  }

  @ParameterizedTest
  @CsvSource({
    "111/111, true",
    "111/111/111, true",
    "111, false",
    "111/112, false",
    "112/112, false",
    "apt=111, false",
    "111/111;x=1, false"
  })
  void shouldTakeRedundancyOfOpusOnly(String fmtp, boolean taken) {
    NegotiatedSection section =
        only(
            Offers.section(
                "audio 63 111 112",
                "sendonly",
                "rtpmap:63 red/48000/2",
                "fmtp:63 " + fmtp,
                "rtpmap:111 opus/48000/2",
                "rtpmap:112 G722/8000"));

    assertEquals(taken ? List.of(63, 111) : List.of(111), payloadTypes(section));
    if (taken) {
      assertEquals(Map.of(fmtp, ""), section.codecs().getFirst().fmtp());
    }
  }

  @Test
  void shouldNotTakeRedundancyAlone() {
    String offer =
        Offers.bundle(
            Offers.section("audio 63", "sendonly", "rtpmap:63 red/48000/2", "fmtp:63 111/111"));

    assertEquals(
        MediaException.Code.NO_COMMON_CODEC,
        assertThrows(MediaException.class, () -> Answers.to(offer)).code());
  }

  @Test
  void shouldRepeatOnlyFeedbackThatItKnows() {
    NegotiatedSection section =
        only(
            Offers.section(
                "video 96",
                "sendonly",
                "rtpmap:96 VP8/90000",
                "rtcp-fb:96 nack",
                "rtcp-fb:96 nack sli",
                "rtcp-fb:96 nack pli",
                "rtcp-fb:96 ccm fir",
                "rtcp-fb:96 ccm tmmbr",
                "rtcp-fb:96 goog-remb",
                "rtcp-fb:96 ack rpsi"));

    assertEquals(
        Set.of("nack", "nack pli", "ccm fir", "goog-remb"),
        section.codecs().getFirst().rtcpFeedback());
  }

  @Test
  void shouldKeepOneMeaningOfAPayloadType() {
    String vp8 = Offers.section("video 96 97", "sendonly", "rtpmap:96 VP8/90000");
    String rtx96 =
        Offers.section(
            "video 96 97",
            "recvonly",
            "rtpmap:96 VP8/90000",
            "rtpmap:97 rtx/90000",
            "fmtp:97 apt=96");
    String rtx98 =
        Offers.section(
            "video 98 97",
            "recvonly",
            "rtpmap:98 VP9/90000",
            "rtpmap:97 rtx/90000",
            "fmtp:97 apt=98");
    String vp9 = Offers.section("video 97", "recvonly", "rtpmap:97 VP9/90000");

    assertTrue(Answers.to(Offers.bundle(vp8, rtx96)).sections().get(1).accepted());
    assertConflict(rtx96, rtx98, "payload type 97");
    assertConflict(rtx96, vp9, "payload type 97 is RTX");
    assertConflict(vp9, rtx96, "payload type 97 is VP9");
  }

  @Test
  void shouldCompareProfilesAndNotTheirSpelling() {
    assertTrue(
        Answers.to(Offers.bundle(h264("42e01f"), h264("42C034"))).sections().get(1).accepted());
    assertConflict(h264("42e01f"), h264("42001f"), "another profile");
  }

  private static String h264(String levelId) {
    return Offers.section(
        "video 102",
        "sendonly",
        "rtpmap:102 H264/90000",
        "fmtp:102 packetization-mode=1;profile-level-id=" + levelId);
  }

  private static void assertConflict(String first, String second, String hint) {
    MediaException e =
        assertThrows(MediaException.class, () -> Answers.to(Offers.bundle(first, second)));
    assertEquals(MediaException.Code.SDP_INVALID, e.code());
    assertTrue(Answers.message(e).contains(hint), Answers.message(e));
  }

  @Test
  void shouldGiveASlotAnSsrcForRetransmissions() {
    String slot = Offers.section(M, "recvonly", ALL);
    NegotiatedSession session = Answers.to(Offers.bundle(slot, slot));

    assertEquals(
        List.of(1000L, 1001L),
        session.sections().stream().map(NegotiatedSection::slotSsrc).toList());
    assertEquals(
        List.of(2000L, 2001L),
        session.sections().stream().map(NegotiatedSection::slotRtxSsrc).toList());
    assertEquals(
        List.of(
            "a=ssrc-group:FID 1000 2000",
            "a=ssrc:1000 cname:parley",
            "a=ssrc:2000 cname:parley",
            "a=ssrc-group:FID 1001 2001",
            "a=ssrc:1001 cname:parley",
            "a=ssrc:2001 cname:parley"),
        session.answerSdp().lines().filter(l -> l.startsWith("a=ssrc")).toList());
  }

  @Test
  void shouldGiveASlotWithoutRetransmissionsOneSsrc() {
    String slot = Offers.section("video 96", "recvonly", "rtpmap:96 VP8/90000");
    NegotiatedSession session = Answers.to(Offers.bundle(slot));

    assertEquals(0, session.sections().getFirst().slotRtxSsrc());
    assertFalse(session.answerSdp().contains("ssrc-group"));
    assertEquals(0, only(Offers.section(M, "sendonly", ALL)).slotRtxSsrc());
  }
}
