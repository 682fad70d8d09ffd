package dev.parley.core.rtp;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Reads transport-wide feedback (draft-holmer-rmcat-transport-wide-cc-extensions-01 section 3.1):
 * which packets of a transport arrived, and when.
 */
public final class TransportFeedbackReader {
  /** Time stands still while all 24 bits of a reference time go round. */
  static final long REFERENCE_MODULUS = 1L << 24;

  static final long REFERENCE_MICROS = 64_000;
  static final long DELTA_MICROS = 250;
  static final int HEADER_BYTES = 20;

  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);

  private TransportFeedbackReader() {}

  /** What a feedback says, packet by packet, in the order of their numbers. */
  public interface Visitor {
    /**
     * One packet.
     *
     * @param arrivalMicros by the receiver's clock, modulo 2^24 times 64 ms; meaningless for one
     *     that was not received
     */
    void onPacket(int sequence16, boolean received, long arrivalMicros);
  }

  /**
   * Reads one whole RTCP packet without padding. Nothing is handed on of a malformed one.
   *
   * @return false when it is malformed
   */
  public static boolean read(byte[] b, int offset, int lengthBytes, Visitor visitor) {
    if (lengthBytes < HEADER_BYTES + 2) {
      return false;
    }
    int count = unsigned(b, offset + 14);
    int end = offset + lengthBytes;
    int deltas = deltasAt(b, offset + HEADER_BYTES, end, count);
    if (deltas < 0 || count == 0) {
      return false;
    }
    walk(b, offset, count, deltas, visitor);
    return true;
  }

  /** Where the deltas begin, or -1 when chunks or deltas do not fit. */
  private static int deltasAt(byte[] b, int chunks, int end, int count) {
    int at = chunks;
    int deltaBytes = 0;
    for (int seen = 0; seen < count; at += 2) {
      if (at + 2 > end) {
        return -1;
      }
      int chunk = unsigned(b, at);
      int inChunk = Math.min(packets(chunk), count - seen);
      for (int i = 0; i < inChunk; i++) {
        int size = symbol(chunk, i);
        if (size == 3) {
          return -1;
        }
        deltaBytes += size;
      }
      seen += inChunk;
    }
    return at + deltaBytes <= end ? at : -1;
  }

  private static void walk(byte[] b, int offset, int count, int firstDelta, Visitor visitor) {
    int sequence = unsigned(b, offset + 12);
    long reference = (b[offset + 16] & 0xffL) << 16 | unsigned(b, offset + 17);
    long micros = reference * REFERENCE_MICROS;
    int delta = firstDelta;
    int at = offset + HEADER_BYTES;
    for (int seen = 0; seen < count; at += 2) {
      int chunk = unsigned(b, at);
      int inChunk = Math.min(packets(chunk), count - seen);
      for (int i = 0; i < inChunk; i++) {
        int size = symbol(chunk, i);
        if (size == 1) {
          micros += (b[delta] & 0xff) * DELTA_MICROS;
        } else if (size == 2) {
          micros += (short) SHORT.get(b, delta) * DELTA_MICROS;
        }
        delta += size;
        visitor.onPacket(sequence + seen + i & 0xffff, size > 0, micros);
      }
      seen += inChunk;
    }
  }

  private static int unsigned(byte[] b, int at) {
    return (short) SHORT.get(b, at) & 0xffff;
  }

  private static int packets(int chunk) {
    return (chunk & 0x8000) == 0 ? chunk & 0x1fff : (chunk & 0x4000) == 0 ? 14 : 7;
  }

  /** The bytes of the packet's delta: 0 for one that was not received; 3 is reserved. */
  private static int symbol(int chunk, int index) {
    if ((chunk & 0x8000) == 0) {
      return chunk >> 13 & 3;
    }
    return (chunk & 0x4000) == 0 ? chunk >> 13 - index & 1 : chunk >> 12 - 2 * index & 3;
  }
}
