package dev.parley.core.sdp;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * A codec that both sides take, as the answer says it.
 *
 * @param payloadType the offer's number, in both directions
 * @param fmtp as answered
 * @param rtcpFeedback as answered
 * @param rtxPayloadType what retransmits it (RFC 4588); 0 when nothing does
 */
public record NegotiatedCodec(
    String name,
    int payloadType,
    int clockRate,
    int channels,
    Map<String, String> fmtp,
    Set<String> rtcpFeedback,
    int rtxPayloadType) {
  public NegotiatedCodec {
    fmtp = Collections.unmodifiableMap(new LinkedHashMap<>(fmtp));
    rtcpFeedback = Collections.unmodifiableSet(new LinkedHashSet<>(rtcpFeedback));
  }
}
