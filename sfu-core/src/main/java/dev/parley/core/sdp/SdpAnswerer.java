package dev.parley.core.sdp;

import dev.parley.core.api.MediaException;
import dev.parley.core.api.MediaException.Code;
import dev.parley.core.api.MediaKind;
import dev.parley.core.sdp.NegotiatedSection.Rejection;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Answers offers (RFC 9429 section 5.3.1) as an ICE-lite, DTLS-passive server with one bundle (RFC
 * 9143): the participant publishes where it offers to send, and the server sends only in sections
 * offered {@code recvonly}, the slots. Immutable; any thread.
 *
 * <p>An offer whose first section is refused gets its next one as tagged section, as RFC 9143
 * section 7.3.1 says. Chromium cannot apply that under {@code bundlePolicy: "max-bundle"}; clients
 * put a section first that the server takes, such as the microphone's.
 */
public final class SdpAnswerer {
  private final AnswerPolicy policy;

  public SdpAnswerer(AnswerPolicy policy) {
    this.policy = policy;
  }

  /**
   * The answer mirrors the offer's sections in number, order and MID; what the policy does not take
   * is closed with port 0.
   *
   * @param local the candidates stand in the first accepted section
   * @param ssrcs asked once for every slot
   * @throws MediaException {@code SDP_INVALID}: sections contradict each other or lack what RFC
   *     9429 wants; {@code SDP_UNSUPPORTED}: no bundle, no rtcp-mux, the offerer is passive or
   *     ice-lite, a weak fingerprint, or nothing but data channels; {@code NO_COMMON_CODEC}: media,
   *     but none in a codec of the policy; {@code SLOT_LIMIT}: more slots than the policy allows
   */
  public NegotiatedSession answer(
      SessionDescription offer, LocalParameters local, SlotSsrcs ssrcs) {
    Set<String> bundle = new HashSet<>(offer.bundle());
    boolean alone = offer.bundles().isEmpty() && checkedAlone(offer);
    SectionNegotiator negotiator = new SectionNegotiator(policy, ssrcs);
    List<NegotiatedSection> sections = new ArrayList<>();
    List<MediaDescription> accepted = new ArrayList<>();
    for (MediaDescription offered : offer.media()) {
      NegotiatedSection section =
          negotiator.negotiate(offered, alone || bundle.contains(offered.mid()));
      sections.add(section);
      if (section.accepted()) {
        accepted.add(offered);
      }
    }
    if (accepted.isEmpty()) {
      throw nothingTaken(offer, sections);
    }
    OfferTransport transport = OfferTransport.of(offer, accepted);
    return new NegotiatedSession(
        AnswerWriter.write(offer, sections, local),
        transport.iceUfrag(),
        transport.icePwd(),
        transport.fingerprints(),
        Setup.ACTIVE,
        sections);
  }

  /** One section needs no bundle to have one transport. */
  private static boolean checkedAlone(SessionDescription offer) {
    long open = offer.media().stream().filter(m -> !m.rejected()).count();
    if (open > 1) {
      throw new MediaException(
          Code.SDP_UNSUPPORTED,
          "%d sections without a=group:BUNDLE; offer them in one bundle".formatted(open));
    }
    return true;
  }

  private MediaException nothingTaken(SessionDescription offer, List<NegotiatedSection> sections) {
    if (sections.stream().anyMatch(s -> is(s, Rejection.NO_COMMON_CODEC))) {
      List<String> names =
          offer.media().stream()
              .filter(m -> m.kind() != MediaKind.APPLICATION)
              .flatMap(m -> m.codecs().stream())
              .map(Codec::name)
              .distinct()
              .limit(12)
              .toList();
      return new MediaException(
          Code.NO_COMMON_CODEC,
          "the server takes %s, the offer has %s"
              .formatted(
                  policy.codecs().stream().map(AnswerPolicy.CodecRule::name).toList(), names));
    }
    String why;
    if (sections.stream().anyMatch(s -> is(s, Rejection.PROTOCOL))) {
      why = "the sections are not RTP over DTLS (UDP/TLS/RTP/SAVPF)";
    } else if (sections.stream().anyMatch(s -> is(s, Rejection.NOT_BUNDLED))) {
      why = "the sections are outside the first bundle";
    } else if (sections.stream().anyMatch(s -> is(s, Rejection.NOT_MEDIA))) {
      why = "the offer has neither audio nor video; data channels alone are not taken";
    } else {
      why = "the offer has no open section";
    }
    return new MediaException(Code.SDP_UNSUPPORTED, why);
  }

  private static boolean is(NegotiatedSection section, Rejection rejection) {
    return section.rejection().filter(rejection::equals).isPresent();
  }
}
