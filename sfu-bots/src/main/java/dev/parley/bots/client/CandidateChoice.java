package dev.parley.bots.client;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Which of a server's candidates a client sends to: it checks one path, the first that the system
 * has a route for. Any thread.
 */
final class CandidateChoice {
  private CandidateChoice() {}

  /**
   * From a loopback address only a loopback candidate is reached and answers from the address that
   * was asked. From any other such a candidate is taken where there is nothing else: it would be
   * this machine, whoever named it.
   *
   * @param candidates in the server's order
   * @param loopback whether the client's socket is bound to a loopback address
   * @param hasRoute whether the system would send there
   * @return empty when none is in reach
   */
  static Optional<InetSocketAddress> of(
      List<InetSocketAddress> candidates, boolean loopback, Predicate<InetSocketAddress> hasRoute) {
    Predicate<InetSocketAddress> isLoopback = c -> c.getAddress().isLoopbackAddress();
    if (loopback) {
      return candidates.stream().filter(isLoopback).findFirst();
    }
    return candidates.stream()
        .filter(isLoopback.negate())
        .filter(hasRoute)
        .findFirst()
        .or(() -> candidates.stream().filter(isLoopback).findFirst());
  }
}
