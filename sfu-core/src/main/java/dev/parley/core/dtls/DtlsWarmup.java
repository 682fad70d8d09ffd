package dev.parley.core.dtls;

import dev.parley.core.srtp.SrtpKeys;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Handshakes between two endpoints in memory, so that classes are loaded, curve tables computed and
 * the code compiled before the first client comes: its handshake otherwise costs half a second.
 * Blocks its caller that long; meant for a background thread at start.
 */
public final class DtlsWarmup {
  private static final int TIMEOUT_SECONDS = 20;

  private final LinkedBlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
  private int connected;
  private boolean failed;

  private DtlsWarmup() {}

  /**
   * Does {@code handshakes} of them, one after the other.
   *
   * @return whether all completed; false only where cryptography does not work
   */
  public static boolean run(HandshakeExecutor executor, int handshakes) {
    for (int i = 0; i < handshakes; i++) {
      if (!new DtlsWarmup().handshake(executor)) {
        return false;
      }
    }
    return true;
  }

  private boolean handshake(HandshakeExecutor executor) {
    DtlsIdentity identity = DtlsIdentity.generate();
    List<DtlsFingerprint> expected = List.of(identity.sha256());
    DtlsEndpoint[] ends = new DtlsEndpoint[2];
    for (int i = 0; i < 2; i++) {
      int other = 1 - i;
      ends[i] =
          new DtlsEndpoint(
              i == 0 ? DtlsEndpoint.Role.SERVER : DtlsEndpoint.Role.CLIENT,
              identity,
              expected,
              tasks::add,
              executor,
              (b, off, len) -> ends[other].handle(b, off, len),
              new Count());
    }
    ends[1].start();
    try {
      while (connected < 2 && !failed) {
        Runnable task = tasks.poll(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        if (task == null) {
          break;
        }
        task.run();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    ends[0].close();
    ends[1].close();
    return connected == 2;
  }

  private final class Count implements DtlsEndpoint.Listener {
    @Override
    public void onDtlsConnected(SrtpKeys keys) {
      connected++;
    }

    @Override
    public void onDtlsFailed(DtlsEndpoint.Failure failure, String message) {
      failed = true;
    }

    @Override
    public void onDtlsClosed() {
      failed = connected < 2;
    }

    @Override
    public void onDtlsData(byte[] b, int off, int len) {
      // Nobody sends any.
    }
  }
}
