package dev.parley.core.transport;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * Media that arrives while the handshake's last step is still on its way between threads: the
 * client has its keys a moment before this side has. Copies of the first {@value #MOST_PACKETS}
 * packets since the client's first DTLS message are kept, until the keys are there and the
 * transport is next given the time (some milliseconds), or until it closes (15 s at most, as long
 * as a handshake may take). They are taken as if they arrived then: the others in the room, who are
 * sent them, have seen their clocks go on, and for whoever measures jitter that is when they became
 * packets; what the wait adds to it fades with the next ones. Worker's thread only.
 */
final class EarlyMedia {
  /** A first key frame with what surrounds it. */
  static final int MOST_PACKETS = 64;

  private final Deque<byte[]> packets = new ArrayDeque<>();

  /** Copies a packet; false when there are too many. */
  boolean keep(byte[] bytes, int offset, int lengthBytes) {
    if (packets.size() == MOST_PACKETS) {
      return false;
    }
    packets.add(Arrays.copyOfRange(bytes, offset, offset + lengthBytes));
    return true;
  }

  boolean isEmpty() {
    return packets.isEmpty();
  }

  /** Takes the oldest out; there must be one. */
  byte[] take() {
    return packets.remove();
  }

  /** Forgets what is kept; returns how many packets that were. */
  int clear() {
    int count = packets.size();
    packets.clear();
    return count;
  }
}
