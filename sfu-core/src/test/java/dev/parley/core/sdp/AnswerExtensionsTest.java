package dev.parley.core.sdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerExtensionsTest {
  private static final String TWCC = "extmap:3 " + HeaderExtensions.TRANSPORT_WIDE_CC;
  private static final String SEND_TIME = "extmap:2 " + HeaderExtensions.ABS_SEND_TIME;
  private static final String DESCRIPTOR = "extmap:12 " + HeaderExtensions.DEPENDENCY_DESCRIPTOR;
  private static final String MIXED = "extmap-allow-mixed";

  private static NegotiatedSection video(String direction, String... attributes) {
    return ordered("96 45", direction, attributes);
  }

  private static NegotiatedSection ordered(String order, String direction, String... attributes) {
    List<String> all = new ArrayList<>(List.of("rtpmap:96 VP8/90000", "rtpmap:45 AV1/90000"));
    all.add("rtpmap:98 VP9/90000");
    all.add("rtpmap:108 H264/90000");
    all.add("fmtp:108 packetization-mode=1;profile-level-id=42e01f");
    all.addAll(Arrays.asList(attributes));
    return Answers.to(
            Offers.bundle(Offers.section("video " + order, direction, all.toArray(String[]::new))))
        .sections()
        .getFirst();
  }

  private static Set<String> feedback(NegotiatedSection section) {
    Set<String> all = new TreeSet<>();
    section.codecs().forEach(c -> all.addAll(c.rtcpFeedback()));
    return all;
  }

  @ParameterizedTest
  @ValueSource(strings = {"sendonly", "recvonly"})
  void shouldTakeTransportWideNumbersWithTheirFeedback(String direction) {
    NegotiatedSection section =
        video(direction, TWCC, SEND_TIME, "rtcp-fb:96 transport-cc", "rtcp-fb:96 goog-remb", MIXED);

    assertEquals(Set.of(HeaderExtensions.TRANSPORT_WIDE_CC), section.extensions().keySet());
    assertEquals(Set.of("transport-cc", "goog-remb"), feedback(section));
  }

  @Test
  void shouldTakeNeitherHalfOfTransportWideFeedbackAlone() {
    assertEquals(Set.of(), feedback(video("sendonly", "rtcp-fb:* transport-cc")));
    assertTrue(video("sendonly", TWCC).extensions().isEmpty());
    assertEquals(
        Set.of(),
        feedback(video("sendonly", TWCC.replace("3 ", "3/recvonly "), "rtcp-fb:* transport-cc")));
  }

  @Test
  void shouldTakeTransportWideFeedbackOfAudio() {
    NegotiatedSection audio =
        Answers.to(
                Offers.bundle(
                    Offers.section(
                        "audio 111",
                        "recvonly",
                        "rtpmap:111 opus/48000/2",
                        "rtcp-fb:111 transport-cc",
                        "rtcp-fb:111 nack",
                        TWCC,
                        SEND_TIME)))
            .sections()
            .getFirst();

    assertEquals(Set.of("transport-cc"), feedback(audio));
    assertEquals(Set.of(HeaderExtensions.TRANSPORT_WIDE_CC), audio.extensions().keySet());
  }

  @Test
  void shouldFallBackToRemb() {
    NegotiatedSection section = video("sendonly", TWCC, SEND_TIME, "rtcp-fb:96 goog-remb");

    assertEquals(Set.of(HeaderExtensions.ABS_SEND_TIME), section.extensions().keySet());
    assertTrue(video("sendonly", SEND_TIME).extensions().isEmpty());
  }

  @ParameterizedTest
  @CsvSource({
    "96 45 98, sendonly, false",
    "108 45, sendonly, false",
    "45 96, sendonly, true",
    "98 96, sendrecv, false",
    "96 45, inactive, false",
    "45 96, inactive, true",
    "96 45, recvonly, true",
    "96, recvonly, true"
  })
  void shouldTakeTheDependencyDescriptorWhereVp8StaysReadable(
      String order, String direction, boolean taken) {
    Set<String> expected = taken ? Set.of(HeaderExtensions.DEPENDENCY_DESCRIPTOR) : Set.of();

    assertEquals(expected, ordered(order, direction, DESCRIPTOR, MIXED).extensions().keySet());
    assertTrue(ordered(order, direction, DESCRIPTOR).extensions().isEmpty());
  }

  @Test
  void shouldAllowMixedHeadersWhereTheOfferSaysSo() {
    String rtpmap = "rtpmap:45 AV1/90000";
    String session = Offers.bundle(Offers.section("video 45", "sendonly", rtpmap, DESCRIPTOR));
    String ofSection = Offers.bundle(Offers.section("video 45", "sendonly", rtpmap, MIXED));

    assertTrue(
        Answers.to(session.replace("t=0 0\n", "t=0 0\na=" + MIXED + "\n"))
            .answerSdp()
            .matches("(?s).*a=extmap-allow-mixed.*m=video.*"));
    assertTrue(Answers.to(ofSection).answerSdp().matches("(?s).*m=video.*a=extmap-allow-mixed.*"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"sendrecv", "inactive", "recvonly"})
  void shouldTakeRidsInSlotsTooSoThatSimulcastCanFollow(String direction) {
    String rid = "extmap:10 " + HeaderExtensions.RID;
    String repaired = "extmap:11 " + HeaderExtensions.REPAIRED_RID;

    assertEquals(
        Set.of(HeaderExtensions.RID, HeaderExtensions.REPAIRED_RID),
        video(direction, rid, repaired).extensions().keySet());
  }
}
