package dev.parley.core.room;

import java.util.List;

/**
 * Whom publications belong to: a participant of this wing, or a guest from another one. Worker's
 * thread only.
 */
abstract class Owner {
  private static final long SPEAKING_NANOS = 2_000_000_000;

  private final String id;
  private final int csrc;
  private long lastSpokeNanos = Long.MIN_VALUE / 2;

  Owner(String id, int csrc) {
    this.id = id;
    this.csrc = csrc;
  }

  /** Unique in the room, all its wings. */
  public final String id() {
    return id;
  }

  /** Unique in the room, all its wings. */
  public final int csrc() {
    return csrc;
  }

  final void spoke(long nowNanos) {
    lastSpokeNanos = nowNanos;
  }

  final boolean speaking(long nowNanos) {
    return nowNanos - lastSpokeNanos < SPEAKING_NANOS;
  }

  final long lastSpokeNanos() {
    return lastSpokeNanos;
  }

  /** Whether media may flow between it and this wing. */
  abstract boolean connected();

  abstract long roundTripNanos();

  /** Tells which encodings of a section are needed. */
  abstract void tellLayers(String mid, List<String> active);

  abstract void onFirstPacket(String trackId);
}
