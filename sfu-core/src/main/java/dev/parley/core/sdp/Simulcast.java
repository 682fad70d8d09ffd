package dev.parley.core.sdp;

import java.util.List;

/**
 * {@code a=simulcast} (RFC 8853): the streams that the author sends and receives, each a list of
 * alternatives, best first.
 */
public record Simulcast(List<List<Alternative>> send, List<List<Alternative>> receive) {
  public Simulcast {
    send = List.copyOf(send);
    receive = List.copyOf(receive);
  }

  /** {@code paused}: the stream starts stopped ({@code ~}). */
  public record Alternative(String rid, boolean paused) {}
}
