package dev.parley.core.sdp;

import dev.parley.core.api.MediaException;
import dev.parley.core.api.MediaException.Code;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * An ICE candidate (RFC 8839 section 5.1, RFC 6544 for TCP). Extension attributes other than {@code
 * tcptype} are not kept.
 *
 * @param component 1 for RTP and everything multiplexed with it
 * @param address an IP address, or a name that the description's author did not resolve (mDNS)
 * @param tcpType present for TCP only
 * @param related the base's address and port, where the author tells it
 */
public record Candidate(
    String foundation,
    int component,
    Transport transport,
    long priority,
    String address,
    int port,
    Type type,
    Optional<TcpType> tcpType,
    Optional<Related> related) {

  /** What carries the candidate's packets. */
  public enum Transport {
    UDP,
    TCP
  }

  /** How the candidate was learnt. */
  public enum Type {
    HOST,
    SRFLX,
    PRFLX,
    RELAY
  }

  /** Who opens the TCP connection. */
  public enum TcpType {
    ACTIVE,
    PASSIVE,
    SO
  }

  /** The base: {@code raddr} and its port. */
  public record Related(String address, int port) {}

  /** A host candidate for UDP, component 1. */
  public static Candidate udpHost(String foundation, long priority, String address, int port) {
    return new Candidate(
        foundation,
        1,
        Transport.UDP,
        priority,
        address,
        port,
        Type.HOST,
        Optional.empty(),
        Optional.empty());
  }

  /** A host candidate for TCP that waits for connections, component 1. */
  public static Candidate tcpPassiveHost(
      String foundation, long priority, String address, int port) {
    return new Candidate(
        foundation,
        1,
        Transport.TCP,
        priority,
        address,
        port,
        Type.HOST,
        Optional.of(TcpType.PASSIVE),
        Optional.empty());
  }

  /**
   * Reads {@code candidate:…}, as browsers give it, with or without {@code a=} before.
   *
   * @return empty for a transport or type that is not known; RFC 8839 wants those ignored
   * @throws MediaException {@code SDP_INVALID}
   */
  public static Optional<Candidate> parse(String text) {
    String value = text.startsWith("a=") ? text.substring(2) : text;
    if (!value.startsWith("candidate:")) {
      throw new MediaException(Code.SDP_INVALID, "a candidate must start with \"candidate:\"");
    }
    return of(new SdpLine(1, 'a', value));
  }

  static Optional<Candidate> of(SdpLine line) {
    List<String> words =
        line.words(8, "a=candidate:foundation component transport priority address port typ type");
    if (!words.get(6).equals("typ")) {
      throw line.invalid("expected \"typ\" as seventh word");
    }
    Optional<Transport> transport = constant(Transport.values(), words.get(2));
    Optional<Type> type = constant(Type.values(), words.get(7));
    String relatedAddress = "";
    int relatedPort = 0;
    Optional<TcpType> tcpType = Optional.empty();
    for (int i = 8; i + 1 < words.size(); i += 2) {
      String value = words.get(i + 1);
      switch (words.get(i)) {
        case "raddr" -> relatedAddress = value;
        case "rport" -> relatedPort = line.integer(value, 0, 65_535, "rport");
        case "tcptype" -> tcpType = constant(TcpType.values(), value);
        default -> {} // generation, ufrag, network-id, network-cost: of use to their author only
      }
    }
    String foundation = line.token(words.get(0), 32, "the foundation");
    int component = line.integer(words.get(1), 1, 256, "the component");
    long priority = line.number(words.get(3), 0, 0xffff_ffffL, "the priority");
    int port = line.integer(words.get(5), 0, 65_535, "the port");
    if (transport.isEmpty() || type.isEmpty()) {
      return Optional.empty();
    }
    Optional<Related> related =
        relatedAddress.isEmpty()
            ? Optional.empty()
            : Optional.of(new Related(relatedAddress, relatedPort));
    return Optional.of(
        new Candidate(
            foundation,
            component,
            transport.get(),
            priority,
            words.get(4),
            port,
            type.get(),
            tcpType,
            related));
  }

  /** As browsers take it: {@code candidate:…}, without {@code a=}. */
  public String text() {
    return "candidate:" + argument();
  }

  /** The argument of {@code a=candidate}. */
  String argument() {
    return "%s %d %s %d %s %d typ %s"
            .formatted(
                foundation, component, wireName(transport), priority, address, port, wireName(type))
        + related.map(r -> " raddr " + r.address() + " rport " + r.port()).orElse("")
        + tcpType.map(t -> " tcptype " + wireName(t)).orElse("");
  }

  private static String wireName(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static <E extends Enum<E>> Optional<E> constant(E[] constants, String name) {
    for (E constant : constants) {
      if (constant.name().equalsIgnoreCase(name)) {
        return Optional.of(constant);
      }
    }
    return Optional.empty();
  }
}
