package dev.parley.signaling.config;

import java.net.InetAddress;
import java.util.List;

/** The networks in which proxies are whose word counts for who their clients are. */
public record TrustedProxies(List<String> networks) {
  /** A proxy on the same machine. */
  public static final TrustedProxies LOOPBACK =
      new TrustedProxies(List.of("127.0.0.0/8", "::1/128"));

  /**
   * As configured.
   *
   * @throws IllegalArgumentException when one of them {@linkplain #isNetwork is no network}
   */
  public TrustedProxies {
    networks = new Networks(networks).names();
  }

  /** Whether it is {@code 10.0.0.0/8}, {@code fd00::/8}, or one address. */
  public static boolean isNetwork(String text) {
    return Networks.isNetwork(text);
  }

  public boolean contains(InetAddress address) {
    return new Networks(networks).contains(address);
  }
}
