package dev.parley.server.network;

import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a router between a client and the server does to what passes: its rules, as nftables has
 * them. Its interface towards the client is "in", the other one "out".
 */
record Nat(String rules) {
  private static final String TRANSLATING =
      """
      table inet nat {
        chain post {
          type nat hook postrouting priority 100
          %s
        }
      }
      """;

  private static final String FILTERING =
      """
      table inet filter {
        chain forward {
          type filter hook forward priority 0
          %s
        }
      }
      """;

  /** One port outside for each one inside; only whom the client wrote to may answer. */
  static Nat portRestricted() {
    return new Nat(TRANSLATING.formatted("oifname \"out\" masquerade"));
  }

  /** Another port outside, by chance, for each address that a port inside writes to. */
  static Nat symmetric() {
    return new Nat(TRANSLATING.formatted("oifname \"out\" masquerade fully-random"));
  }

  /** All UDP leaves from one port: whoever comes next has the same address as who came before. */
  static Nat onePort(int port) {
    return new Nat(
        TRANSLATING.formatted(
            "oifname \"out\" meta l4proto udp masquerade to :%d%n    oifname \"out\" masquerade"
                .formatted(port)));
  }

  /** A firewall that lets no UDP through. */
  static Nat withoutUdp() {
    return new Nat(portRestricted().rules + FILTERING.formatted("meta l4proto udp drop"));
  }

  /** A firewall that lets only these ports through, each as "tcp 443" or "udp 3478". */
  static Nat only(String... ports) {
    String accepted =
        Stream.of(ports)
            .map(port -> port.split(" ", 2))
            .map(port -> "    iifname \"in\" %s dport %s accept%n".formatted(port[0], port[1]))
            .collect(Collectors.joining());
    return new Nat(
        portRestricted().rules
            + FILTERING.formatted(accepted.strip() + "\n    iifname \"in\" drop"));
  }
}
