package dev.parley.core.rtp;

import dev.parley.core.common.HotPath;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A view of one RTP packet (RFC 3550 section 5.1) with its header extensions (RFC 8285). One
 * instance a worker is moved from packet to packet; it borrows the bytes until the next {@link
 * #wrap}.
 */
public final class RtpPacket {
  /** The fixed part of the header. */
  public static final int FIXED_HEADER_BYTES = 12;

  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final int ONE_BYTE_PROFILE = 0xbede;
  private static final int TWO_BYTE_PROFILE = 0x1000;

  private byte[] bytes = new byte[0];
  private int offset;
  private int headerBytes;
  private int payloadBytes;
  private int extensionOffset;
  private int extensionBytes;
  private boolean twoByteExtensions;

  /**
   * Moves the view to {@code length} bytes at {@code offset}.
   *
   * @return false when version, CSRC list, extension or padding do not fit into the bytes
   */
  @HotPath
  public boolean wrap(byte[] buffer, int start, int length) {
    bytes = buffer;
    offset = start;
    extensionBytes = 0;
    if (length < FIXED_HEADER_BYTES || (buffer[start] & 0xc0) != 0x80) {
      return false;
    }
    int header = FIXED_HEADER_BYTES + 4 * (buffer[start] & 0x0f);
    if ((buffer[start] & 0x10) != 0) {
      if (length < header + 4) {
        return false;
      }
      int profile = (short) SHORT.get(buffer, start + header) & 0xffff;
      int extension = 4 * ((short) SHORT.get(buffer, start + header + 2) & 0xffff);
      header += 4;
      if (profile == ONE_BYTE_PROFILE || (profile & 0xfff0) == TWO_BYTE_PROFILE) {
        extensionOffset = start + header;
        extensionBytes = extension;
        twoByteExtensions = profile != ONE_BYTE_PROFILE;
      }
      header += extension;
    }
    int padding = 0;
    if (length < header) {
      return false;
    }
    if ((buffer[start] & 0x20) != 0) {
      padding = length > header ? buffer[start + length - 1] & 0xff : 0;
      if (padding == 0 || padding > length - header) {
        return false;
      }
    }
    headerBytes = header;
    payloadBytes = length - header - padding;
    return true;
  }

  /** As {@link #wrap}, for bytes that were kept without their padding. */
  public boolean wrapPlain(byte[] buffer, int start, int length) {
    buffer[start] &= (byte) ~0x20;
    return wrap(buffer, start, length);
  }

  @HotPath
  public byte[] bytes() {
    return bytes;
  }

  /** Where the packet begins in {@link #bytes()}. */
  @HotPath
  public int offset() {
    return offset;
  }

  /** Header and payload, without padding. */
  @HotPath
  public int plainBytes() {
    return headerBytes + payloadBytes;
  }

  @HotPath
  public int payloadOffset() {
    return offset + headerBytes;
  }

  /** Without padding. */
  @HotPath
  public int payloadBytes() {
    return payloadBytes;
  }

  @HotPath
  public boolean marker() {
    return bytes[offset + 1] < 0;
  }

  @HotPath
  public int payloadType() {
    return bytes[offset + 1] & 0x7f;
  }

  @HotPath
  public int sequence16() {
    return (short) SHORT.get(bytes, offset + 2) & 0xffff;
  }

  @HotPath
  public int timestamp() {
    return (int) INT.get(bytes, offset + 4);
  }

  @HotPath
  public int ssrc() {
    return (int) INT.get(bytes, offset + 8);
  }

  /** The 16 bits at a position in {@link #bytes()}, unsigned. */
  @HotPath
  public int short16(int at) {
    return (short) SHORT.get(bytes, at) & 0xffff;
  }

  /**
   * Finds a header extension.
   *
   * @param id the negotiated id, 0 when the extension was not negotiated
   * @return where its data stands as {@code position << 8 | length}, or -1
   */
  @HotPath
  public int extension(int id) {
    if (id == 0) {
      return -1;
    }
    int at = extensionOffset;
    int end = extensionOffset + extensionBytes;
    while (at < end) {
      int first = bytes[at] & 0xff;
      if (first == 0) {
        at++;
        continue;
      }
      int found;
      int length;
      if (twoByteExtensions) {
        if (at + 2 > end) {
          return -1;
        }
        found = first;
        length = bytes[at + 1] & 0xff;
        at += 2;
      } else {
        found = first >>> 4;
        length = (first & 0x0f) + 1;
        at++;
        if (found == 15) {
          return -1;
        }
      }
      if (at + length > end) {
        return -1;
      }
      if (found == id) {
        return at << 8 | length;
      }
      at += length;
    }
    return -1;
  }

  /**
   * Turns a retransmission (RFC 4588 section 4) into the packet it repeats, in place: the payload's
   * first two bytes are the original sequence number. The view then shows the original.
   *
   * @return false when there is no such number: padding that came as a retransmission
   */
  @HotPath
  public boolean unwrapRetransmission(int originalSsrc, int originalPayloadType) {
    if (payloadBytes < 2) {
      return false;
    }
    short sequence = (short) SHORT.get(bytes, payloadOffset());
    System.arraycopy(bytes, offset, bytes, offset + 2, headerBytes);
    offset += 2;
    payloadBytes -= 2;
    extensionOffset += 2;
    bytes[offset] &= (byte) ~0x20;
    bytes[offset + 1] = (byte) (bytes[offset + 1] & 0x80 | originalPayloadType);
    SHORT.set(bytes, offset + 2, sequence);
    INT.set(bytes, offset + 8, originalSsrc);
    return true;
  }

  /** Writes the fixed header; {@code csrcCount} and {@code extension} only set their bits. */
  @HotPath
  public static void writeFixedHeader(
      byte[] out,
      int at,
      boolean extension,
      int csrcCount,
      boolean marker,
      int payloadType,
      int sequence16,
      int timestamp,
      int ssrc) {
    out[at] = (byte) (0x80 | (extension ? 0x10 : 0) | csrcCount);
    out[at + 1] = (byte) ((marker ? 0x80 : 0) | payloadType);
    SHORT.set(out, at + 2, (short) sequence16);
    INT.set(out, at + 4, timestamp);
    INT.set(out, at + 8, ssrc);
  }
}
