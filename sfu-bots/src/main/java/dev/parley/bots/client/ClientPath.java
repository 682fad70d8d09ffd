package dev.parley.bots.client;

import dev.parley.bots.network.LinkConditions;

/**
 * How a client's media comes to the server.
 *
 * @param tcp by TCP, which the conditions do not touch
 * @param up towards the server, and {@code down} back
 * @param seed of what happens on the way
 */
public record ClientPath(boolean tcp, LinkConditions up, LinkConditions down, long seed) {
  /** Nothing lies between. */
  public static ClientPath direct(boolean tcp) {
    return new ClientPath(tcp, LinkConditions.IDEAL, LinkConditions.IDEAL, 0);
  }

  boolean modelled() {
    return !tcp && !(up.equals(LinkConditions.IDEAL) && down.equals(LinkConditions.IDEAL));
  }
}
