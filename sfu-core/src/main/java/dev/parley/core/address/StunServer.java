package dev.parley.core.address;

import dev.parley.core.common.AddressScope;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.ice4j.Transport;
import org.ice4j.TransportAddress;
import org.ice4j.ice.harvest.StunMappingCandidateHarvester;

/**
 * A STUN server (RFC 8489), asked from each of this machine's addresses for what a NAT made of it.
 * From ports of their own: what the NAT maps one to one has the same address for all ports. What is
 * known of one own address stays while questions from there are not answered and others are. To be
 * asked by one thread at a time.
 */
public final class StunServer implements AddressSource {
  private static final int DEFAULT_PORT = 3478;

  /** Each question takes a thread of ice4j's, and 6.3 s when there is no answer. */
  private static final int MOST_QUESTIONS = 16;

  /** Asks once, and blocks meanwhile. */
  interface Question {
    /** The address under which the server sees {@code local}; empty: no answer. */
    Optional<InetAddress> ask(InetAddress local, InetSocketAddress server);
  }

  private final String host;
  private final int port;
  private final Supplier<List<InetAddress>> own;
  private final Question question;

  /** What was seen last of own addresses that are asked from. */
  private Map<InetAddress, InetAddress> seen = Map.of();

  /**
   * A server by its name.
   *
   * @param server {@code host}, {@code host:port} or {@code [IPv6]:port}
   * @param own this machine's addresses to ask from
   * @throws IllegalArgumentException when {@code server} is none of these
   */
  public StunServer(String server, Supplier<List<InetAddress>> own) {
    this(server, own, StunServer::askByIce4j);
  }

  StunServer(String server, Supplier<List<InetAddress>> own, Question question) {
    try {
      URI uri = new URI("stun://" + server).parseServerAuthority();
      if (uri.getHost() == null
          || uri.getUserInfo() != null
          || !uri.getPath().isEmpty()
          || uri.getPort() > 65_535) {
        throw new IllegalArgumentException("\"" + server + "\" is no host or host:port");
      }
      this.host = uri.getHost().replaceAll("[\\[\\]]", "");
      this.port = uri.getPort() > 0 ? uri.getPort() : DEFAULT_PORT;
    } catch (URISyntaxException malformed) {
      throw new IllegalArgumentException(
          "\"" + server + "\" is no host or host:port: " + malformed.getMessage(), malformed);
    }
    this.own = own;
    this.question = question;
  }

  @Override
  public String name() {
    return (host.contains(":") ? "[" + host + "]:" : host + ":") + port;
  }

  @Override
  public List<InetAddress> ask() throws IOException {
    Map<InetAddress, CompletableFuture<Optional<InetAddress>>> answers = new LinkedHashMap<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (InetAddress server : oneOfEachFamily(InetAddress.getAllByName(host))) {
        own.get().stream()
            .filter(local -> mayReach(local, server))
            .limit(MOST_QUESTIONS)
            .forEach(local ->
                answers.put(
                    local, CompletableFuture.supplyAsync(() -> ask(local, server), threads)));
      }
    }
    Map<InetAddress, InetAddress> found = new LinkedHashMap<>();
    boolean answered = false;
    for (var answer : answers.entrySet()) {
      InetAddress local = answer.getKey();
      Optional<InetAddress> now = answer.getValue().join();
      answered |= now.isPresent();
      now.or(() -> Optional.ofNullable(seen.get(local))).ifPresent(ip -> found.put(local, ip));
    }
    if (!answered) {
      throw new IOException(
          answers.isEmpty()
              ? "this machine has no address of its family"
              : "no answer, asked from own addresses: " + answers.size());
    }
    seen = found;
    return found.values().stream().distinct().toList();
  }

  private static List<InetAddress> oneOfEachFamily(InetAddress[] servers) {
    List<InetAddress> some = new ArrayList<>();
    for (InetAddress server : servers) {
      if (some.stream().noneMatch(other -> sameFamily(other, server))) {
        some.add(server);
      }
    }
    return some;
  }

  private static boolean sameFamily(InetAddress one, InetAddress other) {
    return one instanceof Inet4Address == other instanceof Inet4Address;
  }

  private static boolean mayReach(InetAddress local, InetAddress server) {
    return sameFamily(local, server)
        && local.isLoopbackAddress() == server.isLoopbackAddress()
        && AddressScope.of(local) != AddressScope.LINK;
  }

  private Optional<InetAddress> ask(InetAddress local, InetAddress server) {
    return question
        .ask(local, new InetSocketAddress(server, port))
        .filter(address -> AddressScope.of(address) != AddressScope.LINK);
  }

  private static Optional<InetAddress> askByIce4j(InetAddress local, InetSocketAddress server) {
    StunMappingCandidateHarvester harvester =
        new StunMappingCandidateHarvester(
            new TransportAddress(local, 0, Transport.UDP),
            new TransportAddress(server, Transport.UDP));
    harvester.discover();
    return Optional.ofNullable(harvester.getMask()).map(InetSocketAddress::getAddress);
  }
}
