package dev.parley.core.room;

import dev.parley.core.common.HotPath;
import dev.parley.core.speech.DominantSpeaker;

/**
 * How loud a track is, from the audio levels of its packets (RFC 6464): smoothed so that it rises
 * within some 100 ms and falls within 160. Talking begins above {@value #TALK_DB} dB over silence
 * and ends after a pause, so that it does not flicker between words.
 */
final class Loudness {
  /** Silence is 0, the loudest sound 127: the wire's value turned round. */
  static final int TALK_DB = 82;

  /**
   * Taken for a packet that is no silence and carries no level: talk, but quieter than that of
   * anybody who says so.
   */
  private static final int UNKNOWN_DB = 84;

  /** Opus in a pause, with DTX, is that short (RFC 6716 section 3.2.1). */
  private static final int PAUSE_BYTES = 3;

  private static final int RISING = 3;
  private static final int FALLING = 8;
  private static final long PAUSE_NANOS = 600_000_000;
  private static final long STALE_NANOS = 300_000_000;
  private static final int SILENCE = 127;

  /** Digital silence that lasts so long is sent on only now and then. */
  private static final long SILENT_NANOS = 1_000_000_000;

  /** As often as Opus itself sends in a pause. */
  private static final long COMFORT_NANOS = 400_000_000;

  /** Levels since the last update. */
  private static final int KEPT = 16;

  private final byte[] levels = new byte[KEPT];
  private int levelCount;
  private int told;
  private int smoothedTimes16;
  private long lastPacketNanos = Long.MIN_VALUE / 2;
  private long lastLoudNanos = Long.MIN_VALUE / 2;
  private long lastSoundNanos = Long.MIN_VALUE / 2;
  private long lastComfortNanos = Long.MIN_VALUE / 2;
  private long talkingSinceNanos;
  private long heardSinceNanos = Long.MIN_VALUE / 2;
  private long displacedNanos = Long.MIN_VALUE / 2;
  private boolean talking;

  /** {@code level} is in -dBov: 0 is the loudest, 127 silence. */
  @HotPath
  void onLevel(int level, long nowNanos) {
    int loud = SILENCE - level;
    int step = loud * 16 - smoothedTimes16;
    smoothedTimes16 += step / (step > 0 ? RISING : FALLING);
    lastPacketNanos = nowNanos;
    if (smoothedTimes16 >= TALK_DB * 16) {
      lastLoudNanos = nowNanos;
    }
    if (level < SILENCE) {
      lastSoundNanos = nowNanos;
    }
    if (levelCount < KEPT) {
      levels[levelCount++] = (byte) loud;
    }
  }

  /** A packet whose track negotiated no levels. */
  @HotPath
  void onUnknownLevel(int payloadBytes, long nowNanos) {
    onLevel(payloadBytes > PAUSE_BYTES ? SILENCE - UNKNOWN_DB : SILENCE, nowNanos);
  }

  /**
   * Whether the packet that was told of last need not be sent on: it continues a long digital
   * silence, as a muted microphone sends it. The first sound after it always is.
   */
  @HotPath
  boolean spare(long nowNanos) {
    if (nowNanos - lastSoundNanos < SILENT_NANOS || nowNanos - lastComfortNanos >= COMFORT_NANOS) {
      lastComfortNanos = nowNanos;
      return false;
    }
    return true;
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

  /** Hands the next level on that was not yet, if there is one. */
  void tell(DominantSpeaker<Integer> dominance, Integer speaker) {
    if (told < levelCount) {
      dominance.onLevel(speaker, levels[told++]);
    }
    if (told == levelCount) {
      told = 0;
      levelCount = 0;
    }
  }

  boolean talking() {
    return talking;
  }

  /** The track came into the places that are heard. */
  void heard(long nowNanos) {
    heardSinceNanos = nowNanos;
  }

  /** A louder one has taken its place. */
  void displaced(long nowNanos) {
    displacedNanos = nowNanos;
  }

  long displacedNanos() {
    return displacedNanos;
  }

  /** Since when it is among those that are heard. */
  long heardSinceNanos() {
    return heardSinceNanos;
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
