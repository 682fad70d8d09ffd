package dev.parley.bots.bot;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What the server says that a bot's video slots show. Loop's thread only. */
final class SlotStates {
  private final Set<String> video = new HashSet<>();
  private final Map<String, String> states = new HashMap<>();

  /** Learns the slots from the reply to a join. */
  void learn(JsonNode slots) {
    for (JsonNode slot : slots) {
      if (slot.path("kind").asText().equals("video")) {
        video.add(slot.path("mid").asText());
      }
    }
  }

  void change(String mid, String state) {
    states.put(mid, state);
  }

  /** Video slots whose picture the server has stopped, and said so. */
  int pausedVideo() {
    return (int)
        states.entrySet().stream()
            .filter(s -> s.getValue().equals("paused") && video.contains(s.getKey()))
            .count();
  }
}
