package dev.parley.core.codec;

import dev.parley.core.common.HotPath;
import java.util.Arrays;

/**
 * The template dependency structure that a dependency descriptor carries with a key frame (AV1 RTP
 * specification, appendix A): which layers there are, and which frames each decode target needs.
 * Worker's thread only.
 */
final class FrameStructure {
  /** How a frame serves a decode target. */
  static final int NOT_PRESENT = 0;

  static final int SWITCH = 2;

  static final int MAX_TARGETS = 32;
  private static final int MAX_TEMPLATES = 64;
  private static final int MAX_LAYERS = 8;
  private static final int NEXT_TEMPORAL = 1;
  private static final int NEXT_SPATIAL = 2;
  private static final int NO_MORE = 3;

  private final int[] spatialIds = new int[MAX_TEMPLATES];
  private final int[] temporalIds = new int[MAX_TEMPLATES];
  private final byte[] indications = new byte[MAX_TEMPLATES * MAX_TARGETS];
  private final int[] targetSpatial = new int[MAX_TARGETS];
  private final int[] targetTemporal = new int[MAX_TARGETS];
  private final int[] widths = new int[MAX_LAYERS];
  private final int[] heights = new int[MAX_LAYERS];
  private int idOffset;
  private int templates;
  private int targets;
  private int chains;
  private int active;

  /**
   * Reads a structure in place of the last one.
   *
   * @return false when it is malformed; there is none then
   */
  @HotPath
  boolean read(BitReader bits) {
    templates = 0;
    idOffset = bits.read(6);
    targets = bits.read(5) + 1;
    int count = readLayers(bits);
    if (count == 0) {
      return false;
    }
    for (int i = 0; i < count; i++) {
      for (int t = 0; t < targets; t++) {
        indications[i * MAX_TARGETS + t] = (byte) bits.read(2);
      }
    }
    for (int i = 0; i < count; i++) {
      while (bits.read(1) == 1) {
        bits.read(4);
      }
    }
    chains = bits.readBelow(targets + 1);
    if (chains > 0) {
      for (int t = 0; t < targets; t++) {
        bits.readBelow(chains);
      }
      bits.read(4 * chains * count);
    }
    readSizes(bits, spatialIds[count - 1] + 1);
    if (bits.over()) {
      return false;
    }
    templates = count;
    active = allTargets();
    describeTargets();
    return true;
  }

  /** How many templates there are, 0 when the layers are not to be understood. */
  @HotPath
  private int readLayers(BitReader bits) {
    int spatial = 0;
    int temporal = 0;
    for (int i = 0; i < MAX_TEMPLATES; i++) {
      spatialIds[i] = spatial;
      temporalIds[i] = temporal;
      int next = bits.read(2);
      if (next == NO_MORE) {
        return i + 1;
      }
      if (next == NEXT_TEMPORAL) {
        temporal++;
      } else if (next == NEXT_SPATIAL) {
        temporal = 0;
        spatial++;
      }
      if (bits.over() || spatial >= MAX_LAYERS || temporal >= MAX_LAYERS) {
        return 0;
      }
    }
    return 0;
  }

  @HotPath
  private void readSizes(BitReader bits, int layers) {
    Arrays.fill(widths, 0);
    Arrays.fill(heights, 0);
    if (bits.read(1) == 1) {
      for (int i = 0; i < layers; i++) {
        widths[i] = bits.read(16) + 1;
        heights[i] = bits.read(16) + 1;
      }
    }
  }

  @HotPath
  private void describeTargets() {
    for (int t = 0; t < targets; t++) {
      targetSpatial[t] = 0;
      targetTemporal[t] = 0;
      for (int i = 0; i < templates; i++) {
        if (indications[i * MAX_TARGETS + t] != NOT_PRESENT) {
          targetSpatial[t] = Math.max(targetSpatial[t], spatialIds[i]);
          targetTemporal[t] = Math.max(targetTemporal[t], temporalIds[i]);
        }
      }
    }
  }

  /** The index of the template that a frame names, or -1 when it is not of this structure. */
  @HotPath
  int template(int id) {
    int index = id + 64 - idOffset & 63;
    return index < templates ? index : -1;
  }

  @HotPath
  int spatialId(int template) {
    return spatialIds[template];
  }

  @HotPath
  int temporalId(int template) {
    return temporalIds[template];
  }

  /** {@link #NOT_PRESENT}, discardable, {@link #SWITCH} or required. */
  @HotPath
  int indication(int template, int target) {
    return indications[template * MAX_TARGETS + target];
  }

  /** The decode target of the highest layers up to these, or -1. */
  @HotPath
  int target(int spatial, int temporal) {
    int best = -1;
    for (int t = 0; t < targets; t++) {
      if (targetSpatial[t] <= spatial
          && targetTemporal[t] <= temporal
          && (best < 0 || quality(t) > quality(best))) {
        best = t;
      }
    }
    return best;
  }

  @HotPath
  private int quality(int target) {
    return targetSpatial[target] * MAX_LAYERS + targetTemporal[target];
  }

  /** The decode targets that need nothing above these layers, one bit each. */
  @HotPath
  int targetsUpTo(int spatial, int temporal) {
    int mask = 0;
    for (int t = 0; t < targets; t++) {
      if (targetSpatial[t] <= spatial && targetTemporal[t] <= temporal) {
        mask |= 1 << t;
      }
    }
    return mask;
  }

  /** The decode targets that the source sends at present, one bit each. */
  @HotPath
  int active() {
    return active;
  }

  @HotPath
  void active(int targetMask) {
    active = targetMask;
  }

  @HotPath
  int allTargets() {
    return -1 >>> 32 - targets;
  }

  /** Of the decode targets in {@code mask}. */
  @HotPath
  int spatialLayers(int mask) {
    int highest = 0;
    for (int t = 0; t < targets; t++) {
      highest = (mask >>> t & 1) == 1 ? Math.max(highest, targetSpatial[t]) : highest;
    }
    return highest + 1;
  }

  /** Of the decode targets in {@code mask}. */
  @HotPath
  int temporalLayers(int mask) {
    int highest = 0;
    for (int t = 0; t < targets; t++) {
      highest = (mask >>> t & 1) == 1 ? Math.max(highest, targetTemporal[t]) : highest;
    }
    return highest + 1;
  }

  @HotPath
  int targets() {
    return targets;
  }

  @HotPath
  int chains() {
    return chains;
  }

  /** In pixels, 0 when it was not told. */
  @HotPath
  int width(int spatial) {
    return widths[spatial];
  }

  /** In pixels, 0 when it was not told. */
  @HotPath
  int height(int spatial) {
    return heights[spatial];
  }
}
