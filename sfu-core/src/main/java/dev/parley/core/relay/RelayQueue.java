package dev.parley.core.relay;

import dev.parley.core.common.Counters;
import dev.parley.core.common.DropReason;
import dev.parley.core.common.HotPath;
import dev.parley.core.publisher.Layer;
import dev.parley.core.room.RelayLane;
import dev.parley.core.rtp.RtpPacket;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Packets of all rooms on their way from one worker to another: a ring of copies, bounded, for one
 * thread that gives and one that takes. What does not fit is dropped and counted. The taker is
 * woken by a task, one for all that has come; it takes so many at a time that its sockets get their
 * turn.
 *
 * <p>A copy stands in the ring in one piece, behind what goes with it, so that the taker reads it
 * where it is and neighbours in time are neighbours in memory.
 */
public final class RelayQueue implements RelayLane {
  /** A power of two; with full packets the bytes are the bound. */
  static final int PACKETS = 1 << 12;

  /** A power of two: some 900 full packets. */
  static final int BYTES = 1 << 20;

  /** As many as one read of a socket gives at most. */
  static final int TURN = 64;

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.nativeOrder());
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
  private static final int LAYER = 0;
  private static final int GENERATION = 4;
  private static final int REPORT_TIMESTAMP = 8;
  private static final int LENGTH = 12;
  private static final int SEQUENCE = 16;
  private static final int REPORT_NANOS = 24;
  private static final int ARRIVED_NANOS = 32;
  private static final int HEADER_BYTES = 40;
  private static final int PADDING_BIT = 0x20;
  private static final VarHandle WOKEN;

  static {
    try {
      WOKEN = MethodHandles.lookup().findVarHandle(RelayQueue.class, "woken", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Counters giving;
  private final Executor taker;
  private final Runnable turn;
  private final byte[] ring = new byte[BYTES];
  private final @Nullable Taker[] takers = new Taker[PACKETS];

  /**
   * Where a packet begins in the stream of all bytes ever written, gaps at the ring's end included.
   */
  private final long[] starts = new long[PACKETS];

  /** Behind the last packet; of the giver. */
  private long written;

  /** As the giver saw it last. */
  private long takenBefore;

  /** Written by the one that gives. */
  private volatile long put;

  /** Written by the one that takes. */
  private volatile long taken;

  private volatile boolean woken;

  /**
   * Between two workers.
   *
   * @param giving the counters of the one that gives
   * @param taker runs tasks on the thread that takes
   * @param turn is to call {@link #drain} there
   */
  public RelayQueue(Counters giving, Executor taker, Consumer<RelayQueue> turn) {
    this.giving = giving;
    this.taker = taker;
    this.turn = () -> turn.accept(this);
  }

  @Override
  @HotPath
  public void offer(Taker to, Layer layer, RtpPacket packet, long sequence, long nowNanos) {
    int length = packet.plainBytes();
    long next = put;
    long start = placeFor(next, HEADER_BYTES + length);
    if (start < 0) {
      giving.drop(DropReason.RELAY_FULL);
      return;
    }
    int at = (int) start & BYTES - 1;
    INT.set(ring, at + LAYER, layer.index());
    INT.set(ring, at + GENERATION, layer.generation());
    INT.set(ring, at + REPORT_TIMESTAMP, layer.reportTimestamp());
    INT.set(ring, at + LENGTH, length);
    LONG.set(ring, at + SEQUENCE, sequence);
    LONG.set(ring, at + REPORT_NANOS, layer.reportNanos());
    LONG.set(ring, at + ARRIVED_NANOS, nowNanos);
    int packetAt = at + HEADER_BYTES;
    System.arraycopy(packet.bytes(), packet.offset(), ring, packetAt, length);
    ring[packetAt] &= (byte) ~PADDING_BIT;
    int slot = (int) next & PACKETS - 1;
    takers[slot] = to;
    starts[slot] = start;
    // To a multiple of eight, so that no header's number crosses more lines than it has to.
    written = start + HEADER_BYTES + length + 7 & ~7L;
    put = next + 1;
    if (!woken && WOKEN.compareAndSet(this, false, true)) {
      wake();
    }
  }

  /** Where so many bytes may be written in one piece, or -1 when the ring is full. */
  @HotPath
  private long placeFor(long next, int bytes) {
    long start = written;
    int left = BYTES - ((int) start & BYTES - 1);
    if (left < bytes) {
      start += left;
    }
    if (!free(next, start + bytes)) {
      takenBefore = taken;
      if (!free(next, start + bytes)) {
        return -1;
      }
    }
    return start;
  }

  @HotPath
  private boolean free(long next, long end) {
    long oldest = takenBefore;
    if (oldest == next) {
      return true;
    }
    return next - oldest < PACKETS && end - starts[(int) oldest & PACKETS - 1] <= BYTES;
  }

  private void wake() {
    try {
      taker.execute(turn);
    } catch (RejectedExecutionException e) {
      // The worker has stopped, and its rooms are closed.
      giving.drop(DropReason.RELAY_STALE);
    }
  }

  /**
   * Gives what has come to its tracks, {@value #TURN} packets at most; the rest has another turn.
   * The thread that takes.
   *
   * @return when the first of them arrived at the giving worker; {@code nowNanos} if there was none
   */
  public long drain(long nowNanos) {
    // Before the look at what there is: whatever comes after it wakes once more.
    woken = false;
    long first = taken;
    long end = Math.min(put, first + TURN);
    long arrived = nowNanos;
    try {
      for (long next = first; next < end; next++) {
        int at = (int) starts[(int) next & PACKETS - 1] & BYTES - 1;
        if (next == first) {
          arrived = (long) LONG.get(ring, at + ARRIVED_NANOS);
        }
        take(next, at, nowNanos);
      }
    } finally {
      if (taken < put && WOKEN.compareAndSet(this, false, true)) {
        wake();
      }
    }
    return arrived;
  }

  /** A fault in one does not keep the next ones from their turn. */
  private void take(long next, int at, long nowNanos) {
    int slot = (int) next & PACKETS - 1;
    Taker to = takers[slot];
    try {
      if (to != null) {
        to.take(
            (int) INT.get(ring, at + LAYER),
            (int) INT.get(ring, at + GENERATION),
            (int) INT.get(ring, at + REPORT_TIMESTAMP),
            (long) LONG.get(ring, at + REPORT_NANOS),
            (long) LONG.get(ring, at + SEQUENCE),
            ring,
            at + HEADER_BYTES,
            (int) INT.get(ring, at + LENGTH),
            nowNanos);
      }
    } finally {
      takers[slot] = null;
      taken = next + 1;
    }
  }
}
