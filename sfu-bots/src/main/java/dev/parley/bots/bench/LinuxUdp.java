package dev.parley.bots.bench;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.parley.bots.client.LinuxSockets;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * A bare IPv4 UDP socket and prepared messages for {@code sendmmsg}, as 64-bit Linux lays them out:
 * the least there is between Java and the system call. One thread.
 */
final class LinuxUdp implements AutoCloseable {
  private static final MethodHandle SENDMMSG =
      Linker.nativeLinker()
          .downcallHandle(
              Linker.nativeLinker().defaultLookup().findOrThrow("sendmmsg"),
              FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT));

  private static final int SOL_UDP = 17;
  private static final int UDP_SEGMENT = 103;

  private static final int HEADER_BYTES = 64;
  private static final int NAME_BYTES = 16;
  private static final int VECTOR_BYTES = 16;
  private static final int CONTROL_BYTES = 24;
  private static final int CONTROL_LENGTH = 18;

  private final int fd;

  /** Datagrams to loopback ports: message by message, each a run of equal segments. */
  record Messages(MemorySegment headers, int count) {}

  /**
   * Opens a socket.
   *
   * @throws IOException when the system gives none
   */
  LinuxUdp(int sendBufferBytes) throws IOException {
    this.fd = LinuxSockets.open(sendBufferBytes);
  }

  /**
   * Prepares one message for each run of {@code segments} datagrams to one port.
   *
   * @param slab where the datagrams are
   * @param offsets of the datagrams of all messages, {@code segments} each
   * @param ports of the messages
   * @param segments of each message; more than one makes it a segmented send (UDP GSO)
   */
  static Messages prepare(
      Arena arena, MemorySegment slab, long[] offsets, int lengthBytes, int[] ports, int segments) {
    int count = ports.length;
    MemorySegment headers = arena.allocate((long) HEADER_BYTES * count, 64);
    MemorySegment names = arena.allocate((long) NAME_BYTES * count, 64);
    MemorySegment vectors = arena.allocate((long) VECTOR_BYTES * offsets.length, 64);
    MemorySegment controls = arena.allocate((long) CONTROL_BYTES * count, 64);
    for (int m = 0; m < count; m++) {
      for (int s = 0; s < segments; s++) {
        long vector = (long) VECTOR_BYTES * (m * segments + s);
        vectors.set(JAVA_LONG, vector, slab.address() + offsets[m * segments + s]);
        vectors.set(JAVA_LONG, vector + 8, lengthBytes);
      }
      long name = (long) NAME_BYTES * m;
      LinuxSockets.name(names, name, ports[m]);
      long control = (long) CONTROL_BYTES * m;
      controls.set(JAVA_LONG, control, CONTROL_LENGTH);
      controls.set(JAVA_INT, control + 8, SOL_UDP);
      controls.set(JAVA_INT, control + 12, UDP_SEGMENT);
      controls.set(JAVA_SHORT, control + 16, (short) lengthBytes);
      long header = (long) HEADER_BYTES * m;
      headers.set(JAVA_LONG, header, names.address() + name);
      headers.set(JAVA_INT, header + 8, NAME_BYTES);
      headers.set(JAVA_LONG, header + 16, vectors.address() + (long) VECTOR_BYTES * m * segments);
      headers.set(JAVA_LONG, header + 24, segments);
      headers.set(JAVA_LONG, header + 32, segments > 1 ? controls.address() + control : 0);
      headers.set(JAVA_LONG, header + 40, segments > 1 ? CONTROL_BYTES : 0);
    }
    return new Messages(headers, count);
  }

  /** Sends from message {@code first} on; returns how many the system took, or -1. */
  int send(Messages messages, int first) {
    try {
      return (int)
          SENDMMSG.invokeExact(
              fd,
              messages.headers().address() + (long) first * HEADER_BYTES,
              messages.count() - first,
              0);
    } catch (Throwable e) {
      throw new IllegalStateException("sendmmsg cannot be called", e);
    }
  }

  @Override
  public void close() {
    LinuxSockets.close(fd);
  }
}
