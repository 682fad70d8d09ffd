package dev.parley.bots.probe;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * What one tab saw, as its browser counts it (webrtc-stats).
 *
 * @param connectedMs from the page's beginning to its first connection
 * @param pictureMs the same to the first decoded picture of somebody else
 * @param streams pictures of others that were decoded
 * @param height of the largest of them, in lines
 */
public record ProbeResult(
    String name,
    OptionalDouble connectedMs,
    OptionalDouble pictureMs,
    int streams,
    long framesDecoded,
    long framesDropped,
    long freezes,
    double freezeSec,
    long packets,
    long lost,
    int height,
    OptionalDouble roundTripMs) {
  static ProbeResult of(String name, JsonNode report) {
    return new ProbeResult(
        name,
        number(report, "connectedMs"),
        number(report, "pictureMs"),
        report.path("streams").asInt(),
        report.path("framesDecoded").asLong(),
        report.path("framesDropped").asLong(),
        report.path("freezes").asLong(),
        report.path("freezeSec").asDouble(),
        report.path("packets").asLong(),
        report.path("lost").asLong(),
        report.path("height").asInt(),
        number(report, "roundTripMs"));
  }

  private static OptionalDouble number(JsonNode report, String field) {
    JsonNode node = report.path(field);
    return node.isNumber() ? OptionalDouble.of(node.asDouble()) : OptionalDouble.empty();
  }

  /** In one line. */
  public String line() {
    return String.format(
        Locale.ROOT,
        "%-10s connected %s, first picture %s; %d pictures of others up to %dp, %d frames (%d dropped),"
            + " %d freezes of %.1f s, %d of %d packets lost, round trip %s",
        name,
        millis(connectedMs),
        millis(pictureMs),
        streams,
        height,
        framesDecoded,
        framesDropped,
        freezes,
        freezeSec,
        lost,
        lost + packets,
        millis(roundTripMs));
  }

  private static String millis(OptionalDouble value) {
    return value.isEmpty() ? "never" : String.format(Locale.ROOT, "%.0f ms", value.getAsDouble());
  }
}
