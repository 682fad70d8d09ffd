package dev.parley.server.doctor;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.parley.core.address.AddressLookup;
import dev.parley.core.address.LocalAddresses;
import dev.parley.core.address.PublicAddresses;
import io.netty.channel.epoll.Epoll;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.management.ManagementFactory;
import java.net.DatagramSocket;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The machine the process runs on. Any thread; network questions block for a second at most, and
 * where others are asked for ten.
 */
public final class ThisMachine implements Machine {
  private static final int HEALTH_TIMEOUT_MS = 1000;
  private static final Duration LOOKUP_PATIENCE = Duration.ofSeconds(10);

  /** More than {@code struct timex} has; with zeros nothing is changed. */
  private static final int TIMEX_BYTES = 512;

  private static final int TIME_ERROR = 5;

  @Override
  public int jdkFeature() {
    return Runtime.version().feature();
  }

  @Override
  public String jdkVersion() {
    return Runtime.version() + " by " + System.getProperty("java.vendor");
  }

  @Override
  public Optional<String> epollFailure() {
    return Epoll.isAvailable()
        ? Optional.empty()
        : Optional.of(firstLine(Epoll.unavailabilityCause()));
  }

  @Override
  @SuppressWarnings("restricted") // Loading is the question; nothing of the library is called.
  public Optional<String> libraryFailure(String name) {
    try (Arena arena = Arena.ofConfined()) {
      SymbolLookup.libraryLookup(name, arena);
      return Optional.empty();
    } catch (IllegalArgumentException notFound) {
      return Optional.of(firstLine(notFound));
    }
  }

  @Override
  public OptionalLong kernelSetting(String name) {
    // One read must take it all: the kernel answers a second one with the end of the file.
    byte[] bytes = new byte[64];
    try (InputStream in = Files.newInputStream(Path.of("/proc/sys", name.replace('.', '/')))) {
      int length = Math.max(0, in.read(bytes));
      String text = new String(bytes, 0, length, StandardCharsets.US_ASCII);
      return OptionalLong.of(Long.parseLong(text.strip()));
    } catch (IOException | NumberFormatException absent) {
      return OptionalLong.empty();
    }
  }

  @Override
  public Instant now() {
    return Instant.now();
  }

  @Override
  public OptionalLong maxOpenFiles() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        ? OptionalLong.of(unix.getMaxFileDescriptorCount())
        : OptionalLong.empty();
  }

  /** {@code adjtimex(2)} without a change; needs no privilege. */
  @Override
  @SuppressWarnings("restricted") // One call that only reads.
  public Optional<Boolean> clockIsKept() {
    Linker linker = Linker.nativeLinker();
    Optional<MemorySegment> function = linker.defaultLookup().find("adjtimex");
    if (function.isEmpty()) {
      return Optional.empty();
    }
    MethodHandle adjtimex =
        linker.downcallHandle(
            function.get(), FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
    try (Arena arena = Arena.ofConfined()) {
      int state = (int) adjtimex.invokeExact(arena.allocate(TIMEX_BYTES, Long.BYTES));
      return state < 0 ? Optional.empty() : Optional.of(state != TIME_ERROR);
    } catch (Throwable refused) {
      throw new IllegalStateException("adjtimex cannot be called", refused);
    }
  }

  @Override
  public Looked lookUp(AddressLookup lookup) {
    try (PublicAddresses asked = PublicAddresses.ask(lookup, LocalAddresses::all)) {
      asked.awaitFirst(LOOKUP_PATIENCE);
      return new Looked(asked.known(), asked.failures());
    }
  }

  @Override
  public List<InetAddress> interfaceAddresses() {
    try {
      return NetworkInterface.networkInterfaces()
          .filter(ThisMachine::isUp)
          .flatMap(NetworkInterface::inetAddresses)
          .toList();
    } catch (SocketException unreadable) {
      throw new UncheckedIOException("cannot list the network interfaces", unreadable);
    }
  }

  @Override
  public Optional<String> tcpBindFailure(String host, int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(host, port));
      return Optional.empty();
    } catch (IOException refused) {
      return Optional.of(firstLine(refused));
    }
  }

  @Override
  public Optional<String> udpBindFailure(String host, int port) {
    try (DatagramSocket _ = new DatagramSocket(new InetSocketAddress(host, port))) {
      return Optional.empty();
    } catch (IOException refused) {
      return Optional.of(firstLine(refused));
    }
  }

  @Override
  public boolean answersHealth(String host, int port) {
    try {
      String authority = host.contains(":") ? "[" + host + "]" : host;
      URI uri = URI.create("http://" + authority + ":" + port + "/healthz");
      HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
      connection.setConnectTimeout(HEALTH_TIMEOUT_MS);
      connection.setReadTimeout(HEALTH_TIMEOUT_MS);
      return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
    } catch (IOException noAnswer) {
      return false;
    }
  }

  private static boolean isUp(NetworkInterface networkInterface) {
    try {
      return networkInterface.isUp();
    } catch (SocketException gone) {
      return false;
    }
  }

  private static String firstLine(Throwable failure) {
    String message = failure.getMessage();
    return message == null
        ? failure.getClass().getSimpleName()
        : message.lines().findFirst().orElse("");
  }
}
