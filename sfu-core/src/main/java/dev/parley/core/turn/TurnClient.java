package dev.parley.core.turn;

import dev.parley.core.common.HotPath;
import dev.parley.core.common.PeerAddress;
import org.jspecify.annotations.Nullable;

/**
 * One client's transport address and the way to it: a UDP address, or a TCP or TLS connection. The
 * five-tuple of RFC 8656. Turn thread only.
 */
public abstract class TurnClient {
  private @Nullable TurnAllocation allocation;

  /** Where it sends from, as the server sees it. */
  public abstract PeerAddress address();

  /** {@code udp}, {@code tcp} or {@code tls}, for people. */
  public abstract String kind();

  /** Whether what is sent needs padding to a multiple of four (RFC 8656 section 12.5). */
  public abstract boolean isStream();

  /**
   * Sends one message, or drops and counts it. Borrows the bytes.
   *
   * @param video whether it is worth less the longer it waits, and so is dropped first
   */
  @HotPath
  public abstract void send(byte[] bytes, int offset, int lengthBytes, boolean video);

  /** Sends what is no video. */
  public final void send(byte[] bytes, int offset, int lengthBytes) {
    send(bytes, offset, lengthBytes, false);
  }

  /** An allocation began. */
  protected abstract void onAllocated();

  /** It ended. */
  protected abstract void onReleased();

  /** Null: none is open. */
  @HotPath
  public final @Nullable TurnAllocation allocation() {
    return allocation;
  }

  final void open(TurnAllocation opened) {
    allocation = opened;
    onAllocated();
  }

  final void release() {
    allocation = null;
    onReleased();
  }
}
