package dev.parley.core.codec;

import dev.parley.core.common.HotPath;

/**
 * The dependency descriptor header extension (AV1 RTP specification, appendix A): which frame a
 * packet is of, in which layer, and who needs it. One instance a stream, moved from packet to
 * packet. Worker's thread only.
 */
final class DependencyDescriptor {
  private static final int MANDATORY_BYTES = 3;
  private static final int FLAG_BITS = 5;
  private static final int STRUCTURE = 0x10;
  private static final int ACTIVE_TARGETS = 0x08;
  private static final int CUSTOM_INDICATIONS = 0x04;
  private static final int CUSTOM_DIFFERENCES = 0x02;
  private static final int CUSTOM_CHAINS = 0x01;

  /** What an extension can hold (RFC 8285 section 4.3). */
  private static final int LONGEST_BYTES = 255;

  private final FrameStructure known;
  private final FrameStructure read;
  private final BitReader bits = new BitReader();
  private final byte[] custom = new byte[FrameStructure.MAX_TARGETS];
  private byte[] bytes = {};
  private int offset;
  private int lengthBytes;
  private int frameNumber;
  private int flags;
  private int template;
  private int activeTargets;

  /** That of the frame. */
  private FrameStructure structure;

  /** In bits from the beginning of the array: of the structure, and of what a frame has its own. */
  private int structureEnd;

  private int ownBegin;
  private int ownEnd;

  /**
   * A reader of a stream.
   *
   * @param known the stream's latest structure
   * @param read takes the structures that are read; the same one where packets come in order
   */
  DependencyDescriptor(FrameStructure known, FrameStructure read) {
    this.known = known;
    this.read = read;
    this.structure = known;
  }

  /**
   * Moves the view to an extension's value, which it borrows until the next call.
   *
   * @return false when it is malformed
   */
  @HotPath
  boolean read(byte[] b, int from, int length) {
    if (length < MANDATORY_BYTES) {
      return false;
    }
    bytes = b;
    offset = from;
    lengthBytes = length;
    frameNumber = (b[from + 1] & 0xff) << 8 | (b[from + 2] & 0xff);
    flags = 0;
    structure = known;
    bits.begin(b, from + MANDATORY_BYTES, length - MANDATORY_BYTES);
    if (length > MANDATORY_BYTES) {
      flags = bits.read(FLAG_BITS);
      if (startsStructure()) {
        structure = read;
        if (!structure.read(bits)) {
          return false;
        }
      }
    }
    structureEnd = bits.position();
    template = structure.template(b[from] & 0x3f);
    if (template < 0) {
      // Of a structure that was lost: what does not depend on it can still be told.
      return true;
    }
    activeTargets = structure.active();
    if ((flags & ACTIVE_TARGETS) != 0) {
      activeTargets = bits.read(structure.targets());
    }
    ownBegin = bits.position();
    readOwn();
    ownEnd = bits.position();
    if (bits.over()) {
      return false;
    }
    if ((flags & ACTIVE_TARGETS) != 0) {
      read.active(activeTargets);
    }
    return true;
  }

  /** As {@link VideoPayload#follow}. */
  @HotPath
  void follow(DependencyDescriptor other, byte[] copy, int shift) {
    bytes = copy;
    offset = other.offset + shift;
    lengthBytes = other.lengthBytes;
    frameNumber = other.frameNumber;
    flags = other.flags;
    template = other.template;
    activeTargets = other.activeTargets;
    structure = other.structure;
    structureEnd = other.structureEnd + 8 * shift;
    ownBegin = other.ownBegin + 8 * shift;
    ownEnd = other.ownEnd + 8 * shift;
    System.arraycopy(other.custom, 0, custom, 0, custom.length);
  }

  /** Whether an extension's value, not read before, brings a structure. */
  @HotPath
  static boolean startsStructure(byte[] b, int from, int length) {
    return length > MANDATORY_BYTES
        && (b[from + MANDATORY_BYTES] >> 8 - FLAG_BITS & STRUCTURE) != 0;
  }

  @HotPath
  private void readOwn() {
    if ((flags & CUSTOM_INDICATIONS) != 0) {
      for (int t = 0; t < structure.targets(); t++) {
        custom[t] = (byte) bits.read(2);
      }
    }
    if ((flags & CUSTOM_DIFFERENCES) != 0) {
      for (int size = bits.read(2); size != 0; size = bits.read(2)) {
        bits.read(4 * size);
      }
    }
    if ((flags & CUSTOM_CHAINS) != 0) {
      bits.read(8 * structure.chains());
    }
  }

  @HotPath
  boolean frameStart() {
    return bytes[offset] < 0;
  }

  @HotPath
  boolean frameEnd() {
    return (bytes[offset] & 0x40) != 0;
  }

  /** 16 bits. */
  @HotPath
  int frameNumber() {
    return frameNumber;
  }

  @HotPath
  boolean startsStructure() {
    return (flags & STRUCTURE) != 0;
  }

  /** Whether the structure of the frame is known; else all layers are 0. */
  @HotPath
  boolean known() {
    return template >= 0;
  }

  @HotPath
  int spatialId() {
    return template < 0 ? 0 : structure.spatialId(template);
  }

  @HotPath
  int temporalId() {
    return template < 0 ? 0 : structure.temporalId(template);
  }

  /** Of what the source sends at present, at least 1. */
  @HotPath
  int spatialLayers() {
    return structure.spatialLayers(activeTargets);
  }

  /** Of what the source sends at present, at least 1. */
  @HotPath
  int temporalLayers() {
    return structure.temporalLayers(activeTargets);
  }

  /** How the frame serves the decode target of the highest layers up to these. */
  @HotPath
  int indication(int spatial, int temporal) {
    int target = structure.target(spatial, temporal);
    if (target < 0) {
      return FrameStructure.NOT_PRESENT;
    }
    return (flags & CUSTOM_INDICATIONS) != 0
        ? custom[target]
        : structure.indication(template, target);
  }

  /**
   * The length with all decode targets above these layers taken out of the active ones, in bytes.
   *
   * @param limited whether to name the active ones even if none is taken out
   */
  @HotPath
  int lengthBytes(int spatial, int temporal, boolean limited) {
    return rewritten(spatial, temporal, limited) ? lengthBytes(rewrittenBits()) : lengthBytes;
  }

  @HotPath
  private boolean rewritten(int spatial, int temporal, boolean limited) {
    return known()
        && (limited || (activeTargets & ~structure.targetsUpTo(spatial, temporal)) != 0)
        && lengthBytes(rewrittenBits()) <= LONGEST_BYTES;
  }

  @HotPath
  private int rewrittenBits() {
    return FLAG_BITS + structureBits() + structure.targets() + ownEnd - ownBegin;
  }

  @HotPath
  private int structureBits() {
    return startsStructure() ? structureEnd - structureBegin() : 0;
  }

  @HotPath
  private int structureBegin() {
    return (offset + MANDATORY_BYTES << 3) + FLAG_BITS;
  }

  @HotPath
  private static int lengthBytes(int extendedBits) {
    return MANDATORY_BYTES + (extendedBits + 7 >> 3);
  }

  /**
   * Writes the descriptor read last for a receiver of these layers, in {@link #lengthBytes} bytes,
   * under another frame number.
   */
  @HotPath
  void write(byte[] out, int at, int newFrameNumber, int spatial, int temporal, boolean limited) {
    if (rewritten(spatial, temporal, limited)) {
      int end = at + MANDATORY_BYTES << 3;
      java.util.Arrays.fill(out, at + MANDATORY_BYTES, at + lengthBytes(rewrittenBits()), (byte) 0);
      out[at] = bytes[offset];
      end = put(out, end, flags | ACTIVE_TARGETS, FLAG_BITS);
      end = copy(out, end, structureBegin(), structureBits());
      int active = activeTargets & structure.targetsUpTo(spatial, temporal);
      end = put(out, end, active, structure.targets());
      copy(out, end, ownBegin, ownEnd - ownBegin);
    } else {
      System.arraycopy(bytes, offset, out, at, lengthBytes);
    }
    out[at + 1] = (byte) (newFrameNumber >> 8);
    out[at + 2] = (byte) newFrameNumber;
  }

  @HotPath
  private static int put(byte[] out, int atBit, int value, int count) {
    for (int i = 0; i < count; i++) {
      int at = atBit + i;
      out[at >> 3] |= (byte) ((value >>> count - 1 - i & 1) << 7 - (at & 7));
    }
    return atBit + count;
  }

  @HotPath
  private int copy(byte[] out, int atBit, int fromBit, int count) {
    for (int i = 0; i < count; i++) {
      int from = fromBit + i;
      put(out, atBit + i, bytes[from >> 3] >> 7 - (from & 7) & 1, 1);
    }
    return atBit + count;
  }
}
