package dev.parley.bots.client;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A relay that a server offers and that is reached by TCP, with an account for it. Any thread.
 *
 * @param tls whether it is reached by TLS
 */
public record RelayOffer(String host, int port, boolean tls, String username, String password) {
  /** RFC 7065 section 3.1; an IPv6 address stands in brackets. */
  private static final Pattern URI =
      Pattern.compile(
          "(turns?):(\\[[0-9a-fA-F:.]+]|[^:?/\\[\\]]+)(?::(\\d{1,5}))?(?:\\?transport=(\\w+))?");

  private static final int PORT = 3478;
  private static final int TLS_PORT = 5349;
  private static final int HIGHEST_PORT = 65_535;

  /**
   * Reads an entry of {@code iceServers}.
   *
   * @return empty for what is no relay that is reached by TCP: STUN, TURN by UDP, and what cannot
   *     be read
   */
  public static Optional<RelayOffer> of(String uri, String username, String password) {
    Matcher parts = URI.matcher(uri);
    if (!parts.matches()) {
      return Optional.empty();
    }
    boolean tls = "turns".equals(parts.group(1));
    // Without a transport, turn is UDP and turns is TLS, as browsers have it.
    boolean tcp = parts.group(4) == null ? tls : parts.group(4).equalsIgnoreCase("tcp");
    int port = parts.group(3) == null ? (tls ? TLS_PORT : PORT) : Integer.parseInt(parts.group(3));
    if (!tcp || port == 0 || port > HIGHEST_PORT) {
      return Optional.empty();
    }
    String host = parts.group(2).replaceAll("[\\[\\]]", "");
    return Optional.of(new RelayOffer(host, port, tls, username, password));
  }

  /** Looks the host up, on a thread of its own; fails with {@link UnknownHostException}. */
  public CompletableFuture<ClientWay.Relay> way() {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return new ClientWay.Relay(
                new InetSocketAddress(InetAddress.getByName(host), port), tls, username, password);
          } catch (UnknownHostException e) {
            throw new CompletionException(e);
          }
        },
        lookup -> Thread.ofVirtual().start(lookup));
  }

  @Override
  public String toString() {
    return "RelayOffer[" + host + ":" + port + (tls ? ", TLS, " : ", ") + username + "]";
  }
}
