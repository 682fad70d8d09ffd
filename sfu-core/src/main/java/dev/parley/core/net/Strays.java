package dev.parley.core.net;

import dev.parley.core.common.PeerAddress;
import dev.parley.core.transport.Transport;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Media from an address that nobody has proved to own, as after a NAT gave a client another one:
 * finds the transports whose sources it names and lets each ask there for its client. A camera's
 * source leads to one transport; browsers that only receive, however, all send their reports from
 * the same one. What claims to be media proves nothing: one packet causes {@value #MOST_QUESTIONS}
 * questions at most, and a look is followed by {@value #LOOK_INTERVAL_NANOS} ns of rest for each
 * question that left, so that strangers cause 200 small packets a second at most, whatever arrives.
 * Worker's thread only.
 */
final class Strays {
  /** Long enough that looking costs nothing, short enough that nobody sees the wait. */
  static final long LOOK_INTERVAL_NANOS = 5_000_000L;

  /** By one look; where more may be meant, those after them have their turn at the next. */
  static final int MOST_QUESTIONS = 16;

  /** Addresses that may still answer. */
  static final int MAX_ASKED = 64;

  /** Whom an address may still answer: two rounds. */
  static final int MAX_ASKERS = 2 * MOST_QUESTIONS;

  private static final int RTP_SSRC_AT = 8;
  private static final int RTCP_SSRC_AT = 4;
  private static final int RTCP_FIRST_TYPE = 192;
  private static final int RTCP_LAST_TYPE = 223;

  /** One address that was asked. */
  private static final class Asked {
    /** The newest last, each once. */
    final List<Transport> askers = new ArrayList<>();

    /** How many of those who may be meant have had their turn. */
    int turn;

    void add(Transport asker) {
      askers.remove(asker);
      askers.add(asker);
      if (askers.size() > MAX_ASKERS) {
        askers.removeFirst();
      }
    }
  }

  private final Map<PeerAddress, Asked> asked = new LinkedHashMap<>();
  private final List<Transport> meant = new ArrayList<>();
  private long restsUntilNanos;
  private boolean looked;

  /** Whether there is time for a look at a packet. */
  boolean mayLook(long nowNanos) {
    return !looked || nowNanos - restsUntilNanos >= 0;
  }

  /** Looks at one packet; borrows the bytes. */
  void look(
      byte[] bytes,
      int offset,
      int lengthBytes,
      PeerAddress from,
      Iterable<Transport> transports,
      long nowNanos) {
    int questions = 0;
    if (lengthBytes >= RTP_SSRC_AT + 4 && (bytes[offset] & 0xc0) == 0x80) {
      int type = bytes[offset + 1] & 0xff;
      boolean rtcp = type >= RTCP_FIRST_TYPE && type <= RTCP_LAST_TYPE;
      int ssrc = int32(bytes, offset + (rtcp ? RTCP_SSRC_AT : RTP_SSRC_AT));
      questions = ask(from, ssrc, rtcp, transports, nowNanos);
    }
    looked = true;
    restsUntilNanos = nowNanos + Math.max(1, questions) * LOOK_INTERVAL_NANOS;
  }

  private int ask(
      PeerAddress from, int ssrc, boolean rtcp, Iterable<Transport> transports, long nowNanos) {
    Asked before = asked.get(from);
    int turn = findMeant(ssrc, rtcp, transports, before == null ? 0 : before.turn);
    int questions = 0;
    // Only now, since who fails at it is no longer among the transports.
    for (Transport transport : meant) {
      if (transport.ask(from, nowNanos)) {
        remember(from).add(transport);
        questions++;
      }
    }
    meant.clear();
    Asked now = asked.get(from);
    if (now != null) {
      now.turn = turn;
    }
    return questions;
  }

  /** Fills {@link #meant} from {@code turn} on; returns where the next look goes on. */
  private int findMeant(int ssrc, boolean rtcp, Iterable<Transport> transports, int turn) {
    int known = 0;
    for (Transport transport : transports) {
      if (transport.hasHeard(ssrc, rtcp) && known++ >= turn) {
        meant.add(transport);
        if (meant.size() == MOST_QUESTIONS) {
          return known;
        }
      }
    }
    return 0;
  }

  private Asked remember(PeerAddress address) {
    Asked known = asked.get(address);
    if (known == null) {
      known = new Asked();
      asked.put(address, known);
      if (asked.size() > MAX_ASKED) {
        Iterator<PeerAddress> eldest = asked.keySet().iterator();
        eldest.next();
        eldest.remove();
      }
    }
    return known;
  }

  /** Whose question this STUN message from that address answers, or null. Borrows the bytes. */
  @Nullable Transport askedBy(PeerAddress address, byte[] bytes, int offset) {
    Asked known = asked.get(address);
    if (known != null) {
      for (Transport asker : known.askers) {
        if (asker.hasAsked(bytes, offset)) {
          return asker;
        }
      }
    }
    return null;
  }

  /** How many addresses may still answer. */
  int size() {
    return asked.size();
  }

  /** The transport closes or moves: no answer is for it any more. */
  void forget(Transport transport) {
    asked.values().removeIf(known -> known.askers.remove(transport) && known.askers.isEmpty());
  }

  private static int int32(byte[] b, int at) {
    return (b[at] & 0xff) << 24
        | (b[at + 1] & 0xff) << 16
        | (b[at + 2] & 0xff) << 8
        | (b[at + 3] & 0xff);
  }
}
