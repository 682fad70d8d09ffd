package dev.parley.core.transport;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Media that arrives while the handshake's last step is still on its way between threads: the
 * client has its keys a moment before this side has. Bounded. Worker's thread only.
 */
final class EarlyMedia {
  /** A first key frame with what surrounds it. */
  static final int MOST_PACKETS = 64;

  /** A copy of a packet, with the time of its arrival. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Packet(byte[] bytes, long nanos) {}

  private final Deque<Packet> packets = new ArrayDeque<>();

  /** Copies a packet; false when there are too many. */
  boolean keep(byte[] bytes, int offset, int lengthBytes, long nowNanos) {
    if (packets.size() == MOST_PACKETS) {
      return false;
    }
    packets.add(new Packet(Arrays.copyOfRange(bytes, offset, offset + lengthBytes), nowNanos));
    return true;
  }

  /** The oldest, or null. */
  @Nullable Packet poll() {
    return packets.poll();
  }
}
