package dev.parley.core.server;

import dev.parley.core.net.TurnRelay;
import dev.parley.core.turn.TurnSettings;
import java.util.Optional;

/**
 * How the relay runs.
 *
 * @param bindAddress the local address of its ports; {@code ::} or {@code 0.0.0.0} for all
 * @param port of UDP and TCP; 0: any
 * @param tls empty: no port for TLS
 * @param connections the bounds of TCP and TLS
 * @param settings how allocations are given
 */
public record TurnConfig(
    String bindAddress,
    int port,
    Optional<TurnRelay.Tls> tls,
    TurnRelay.Limits connections,
    TurnSettings settings) {
  /** What a test or an embedder starts from: loopback, any port, no TLS. */
  public static TurnConfig loopback(String secret) {
    return new TurnConfig(
        "127.0.0.1",
        0,
        Optional.empty(),
        new TurnRelay.Limits(10_000, 1_000, 2_000, 10),
        TurnSettings.of("sfu", secret));
  }
}
