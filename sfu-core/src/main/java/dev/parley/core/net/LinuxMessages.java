package dev.parley.core.net;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.parley.core.common.HotPath;
import dev.parley.core.common.PeerAddress;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * An array of {@code struct mmsghdr} with socket addresses, vectors and room for one control
 * message each, as 64-bit Linux lays them out.
 */
final class LinuxMessages {
  private static final int HEADER_BYTES = 64;
  private static final int NAME_BYTES = 32;
  private static final int VECTOR_BYTES = 16;
  private static final int CONTROL_BYTES = 24;

  private static final int NAME_LENGTH = 8;
  private static final int VECTORS = 16;
  private static final int VECTOR_COUNT = 24;
  private static final int CONTROL = 32;
  private static final int CONTROL_LENGTH = 40;
  private static final int FLAGS = 48;
  private static final int RECEIVED_BYTES = 56;

  private static final short AF_INET = 2;
  private static final short AF_INET6 = 10;
  private static final int SOCKADDR_IN_BYTES = 16;
  private static final int SOCKADDR_IN6_BYTES = 28;
  private static final int MSG_TRUNC = 0x20;
  private static final int SOL_UDP = 17;
  private static final int UDP_SEGMENT = 103;

  private static final ValueLayout.OfShort SHORT_BE =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfInt INT_BE =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfLong LONG_BE =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private final MemorySegment headers;
  private final MemorySegment names;
  private final MemorySegment vectors;
  private final MemorySegment controls;
  private final boolean ipv6;

  /**
   * Empty messages.
   *
   * @param ipv6 whether the socket is AF_INET6, also for IPv4-mapped addresses
   */
  LinuxMessages(Arena arena, int messages, int vectorCount, boolean ipv6) {
    this.headers = arena.allocate((long) HEADER_BYTES * messages, 64);
    this.names = arena.allocate((long) NAME_BYTES * messages, 64);
    this.vectors = arena.allocate((long) VECTOR_BYTES * vectorCount, 64);
    this.controls = arena.allocate((long) CONTROL_BYTES * messages, 64);
    this.ipv6 = ipv6;
    for (int i = 0; i < messages; i++) {
      headers.set(JAVA_LONG, (long) i * HEADER_BYTES, names.address() + (long) i * NAME_BYTES);
    }
  }

  /** The address of a message's header. */
  @HotPath
  long address(int message) {
    return headers.address() + (long) message * HEADER_BYTES;
  }

  @HotPath
  void vector(int index, long address, long lengthBytes) {
    vectors.set(JAVA_LONG, (long) index * VECTOR_BYTES, address);
    vectors.set(JAVA_LONG, (long) index * VECTOR_BYTES + 8, lengthBytes);
  }

  @HotPath
  void vectors(int message, int firstVector, int count) {
    long at = (long) message * HEADER_BYTES;
    headers.set(JAVA_LONG, at + VECTORS, vectors.address() + (long) firstVector * VECTOR_BYTES);
    headers.set(JAVA_LONG, at + VECTOR_COUNT, count);
  }

  /** Makes the message a segmented send, or, with 0, a plain one. */
  @HotPath
  void segmentBytes(int message, int segmentBytes) {
    long at = (long) message * HEADER_BYTES;
    if (segmentBytes == 0) {
      headers.set(JAVA_LONG, at + CONTROL, 0);
      headers.set(JAVA_LONG, at + CONTROL_LENGTH, 0);
      return;
    }
    long control = (long) message * CONTROL_BYTES;
    controls.set(JAVA_LONG, control, 18);
    controls.set(JAVA_INT, control + 8, SOL_UDP);
    controls.set(JAVA_INT, control + 12, UDP_SEGMENT);
    controls.set(JAVA_SHORT, control + 16, (short) segmentBytes);
    headers.set(JAVA_LONG, at + CONTROL, controls.address() + control);
    headers.set(JAVA_LONG, at + CONTROL_LENGTH, CONTROL_BYTES);
  }

  @HotPath
  void destination(int message, PeerAddress to) {
    long at = (long) message * NAME_BYTES;
    if (ipv6) {
      names.set(JAVA_SHORT, at, AF_INET6);
      names.set(SHORT_BE, at + 2, (short) to.port());
      names.set(JAVA_INT, at + 4, 0);
      names.set(LONG_BE, at + 8, to.high());
      names.set(LONG_BE, at + 16, to.low());
      names.set(JAVA_INT, at + 24, 0);
    } else {
      names.set(JAVA_SHORT, at, AF_INET);
      names.set(SHORT_BE, at + 2, (short) to.port());
      names.set(INT_BE, at + 4, (int) to.low());
      names.set(JAVA_LONG, at + 8, 0);
    }
    headers.set(
        JAVA_INT,
        (long) message * HEADER_BYTES + NAME_LENGTH,
        ipv6 ? SOCKADDR_IN6_BYTES : SOCKADDR_IN_BYTES);
  }

  /** The kernel shortens the name length to what it wrote: it has to be set before each receive. */
  @HotPath
  void prepareReceive(int message) {
    headers.set(JAVA_INT, (long) message * HEADER_BYTES + NAME_LENGTH, SOCKADDR_IN6_BYTES);
  }

  @HotPath
  int receivedBytes(int message) {
    long at = (long) message * HEADER_BYTES;
    boolean truncated = (headers.get(JAVA_INT, at + FLAGS) & MSG_TRUNC) != 0;
    return truncated ? -1 : headers.get(JAVA_INT, at + RECEIVED_BYTES);
  }

  @HotPath
  int port(int message) {
    return names.get(SHORT_BE, (long) message * NAME_BYTES + 2) & 0xffff;
  }

  @HotPath
  long addressHigh(int message) {
    return isV4(message) ? 0 : names.get(LONG_BE, (long) message * NAME_BYTES + 8);
  }

  @HotPath
  long addressLow(int message) {
    long at = (long) message * NAME_BYTES;
    return isV4(message)
        ? 0xffff_0000_0000L | (names.get(INT_BE, at + 4) & 0xffff_ffffL)
        : names.get(LONG_BE, at + 16);
  }

  @HotPath
  private boolean isV4(int message) {
    return names.get(JAVA_SHORT, (long) message * NAME_BYTES) == AF_INET;
  }
}
