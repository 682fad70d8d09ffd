package dev.parley.signaling.config;

import java.net.InetAddress;
import java.util.List;

/** Networks of addresses, as a configuration names them. */
public record Networks(List<String> names) {
  /**
   * As configured.
   *
   * @throws IllegalArgumentException when one of them {@linkplain #isNetwork is no network}
   */
  public Networks {
    names = List.copyOf(names);
    names.forEach(Networks::prefix);
  }

  /** Whether it is {@code 10.0.0.0/8}, {@code fd00::/8}, or one address. */
  public static boolean isNetwork(String text) {
    try {
      return prefix(text) >= 0;
    } catch (IllegalArgumentException malformed) {
      return false;
    }
  }

  public boolean contains(InetAddress address) {
    return names.stream().anyMatch(network -> contains(network, address.getAddress()));
  }

  private static boolean contains(String network, byte[] address) {
    byte[] base = base(network).getAddress();
    if (base.length != address.length) {
      return false;
    }
    int prefix = prefix(network);
    for (int bit = 0; bit < prefix; bit++) {
      int mask = 0x80 >> (bit & 7);
      if (((base[bit >> 3] ^ address[bit >> 3]) & mask) != 0) {
        return false;
      }
    }
    return true;
  }

  private static InetAddress base(String network) {
    int slash = network.indexOf('/');
    return InetAddress.ofLiteral(slash < 0 ? network : network.substring(0, slash));
  }

  private static int prefix(String network) {
    int most = 8 * base(network).getAddress().length;
    int slash = network.indexOf('/');
    int prefix = slash < 0 ? most : Integer.parseInt(network.substring(slash + 1));
    if (prefix < 0 || prefix > most) {
      throw new IllegalArgumentException(network + ": a prefix has 0 to " + most + " bits");
    }
    return prefix;
  }
}
