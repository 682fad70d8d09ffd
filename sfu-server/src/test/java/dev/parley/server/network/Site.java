package dev.parley.server.network;

import dev.parley.server.browser.DistantCaller;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Where Ben is: a namespace, and the routers between it and the server. Closed after each row,
 * which takes away all of it.
 */
final class Site implements AutoCloseable {
  private static final AtomicInteger SEGMENTS = new AtomicInteger();

  private final Parts parts = new Parts();
  private final List<Router> routers = new ArrayList<>();
  private final Namespace client;
  private final String page;
  private final DistantCaller ben;
  private String segment = "";

  private Site(Lab lab, List<Nat> nats, boolean ipv6) {
    try {
      client = parts.keep(Namespace.create("client"));
      Namespace inner = client;
      for (Nat nat : nats) {
        Namespace outer = parts.keep(Namespace.create("nat" + routers.size()));
        connect(inner, outer, "in");
        routers.add(new Router(outer, nat));
        inner = outer;
      }
      if (ipv6) {
        connectIpv6(lab);
      } else {
        connect(inner, lab.serverSide(), "site");
        answerFrom(lab, Lab.IPV4, "10.77.%d.0/24".formatted(SEGMENTS.get()));
      }
      page = Lab.page(ipv6 ? Lab.IPV6 : Lab.IPV4);
      ben = parts.keep(lab.browser("Ben", client));
    } catch (RuntimeException | Error failure) {
      close();
      throw failure;
    }
  }

  /** Ben's way leads through these, his own first. */
  static Site behind(Lab lab, Nat... nats) {
    return new Site(lab, List.of(nats), false);
  }

  /** Ben has no IPv4 address. */
  static Site ipv6(Lab lab) {
    return new Site(lab, List.of(), true);
  }

  private void connect(Namespace inner, Namespace outer, String device) {
    String network = "10.77.%d.".formatted(SEGMENTS.incrementAndGet());
    if (segment.isEmpty()) {
      segment = network;
    }
    inner.connect("out", outer, device);
    outer.address(device, network + "1/24");
    inner.address("out", network + "2/24");
    inner.defaultRoute(network + "1");
  }

  private void connectIpv6(Lab lab) {
    String network = "fd77:0:0:%x::".formatted(SEGMENTS.incrementAndGet());
    client.connect("out", lab.serverSide(), "site");
    lab.serverSide().address("site", network + "1/64");
    client.address("out", network + "2/64");
    client.run("ip", "-6", "route", "replace", "default", "via", network + "1");
    answerFrom(lab, Lab.IPV6, network + "/64");
  }

  /** The server's machine has an address in each network; what leaves it has the one announced. */
  private static void answerFrom(Lab lab, String address, String network) {
    // The kernel's own route to the network has 0 and 256; the first is replaced, the other one
    // outdone.
    String metric = address.contains(":") ? "1" : "0";
    lab.serverSide()
        .run("ip", "route", "replace", network, "dev", "site", "metric", metric, "src", address);
  }

  DistantCaller ben() {
    return ben;
  }

  /** The call page as Ben reaches it. */
  String page() {
    return page;
  }

  /** The router next to Ben. */
  Router router() {
    return routers.getFirst();
  }

  /** Ben's machine gets another address in its network, as after a change of network. */
  void changeAddress(int last) {
    client.run("ip", "address", "flush", "dev", "out");
    client.address("out", segment + last + "/24");
    client.defaultRoute(segment + "1");
  }

  @Override
  public void close() {
    parts.close();
  }
}
