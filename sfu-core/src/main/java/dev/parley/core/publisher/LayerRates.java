package dev.parley.core.publisher;

import dev.parley.core.codec.VideoPayload;
import dev.parley.core.common.HotPath;
import org.jspecify.annotations.Nullable;

/**
 * What each quality of one stream costs: bits a second that a viewer of (spatial, temporal) needs,
 * and frames a second, over windows of {@value #WINDOW_MS} ms, smoothed. Worker's thread only.
 */
final class LayerRates {
  /** The most spatial, and the most temporal layers that are told apart. */
  static final int LAYERS = 4;

  private static final int WINDOW_MS = 500;
  private static final long WINDOW_NANOS = WINDOW_MS * 1_000_000L;

  /** Of a packet on the wire: IP, UDP, RTP with its extensions, SRTP tag. */
  private static final int OVERHEAD_BYTES = 64;

  private final int[] bytes = new int[LAYERS * LAYERS];
  private final int[] frames = new int[LAYERS];
  private final long[] bitsPerSecond = new long[LAYERS * LAYERS];
  private final float[] framesPerSecond = new float[LAYERS];
  private long windowNanos = Long.MIN_VALUE;

  @HotPath
  void onPacket(int payloadBytes, @Nullable VideoPayload payload, long nowNanos) {
    roll(nowNanos);
    int size = payloadBytes + OVERHEAD_BYTES;
    if (payload == null) {
      bytes[0] += size;
      return;
    }
    int temporal = Math.min(payload.temporalId(), LAYERS - 1);
    int spatial = Math.min(payload.spatialId(), LAYERS - 1);
    int top = Math.min(payload.spatialLayers(), LAYERS);
    bytes[spatial * LAYERS + temporal] += size;
    for (int s = spatial + 1; s < top; s++) {
      if (payload.neededFor(s, LAYERS)) {
        bytes[s * LAYERS + temporal] += size;
      }
    }
    if (spatial == 0 && payload.frameStart()) {
      frames[temporal]++;
    }
  }

  @HotPath
  private void roll(long nowNanos) {
    if (windowNanos == Long.MIN_VALUE) {
      windowNanos = nowNanos;
    }
    long elapsed = nowNanos - windowNanos;
    if (elapsed < WINDOW_NANOS) {
      return;
    }
    windowNanos = nowNanos;
    for (int i = 0; i < bytes.length; i++) {
      long now = bytes[i] * 8_000_000_000L / elapsed;
      bytes[i] = 0;
      bitsPerSecond[i] = bitsPerSecond[i] == 0 || now == 0 ? now : (bitsPerSecond[i] + now) / 2;
    }
    for (int i = 0; i < frames.length; i++) {
      float now = frames[i] * 1e9f / elapsed;
      frames[i] = 0;
      framesPerSecond[i] = framesPerSecond[i] == 0 ? now : (framesPerSecond[i] + now) / 2;
    }
  }

  /** Bits a second, overhead of the packets included, for all temporal layers up to one. */
  long bitsPerSecond(int spatial, int temporal) {
    long sum = 0;
    for (int t = 0; t <= Math.min(temporal, LAYERS - 1); t++) {
      sum += bitsPerSecond[Math.min(spatial, LAYERS - 1) * LAYERS + t];
    }
    return sum;
  }

  double framesPerSecond(int temporal) {
    double sum = 0;
    for (int t = 0; t <= Math.min(temporal, LAYERS - 1); t++) {
      sum += framesPerSecond[t];
    }
    return sum;
  }
}
