package dev.parley.core.rtp;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Walks a compound RTCP packet (RFC 3550 section 6.1) and hands what the engine uses to a visitor:
 * sender and receiver reports, NACK and PLI (RFC 4585), FIR (RFC 5104), transport-wide feedback,
 * REMB, and the answers to our receiver reference times (RFC 3611). Other types are skipped whole.
 */
public final class RtcpReader {
  public static final int SENDER_REPORT = 200;
  public static final int RECEIVER_REPORT = 201;
  public static final int SOURCE_DESCRIPTION = 202;
  public static final int BYE = 203;
  public static final int TRANSPORT_FEEDBACK = 205;
  public static final int PAYLOAD_FEEDBACK = 206;
  public static final int EXTENDED_REPORT = 207;
  public static final int NACK_FORMAT = 1;
  public static final int TRANSPORT_WIDE_FORMAT = 15;
  public static final int PLI_FORMAT = 1;
  public static final int FIR_FORMAT = 4;
  public static final int APPLICATION_FORMAT = 15;
  public static final int REFERENCE_TIME_BLOCK = 4;
  public static final int DELAY_SINCE_REFERENCE_TIME_BLOCK = 5;

  /** {@code REMB} in ASCII. */
  public static final int REMB = 0x5245_4d42;

  /** The bytes of one report block. */
  public static final int REPORT_BLOCK_BYTES = 24;

  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private RtcpReader() {}

  /**
   * What a compound packet says; what a visitor does not override it does not hear. Numbers are as
   * on the wire unless the name has a unit.
   */
  public interface Visitor {
    void onSenderReport(int ssrc, long ntp, int rtpTimestamp, long nowNanos);

    /**
     * A report block of a sender or receiver report.
     *
     * @param ssrc the stream reported on
     * @param fractionLost in 1/256
     * @param lastSr and {@code delaySinceLastSr} as RFC 3550 section 6.4.1 has them
     */
    void onReportBlock(
        int ssrc,
        int fractionLost,
        int cumulativeLost,
        int highestSequence,
        int jitter,
        int lastSr,
        int delaySinceLastSr,
        long nowNanos);

    /** A picture loss indication or full intra request for {@code mediaSsrc}. */
    void onKeyFrameRequest(int mediaSsrc, long nowNanos);

    /**
     * Packets of {@code mediaSsrc} are missing (RFC 4585 section 6.2.1): {@code sequence16}, and of
     * the 16 after it those whose bit is set, lowest bit first.
     */
    default void onNack(int mediaSsrc, int sequence16, int followingMask, long nowNanos) {}

    /** The receiver's own estimate of what it can take (draft-alvestrand-rmcat-remb). */
    default void onRemb(long bitsPerSecond, long nowNanos) {}

    /**
     * Transport-wide feedback on what we sent, one whole RTCP packet without padding; borrows the
     * bytes until it returns.
     */
    default void onTransportFeedback(byte[] bytes, int offset, int lengthBytes, long nowNanos) {}

    /**
     * An answer to a receiver reference time (RFC 3611 section 4.5).
     *
     * @param lastReferenceTime the middle 32 bits of the time that was sent
     * @param delay in 1/65536 s
     */
    default void onDelaySinceReferenceTime(int lastReferenceTime, int delay, long nowNanos) {}
  }

  /**
   * Reads the packet; the visitor may have been called for its first parts when a later part is
   * broken.
   *
   * @return false when a length or version does not fit
   */
  public static boolean read(byte[] b, int offset, int length, Visitor visitor, long nowNanos) {
    int at = offset;
    int end = offset + length;
    if (length < 8) {
      return false;
    }
    while (at < end) {
      if (end - at < 4 || (b[at] & 0xc0) != 0x80) {
        return false;
      }
      int bytes = 4 * (1 + ((short) SHORT.get(b, at + 2) & 0xffff));
      if (bytes > end - at) {
        return false;
      }
      int body = bytes;
      if ((b[at] & 0x20) != 0) {
        int padding = b[at + bytes - 1] & 0xff;
        if (padding == 0 || padding > bytes - 4) {
          return false;
        }
        body -= padding;
      }
      if (!readOne(b, at, body, visitor, nowNanos)) {
        return false;
      }
      at += bytes;
    }
    return true;
  }

  private static boolean readOne(byte[] b, int at, int bytes, Visitor visitor, long nowNanos) {
    int count = b[at] & 0x1f;
    switch (b[at + 1] & 0xff) {
      case SENDER_REPORT -> {
        if (bytes < 28 + count * REPORT_BLOCK_BYTES) {
          return false;
        }
        visitor.onSenderReport(
            (int) INT.get(b, at + 4),
            (long) LONG.get(b, at + 8),
            (int) INT.get(b, at + 16),
            nowNanos);
        readBlocks(b, at + 28, count, visitor, nowNanos);
      }
      case RECEIVER_REPORT -> {
        if (bytes < 8 + count * REPORT_BLOCK_BYTES) {
          return false;
        }
        readBlocks(b, at + 8, count, visitor, nowNanos);
      }
      case TRANSPORT_FEEDBACK -> {
        if (bytes < 12) {
          return false;
        }
        if (count == NACK_FORMAT) {
          int media = (int) INT.get(b, at + 8);
          for (int entry = at + 12; entry + 4 <= at + bytes; entry += 4) {
            int both = (int) INT.get(b, entry);
            visitor.onNack(media, both >>> 16, both & 0xffff, nowNanos);
          }
        } else if (count == TRANSPORT_WIDE_FORMAT) {
          visitor.onTransportFeedback(b, at, bytes, nowNanos);
        }
      }
      case EXTENDED_REPORT -> readExtended(b, at + 8, at + bytes, visitor, nowNanos);
      case PAYLOAD_FEEDBACK -> {
        if (bytes < 12) {
          return false;
        }
        if (count == APPLICATION_FORMAT && bytes >= 20 && (int) INT.get(b, at + 12) == REMB) {
          // Eight bits of SSRC count, six of exponent, eighteen of mantissa.
          int value = (int) INT.get(b, at + 16);
          long mantissa = value & 0x3_ffff;
          int exponent = value >>> 18 & 0x3f;
          visitor.onRemb(exponent > 44 ? Long.MAX_VALUE : mantissa << exponent, nowNanos);
        } else if (count == PLI_FORMAT) {
          visitor.onKeyFrameRequest((int) INT.get(b, at + 8), nowNanos);
        } else if (count == FIR_FORMAT) {
          for (int entry = at + 12; entry + 8 <= at + bytes; entry += 8) {
            visitor.onKeyFrameRequest((int) INT.get(b, entry), nowNanos);
          }
        }
      }
      default -> {}
    }
    return true;
  }

  private static void readExtended(byte[] b, int first, int end, Visitor visitor, long nowNanos) {
    int at = first;
    while (at + 4 <= end) {
      int block = 4 + 4 * ((short) SHORT.get(b, at + 2) & 0xffff);
      if (at + block > end) {
        return;
      }
      if ((b[at] & 0xff) == DELAY_SINCE_REFERENCE_TIME_BLOCK) {
        for (int entry = at + 4; entry + 12 <= at + block; entry += 12) {
          visitor.onDelaySinceReferenceTime(
              (int) INT.get(b, entry + 4), (int) INT.get(b, entry + 8), nowNanos);
        }
      }
      at += block;
    }
  }

  private static void readBlocks(byte[] b, int first, int count, Visitor visitor, long nowNanos) {
    for (int i = 0; i < count; i++) {
      int at = first + i * REPORT_BLOCK_BYTES;
      int lost = (int) INT.get(b, at + 4);
      visitor.onReportBlock(
          (int) INT.get(b, at),
          lost >>> 24,
          lost << 8 >> 8,
          (int) INT.get(b, at + 8),
          (int) INT.get(b, at + 12),
          (int) INT.get(b, at + 16),
          (int) INT.get(b, at + 20),
          nowNanos);
    }
  }
}
