package dev.parley.signaling.wire;

import java.util.OptionalLong;

/** What became of a text frame. */
public sealed interface Decoded {
  record Accepted(long id, Request request) implements Decoded {}

  /**
   * A JSON object that is no valid request; the socket stays open.
   *
   * @param type the frame's type as far as known, else empty
   */
  record Refused(OptionalLong id, String type, Refusal refusal) implements Decoded {}

  /** No JSON object at all: the peer does not speak this protocol (close 4001). */
  record Malformed(String why) implements Decoded {}
}
