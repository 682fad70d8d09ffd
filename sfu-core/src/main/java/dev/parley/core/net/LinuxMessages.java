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
 * An array of {@code struct mmsghdr} with socket addresses, vectors and room for two control
 * messages each (this machine's address, the length of segments), as 64-bit Linux lays them out.
 */
final class LinuxMessages {
  private static final int HEADER_BYTES = 64;
  private static final int NAME_BYTES = 32;
  private static final int VECTOR_BYTES = 16;
  private static final int CONTROL_BYTES = 64;

  /** Where the second control message begins, and the first one ends. */
  private static final int SEGMENT = 40;

  private static final int CONTROL_DATA = 16;

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
  private static final long V4_MAPPED = 0xffff_0000_0000L;
  private static final int MSG_TRUNC = 0x20;
  private static final int IPPROTO_IP = 0;
  private static final int IP_PKTINFO = 8;
  private static final int IPPROTO_IPV6 = 41;
  private static final int IPV6_PKTINFO = 50;
  private static final int SOL_UDP = 17;
  private static final int UDP_SEGMENT = 103;

  /** {@code struct in_pktinfo}: the interface, our address, the address of the header. */
  private static final int PKTINFO_BYTES = 12;

  private static final int PKTINFO_OURS = CONTROL_DATA + 4;

  /** {@code struct in6_pktinfo}: our address, the interface. */
  private static final int PKTINFO6_BYTES = 20;

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

  /** Where the first control message begins, so that it ends where the second one begins. */
  private final int source;

  private boolean tellsLocal;

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
    this.source = ipv6 ? 0 : SEGMENT - CONTROL_DATA - 16;
    for (int i = 0; i < messages; i++) {
      headers.set(JAVA_LONG, (long) i * HEADER_BYTES, names.address() + (long) i * NAME_BYTES);
      long first = (long) i * CONTROL_BYTES + source;
      controls.set(JAVA_LONG, first, CONTROL_DATA + (ipv6 ? PKTINFO6_BYTES : PKTINFO_BYTES));
      controls.set(JAVA_INT, first + 8, ipv6 ? IPPROTO_IPV6 : IPPROTO_IP);
      controls.set(JAVA_INT, first + 12, ipv6 ? IPV6_PKTINFO : IP_PKTINFO);
      long second = (long) i * CONTROL_BYTES + SEGMENT;
      controls.set(JAVA_LONG, second, CONTROL_DATA + 2);
      controls.set(JAVA_INT, second + 8, SOL_UDP);
      controls.set(JAVA_INT, second + 12, UDP_SEGMENT);
    }
  }

  /** Whether received messages shall say which address they were sent to; off at first. */
  void tellLocal(boolean wanted) {
    tellsLocal = wanted;
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

  /**
   * Says which of this machine's addresses the message leaves from, where {@code to} knows it, and
   * makes it a segmented send, or, with 0, a plain one.
   */
  @HotPath
  void control(int message, PeerAddress to, int segmentBytes) {
    long control = (long) message * CONTROL_BYTES;
    int begin = SEGMENT;
    if (to.hasLocal()) {
      begin = source;
      if (ipv6) {
        controls.set(LONG_BE, control + CONTROL_DATA, to.localHigh());
        controls.set(LONG_BE, control + CONTROL_DATA + 8, to.localLow());
      } else {
        controls.set(INT_BE, control + source + PKTINFO_OURS, (int) to.localLow());
      }
    }
    int end = SEGMENT;
    if (segmentBytes > 0) {
      end = CONTROL_BYTES;
      controls.set(JAVA_SHORT, control + SEGMENT + CONTROL_DATA, (short) segmentBytes);
    }
    long at = (long) message * HEADER_BYTES;
    headers.set(JAVA_LONG, at + CONTROL, begin == end ? 0 : controls.address() + control + begin);
    headers.set(JAVA_LONG, at + CONTROL_LENGTH, end - begin);
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

  /** The kernel shortens the lengths to what it wrote: to be called before they are used again. */
  @HotPath
  void prepareReceive(int message) {
    long at = (long) message * HEADER_BYTES;
    headers.set(JAVA_INT, at + NAME_LENGTH, SOCKADDR_IN6_BYTES);
    if (tellsLocal) {
      headers.set(JAVA_LONG, at + CONTROL, controls.address() + (long) message * CONTROL_BYTES);
      headers.set(JAVA_LONG, at + CONTROL_LENGTH, CONTROL_BYTES);
    }
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
        ? V4_MAPPED | (names.get(INT_BE, at + 4) & 0xffff_ffffL)
        : names.get(LONG_BE, at + 16);
  }

  /** The upper half of the address that the message was sent to; 0 where that is not told. */
  @HotPath
  long localHigh(int message) {
    return isControl(message, IPPROTO_IPV6, IPV6_PKTINFO)
        ? controls.get(LONG_BE, (long) message * CONTROL_BYTES + CONTROL_DATA)
        : 0;
  }

  /** The lower half. */
  @HotPath
  long localLow(int message) {
    long control = (long) message * CONTROL_BYTES;
    if (isControl(message, IPPROTO_IPV6, IPV6_PKTINFO)) {
      return controls.get(LONG_BE, control + CONTROL_DATA + 8);
    }
    return isControl(message, IPPROTO_IP, IP_PKTINFO)
        ? V4_MAPPED | (controls.get(INT_BE, control + PKTINFO_OURS) & 0xffff_ffffL)
        : 0;
  }

  @HotPath
  private boolean isControl(int message, int level, int type) {
    long control = (long) message * CONTROL_BYTES;
    return tellsLocal
        && headers.get(JAVA_LONG, (long) message * HEADER_BYTES + CONTROL_LENGTH) > 0
        && controls.get(JAVA_INT, control + 8) == level
        && controls.get(JAVA_INT, control + 12) == type;
  }

  @HotPath
  private boolean isV4(int message) {
    return names.get(JAVA_SHORT, (long) message * NAME_BYTES) == AF_INET;
  }
}
