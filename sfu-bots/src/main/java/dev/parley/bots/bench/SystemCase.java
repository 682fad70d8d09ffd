package dev.parley.bots.bench;

import java.io.IOException;
import java.util.function.Consumer;

/** One line of the table that {@code bench system} fills. */
interface SystemCase {
  /** As it is written on the command line. */
  String id();

  /**
   * Measures it.
   *
   * @throws IOException when the server or the load fails, which is no measurement
   */
  SystemResult.CaseResult run(SystemSettings settings, Consumer<String> progress)
      throws IOException, InterruptedException;
}
