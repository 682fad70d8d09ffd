package dev.parley.admin.quality;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.signaling.wire.WireJson;
import java.util.Optional;

/**
 * What a client says of its own side every 10 s; nothing that it says is relied on beyond its own
 * quality.
 *
 * @param frozenMs how long pictures stood still, in the 2 s before it was told
 */
record ClientDigest(boolean limitedByCpu, boolean limitedByBandwidth, int frozenMs) {
  static final ClientDigest NONE = new ClientDigest(false, false, 0);

  private static final int MOST_FROZEN_MS = 2000;

  /** What it tells of. */
  private static final int LOOKED_AT_MS = 2000;

  /** In an interval, if all of it is as what was told. */
  int frozenMs(long intervalMs) {
    return (int) (frozenMs * intervalMs / LOOKED_AT_MS);
  }

  /** Of what the client sent; anything but the expected is as nothing. */
  static ClientDigest read(Optional<String> json) {
    if (json.isEmpty()) {
      return NONE;
    }
    try {
      JsonNode digest = WireJson.MAPPER.readTree(json.get());
      boolean cpu = false;
      boolean bandwidth = false;
      for (JsonNode reason : digest.path("limitedBy")) {
        cpu |= reason.asText().equals("cpu");
        bandwidth |= reason.asText().equals("bandwidth");
      }
      int frozen = Math.clamp(digest.path("frozenMs").asLong(), 0, MOST_FROZEN_MS);
      return new ClientDigest(cpu, bandwidth, frozen);
    } catch (JsonProcessingException notJson) {
      return NONE;
    }
  }
}
