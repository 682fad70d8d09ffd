package dev.parley.server.browser;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All that a call page shows and its browser measured, at one moment: what {@code window.probe} of
 * call-probe.js returns.
 *
 * @param state the page's {@code data-state}
 * @param said what the page tells its user
 * @param errors exceptions that nobody caught
 * @param offers SDP offers made in this page, by whatever code
 * @param sockets WebSockets opened in this page
 * @param diagnostics the SDK's own counters
 * @param slots those that are not empty, as the SDK knows them
 * @param peers the page's RTCPeerConnections, in the order they were made
 * @param times when something was first so, in milliseconds since the page was opened: each state,
 *     and {@code firstPicture} of somebody else
 */
record CallReport(
    String state,
    String participantId,
    List<String> said,
    List<String> errors,
    int offers,
    int sockets,
    JsonNode diagnostics,
    JsonNode slots,
    List<Tile> tiles,
    Box window,
    boolean previewing,
    List<Peer> peers,
    Map<String, Integer> times) {
  private static final ObjectMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  /** Where something is in the page, in its pixels. */
  @JsonFormat(shape = JsonFormat.Shape.ARRAY)
  @JsonPropertyOrder({"left", "top", "right", "bottom"})
  record Box(int left, int top, int right, int bottom) {
    boolean contains(Box other) {
      return left <= other.left
          && top <= other.top
          && right >= other.right
          && bottom >= other.bottom;
    }

    boolean overlaps(Box other) {
      return left < other.right && other.left < right && top < other.bottom && other.top < bottom;
    }
  }

  /** What a tile shows; {@code digest} changes with the picture. */
  record Tile(
      String participantId,
      String source,
      String name,
      boolean own,
      boolean picture,
      boolean muted,
      boolean paused,
      boolean speaking,
      String mid,
      int width,
      int height,
      Box box,
      int brightness,
      int digest) {
    String size() {
      return width + "x" + height;
    }

    /** Whether one is the other enlarged, as far as whole pixels allow. */
    boolean isShapedLike(Tile other) {
      return Math.abs(width * other.height - height * other.width)
          <= Math.max(width, other.width) + Math.max(height, other.height);
    }
  }

  /** What a peer connection's getStats says; sections without any packet are left out. */
  record Peer(
      String connection,
      String ice,
      String dtls,
      String srtp,
      @Nullable Pair selected,
      List<String> remoteCandidates,
      List<Inbound> inbound,
      List<Outbound> outbound) {}

  /** {@code relayProtocol}: how a relay is reached; null without one. */
  record Pair(
      String local,
      String localType,
      String protocol,
      @Nullable String relayProtocol,
      String remote,
      String remoteType) {}

  record Inbound(
      String mid,
      String kind,
      String codec,
      long packets,
      long lost,
      long frames,
      long keyFrames,
      int width,
      int height,
      long freezes,
      long plis,
      long nacks,
      double energy,
      double level) {}

  record Outbound(
      String mid,
      String kind,
      long packets,
      long frames,
      int width,
      int height,
      long plis,
      String limited) {}

  static CallReport parse(String json) {
    try {
      return JSON.readValue(json, CallReport.class);
    } catch (JsonProcessingException malformed) {
      throw new IllegalArgumentException("The probe said: " + json, malformed);
    }
  }

  Optional<Tile> tile(String name, String source) {
    return tiles.stream()
        .filter(tile -> tile.name().equals(name) && tile.source().equals(source))
        .findFirst();
  }

  List<Inbound> inbound(String kind) {
    return peers.stream()
        .flatMap(peer -> peer.inbound().stream())
        .filter(inbound -> inbound.kind().equals(kind))
        .toList();
  }

  /** How long after one of {@link #times} another one was. */
  int msBetween(String from, String to) {
    return times.getOrDefault(to, Integer.MAX_VALUE) - times.getOrDefault(from, 0);
  }

  /** Frames decoded so far in the slot that a tile shows. */
  long frames(Tile tile) {
    return inbound("video").stream()
        .filter(inbound -> inbound.mid().equals(tile.mid()))
        .mapToLong(Inbound::frames)
        .sum();
  }

  /** For a failure: readable, and all of it. */
  String text() {
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(this);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
