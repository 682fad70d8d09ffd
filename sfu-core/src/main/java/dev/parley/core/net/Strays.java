package dev.parley.core.net;

import dev.parley.core.common.PeerAddress;
import dev.parley.core.transport.Transport;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Media from an address that nobody has proved to own, as after a NAT gave a client another one:
 * finds the transport whose sources it names and lets it ask there for its client. What claims to
 * be media proves nothing, so only a few packets a second are looked at, whatever arrives. Worker's
 * thread only.
 */
final class Strays {
  /** Long enough that looking costs nothing, short enough that nobody sees the wait. */
  static final long LOOK_INTERVAL_NANOS = 5_000_000L;

  /** Addresses that may still answer. */
  static final int MAX_ASKED = 64;

  private static final int RTP_SSRC_AT = 8;
  private static final int RTCP_SSRC_AT = 4;
  private static final int RTCP_FIRST_TYPE = 192;
  private static final int RTCP_LAST_TYPE = 223;

  private final Map<PeerAddress, Transport> asked = new LinkedHashMap<>();
  private long lookedNanos;
  private boolean looked;

  /** Whether there is time for a look at a packet. */
  boolean mayLook(long nowNanos) {
    return !looked || nowNanos - lookedNanos >= LOOK_INTERVAL_NANOS;
  }

  /** Looks at one packet; borrows the bytes. */
  void look(
      byte[] bytes,
      int offset,
      int lengthBytes,
      PeerAddress from,
      Iterable<Transport> transports,
      long nowNanos) {
    looked = true;
    lookedNanos = nowNanos;
    if (lengthBytes < RTP_SSRC_AT + 4 || (bytes[offset] & 0xc0) != 0x80) {
      return;
    }
    int type = bytes[offset + 1] & 0xff;
    boolean rtcp = type >= RTCP_FIRST_TYPE && type <= RTCP_LAST_TYPE;
    int ssrc = int32(bytes, offset + (rtcp ? RTCP_SSRC_AT : RTP_SSRC_AT));
    for (Transport transport : transports) {
      if (transport.hasHeard(ssrc, rtcp) && transport.ask(from, nowNanos)) {
        remember(from, transport);
        return;
      }
    }
  }

  private void remember(PeerAddress address, Transport transport) {
    asked.put(address, transport);
    if (asked.size() > MAX_ASKED) {
      Iterator<PeerAddress> eldest = asked.keySet().iterator();
      eldest.next();
      eldest.remove();
    }
  }

  /** Who asked this address, or null; the caller knows whether that transport is still here. */
  @Nullable Transport askedBy(PeerAddress address) {
    return asked.get(address);
  }

  /** The transport closes or moves: no answer is for it any more. */
  void forget(Transport transport) {
    asked.values().removeIf(asker -> asker == transport);
  }

  private static int int32(byte[] b, int at) {
    return (b[at] & 0xff) << 24
        | (b[at + 1] & 0xff) << 16
        | (b[at + 2] & 0xff) << 8
        | (b[at + 3] & 0xff);
  }
}
