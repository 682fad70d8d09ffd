package dev.parley.core.sdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.core.api.MediaKind;
import dev.parley.core.api.MediaSession.Direction;
import dev.parley.core.sdp.OfferParameters.SendSection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SdpOfferWriterTest {
  private static final OfferParameters BOT =
      OfferParameters.opusAndVp8(
          Answers.CLIENT,
          List.of(new SendSection(MediaKind.AUDIO, 11), new SendSection(MediaKind.VIDEO, 22, 23)),
          3,
          9);

  @Test
  void shouldBeAnsweredInFull() {
    NegotiatedSession session = Answers.to(SdpOfferWriter.write(BOT));

    assertEquals("client01", session.remoteUfrag());
    assertEquals(14, session.sections().size());
    assertTrue(session.sections().stream().allMatch(NegotiatedSection::accepted));
    NegotiatedSection video = session.sections().get(1);
    assertEquals(Direction.SEND, video.direction());
    assertEquals(List.of(22L), video.announcedSsrcs());
    assertEquals(Map.of(22L, 23L), video.rtxSsrcs());
    assertEquals(
        3,
        session.sections().stream()
            .filter(s -> s.kind() == MediaKind.AUDIO && s.direction() == Direction.RECEIVE)
            .count());
    assertEquals(Map.of(HeaderExtensions.MID, 4), video.extensions());
  }

  @Test
  void shouldReadTheServersAnswer() {
    NegotiatedSession session = Answers.to(SdpOfferWriter.write(BOT));

    SessionDescription answer = SdpReader.read(session.answerSdp());

    MediaDescription tagged = answer.tagged().orElseThrow();
    assertEquals(Answers.SERVER.candidates(), tagged.candidates());
    assertEquals(Answers.SERVER.iceUfrag(), tagged.iceUfrag().orElseThrow());
    assertEquals(
        session.sections().stream().map(NegotiatedSection::slotSsrc).filter(s -> s != 0).toList(),
        answer.media().stream().flatMap(m -> m.ssrcs().stream()).map(SsrcInfo::ssrc).toList());
    assertEquals("parley", answer.media().get(3).ssrcs().getFirst().cname().orElseThrow());
  }

  @Test
  void shouldOfferRepairAndSimulcast() {
    String offer =
        SdpOfferWriter.write(
            OfferParameters.opusAndVp8WithRepair(
                Answers.CLIENT,
                List.of(
                    new SendSection(MediaKind.AUDIO, 11),
                    SendSection.simulcast(List.of("q", "h", "f")),
                    new SendSection(MediaKind.VIDEO, 22, 23)),
                0,
                1));
    List<NegotiatedSection> sections = Answers.to(offer).sections();

    assertEquals(
        Map.of(
            HeaderExtensions.MID,
            4,
            HeaderExtensions.AUDIO_LEVEL,
            1,
            HeaderExtensions.TRANSPORT_WIDE_CC,
            3),
        sections.get(0).extensions());
    NegotiatedSection simulcast = sections.get(1);
    assertEquals(List.of("q", "h", "f"), simulcast.rids());
    assertEquals(List.of(), simulcast.announcedSsrcs());
    assertEquals(97, simulcast.codecs().getFirst().rtxPayloadType());
    assertEquals(
        Set.of("nack", "nack pli", "ccm fir", "transport-cc"),
        simulcast.codecs().getFirst().rtcpFeedback());
    assertEquals(11, simulcast.extensions().get(HeaderExtensions.REPAIRED_RID));
    assertEquals(Map.of(22L, 23L), sections.get(2).rtxSsrcs());
    assertEquals(2000, sections.get(3).slotRtxSsrc());
  }
}
