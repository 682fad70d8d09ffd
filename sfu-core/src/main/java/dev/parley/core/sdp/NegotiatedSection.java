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
 * @param codecs in the server's order of preference; empty unless accepted
 * @param extensions URI to id, in the policy's order; empty unless accepted
 * @param announcedSsrcs the SSRCs that the participant says it sends here, without those of
 *     retransmissions; often empty with simulcast
 * @param rtxSsrcs announced SSRC to that of its retransmissions ({@code FID})
 * @param slotSsrc what the server sends here; 0 unless the section is a slot
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
    long slotSsrc) {

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
        0);
  }

  /** Does the answer keep the section open? */
  public boolean accepted() {
    return rejection.isEmpty();
  }
}
