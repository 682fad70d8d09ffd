package dev.parley.bots.bench;

import dev.parley.bots.client.JoinPhase;
import java.util.List;
import java.util.Map;

/**
 * What {@code bench join} has found; written as it is with {@code --json}.
 *
 * @param millis of every join to each phase, since its offer was sent
 * @param handshakeRepeats DTLS handshake messages sent again, by either side, in all joins
 */
record JoinResult(
    Machine machine,
    JoinSettings settings,
    Map<JoinPhase, List<Double>> millis,
    long handshakeRepeats) {
  double quantile(JoinPhase phase, double q) {
    List<Double> all = millis.get(phase);
    if (all == null) {
      throw new IllegalArgumentException("nothing was measured for " + phase);
    }
    return Spread.quantile(all, q);
  }
}
