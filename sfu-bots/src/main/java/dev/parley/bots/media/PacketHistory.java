package dev.parley.bots.media;

import java.util.ArrayDeque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** The last second of a stream, for repetitions (RFC 4588). Owner's thread only. */
final class PacketHistory {
  /** A payload as it was sent. */
  @SuppressWarnings("ArrayRecordComponent")
  record Sent(int sequence16, int timestamp, boolean marker, byte[] payload, long nanos) {}

  private static final long KEPT_NANOS = 1_000_000_000;

  private final ArrayDeque<Sent> packets = new ArrayDeque<>();

  /** Takes the payload. */
  void add(Sent packet) {
    packets.add(packet);
    while (packet.nanos() - packets.getFirst().nanos() > KEPT_NANOS) {
      packets.removeFirst();
    }
  }

  /** Null: it is too old, or was never sent. */
  @Nullable Sent find(int sequence16) {
    for (Iterator<Sent> newest = packets.descendingIterator(); newest.hasNext(); ) {
      Sent packet = newest.next();
      if (packet.sequence16() == sequence16) {
        return packet;
      }
    }
    return null;
  }
}
