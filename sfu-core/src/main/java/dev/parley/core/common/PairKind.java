package dev.parley.core.common;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What kind of ICE pair a client's media takes: the type of its candidate (RFC 8445 section 5.1.1),
 * what carries the packets, and the family of the address that they come from.
 */
public record PairKind(Type type, Way way, boolean v4) {
  /** How the client's candidate is known. */
  public enum Type {
    /** The client told it as an address of its own. */
    HOST,
    /** The client told it as what a STUN server sees. */
    SRFLX,
    /** Learnt from its checks, as it told none such: the usual case with an ICE-lite server. */
    PRFLX,
    /** A relay's, this server's or one that the client told. */
    RELAY
  }

  /** What carries the packets of the client. */
  public enum Way {
    UDP,
    TCP,
    TURN_UDP,
    TURN_TCP,
    TURN_TLS;

    /** {@code udp}, {@code turn-tls}. */
    public String id() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    boolean isOwnRelay() {
      return this != UDP && this != TCP;
    }
  }

  /** How many numbers {@link #index} gives. */
  static final int INDEXES = Type.values().length * Way.values().length * 2;

  /** All kinds that there are, in the order of the enums, IPv4 first. */
  public static List<PairKind> all() {
    List<PairKind> all = new ArrayList<>();
    for (Type type : Type.values()) {
      for (Way way : Way.values()) {
        // Another's relay sends by UDP; what it takes from its client is not told.
        boolean possible = type == Type.RELAY ? way != Way.TCP : !way.isOwnRelay();
        if (possible) {
          all.add(new PairKind(type, way, true));
          all.add(new PairKind(type, way, false));
        }
      }
    }
    return all;
  }

  int index() {
    return (type.ordinal() * Way.values().length + way.ordinal()) * 2 + (v4 ? 0 : 1);
  }

  /** {@code ipv4} or {@code ipv6}. */
  public String family() {
    return v4 ? "ipv4" : "ipv6";
  }

  /** {@code prflx udp ipv4}. */
  @Override
  public String toString() {
    return type.name().toLowerCase(Locale.ROOT) + " " + way.id() + " " + family();
  }
}
