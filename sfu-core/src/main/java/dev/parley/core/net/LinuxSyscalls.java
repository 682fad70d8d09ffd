package dev.parley.core.net;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.parley.core.common.HotPath;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * {@code recvmmsg(2)} and {@code sendmmsg(2)} through the foreign function interface, with raw
 * addresses so that a call allocates nothing. Netty's own calls build an object a datagram, see
 * docs/decisions.md.
 */
final class LinuxSyscalls {
  static final int EINTR = 4;
  static final int EIO = 5;
  static final int EAGAIN = 11;
  static final int EINVAL = 22;

  private static final int MSG_DONTWAIT = 0x40;
  private static final Linker LINKER = Linker.nativeLinker();
  private static final VarHandle ERRNO =
      Linker.Option.captureStateLayout().varHandle(MemoryLayout.PathElement.groupElement("errno"));
  private static final MethodHandle RECVMMSG =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("recvmmsg"),
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_LONG),
          Linker.Option.captureCallState("errno"));
  private static final MethodHandle SENDMMSG =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("sendmmsg"),
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT),
          Linker.Option.captureCallState("errno"));

  private static final MethodHandle GETSOCKOPT =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("getsockopt"),
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG),
          Linker.Option.captureCallState("errno"));

  private LinuxSyscalls() {}

  /** Returns 0, or -1 with {@link #errno}. */
  static int option(
      MemorySegment callState, int fd, int level, int name, long value, long lengthAddress) {
    try {
      return (int) GETSOCKOPT.invokeExact(callState, fd, level, name, value, lengthAddress);
    } catch (Throwable e) {
      throw new IllegalStateException("getsockopt cannot be called", e);
    }
  }

  /** The memory that {@link #errno} is read from, for each caller its own. */
  static MemoryLayout callStateLayout() {
    return Linker.Option.captureStateLayout();
  }

  static int errno(MemorySegment callState) {
    return (int) ERRNO.get(callState, 0L);
  }

  /** Returns the number of messages, or -1 with {@link #errno}. */
  @HotPath
  static int receive(MemorySegment callState, int fd, long messages, int count) {
    try {
      return (int) RECVMMSG.invokeExact(callState, fd, messages, count, MSG_DONTWAIT, 0L);
    } catch (Throwable e) {
      throw new IllegalStateException("recvmmsg cannot be called", e);
    }
  }

  /** Returns the number of messages sent, or -1 with {@link #errno}. */
  @HotPath
  static int send(MemorySegment callState, int fd, long messages, int count) {
    try {
      return (int) SENDMMSG.invokeExact(callState, fd, messages, count, MSG_DONTWAIT);
    } catch (Throwable e) {
      throw new IllegalStateException("sendmmsg cannot be called", e);
    }
  }
}
