package dev.parley.core.sdp;

import dev.parley.core.api.MediaKind;
import dev.parley.core.api.MediaSession;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One section of an answered offer. A section that carries no media now, but may again later, is
 * {@link MediaSession.Direction#REJECTED} with {@link #accepted()} true: its line stays alive.
 *
 * @param mid empty only for a section that is not accepted
 * @param direction as the participant sees it
 * @param rejection why the answer closes the section with port 0; empty when it does not
 * @param codecs in the participant's order of preference, in a slot in the server's; empty unless
 *     accepted
 * @param extensions URI to id, in the policy's order; empty unless accepted
 * @param announcedSsrcs the SSRCs that the participant says it sends here, without those of
 *     retransmissions; often empty with simulcast
 * @param rtxSsrcs announced SSRC to that of its retransmissions ({@code FID})
 * @param rids the simulcast layers that the answer takes, in the order offered, which in browsers
 *     is that of ascending quality; also of a section that carries nothing now
 * @param simSsrcs the simulcast layers announced by SSRC instead ({@code SIM}, RFC 5576 section
 *     4.2), in the order announced; empty when there are {@code rids}
 * @param slotSsrc what the server sends here; 0 unless the section is a slot
 * @param slotRtxSsrc what the server's retransmissions carry; 0 unless the section is a slot whose
 *     first codec has RTX
 */
public record NegotiatedSection(
    String mid,
    MediaKind kind,
    MediaSession.Direction direction,
    Optional<Rejection> rejection,
    List<NegotiatedCodec> codecs,
    Map<String, Integer> extensions,
    List<Long> announcedSsrcs,
    Map<Long, Long> rtxSsrcs,
    List<String> rids,
    List<Long> simSsrcs,
    long slotSsrc,
    long slotRtxSsrc) {

  /** Why a section is closed. */
  public enum Rejection {
    /** The offer closed it. */
    STOPPED,
    /** {@code m=application} or a media type that is neither audio nor video. */
    NOT_MEDIA,
    /** Not RTP. */
    PROTOCOL,
    /** Outside the bundle, where it would need a transport of its own. */
    NOT_BUNDLED,
    /** No codec that the server takes. */
    NO_COMMON_CODEC
  }

  public NegotiatedSection {
    codecs = List.copyOf(codecs);
    extensions = Collections.unmodifiableMap(new LinkedHashMap<>(extensions));
    announcedSsrcs = List.copyOf(announcedSsrcs);
    rtxSsrcs = Map.copyOf(rtxSsrcs);
    rids = List.copyOf(rids);
    simSsrcs = List.copyOf(simSsrcs);
  }

  static NegotiatedSection rejected(MediaDescription offered, Rejection why) {
    return new NegotiatedSection(
        offered.mid(),
        offered.kind(),
        MediaSession.Direction.REJECTED,
        Optional.of(why),
        List.of(),
        Map.of(),
        List.of(),
        Map.of(),
        List.of(),
        List.of(),
        0,
        0);
  }

  /** Does the answer keep the section open? */
  public boolean accepted() {
    return rejection.isEmpty();
  }
}
