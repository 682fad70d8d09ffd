package dev.parley.core.sdp;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A payload type of a section and what it stands for: {@code a=rtpmap}, {@code a=fmtp}, {@code
 * a=rtcp-fb} (RFC 8866, RFC 4585), in one.
 *
 * @param name as written; compare with {@link #is}
 * @param channels 1 where the description is silent
 * @param fmtp in the order written; a parameter without {@code =} has an empty value
 * @param rtcpFeedback in the order written, for instance {@code nack pli}
 * @param rtxPayloadType the payload type that retransmits this one (RFC 4588)
 */
public record Codec(
    int payloadType,
    String name,
    int clockRate,
    int channels,
    Map<String, String> fmtp,
    Set<String> rtcpFeedback,
    OptionalInt rtxPayloadType) {

  public Codec {
    fmtp = Collections.unmodifiableMap(new LinkedHashMap<>(fmtp));
    rtcpFeedback = Collections.unmodifiableSet(new LinkedHashSet<>(rtcpFeedback));
  }

  /** Encoding names do not differ by case (RFC 8866 section 6.6). */
  public boolean is(String otherName) {
    return name.equalsIgnoreCase(otherName);
  }
}
