package dev.parley.core.common;

import java.lang.foreign.MemorySegment;

/**
 * Where a sans-IO machine puts bytes to send; one per worker, implemented by {@code net}. Worker's
 * thread only. Nothing leaves before the worker flushes at the end of its read batch.
 */
public interface DatagramSink {
  /** Copies {@code length} bytes; for control traffic (STUN, DTLS, SRTCP). */
  void send(byte[] bytes, int offset, int length, PeerAddress to);

  /**
   * The next free stretch of the send slab, at least 1500 bytes from the returned offset of {@link
   * #slab()}. Valid until {@link #commit}; a reservation that is not committed is simply reused.
   */
  @HotPath
  int reserve();

  /** The memory that {@link #reserve()} points into. */
  @HotPath
  MemorySegment slab();

  /** Queues {@code length} bytes at the offset that {@link #reserve()} returned last. */
  @HotPath
  void commit(int length, PeerAddress to);

  /** The same for video, which a path that is slower than its traffic drops first. */
  @HotPath
  default void commitVideo(int length, PeerAddress to) {
    commit(length, to);
  }
}
