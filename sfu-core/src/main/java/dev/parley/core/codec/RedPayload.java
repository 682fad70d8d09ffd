package dev.parley.core.codec;

import dev.parley.core.common.HotPath;

/** Redundant audio (RFC 2198 section 3): earlier sounds in front of the present one. */
public final class RedPayload {
  private static final int HEADER_BYTES = 4;

  private int headers;
  private int primaryOffset;
  private int primaryBytes;

  /**
   * Reads the block headers.
   *
   * @return false when blocks do not fit
   */
  @HotPath
  public boolean read(byte[] b, int from, int lengthBytes) {
    headers = 0;
    int end = from + lengthBytes;
    int at = from;
    int redundant = 0;
    while (at < end && b[at] < 0) {
      if (at + HEADER_BYTES > end) {
        return false;
      }
      redundant += (b[at + 2] & 0x03) << 8 | (b[at + 3] & 0xff);
      at += HEADER_BYTES;
      headers++;
    }
    if (at >= end) {
      return false;
    }
    primaryOffset = at + 1 + redundant;
    primaryBytes = end - primaryOffset;
    return primaryBytes >= 0;
  }

  /** Where the present sound stands. */
  @HotPath
  public int primaryOffset() {
    return primaryOffset;
  }

  @HotPath
  public int primaryBytes() {
    return primaryBytes;
  }

  /** Gives all blocks of a copy of the payload read last another payload type. */
  @HotPath
  public void rewritePayloadTypes(byte[] out, int copyOffset, int payloadType) {
    int at = copyOffset;
    for (int i = 0; i < headers; i++) {
      out[at] = (byte) (0x80 | payloadType);
      at += HEADER_BYTES;
    }
    out[at] = (byte) payloadType;
  }
}
