package dev.parley.bots.client;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * An array of {@code struct mmsghdr} of 64-bit Linux for {@code recvmmsg}, with what it receives:
 * the datagrams, and, from sockets with {@link LinuxSockets#SO_TIMESTAMPNS}, when each arrived. One
 * thread.
 */
final class LinuxInbox {
  /** Datagrams of one call. */
  static final int BATCH = 32;

  private static final int STRIDE_BYTES = 2048;
  private static final int HEADER_BYTES = 64;
  private static final int VECTOR_BYTES = 16;

  /** {@code struct cmsghdr} and {@code struct timespec}. */
  private static final int CONTROL_BYTES = 32;

  private static final int VECTORS = 16;
  private static final int VECTOR_COUNT = 24;
  private static final int CONTROL = 32;
  private static final int CONTROL_LENGTH = 40;
  private static final int RECEIVED_BYTES = 56;
  private static final int CONTROL_TYPE = 12;
  private static final int SECONDS = 16;
  private static final int NANOS = 24;
  private static final long NANOS_A_SECOND = 1_000_000_000;

  private final MemorySegment headers;
  private final MemorySegment controls;
  private final MemorySegment datagrams;

  /** Of the last call; of all before the first. */
  private int used = BATCH;

  LinuxInbox(Arena arena) {
    headers = arena.allocate((long) HEADER_BYTES * BATCH, 64);
    controls = arena.allocate((long) CONTROL_BYTES * BATCH, 64);
    datagrams = arena.allocate((long) STRIDE_BYTES * BATCH, 64);
    MemorySegment vectors = arena.allocate((long) VECTOR_BYTES * BATCH, 64);
    for (int i = 0; i < BATCH; i++) {
      vectors.set(
          JAVA_LONG, (long) i * VECTOR_BYTES, datagrams.address() + (long) i * STRIDE_BYTES);
      vectors.set(JAVA_LONG, (long) i * VECTOR_BYTES + 8, STRIDE_BYTES);
      long header = (long) i * HEADER_BYTES;
      headers.set(JAVA_LONG, header + VECTORS, vectors.address() + (long) i * VECTOR_BYTES);
      headers.set(JAVA_LONG, header + VECTOR_COUNT, 1);
      headers.set(JAVA_LONG, header + CONTROL, controls.address() + (long) i * CONTROL_BYTES);
    }
  }

  /** Takes what has arrived at a socket; at most {@link #BATCH} datagrams, 0: nothing. */
  int receive(int fd) {
    // The kernel shortens the lengths of those that it used.
    for (int i = 0; i < used; i++) {
      headers.set(JAVA_LONG, (long) i * HEADER_BYTES + CONTROL_LENGTH, CONTROL_BYTES);
    }
    used = Math.max(0, LinuxSockets.receive(fd, headers.address(), BATCH));
    return used;
  }

  /** Copies a datagram of the last call; its length. */
  int copy(int index, byte[] into) {
    int length = headers.get(JAVA_INT, (long) index * HEADER_BYTES + RECEIVED_BYTES);
    MemorySegment.copy(datagrams, JAVA_BYTE, (long) index * STRIDE_BYTES, into, 0, length);
    return length;
  }

  /** When a datagram of the last call reached its socket, by the wall clock; 0: not told. */
  long arrivedNanos(int index) {
    long control = (long) index * CONTROL_BYTES;
    boolean told =
        headers.get(JAVA_LONG, (long) index * HEADER_BYTES + CONTROL_LENGTH) > 0
            && controls.get(JAVA_INT, control + CONTROL_TYPE) == LinuxSockets.SO_TIMESTAMPNS;
    return told
        ? controls.get(JAVA_LONG, control + SECONDS) * NANOS_A_SECOND
            + controls.get(JAVA_LONG, control + NANOS)
        : 0;
  }
}
