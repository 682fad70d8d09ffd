package dev.parley.core.sdp;

import java.util.Map;
import java.util.Optional;

/**
 * An RTP stream announced by its author (RFC 5576).
 *
 * @param attributes for instance {@code cname}, {@code msid}
 */
public record SsrcInfo(long ssrc, Map<String, String> attributes) {
  public SsrcInfo {
    attributes = Map.copyOf(attributes);
  }

  public Optional<String> cname() {
    return Optional.ofNullable(attributes.get("cname"));
  }
}
