package dev.parley.core.address;

import dev.parley.core.common.AddressScope;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.ice4j.Transport;
import org.ice4j.TransportAddress;
import org.ice4j.ice.harvest.StunMappingCandidateHarvester;

/**
 * A STUN server (RFC 8489), asked from each of this machine's addresses for what a NAT made of it.
 * From ports of their own: what the NAT maps one to one has the same address for all ports.
 */
public final class StunServer implements AddressSource {
  private static final int DEFAULT_PORT = 3478;

  /** Each question takes a thread of ice4j's and up to ten seconds. */
  private static final int MOST_QUESTIONS = 16;

  private final String host;
  private final int port;
  private final Supplier<List<InetAddress>> own;

  /**
   * A server by its name.
   *
   * @param server {@code host}, {@code host:port} or {@code [IPv6]:port}
   * @param own this machine's addresses to ask from
   * @throws IllegalArgumentException when {@code server} is none of these
   */
  public StunServer(String server, Supplier<List<InetAddress>> own) {
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
  }

  @Override
  public String name() {
    return (host.contains(":") ? "[" + host + "]:" : host + ":") + port;
  }

  @Override
  public List<InetAddress> ask() throws IOException {
    List<CompletableFuture<Optional<InetAddress>>> answers = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (InetAddress server : oneOfEachFamily(InetAddress.getAllByName(host))) {
        own.get().stream()
            .filter(local -> mayReach(local, server))
            .limit(MOST_QUESTIONS)
            .forEach(local ->
                answers.add(CompletableFuture.supplyAsync(() -> ask(local, server), threads)));
      }
    }
    Set<InetAddress> found = new LinkedHashSet<>();
    answers.forEach(answer -> answer.join().ifPresent(found::add));
    if (found.isEmpty()) {
      throw new IOException(
          answers.isEmpty()
              ? "this machine has no address of its family"
              : "no answer, asked from own addresses: " + answers.size());
    }
    return List.copyOf(found);
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
    StunMappingCandidateHarvester harvester =
        new StunMappingCandidateHarvester(
            new TransportAddress(local, 0, Transport.UDP),
            new TransportAddress(new InetSocketAddress(server, port), Transport.UDP));
    harvester.discover();
    return Optional.ofNullable(harvester.getMask())
        .map(InetSocketAddress::getAddress)
        .filter(address -> AddressScope.of(address) != AddressScope.LINK);
  }
}
