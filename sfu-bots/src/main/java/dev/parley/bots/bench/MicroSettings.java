package dev.parley.bots.bench;

import java.util.List;

/**
 * What {@code bench micro} is asked to do.
 *
 * @param pieces by name
 * @param forks fresh JVMs for each piece and each floor
 * @param millis measured in each of them, after twice as long a warm-up
 */
record MicroSettings(
    List<String> pieces, int forks, int millis, long seed, List<String> jvmOptions) {
  MicroSettings {
    pieces = List.copyOf(pieces);
    jvmOptions = List.copyOf(jvmOptions);
  }

  MicroSuite.Effort effort() {
    return new MicroSuite.Effort(millis, seed, true, jvmOptions);
  }
}
