package dev.parley.core.room;

import dev.parley.core.common.HotPath;

/**
 * How loud a track is, from the audio levels of its packets (RFC 6464), smoothed over some 160 ms.
 * Talking begins above {@value #TALK_DB} dB over silence and ends after a pause, so that it does
 * not flicker between words.
 */
final class Loudness {
  /** Silence is 0, the loudest sound 127: the wire's value turned round. */
  static final int TALK_DB = 82;

  private static final int SMOOTHING = 8;
  private static final long PAUSE_NANOS = 600_000_000;
  private static final long STALE_NANOS = 300_000_000;

  private int smoothedTimes16;
  private long lastPacketNanos = Long.MIN_VALUE / 2;
  private long lastLoudNanos = Long.MIN_VALUE / 2;
  private long talkingSinceNanos;
  private long heardSinceNanos = Long.MIN_VALUE / 2;
  private boolean talking;

  /** {@code level} is in -dBov: 0 is the loudest, 127 silence. */
  @HotPath
  void onLevel(int level, long nowNanos) {
    smoothedTimes16 += ((127 - level) * 16 - smoothedTimes16) / SMOOTHING;
    lastPacketNanos = nowNanos;
    if (smoothedTimes16 >= TALK_DB * 16) {
      lastLoudNanos = nowNanos;
    }
  }

  /** Takes the passing of time in; true when talking began or ended. */
  boolean update(long nowNanos) {
    if (nowNanos - lastPacketNanos > STALE_NANOS) {
      smoothedTimes16 = 0;
    }
    boolean now = nowNanos - lastLoudNanos < PAUSE_NANOS;
    boolean changed = now != talking;
    if (changed && now) {
      talkingSinceNanos = nowNanos;
    }
    talking = now;
    return changed;
  }

  boolean talking() {
    return talking;
  }

  /** The track came into the places that are heard. */
  void heard(long nowNanos) {
    heardSinceNanos = nowNanos;
  }

  /** Since when it talks and is heard doing so. */
  long heardTalkingSinceNanos() {
    return Math.max(talkingSinceNanos, heardSinceNanos);
  }

  long lastLoudNanos() {
    return lastLoudNanos;
  }

  /** From 0 to 1, linear in decibels. */
  double level() {
    return smoothedTimes16 / (127.0 * 16);
  }
}
