package dev.parley.core.common;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * How addresses are written for people: IPv6 as in RFC 5952, without an interface's name, and in
 * brackets before a port (section 6). Any thread.
 */
public final class AddressText {
  private static final int GROUPS = 8;

  private AddressText() {}

  /** {@code 192.0.2.1} or {@code 2001:db8::1}. */
  public static String of(InetAddress address) {
    if (!(address instanceof Inet6Address)) {
      return address.getHostAddress();
    }
    byte[] bytes = address.getAddress();
    int[] groups = new int[GROUPS];
    for (int i = 0; i < GROUPS; i++) {
      groups[i] = (bytes[2 * i] & 0xff) << 8 | (bytes[2 * i + 1] & 0xff);
    }
    // The first of the longest runs of zeros is left out; one zero alone is not (section 4.2).
    int longest = 1;
    int from = -1;
    for (int start = 0; start < GROUPS; start++) {
      int end = start;
      while (end < GROUPS && groups[end] == 0) {
        end++;
      }
      if (end - start > longest) {
        longest = end - start;
        from = start;
      }
    }
    return from < 0
        ? hex(groups, 0, GROUPS)
        : hex(groups, 0, from) + "::" + hex(groups, from + longest, GROUPS);
  }

  /** {@code 192.0.2.1:5000} or {@code [2001:db8::1]:5000}. */
  public static String of(InetSocketAddress address) {
    InetAddress ip = address.getAddress();
    if (ip == null) {
      return address.getHostString() + ":" + address.getPort();
    }
    String host = of(ip);
    return (host.contains(":") ? "[" + host + "]:" : host + ":") + address.getPort();
  }

  private static String hex(int[] groups, int from, int to) {
    StringBuilder text = new StringBuilder();
    for (int i = from; i < to; i++) {
      text.append(i == from ? "" : ":").append(Integer.toHexString(groups[i]));
    }
    return text.toString();
  }
}
