package dev.parley.core.sdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class OfferedLayersTest {
  private static final String RID = "extmap:10 " + HeaderExtensions.RID;

  private static String offer(String direction, String... attributes) {
    List<String> all = new ArrayList<>(List.of("rtpmap:96 VP8/90000", "rtpmap:98 VP9/90000"));
    all.add("fmtp:98 profile-id=2");
    all.addAll(Arrays.asList(attributes));
    return Offers.bundle(Offers.section("video 96 98", direction, all.toArray(String[]::new)));
  }

  private static NegotiatedSection only(String offer) {
    return Answers.to(offer).sections().getFirst();
  }

  static Stream<Arguments> layers() {
    return Stream.of(
        Arguments.of("send q;h;f", List.of("q", "h", "f"), "recv q;h;f"),
        Arguments.of("send q;~h;~f", List.of("q", "h", "f"), "recv q;~h;~f"),
        Arguments.of("send h,q;f", List.of("h", "f"), "recv h;f"),
        Arguments.of("send none,q;f", List.of("q", "f"), "recv q;f"),
        Arguments.of("send r;vp8;vp9;h", List.of("vp8", "h"), "recv vp8;h"),
        Arguments.of("send q;q;h", List.of("q", "h"), "recv q;h"),
        Arguments.of("send a;q;h;f;vp8", List.of("a", "q", "h", "f"), "recv a;q;h;f"),
        Arguments.of("recv r send q;h", List.of("q", "h"), "recv q;h"),
        Arguments.of("send abcdefghijklmnopq;h", List.of("h"), "recv h"));
  }

  @ParameterizedTest
  @MethodSource("layers")
  void shouldTakeTheLayersThatTheOfferDescribes(
      String simulcast, List<String> rids, String answered) {
    String offer =
        offer(
            "sendonly",
            RID,
            "rid:q send max-width=320;max-fps=15",
            "rid:h send",
            "rid:f send pt=98,96",
            "rid:a send",
            "rid:vp8 send pt=96",
            "rid:vp9 send pt=98",
            "rid:abcdefghijklmnopq send",
            "rid:r recv",
            "simulcast:" + simulcast);
    String answer = Answers.to(offer).answerSdp();

    assertEquals(rids, only(offer).rids());
    assertTrue(answer.contains("a=simulcast:" + answered + "\r\n"), answer);
    assertEquals(
        rids.stream().map(r -> "a=rid:" + r + " recv").toList(),
        answer.lines().filter(l -> l.startsWith("a=rid:")).toList());
  }

  @Test
  void shouldTakeNoSimulcastWithoutTheRidExtension() {
    String offer = offer("sendonly", "rid:q send", "rid:h send", "simulcast:send q;h");

    assertEquals(List.of(), only(offer).rids());
    assertFalse(Answers.to(offer).answerSdp().contains("simulcast"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"recvonly", "inactive"})
  void shouldKeepSimulcastWhileNothingIsSent(String direction) {
    String offer = offer(direction, RID, "rid:q send", "rid:h send", "simulcast:send q;h");

    assertEquals(direction.equals("inactive") ? List.of("q", "h") : List.of(), only(offer).rids());
  }

  @Test
  void shouldNotAnswerRidsWithoutSimulcast() {
    assertFalse(Answers.to(offer("sendonly", RID, "rid:q send")).answerSdp().contains("a=rid"));
  }

  @Test
  void shouldTakeLayersBySsrc() {
    NegotiatedSection section =
        only(
            offer(
                "sendonly",
                RID,
                "ssrc-group:SIM 3 1 2 9 1",
                "ssrc-group:FID 1 11",
                "ssrc-group:FID 3 13",
                "ssrc:1 cname:c",
                "ssrc:11 cname:c",
                "ssrc:2 cname:c",
                "ssrc:3 cname:c",
                "ssrc:13 cname:c"));

    assertEquals(List.of(3L, 1L, 2L), section.simSsrcs());
    assertEquals(List.of(1L, 2L, 3L), section.announcedSsrcs());
    assertEquals(Map.of(1L, 11L, 3L, 13L), section.rtxSsrcs());
    assertEquals(List.of(), section.rids());
  }

  @Test
  void shouldLimitLayersBySsrcToo() {
    String[] attributes =
        Stream.concat(
                Stream.of("ssrc-group:SIM 1 2 3 4 5"),
                Stream.of(1, 2, 3, 4, 5).map(i -> "ssrc:" + i + " cname:c"))
            .toArray(String[]::new);

    assertEquals(List.of(1L, 2L, 3L, 4L), only(offer("sendonly", attributes)).simSsrcs());
    assertEquals(List.of(), only(offer("recvonly", attributes)).simSsrcs());
  }

  @Test
  void shouldPreferRidsToSsrcs() {
    NegotiatedSection section =
        only(
            offer(
                "sendonly",
                RID,
                "rid:q send",
                "rid:h send",
                "simulcast:send q;h",
                "ssrc-group:SIM 1 2",
                "ssrc:1 cname:c",
                "ssrc:2 cname:c"));

    assertEquals(List.of("q", "h"), section.rids());
    assertEquals(List.of(), section.simSsrcs());
  }
}
