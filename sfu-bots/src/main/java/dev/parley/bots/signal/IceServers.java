package dev.parley.bots.signal;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.bots.client.RelayOffer;
import java.util.ArrayList;
import java.util.List;

/** What a server's {@code iceServers} offer to bots. Any thread. */
public final class IceServers {
  private IceServers() {}

  /**
   * The relays that are reached by TCP, in the server's order; entries that cannot be read are left
   * out.
   *
   * @param reply with {@code iceServers}, as {@code hello} has
   */
  public static List<RelayOffer> relays(JsonNode reply) {
    List<RelayOffer> relays = new ArrayList<>();
    for (JsonNode server : reply.path("iceServers")) {
      for (JsonNode uri : server.path("urls")) {
        RelayOffer.of(
                uri.asText(), server.path("username").asText(), server.path("credential").asText())
            .ifPresent(relays::add);
      }
    }
    return relays;
  }
}
