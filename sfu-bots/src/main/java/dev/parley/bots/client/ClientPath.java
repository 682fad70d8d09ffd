package dev.parley.bots.client;

import dev.parley.bots.network.LinkConditions;

/**
 * How a client's media comes to the server.
 *
 * @param way only UDP meets the conditions
 * @param up towards the server, and {@code down} back
 * @param seed of what happens on the way
 */
public record ClientPath(ClientWay way, LinkConditions up, LinkConditions down, long seed) {
  /** Nothing lies between. */
  public static ClientPath direct(ClientWay way) {
    return new ClientPath(way, LinkConditions.IDEAL, LinkConditions.IDEAL, 0);
  }

  boolean modelled() {
    return way instanceof ClientWay.Udp
        && !(up.equals(LinkConditions.IDEAL) && down.equals(LinkConditions.IDEAL));
  }
}
