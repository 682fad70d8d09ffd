package dev.parley.core.net;

import dev.parley.core.common.HotPath;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Packets on their way from any threads to one other: a ring of copies, bounded. What does not fit
 * is dropped and counted. The taker is woken by a task, one for all that has come.
 *
 * <p>Each place has a number that says whose turn it is: that of a put, when it is free for it, and
 * one more, when the packet is whole. So a putter that is interrupted in the middle keeps nobody
 * waiting but the taker, which it wakes when it is done.
 *
 * @param <T> what a packet belongs to
 */
final class Crossing<T> {
  /** Takes packets on its thread. */
  interface Taker<T> {
    /** Borrows the bytes. */
    void take(T owner, byte[] bytes, int offset, int lengthBytes, boolean video, long nowNanos);

    /** All that had come is taken. */
    void taken(long nowNanos);
  }

  private static final int STRIDE_BYTES = 1536;
  private static final VarHandle TURNS = MethodHandles.arrayElementVarHandle(long[].class);
  private static final VarHandle PUT;
  private static final VarHandle WOKEN;
  private static final VarHandle LOST;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      PUT = lookup.findVarHandle(Crossing.class, "put", long.class);
      WOKEN = lookup.findVarHandle(Crossing.class, "woken", boolean.class);
      LOST = lookup.findVarHandle(Crossing.class, "lost", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final int capacity;
  private final Executor thread;
  private final Taker<T> taker;
  private final byte[] bytes;
  private final int[] lengths;
  private final boolean[] videos;
  private final @Nullable Object[] owners;
  private final long[] turns;

  @SuppressWarnings("unused") // by PUT
  private volatile long put;

  private volatile boolean woken;

  @SuppressWarnings("unused") // by LOST
  private volatile long lost;

  /** The taker's thread only. */
  private long next;

  /**
   * Between threads.
   *
   * @param capacity in packets, a power of two
   * @param thread runs tasks on the taker's thread
   */
  Crossing(int capacity, Executor thread, Taker<T> taker) {
    this.capacity = capacity;
    this.thread = thread;
    this.taker = taker;
    this.bytes = new byte[capacity * STRIDE_BYTES];
    this.lengths = new int[capacity];
    this.videos = new boolean[capacity];
    this.owners = new Object[capacity];
    this.turns = new long[capacity];
    for (int i = 0; i < capacity; i++) {
      turns[i] = i;
    }
  }

  /** Copies a packet in, or counts it as lost. Any thread. */
  @HotPath
  void offer(T owner, byte[] packet, int offset, int lengthBytes, boolean video) {
    if (lengthBytes > STRIDE_BYTES) {
      lose();
      return;
    }
    long mine;
    int at;
    while (true) {
      mine = (long) PUT.getVolatile(this);
      at = (int) mine & capacity - 1;
      long turn = (long) TURNS.getVolatile(turns, at);
      if (turn < mine) {
        lose();
        return;
      }
      if (turn == mine && PUT.compareAndSet(this, mine, mine + 1)) {
        break;
      }
    }
    System.arraycopy(packet, offset, bytes, at * STRIDE_BYTES, lengthBytes);
    lengths[at] = lengthBytes;
    videos[at] = video;
    owners[at] = owner;
    TURNS.setVolatile(turns, at, mine + 1);
    if (!woken && WOKEN.compareAndSet(this, false, true)) {
      wake();
    }
  }

  @HotPath
  private void lose() {
    long unused = (long) LOST.getAndAdd(this, 1L);
  }

  private void wake() {
    try {
      thread.execute(() -> drain(System.nanoTime()));
    } catch (RejectedExecutionException e) {
      // The taker has stopped: what waits is for nobody.
      lose();
    }
  }

  /** The taker's thread. */
  @SuppressWarnings("unchecked") // only offer puts owners in
  void drain(long nowNanos) {
    // Before the look at what there is: whatever comes after it wakes once more.
    woken = false;
    long end = (long) PUT.getVolatile(this);
    while (next < end) {
      int at = (int) next & capacity - 1;
      if ((long) TURNS.getVolatile(turns, at) != next + 1) {
        break;
      }
      T owner = (T) owners[at];
      if (owner != null) {
        taker.take(owner, bytes, at * STRIDE_BYTES, lengths[at], videos[at], nowNanos);
      }
      owners[at] = null;
      TURNS.setVolatile(turns, at, next + capacity);
      next++;
    }
    taker.taken(nowNanos);
  }

  /** How many were dropped since the last call. Any thread. */
  long takeLost() {
    return (long) LOST.getAndSet(this, 0L);
  }
}
