package dev.parley.server;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server assembled of {@link Part}s: they start in the order given and stop in the opposite one,
 * so that nothing serves before what it relies on or outlives it. Any thread, one at a time.
 */
public final class ParleyServer {
  private static final Logger log = LoggerFactory.getLogger(ParleyServer.class);

  private final List<Part> parts;
  private final Deque<Part> started = new ArrayDeque<>();

  public ParleyServer(List<Part> parts) {
    this.parts = List.copyOf(parts);
  }

  /**
   * Starts every part.
   *
   * @throws StartException when one cannot start; those before it have been stopped again
   */
  public synchronized void start() throws StartException {
    if (parts.isEmpty()) {
      throw new StartException("assembly", new IllegalStateException("it has no part to start"));
    }
    for (Part part : parts) {
      try {
        part.start();
        started.push(part);
      } catch (Exception failure) {
        if (failure instanceof InterruptedException) {
          Thread.currentThread().interrupt();
        }
        stop();
        throw new StartException(part.name(), failure);
      }
    }
  }

  /**
   * Stops what runs, whatever happens on the way. Idempotent.
   *
   * @return the names of the parts that failed to stop
   */
  public synchronized List<String> stop() {
    List<String> failed = new ArrayList<>();
    while (!started.isEmpty()) {
      Part part = started.pop();
      try {
        part.stop();
      } catch (Exception failure) {
        if (failure instanceof InterruptedException) {
          Thread.currentThread().interrupt();
        }
        failed.add(part.name());
        log.atError()
            .addKeyValue("event", "server.stop_failed")
            .addKeyValue("part", part.name())
            .setCause(failure)
            .log("A part did not stop cleanly");
      }
    }
    return List.copyOf(failed);
  }
}
