package dev.parley.core.net;

import dev.parley.core.common.HotPath;
import io.netty.buffer.ByteBuf;

/**
 * What waits for one TCP connection to take it. Video waits apart, behind the rest: when too much
 * waits, or for too long, the oldest video is dropped; nothing else is while it fits. One thread.
 */
final class FrameQueue {
  /** Half a second at 8 Mbit/s. */
  static final int MOST_VIDEO_BYTES = 1 << 19;

  /** Checks, DTLS, reports and voices: some 8 s of one voice. */
  static final int MOST_OTHER_BYTES = 1 << 16;

  /** What is older would be shown too late; the viewer has asked for it again by then. */
  static final long LONGEST_NANOS = 500_000_000;

  private final FrameLane first = new FrameLane(MOST_OTHER_BYTES);
  private final FrameLane video = new FrameLane(MOST_VIDEO_BYTES);

  /** Copies a packet in; returns how many were dropped for it, or it itself. */
  @HotPath
  int add(byte[] bytes, int offset, int lengthBytes, boolean isVideo) {
    if (!isVideo) {
      if (!first.fits(lengthBytes)) {
        return 1;
      }
      first.add(bytes, offset, lengthBytes);
      return 0;
    }
    int dropped = 0;
    while (!video.fits(lengthBytes)) {
      video.dropFirst();
      dropped++;
    }
    video.add(bytes, offset, lengthBytes);
    return dropped;
  }

  @HotPath
  boolean isEmpty() {
    return first.isEmpty() && video.isEmpty();
  }

  @HotPath
  int bytes() {
    return first.bytes() + video.bytes();
  }

  /** Moves whole packets into the buffer as long as they fit; returns how many. */
  int moveTo(ByteBuf out) {
    int moved = first.moveTo(out);
    return first.isEmpty() ? moved + video.moveTo(out) : moved;
  }

  /** What has come since the last time waits since now. */
  void stamp(long nowNanos) {
    video.stamp(nowNanos, LONGEST_NANOS);
  }

  /** Drops video that has waited for too long; returns how many packets. */
  int dropStale(long nowNanos) {
    return video.dropOlder(nowNanos, LONGEST_NANOS);
  }

  /** Drops everything and gives the memory back; returns how many packets. */
  int release() {
    return first.release() + video.release();
  }
}
