package dev.parley.core.net;

import dev.parley.core.common.HotPath;

/**
 * Cuts a TCP stream into packets: a length of 16 bits stands before each (RFC 4571 section 2).
 * Takes memory only for a packet that comes in pieces. One thread.
 */
final class Deframer {
  /** Takes the packets. */
  interface Frames {
    /**
     * One packet of at least one byte; borrows the bytes, and may overwrite them.
     *
     * @return false to take no more
     */
    @HotPath
    boolean onFrame(byte[] bytes, int offset, int lengthBytes);
  }

  /** As for datagrams: what an Ethernet frame carries. */
  static final int MAX_FRAME_BYTES = 1500;

  private static final int HEADER_BYTES = 2;

  private final Frames frames;
  private int headerBytes;
  private int lengthBytes;
  private byte[] pieces = {};
  private int gathered;

  Deframer(Frames frames) {
    this.frames = frames;
  }

  /**
   * Takes the next bytes of the stream. Borrows them, and may overwrite them.
   *
   * @return false when a packet is too long: the stream can be read no further
   */
  @HotPath
  boolean read(byte[] bytes, int offset, int count) {
    int at = offset;
    int end = offset + count;
    while (at < end) {
      if (headerBytes < HEADER_BYTES) {
        lengthBytes = lengthBytes << 8 | (bytes[at++] & 0xff);
        headerBytes++;
        if (headerBytes == HEADER_BYTES && lengthBytes == 0) {
          headerBytes = 0; // Section 2 lets a sender say nothing.
        }
        if (lengthBytes > MAX_FRAME_BYTES) {
          return false;
        }
        continue;
      }
      int length = lengthBytes;
      int more = Math.min(length - gathered, end - at);
      boolean whole = gathered == 0 && more == length;
      if (!whole) {
        gather(bytes, at, more);
      }
      int from = at;
      at += more;
      if (whole || gathered == length) {
        headerBytes = 0;
        lengthBytes = 0;
        gathered = 0;
        if (!frames.onFrame(whole ? bytes : pieces, whole ? from : 0, length)) {
          return true;
        }
      }
    }
    return true;
  }

  private void gather(byte[] bytes, int at, int count) {
    if (pieces.length < lengthBytes) {
      byte[] larger = new byte[lengthBytes];
      System.arraycopy(pieces, 0, larger, 0, gathered);
      pieces = larger;
    }
    System.arraycopy(bytes, at, pieces, gathered, count);
    gathered += count;
  }
}
