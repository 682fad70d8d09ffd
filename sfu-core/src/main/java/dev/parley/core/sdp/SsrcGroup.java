package dev.parley.core.sdp;

import java.util.List;

/**
 * Streams that belong together (RFC 5576 section 4.2): {@code FID} names a stream and its
 * retransmissions, {@code SIM} the layers of a simulcast.
 */
public record SsrcGroup(String semantics, List<Long> ssrcs) {
  public SsrcGroup {
    ssrcs = List.copyOf(ssrcs);
  }
}
