package dev.parley.core.common;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/**
 * A remote transport address: 128 address bits and a port, IPv4 as IPv4-mapped IPv6 (RFC 4291
 * section 2.5.5.2), so that one comparison of three numbers serves both families. Where a socket is
 * bound to all addresses, it is told apart by the one of this machine's that its datagrams come to:
 * that is where answers have to leave from. Behind a TCP connection or a relay it belongs to that
 * path alone: two paths may show the same address. Immutable; any thread.
 */
public final class PeerAddress {
  private static final long V4_MAPPED = 0x0000_ffff_0000_0000L;

  private final long high;
  private final long low;
  private final int port;
  private final long localHigh;
  private final long localLow;
  private final @Nullable PeerPath path;
  private @Nullable InetSocketAddress inet;

  /** An address that UDP datagrams come from. */
  public PeerAddress(long high, long low, int port) {
    this(high, low, port, 0, 0);
  }

  /** The same, with this machine's address that they come to; zeros: the system chooses one. */
  public PeerAddress(long high, long low, int port, long localHigh, long localLow) {
    this(high, low, port, localHigh, localLow, null);
  }

  private PeerAddress(
      long high, long low, int port, long localHigh, long localLow, @Nullable PeerPath path) {
    this.high = high;
    this.low = low;
    this.port = port;
    this.localHigh = localHigh;
    this.localLow = localLow;
    this.path = path;
  }

  /** The same address behind a path of its own. */
  public PeerAddress by(PeerPath way) {
    return new PeerAddress(high, low, port, localHigh, localLow, way);
  }

  public static PeerAddress of(InetSocketAddress address) {
    InetAddress ip = address.getAddress();
    if (ip == null) {
      throw new IllegalArgumentException("unresolved address " + address);
    }
    byte[] b = ip.getAddress();
    if (b.length == 4) {
      return ofV4(number(b, 0, 4), address.getPort());
    }
    return new PeerAddress(number(b, 0, 8), number(b, 8, 8), address.getPort());
  }

  /** {@code ip} holds the four bytes in its low 32 bits, first byte highest. */
  public static PeerAddress ofV4(long ip, int port) {
    return new PeerAddress(0, V4_MAPPED | (ip & 0xffff_ffffL), port);
  }

  /** The upper 64 bits of the (mapped) IPv6 address. */
  public long high() {
    return high;
  }

  /** The lower 64 bits of the (mapped) IPv6 address. */
  public long low() {
    return low;
  }

  public int port() {
    return port;
  }

  /** This machine's address for it, mapped likewise; 0 with 0 below: the system chooses. */
  @HotPath
  public long localHigh() {
    return localHigh;
  }

  @HotPath
  public long localLow() {
    return localLow;
  }

  /** Whether it is known which of this machine's addresses datagrams leave from. */
  @HotPath
  public boolean hasLocal() {
    return (localHigh | localLow) != 0;
  }

  /** Null: plain UDP. */
  @HotPath
  public @Nullable PeerPath path() {
    return path;
  }

  /** {@code udp}, {@code tcp} or {@code relay}, for people. */
  public String pathKind() {
    return path == null ? "udp" : path.kind();
  }

  public boolean isV4() {
    return high == 0 && (low >>> 32) == 0xffff;
  }

  /** Whether it is this UDP address, at no certain address of this machine. */
  @HotPath
  public boolean matches(long otherHigh, long otherLow, int otherPort) {
    return matches(otherHigh, otherLow, otherPort, 0, 0);
  }

  /** Whether it is this UDP address, with this machine's. */
  @HotPath
  public boolean matches(
      long otherHigh, long otherLow, int otherPort, long otherLocalHigh, long otherLocalLow) {
    return low == otherLow
        && port == otherPort
        && high == otherHigh
        && localLow == otherLocalLow
        && localHigh == otherLocalHigh
        && path == null;
  }

  /** The hash code of a UDP address, whichever of this machine's addresses it uses. */
  @HotPath
  public static int hash(long high, long low, int port) {
    long h = (high * 31 + low) * 0x9e37_79b9_7f4a_7c15L + port * 0xc2b2_ae3d_27d4_eb4fL;
    return (int) (h ^ (h >>> 32));
  }

  /** The same address as the JDK writes it; kept after the first call. */
  public InetSocketAddress toInet() {
    InetSocketAddress known = inet;
    if (known == null) {
      try {
        byte[] b = isV4() ? bytes(low, 4) : new byte[16];
        if (b.length == 16) {
          System.arraycopy(bytes(high, 8), 0, b, 0, 8);
          System.arraycopy(bytes(low, 8), 0, b, 8, 8);
        }
        known = new InetSocketAddress(InetAddress.getByAddress(b), port);
      } catch (UnknownHostException e) {
        throw new IllegalStateException("an address of 4 or 16 bytes is always known", e);
      }
      inet = known;
    }
    return known;
  }

  private static long number(byte[] b, int offset, int count) {
    long n = 0;
    for (int i = 0; i < count; i++) {
      n = n << 8 | (b[offset + i] & 0xff);
    }
    return n;
  }

  private static byte[] bytes(long n, int count) {
    byte[] b = new byte[count];
    for (int i = count - 1; i >= 0; i--) {
      b[i] = (byte) n;
      n >>>= 8;
    }
    return b;
  }

  @Override
  public boolean equals(@Nullable Object o) {
    return o instanceof PeerAddress a
        && low == a.low
        && port == a.port
        && high == a.high
        && localLow == a.localLow
        && localHigh == a.localHigh
        && path == a.path;
  }

  @Override
  public int hashCode() {
    int hash = hash(high, low, port);
    return path == null ? hash : hash + System.identityHashCode(path);
  }

  /** {@code 192.0.2.1:5000} or {@code [2001:db8::1]:5000}, and {@code /tcp} behind such a path. */
  @Override
  public String toString() {
    String text = AddressText.of(toInet());
    return path == null ? text : text + "/" + path.kind();
  }
}
