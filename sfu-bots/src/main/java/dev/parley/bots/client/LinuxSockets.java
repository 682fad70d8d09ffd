package dev.parley.bots.client;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteOrder;
import java.util.Locale;
import java.util.Optional;

/**
 * UDP sockets on 127.0.0.1, and epoll, as 64-bit Linux has them: the least there is between Java
 * and the system calls. Sockets are file descriptors; whoever opens one closes it. Any thread.
 */
public final class LinuxSockets {
  static final int SO_SNDBUF = 7;
  static final int SO_RCVBUF = 8;

  /** Has the system tell by its wall clock when each datagram arrived. */
  static final int SO_TIMESTAMPNS = 35;

  static final int SOL_SOCKET = 1;

  private static final short AF_INET = 2;
  private static final int NONBLOCK = 0x800;
  private static final int SOCK_DGRAM = 2;
  private static final int MSG_DONTWAIT = 0x40;
  private static final int LOOPBACK = 0x7f00_0001;
  static final int NAME_BYTES = 16;
  private static final int EPOLL_CTL_ADD = 1;
  private static final int EPOLLIN = 1;
  private static final int EPOLLET = 1 << 31;

  /** {@code struct epoll_event} is packed on x86-64 alone. */
  private static final int EVENT_DATA = System.getProperty("os.arch").equals("amd64") ? 4 : 8;

  static final int EVENT_BYTES = EVENT_DATA + 8;

  /** {@code struct timespec}. */
  static final int TIME_BYTES = 16;

  private static final ValueLayout.OfShort SHORT_BE =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfInt INT_BE =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  /** The calls of the C library, looked up with the first: other systems do not have them all. */
  private static final class Calls {
    private static final Linker LINKER = Linker.nativeLinker();
    static final MethodHandle SOCKET = handle("socket", JAVA_INT, JAVA_INT, JAVA_INT);
    static final MethodHandle SETSOCKOPT =
        handle("setsockopt", JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    static final MethodHandle BIND = handle("bind", JAVA_INT, ADDRESS, JAVA_INT);
    static final MethodHandle GETSOCKNAME = handle("getsockname", JAVA_INT, ADDRESS, ADDRESS);
    static final MethodHandle CLOSE = handle("close", JAVA_INT);
    static final MethodHandle SENDTO =
        LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("sendto"),
            FunctionDescriptor.of(
                JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT));
    static final MethodHandle RECVMMSG =
        handle("recvmmsg", JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_LONG);
    static final MethodHandle EPOLL_CREATE1 = handle("epoll_create1", JAVA_INT);
    static final MethodHandle EPOLL_CTL =
        handle("epoll_ctl", JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS);
    static final MethodHandle EPOLL_WAIT =
        handle("epoll_wait", JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT);

    /** Since Linux 5.11 and glibc 2.35. */
    static final Optional<MethodHandle> EPOLL_PWAIT2 =
        LINKER
            .defaultLookup()
            .find("epoll_pwait2")
            .map(at ->
                LINKER.downcallHandle(
                    at,
                    FunctionDescriptor.of(
                        JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG)));

    static final MethodHandle EVENTFD = handle("eventfd", JAVA_INT, JAVA_INT);
    static final MethodHandle EVENTFD_READ = handle("eventfd_read", JAVA_INT, ADDRESS);
    static final MethodHandle EVENTFD_WRITE = handle("eventfd_write", JAVA_INT, JAVA_LONG);

    private Calls() {}

    private static MethodHandle handle(String name, MemoryLayout... arguments) {
      return LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow(name), FunctionDescriptor.of(JAVA_INT, arguments));
    }
  }

  private LinuxSockets() {}

  /** Whether this machine is one whose structures are known here. */
  public static boolean available() {
    return System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("linux")
        && ADDRESS.byteSize() == 8;
  }

  private static IllegalStateException uncallable(Throwable e) {
    return new IllegalStateException("the C library cannot be called", e);
  }

  private static int opened(int fd, String what) throws IOException {
    if (fd < 0) {
      throw new IOException(what + " was refused; is the limit of open files reached?");
    }
    return fd;
  }

  /** A socket that does not block and belongs to no port yet. */
  public static int open(int sendBufferBytes) throws IOException {
    int fd;
    try {
      fd = (int) Calls.SOCKET.invokeExact((int) AF_INET, SOCK_DGRAM | NONBLOCK, 0);
    } catch (Throwable e) {
      throw uncallable(e);
    }
    // What the system gives less is seen in what it refuses to take.
    var unused = option(opened(fd, "socket(AF_INET, SOCK_DGRAM)"), SO_SNDBUF, sendBufferBytes);
    return fd;
  }

  /** Sets an option of the level {@code SOL_SOCKET}. */
  static boolean option(int fd, int name, int value) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment at = arena.allocateFrom(JAVA_INT, value);
      return (int) Calls.SETSOCKOPT.invokeExact(fd, SOL_SOCKET, name, at, (int) JAVA_INT.byteSize())
          == 0;
    } catch (Throwable e) {
      throw uncallable(e);
    }
  }

  /** Writes {@code struct sockaddr_in} of a port on 127.0.0.1. */
  public static void name(MemorySegment at, long offset, int port) {
    at.set(JAVA_SHORT, offset, AF_INET);
    at.set(SHORT_BE, offset + 2, (short) port);
    at.set(INT_BE, offset + 4, LOOPBACK);
  }

  /** Gives the socket any free port of 127.0.0.1, and returns it. */
  static int bind(int fd) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocate(NAME_BYTES, 8);
      name(name, 0, 0);
      var unused = opened((int) Calls.BIND.invokeExact(fd, name, NAME_BYTES), "bind(127.0.0.1)");
      MemorySegment length = arena.allocateFrom(JAVA_INT, NAME_BYTES);
      var unusedToo = opened((int) Calls.GETSOCKNAME.invokeExact(fd, name, length), "getsockname");
      return name.get(SHORT_BE, 2) & 0xffff;
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw uncallable(e);
    }
  }

  /** Sends to the address that {@link #name} has written; whether the system took it. */
  static boolean send(int fd, long address, long lengthBytes, MemorySegment to) {
    try {
      return (long) Calls.SENDTO.invokeExact(fd, address, lengthBytes, MSG_DONTWAIT, to, NAME_BYTES)
          == lengthBytes;
    } catch (Throwable e) {
      throw uncallable(e);
    }
  }

  /** Receives into an array of {@code struct mmsghdr}; how many messages, or -1: none. */
  static int receive(int fd, long messages, int count) {
    try {
      return (int) Calls.RECVMMSG.invokeExact(fd, messages, count, MSG_DONTWAIT, 0L);
    } catch (Throwable e) {
      throw uncallable(e);
    }
  }

  public static void close(int fd) {
    try {
      var unused = (int) Calls.CLOSE.invokeExact(fd);
    } catch (Throwable e) {
      throw uncallable(e);
    }
  }

  /** What tells which of many descriptors can be read. */
  static int epoll() throws IOException {
    try {
      return opened((int) Calls.EPOLL_CREATE1.invokeExact(0), "epoll_create1");
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw uncallable(e);
    }
  }

  /** Tells of {@code key} each time something new can be read. */
  static void watch(int epoll, int fd, long key) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment event = arena.allocate(EVENT_BYTES, 8);
      event.set(JAVA_INT, 0, EPOLLIN | EPOLLET);
      event.set(ValueLayout.JAVA_LONG_UNALIGNED, EVENT_DATA, key);
      var unused =
          opened((int) Calls.EPOLL_CTL.invokeExact(epoll, EPOLL_CTL_ADD, fd, event), "epoll_ctl");
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw uncallable(e);
    }
  }

  /**
   * Waits for something to read, for whole milliseconds where the system knows no others.
   *
   * @param time room for {@link #TIME_BYTES}
   * @return how many events there are, negative after a signal
   */
  static int await(int epoll, long events, int count, long nanos, MemorySegment time) {
    MethodHandle exact = Calls.EPOLL_PWAIT2.orElse(null);
    try {
      if (exact != null) {
        time.set(JAVA_LONG, 0, nanos / 1_000_000_000);
        time.set(JAVA_LONG, 8, nanos % 1_000_000_000);
        int ready = (int) exact.invokeExact(epoll, events, count, time.address(), 0L);
        if (ready >= 0) {
          return ready;
        }
      }
      int millis = (int) ((nanos + 999_999) / 1_000_000);
      return (int) Calls.EPOLL_WAIT.invokeExact(epoll, events, count, millis);
    } catch (Throwable e) {
      throw uncallable(e);
    }
  }

  /** The key of an event of {@link #await}. */
  static long key(MemorySegment events, int index) {
    return events.get(ValueLayout.JAVA_LONG_UNALIGNED, (long) index * EVENT_BYTES + EVENT_DATA);
  }

  /** A descriptor that can be read after {@link #ring}. */
  static int bell() throws IOException {
    try {
      return opened((int) Calls.EVENTFD.invokeExact(0, NONBLOCK), "eventfd");
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw uncallable(e);
    }
  }

  static void ring(int bell) {
    try {
      var unused = (int) Calls.EVENTFD_WRITE.invokeExact(bell, 1L);
    } catch (Throwable e) {
      throw uncallable(e);
    }
  }

  static void hush(int bell, MemorySegment eightBytes) {
    try {
      var unused = (int) Calls.EVENTFD_READ.invokeExact(bell, eightBytes);
    } catch (Throwable e) {
      throw uncallable(e);
    }
  }
}
