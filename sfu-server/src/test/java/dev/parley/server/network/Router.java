package dev.parley.server.network;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A {@link Nat} at work in a namespace of its own. */
final class Router implements AutoCloseable {
  private static final Pattern OUTSIDE_PORT = Pattern.compile("dport=(\\d+)(?!.*dport=)");

  private final Namespace namespace;

  Router(Namespace namespace, Nat nat) {
    this.namespace = namespace;
    namespace.set("net.ipv4.ip_forward", "1");
    namespace.rules(nat.rules());
  }

  /** Forgets all UDP that passes, as a router does that starts anew. */
  void forgetUdp() {
    namespace.run("conntrack", "-D", "-p", "udp");
  }

  /** Forgets TCP connections that were silent for so long, and tells nobody. */
  void forgetIdleTcp(int seconds) {
    namespace.set("net.netfilter.nf_conntrack_tcp_loose", "0");
    namespace.set("net.netfilter.nf_conntrack_tcp_timeout_established", String.valueOf(seconds));
  }

  /** Whether it knows a TCP connection to this port that is open. */
  boolean holdsTcp(int port) {
    return namespace
        .run("conntrack", "-L", "-p", "tcp", "--dport", String.valueOf(port))
        .contains("ESTABLISHED");
  }

  /** From which ports UDP that passes leaves now. */
  List<Integer> outsidePorts() {
    List<Integer> ports = new ArrayList<>();
    for (String flow : namespace.run("conntrack", "-L", "-p", "udp").lines().toList()) {
      Matcher matcher = OUTSIDE_PORT.matcher(flow);
      // What comes from outside to a port that is forgotten has no answer.
      if (!flow.contains("UNREPLIED") && matcher.find()) {
        ports.add(Integer.valueOf(matcher.group(1)));
      }
    }
    return ports;
  }

  @Override
  public void close() {
    namespace.close();
  }
}
