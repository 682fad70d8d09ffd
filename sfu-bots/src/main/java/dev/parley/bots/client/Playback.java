package dev.parley.bots.client;

import java.util.Arrays;

/**
 * When a viewer would see the pictures of one stream: whole frames, in order, from a key frame on.
 * It reads headers only; where a key frame begins it is told. Owner's thread only.
 */
final class Playback {
  /** Packets that are remembered; more than a second of the largest stream. */
  private static final int KEPT = 2048;

  private static final long NOT_HERE = -1;
  private static final long FREEZE_NANOS = 150_000_000;
  private static final int FREEZE_FACTOR = 3;

  /** Of the mean interval: the weight of the newest is one in so many. */
  private static final int SMOOTHING = 16;

  private static final int INTERVALS_BEFORE_FREEZES = 5;

  private final ClientEvents listener;
  private final long[] here = new long[KEPT];
  private final boolean[] ends = new boolean[KEPT];
  private long highest = -1;
  private long next;
  private boolean waiting = true;
  private long waitingSinceNanos = Long.MAX_VALUE;
  private boolean afterKeyFrame;
  private long lastFrameNanos = -1;
  private double meanNanos;
  private int intervals;
  private long frames;

  Playback(ClientEvents listener) {
    this.listener = listener;
    Arrays.fill(here, NOT_HERE);
  }

  /** A packet, as it came or repaired; {@code sequence} is unwrapped. */
  void onPacket(long sequence, boolean marker, long nowNanos) {
    if (sequence <= highest - KEPT || !waiting && sequence < next) {
      return;
    }
    int at = (int) (sequence & KEPT - 1);
    here[at] = sequence;
    ends[at] = marker;
    highest = Math.max(highest, sequence);
    if (waiting) {
      waitingSinceNanos = Math.min(waitingSinceNanos, nowNanos);
    } else if (highest - next >= KEPT) {
      giveUp();
    } else {
      play(nowNanos);
    }
  }

  /** The packet begins a key frame. */
  void onKeyFrameStart(long sequence, long nowNanos) {
    if (waiting) {
      waiting = false;
      afterKeyFrame = true;
      next = sequence;
      play(nowNanos);
    }
  }

  private void play(long nowNanos) {
    for (int at = (int) (next & KEPT - 1); here[at] == next; at = (int) (next & KEPT - 1)) {
      next++;
      if (ends[at]) {
        onFrame(nowNanos);
      }
    }
  }

  private void onFrame(long nowNanos) {
    frames++;
    if (afterKeyFrame) {
      afterKeyFrame = false;
      listener.onKeyFrame(nowNanos - Math.min(waitingSinceNanos, nowNanos));
      waitingSinceNanos = Long.MAX_VALUE;
    }
    if (lastFrameNanos >= 0) {
      long interval = nowNanos - lastFrameNanos;
      if (intervals >= INTERVALS_BEFORE_FREEZES
          && interval > Math.max(FREEZE_FACTOR * meanNanos, meanNanos + FREEZE_NANOS)) {
        listener.onFreeze(interval);
      }
      meanNanos = intervals == 0 ? interval : meanNanos + (interval - meanNanos) / SMOOTHING;
      intervals++;
    }
    lastFrameNanos = nowNanos;
  }

  /** What is missing will not come: only a key frame helps. */
  void giveUp() {
    if (!waiting) {
      waiting = true;
      waitingSinceNanos = Long.MAX_VALUE;
    }
  }

  /** The slot shows nobody, or somebody else: what comes next is no continuation. */
  void interrupt() {
    lastFrameNanos = -1;
    meanNanos = 0;
    intervals = 0;
  }

  /** Whether only a key frame can go on, so that every packet has to be read. */
  boolean waiting() {
    return waiting;
  }

  /** Whole frames, in order. */
  long frames() {
    return frames;
  }
}
