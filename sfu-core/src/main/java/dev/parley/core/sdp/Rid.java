package dev.parley.core.sdp;

import java.util.List;
import java.util.Map;

/**
 * A stream named by its RID (RFC 8851).
 *
 * @param sent as its description's author sees it
 * @param payloadTypes empty: all of the section
 * @param restrictions for instance {@code max-width}
 */
public record Rid(
    String id, boolean sent, List<Integer> payloadTypes, Map<String, String> restrictions) {
  public Rid {
    payloadTypes = List.copyOf(payloadTypes);
    restrictions = Map.copyOf(restrictions);
  }
}
