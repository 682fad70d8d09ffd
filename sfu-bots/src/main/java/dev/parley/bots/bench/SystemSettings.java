package dev.parley.bots.bench;

import java.util.List;

/**
 * What {@code bench system} is asked to do.
 *
 * @param cases by id
 * @param roundMillis of the server, and of each floor
 * @param latencySeconds at each rate
 * @param serverOptions for the JVM of the server
 */
record SystemSettings(
    List<String> cases,
    int rounds,
    int roundMillis,
    int warmUpMillis,
    int latencySeconds,
    long seed,
    List<String> serverOptions) {
  SystemSettings {
    cases = List.copyOf(cases);
    serverOptions = List.copyOf(serverOptions);
  }
}
