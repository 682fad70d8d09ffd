package dev.parley.server.network;

import java.util.ArrayList;
import java.util.List;

/** What has to be taken away again, the last first, whatever becomes of each. */
final class Parts implements AutoCloseable {
  private final List<AutoCloseable> parts = new ArrayList<>();

  <T extends AutoCloseable> T keep(T part) {
    parts.add(part);
    return part;
  }

  @Override
  public void close() {
    for (AutoCloseable part : parts.reversed()) {
      try {
        part.close();
      } catch (Exception failure) {
        System.err.println(part + " could not be closed: " + failure);
      }
    }
    parts.clear();
  }
}
