package dev.parley.core.net;

import dev.parley.core.common.Counter;
import dev.parley.core.common.Counters;
import dev.parley.core.common.DropReason;
import dev.parley.core.common.HotPath;
import dev.parley.core.common.PeerAddress;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Datagrams on their way from the worker whose port they came to, to another one where their
 * transports live: a ring of copies, bounded, for one thread that puts and one that takes. What
 * does not fit is dropped and counted. The taker is woken by a task, one for all that has come.
 */
public final class Handover {
  /** A power of two; 20 000 packets a second fill it in 25 ms. */
  static final int CAPACITY = 512;

  private static final int STRIDE_BYTES = 1500;
  private static final VarHandle WOKEN;

  static {
    try {
      WOKEN = MethodHandles.lookup().findVarHandle(Handover.class, "woken", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Counters giving;
  private final Counters taking;
  private final Executor taker;
  private final byte[] bytes = new byte[CAPACITY * STRIDE_BYTES];
  private final int[] lengths = new int[CAPACITY];
  private final @Nullable PeerAddress[] addresses = new PeerAddress[CAPACITY];
  private final @Nullable Detour[] detours = new Detour[CAPACITY];

  /** Written by the one that puts. */
  private volatile long put;

  /** Written by the one that takes. */
  private volatile long taken;

  private volatile boolean woken;

  /**
   * @param giving the counters of the worker that puts, {@code taking} of the one that takes
   * @param taker runs tasks on the thread that takes
   */
  public Handover(Counters giving, Counters taking, Executor taker) {
    this.giving = giving;
    this.taking = taking;
    this.taker = taker;
  }

  /** Copies a datagram in. The thread that puts; at most 1500 bytes. */
  @HotPath
  void offer(Detour detour, byte[] datagram, int offset, int lengthBytes, PeerAddress from) {
    long next = put;
    if (next - taken == CAPACITY || lengthBytes > STRIDE_BYTES) {
      giving.drop(DropReason.HANDOVER_FULL);
      return;
    }
    int at = (int) next & CAPACITY - 1;
    System.arraycopy(datagram, offset, bytes, at * STRIDE_BYTES, lengthBytes);
    lengths[at] = lengthBytes;
    addresses[at] = from;
    detours[at] = detour;
    put = next + 1;
    if (!woken && WOKEN.compareAndSet(this, false, true)) {
      wake();
    }
  }

  private void wake() {
    try {
      taker.execute(() -> drain(System.nanoTime()));
    } catch (RejectedExecutionException e) {
      // The worker has stopped, and its transports are closed.
      giving.drop(DropReason.HANDOVER_STALE);
    }
  }

  /** Runs tasks on the thread that takes. */
  Executor taker() {
    return taker;
  }

  /** Gives what has come to the transports. The thread that takes. */
  void drain(long nowNanos) {
    // Before the look at what there is: whatever comes after it wakes once more.
    woken = false;
    long end = put;
    for (long next = taken; next < end; next++) {
      int at = (int) next & CAPACITY - 1;
      Detour detour = detours[at];
      PeerAddress from = addresses[at];
      if (detour != null && from != null) {
        if (detour.leadsTo(this)) {
          taking.increment(Counter.DATAGRAMS_HANDED_OVER);
          detour.transport().handleDatagram(bytes, at * STRIDE_BYTES, lengths[at], from, nowNanos);
        } else {
          taking.drop(DropReason.HANDOVER_STALE);
        }
      }
      detours[at] = null;
      addresses[at] = null;
      taken = next + 1;
    }
  }
}
