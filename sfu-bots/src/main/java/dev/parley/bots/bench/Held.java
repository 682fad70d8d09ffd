package dev.parley.bots.bench;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** What is closed together: the latest first, and all of it, whatever fails. One thread. */
final class Held implements AutoCloseable {
  /** How something is closed. */
  interface Closing {
    void close() throws IOException;
  }

  private final Deque<Closing> closings = new ArrayDeque<>();

  void add(Closing closing) {
    closings.push(closing);
  }

  /** Closes all after a failure, and adds to it what fails now. */
  void closeAfter(Exception failure) {
    try {
      close();
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  @Override
  public void close() throws IOException {
    IOException failure = null;
    while (!closings.isEmpty()) {
      failure = closed(closings.pop(), failure);
    }
    if (failure != null) {
      throw failure;
    }
  }

  private static @Nullable IOException closed(Closing one, @Nullable IOException before) {
    try {
      one.close();
      return before;
    } catch (IOException | RuntimeException e) {
      IOException failure = before == null ? new IOException(e.getMessage(), e) : before;
      if (before != null) {
        failure.addSuppressed(e);
      }
      return failure;
    }
  }
}
