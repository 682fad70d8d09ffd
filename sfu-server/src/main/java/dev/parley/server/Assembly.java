package dev.parley.server;

import dev.parley.server.config.ParleyConfig;
import java.util.List;
import java.util.function.Supplier;

/**
 * Which parts make up a server, in the order they start: the media engine first, then those who use
 * it, the public front end last, so that nobody is let in early.
 *
 * @param endpoints where the parts are reached; asked once they all run
 */
record Assembly(List<Part> parts, Supplier<Endpoints> endpoints) {
  /**
   * Where a running server is reached.
   *
   * @param httpPort the bound port, also where the configured one was 0
   * @param adminPort likewise
   * @param media the announced UDP addresses, for instance {@code 192.0.2.1:10000}
   */
  record Endpoints(int httpPort, int adminPort, List<String> media) {}

  static Assembly of(ParleyConfig config) {
    return new Assembly(
        List.of(), () -> new Endpoints(config.http().port(), config.admin().port(), List.of()));
  }
}
