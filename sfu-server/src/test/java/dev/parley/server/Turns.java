package dev.parley.server;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Two processes run this module's tests, a class each at a time. A class that is {@link
 * WholeMachine} waits until it is alone. For every class, by META-INF/services.
 */
public final class Turns implements BeforeAllCallback, AfterAllCallback {
  private static final ExtensionContext.Namespace OURS =
      ExtensionContext.Namespace.create(Turns.class);

  /**
   * Locks of the system, which go with the process that holds them.
   *
   * @param gate held while somebody waits for the whole machine, so that nobody goes before
   */
  private record Held(FileChannel gate, FileChannel machine) {
    static Held take(boolean whole) throws IOException {
      FileChannel gate = open("turns-gate.lock");
      FileChannel machine = open("turns.lock");
      FileLock turn = gate.lock();
      FileLock unused = machine.lock(0, Long.MAX_VALUE, !whole);
      if (!whole) {
        turn.release();
      }
      return new Held(gate, machine);
    }

    private static FileChannel open(String name) throws IOException {
      return FileChannel.open(
          Path.of("target", name),
          StandardOpenOption.CREATE,
          StandardOpenOption.READ,
          StandardOpenOption.WRITE);
    }

    void release() throws IOException {
      machine.close();
      gate.close();
    }
  }

  @Override
  public void beforeAll(ExtensionContext context) throws IOException {
    if (isOutermost(context)) {
      boolean whole = context.getRequiredTestClass().isAnnotationPresent(WholeMachine.class);
      context.getStore(OURS).put(Held.class, Held.take(whole));
    }
  }

  @Override
  public void afterAll(ExtensionContext context) throws IOException {
    Held held = context.getStore(OURS).remove(Held.class, Held.class);
    if (held != null && isOutermost(context)) {
      held.release();
    }
  }

  private static boolean isOutermost(ExtensionContext context) {
    return context.getRequiredTestClass().getEnclosingClass() == null;
  }
}
