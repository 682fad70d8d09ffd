package dev.parley.server.browser;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;

/**
 * One of the others' pictures as it was painted since the last reset: what {@code window.watch} of
 * picture-watch.js returns.
 *
 * @param longestGapMs between two frames, or since the last one
 * @param sizeChanges how often the next frame was of another size
 */
record WatchedPicture(
    String name,
    long frames,
    double ms,
    double longestGapMs,
    int sizeChanges,
    int width,
    int height) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** All that a page shows; {@code reset} begins the next measurement. */
  static List<WatchedPicture> of(Tab tab, boolean reset) {
    String json = tab.evaluate("window.watch(%s)".formatted(reset));
    try {
      return JSON.readValue(json, new TypeReference<List<WatchedPicture>>() {});
    } catch (JsonProcessingException malformed) {
      throw new IllegalArgumentException("The watch said: " + json, malformed);
    }
  }

  double framesPerSecond() {
    return frames * 1000 / ms;
  }
}
