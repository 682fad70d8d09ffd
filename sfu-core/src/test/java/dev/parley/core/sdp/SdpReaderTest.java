package dev.parley.core.sdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.core.api.MediaException;
import dev.parley.core.api.MediaKind;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SdpReaderTest {
  private static final String HEAD = "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n";
  private static final String VIDEO = HEAD + "m=video 9 UDP/TLS/RTP/SAVPF 96 97\r\n";

  private static String message(MediaException e) {
    return String.valueOf(e.getMessage());
  }

  static Stream<Corpus.Entry> corpus() {
    return Corpus.all();
  }

  @ParameterizedTest
  @MethodSource("corpus")
  void shouldReadWhatBrowsersWrite(Corpus.Entry entry) {
    SessionDescription description = SdpReader.read(entry.text());

    long mLines = entry.text().lines().filter(l -> l.startsWith("m=")).count();
    assertEquals(mLines, description.media().size());
    for (MediaDescription media : description.media()) {
      assertFalse(media.mid().isEmpty());
      if (!media.rejected()) {
        assertTrue(media.setup().isPresent());
        assertTrue(media.iceUfrag().isPresent());
        assertFalse(media.fingerprints().isEmpty());
        assertTrue(media.kind() == MediaKind.APPLICATION || !media.codecs().isEmpty());
      }
    }
  }

  @Test
  void shouldReadASimulcastSection() {
    MediaDescription video =
        SdpReader.read(Corpus.offer("firefox-offer-simulcast-vp8").text()).media().get(1);

    assertEquals(Direction.SENDONLY, video.direction());
    assertEquals(List.of("q", "h", "f"), video.rids().stream().map(Rid::id).toList());
    assertEquals(
        List.of(
            List.of(new Simulcast.Alternative("q", false)),
            List.of(new Simulcast.Alternative("h", false)),
            List.of(new Simulcast.Alternative("f", false))),
        video.simulcast().orElseThrow().send());
    assertEquals(6, video.ssrcs().size());
    assertEquals(
        new SsrcGroup("FID", List.of(1_410_103_871L, 2_732_665_193L)), video.ssrcGroups().get(0));
    Codec vp8 = video.codecs().getFirst();
    assertEquals("VP8", vp8.name());
    assertEquals(OptionalInt.of(124), vp8.rtxPayloadType());
    assertEquals(Map.of("max-fs", "12288", "max-fr", "60"), vp8.fmtp());
    assertTrue(vp8.rtcpFeedback().contains("nack pli"));
    assertEquals(
        Optional.of(Direction.RECVONLY),
        video.extensions().stream().filter(e -> e.id() == 6).findFirst().orElseThrow().direction());
  }

  @Test
  void shouldReadADataChannelSection() {
    MediaDescription data =
        SdpReader.read(Corpus.offer("chromium-offer-datachannel-only").text()).media().getFirst();

    assertEquals(MediaKind.APPLICATION, data.kind());
    assertEquals(OptionalInt.of(5000), data.sctpPort());
    assertEquals(OptionalLong.of(262_144), data.maxMessageSize());
    assertEquals(List.of("webrtc-datachannel"), data.formats());
  }

  @Test
  void shouldGiveSectionsTheAttributesOfTheSession() {
    String text =
        HEAD
            + "a=ice-ufrag:abcd\na=ice-pwd:0123456789012345678901\na=setup:active\na=sendonly\n"
            + "a=fingerprint:SHA-1 "
            + "ab:".repeat(19)
            + "ab\na=extmap-allow-mixed\na=extmap:1 urn:x\n"
            + "m=audio 9 UDP/TLS/RTP/SAVPF 0\na=ice-ufrag:efgh\n"
            + "m=audio 9 UDP/TLS/RTP/SAVPF 0\na=recvonly\n";

    List<MediaDescription> media = SdpReader.read(text).media();

    assertEquals(Optional.of("efgh"), media.get(0).iceUfrag());
    assertEquals(Optional.of("abcd"), media.get(1).iceUfrag());
    assertEquals(Optional.of(Setup.ACTIVE), media.get(1).setup());
    assertEquals(Direction.SENDONLY, media.get(0).direction());
    assertEquals(Direction.RECVONLY, media.get(1).direction());
    assertEquals(List.of(new ExtensionMap(1, "urn:x")), media.get(0).extensions());
    assertTrue(media.get(0).extmapAllowMixed());
    assertFalse(media.get(0).fingerprints().getFirst().strong());
    assertEquals(20, media.get(0).fingerprints().getFirst().bytes().length);
    assertEquals("PCMU", media.get(0).codecs().getFirst().name());
  }

  @Test
  void shouldTellABundleOnlySectionFromARejectedOne() {
    String text =
        HEAD
            + "m=audio 0 UDP/TLS/RTP/SAVPF 0\na=bundle-only\na=mid:a\n"
            + "m=audio 0 UDP/TLS/RTP/SAVPF 0\na=mid:b\n";

    List<MediaDescription> media = SdpReader.read(text).media();

    assertFalse(media.get(0).rejected());
    assertTrue(media.get(1).rejected());
  }

  @Test
  void shouldApplyFeedbackOfEveryPayloadType() {
    String text = VIDEO + "a=rtcp-fb:* nack pli\na=rtpmap:96 VP8/90000\na=rtcp-fb:96 ccm fir\n";

    Codec codec = SdpReader.read(text).media().getFirst().codecs().getFirst();

    assertEquals(List.of("ccm fir", "nack pli"), List.copyOf(codec.rtcpFeedback()));
  }

  @Test
  void shouldReadFmtpWithoutParameterNames() {
    String text = VIDEO + "a=rtpmap:96 red/90000\na=fmtp:96 111/111\n";

    Codec codec = SdpReader.read(text).media().getFirst().codecs().getFirst();

    assertEquals(Map.of("111/111", ""), codec.fmtp());
  }

  static Stream<Arguments> broken() {
    return Stream.of(
        Arguments.of("", "empty"),
        Arguments.of("hello", "line 1"),
        Arguments.of("v=1\r\n", "v=0"),
        Arguments.of("v=0\r\n", "line 2"),
        Arguments.of("v=0\r\no=- x\r\n", "line 2"),
        Arguments.of("v=0\r\no=- 1 -2 IN IP4 x\r\n", "session version"),
        Arguments.of(HEAD + "nonsense\r\n", "line 5"),
        Arguments.of(HEAD + "\r\nm=audio 9 X 0\r\n", "line 5 is empty"),
        Arguments.of(HEAD + "a=x\u0000y\r\n", "0x00"),
        Arguments.of(HEAD + "a=" + "x".repeat(9000) + "\r\n", "longer"),
        Arguments.of("v=0\n" + "x".repeat(512 * 1024), "524292"),
        Arguments.of(HEAD + "v=0\r\n", "second"),
        Arguments.of(HEAD + "m=audio\r\n", "m=media"),
        Arguments.of(HEAD + "m=audio 70000 UDP/TLS/RTP/SAVPF 0\r\n", "the port"),
        Arguments.of(HEAD + "m=audio 9 UDP/TLS/RTP/SAVPF 128\r\n", "the payload type"),
        Arguments.of(HEAD + "m=audio 9 UDP/TLS/RTP/SAVPF 8 8\r\n", "twice"),
        Arguments.of(HEAD + "m=audio 9 X" + " 1".repeat(65) + "\r\n", "formats"),
        Arguments.of(HEAD + "m=audio 9 X 0\r\n".repeat(129), "sections"),
        Arguments.of(VIDEO + "a=rtpmap:96\r\n", "rtpmap"),
        Arguments.of(VIDEO + "a=rtpmap:96 VP8\r\n", "rtpmap"),
        Arguments.of(VIDEO + "a=rtpmap:96 VP8/0\r\n", "clock rate"),
        Arguments.of(VIDEO + "a=rtpmap:96 VP8/90000\r\na=rtpmap:96 VP9/90000\r\n", "line 7"),
        Arguments.of(VIDEO + "a=fmtp:96\r\n", "fmtp"),
        Arguments.of(VIDEO + "a=rtcp-fb:x nack\r\n", "payload type"),
        Arguments.of(VIDEO + "a=extmap:0 urn:x\r\n", "the id"),
        Arguments.of(VIDEO + "a=extmap:1/up urn:x\r\n", "direction"),
        Arguments.of(VIDEO + "a=extmap:1 urn:x\r\na=extmap:1 urn:y\r\n", "twice"),
        Arguments.of(VIDEO + "a=mid:\r\n", "MID"),
        Arguments.of(VIDEO + "a=mid:a\r\na=mid:b\r\n", "second MID"),
        Arguments.of(VIDEO + "a=ice-ufrag:abc\r\n", "ICE"),
        Arguments.of(VIDEO + "a=ice-ufrag:ab:cd\r\n", "ICE"),
        Arguments.of(VIDEO + "a=fingerprint:sha-256 AB:CD\r\n", "fingerprint"),
        Arguments.of(VIDEO + "a=fingerprint:sha-999 AB:C\r\n", "fingerprint"),
        Arguments.of(VIDEO + "a=setup:maybe\r\n", "role"),
        Arguments.of(VIDEO + "a=candidate:1 1 udp 1 192.0.2.1\r\n", "candidate"),
        Arguments.of(VIDEO + "a=ssrc:4294967296 cname:x\r\n", "the SSRC"),
        Arguments.of(VIDEO + "a=ssrc-group:FID 1 x\r\n", "the SSRC"),
        Arguments.of(VIDEO + "a=rid:q up\r\n", "direction"),
        Arguments.of(VIDEO + "a=simulcast:send q recv\r\n", "pairs"),
        Arguments.of(VIDEO + "a=simulcast:send q send h\r\n", "twice"),
        Arguments.of(VIDEO + "a=sctp-port:70000\r\n", "SCTP"),
        Arguments.of(HEAD + "a=group:BUNDLE 7\r\n", "no section"),
        Arguments.of(
            HEAD + "m=audio 9 X 0\r\na=mid:0\r\nm=audio 9 X 0\r\na=mid:0\r\n", "another section"),
        Arguments.of(HEAD + "a=group:BUNDLE 0 0\r\nm=audio 9 X 0\r\na=mid:0\r\n", "twice"));
  }

  @ParameterizedTest
  @MethodSource("broken")
  void shouldSayWhatIsWrong(String text, String hint) {
    MediaException e = assertThrows(MediaException.class, () -> SdpReader.read(text));

    assertEquals(MediaException.Code.SDP_INVALID, e.code());
    assertTrue(message(e).contains(hint), message(e));
    assertTrue(message(e).length() < 300, message(e));
  }

  @Test
  void shouldNameTheLineAndItsTextButNoPassword() {
    String wrongSsrc = VIDEO + "a=ssrc:abc\r\n";
    assertEquals(
        "line 6: the SSRC is not a number from 0 to 4294967295: \"a=ssrc:abc\"",
        assertThrows(MediaException.class, () -> SdpReader.read(wrongSsrc)).getMessage());

    String shortPwd = VIDEO + "a=ice-pwd:secret\r\n";
    assertFalse(
        message(assertThrows(MediaException.class, () -> SdpReader.read(shortPwd)))
            .contains("secret"));
  }
}
