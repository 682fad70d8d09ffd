package dev.parley.bots.scenario;

import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/**
 * What a bot does on its own.
 *
 * @param after it came in, or for {@link Kind#LEAVE_QUEUE} began to wait
 * @param repeats again after as long, and so on
 * @param jitter up to so much later
 * @param share of the bots, from 0 to 1
 * @param lasts of a blackout
 * @param room to switch to
 */
public record Action(
    Kind kind,
    Duration after,
    boolean repeats,
    Duration jitter,
    double share,
    Duration lasts,
    Optional<String> room) {
  /** The things bots do. */
  public enum Kind {
    TOGGLE_MICROPHONE("toggle-microphone"),
    TOGGLE_CAMERA("toggle-camera"),
    PUBLISH_SCREEN("publish-screen"),
    UNPUBLISH_SCREEN("unpublish-screen"),
    /** Datagrams come from another port from now on. */
    SWITCH_NETWORK("switch-network"),
    /** The WebSocket is cut without a word. */
    DROP_SOCKET("drop-socket"),
    RESTART_ICE("restart-ice"),
    /** No media gets through, either way; the WebSocket stays. */
    BLACKOUT("blackout"),
    SWITCH_ROOM("switch-room"),
    LEAVE_QUEUE("leave-queue"),
    CHAT("chat"),
    LEAVE("leave");

    private final String id;

    Kind(String id) {
      this.id = id;
    }

    public String id() {
      return id;
    }

    static Kind of(String id) {
      return Arrays.stream(values()).filter(k -> k.id.equals(id)).findFirst().orElseThrow();
    }
  }
}
