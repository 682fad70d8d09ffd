package dev.parley.core.rtp;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Builds one compound RTCP packet (RFC 3550 section 6) in its own buffer: reports first, then one
 * SDES, then feedback. Every {@code add} says whether it still fitted.
 */
public final class RtcpWriter {
  /** Leaves room for the SRTCP index and tag below an Ethernet MTU with IPv6. */
  public static final int MAX_BYTES = 1150;

  /** What reports leave free for the SDES; enough for a CNAME of 37 bytes. */
  private static final int DESCRIPTION_BYTES = 48;

  private static final int SPARE_BYTES = 64;
  private static final int MAX_BLOCKS = 31;

  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private final byte[] bytes = new byte[MAX_BYTES + SPARE_BYTES];
  private int length;
  private int report = -1;
  private int nack = -1;

  public void clear() {
    length = 0;
    report = -1;
    nack = -1;
  }

  /** The buffer, with at least 64 spare bytes behind {@link #length()} for protection in place. */
  public byte[] bytes() {
    return bytes;
  }

  public int length() {
    return length;
  }

  /** Starts a sender report; report blocks may follow. */
  public boolean addSenderReport(int ssrc, long ntp, int rtpTimestamp, long packets, long octets) {
    if (!begin(RtcpReader.SENDER_REPORT, 28, DESCRIPTION_BYTES)) {
      return false;
    }
    report = length;
    INT.set(bytes, length + 4, ssrc);
    LONG.set(bytes, length + 8, ntp);
    INT.set(bytes, length + 16, rtpTimestamp);
    INT.set(bytes, length + 20, (int) packets);
    INT.set(bytes, length + 24, (int) octets);
    length += 28;
    return true;
  }

  /** Starts a receiver report; report blocks may follow. */
  public boolean addReceiverReport(int ssrc) {
    if (!begin(RtcpReader.RECEIVER_REPORT, 8, DESCRIPTION_BYTES)) {
      return false;
    }
    report = length;
    INT.set(bytes, length + 4, ssrc);
    length += 8;
    return true;
  }

  /** Adds a block to the report begun last; false when there is none, or it is full. */
  public boolean addReportBlock(
      int ssrc,
      int fractionLost,
      long cumulativeLost,
      long highestSequence,
      long jitter,
      int lastSr,
      int delaySinceLastSr) {
    if (report < 0
        || (bytes[report] & 0x1f) == MAX_BLOCKS
        || length + RtcpReader.REPORT_BLOCK_BYTES > MAX_BYTES - DESCRIPTION_BYTES) {
      return false;
    }
    int lost = (int) Math.max(-0x80_0000, Math.min(cumulativeLost, 0x7f_ffff));
    INT.set(bytes, length, ssrc);
    INT.set(bytes, length + 4, fractionLost << 24 | (lost & 0xff_ffff));
    INT.set(bytes, length + 8, (int) highestSequence);
    INT.set(bytes, length + 12, (int) jitter);
    INT.set(bytes, length + 16, lastSr);
    INT.set(bytes, length + 20, delaySinceLastSr);
    length += RtcpReader.REPORT_BLOCK_BYTES;
    bytes[report]++;
    int words = (short) SHORT.get(bytes, report + 2) + RtcpReader.REPORT_BLOCK_BYTES / 4;
    SHORT.set(bytes, report + 2, (short) words);
    return true;
  }

  /** Adds an SDES with one CNAME; a compound packet must have one. */
  public boolean addCname(int ssrc, String cname) {
    byte[] name = cname.getBytes(StandardCharsets.US_ASCII);
    int size = (4 + 4 + 2 + name.length + 1 + 3) & ~3;
    if (!begin(RtcpReader.SOURCE_DESCRIPTION, size, 0)) {
      return false;
    }
    bytes[length] |= 1;
    java.util.Arrays.fill(bytes, length + 4, length + size, (byte) 0);
    INT.set(bytes, length + 4, ssrc);
    bytes[length + 8] = 1;
    bytes[length + 9] = (byte) name.length;
    System.arraycopy(name, 0, bytes, length + 10, name.length);
    length += size;
    return true;
  }

  /** Adds a picture loss indication (RFC 4585 section 6.3.1). */
  public boolean addPli(int senderSsrc, int mediaSsrc) {
    if (!begin(RtcpReader.PAYLOAD_FEEDBACK, 12, 0)) {
      return false;
    }
    bytes[length] |= RtcpReader.PLI_FORMAT;
    INT.set(bytes, length + 4, senderSsrc);
    INT.set(bytes, length + 8, mediaSsrc);
    length += 12;
    return true;
  }

  /** Adds a full intra request (RFC 5104 section 4.3.1). */
  public boolean addFir(int senderSsrc, int mediaSsrc, int commandNumber) {
    if (!begin(RtcpReader.PAYLOAD_FEEDBACK, 20, 0)) {
      return false;
    }
    bytes[length] |= RtcpReader.FIR_FORMAT;
    INT.set(bytes, length + 4, senderSsrc);
    INT.set(bytes, length + 8, 0);
    INT.set(bytes, length + 12, mediaSsrc);
    INT.set(bytes, length + 16, commandNumber << 24);
    length += 20;
    return true;
  }

  /**
   * Asks for one packet again (RFC 4585 section 6.2.1); requests for the same stream that follow
   * each other share one NACK.
   */
  public boolean addNack(int senderSsrc, int mediaSsrc, int sequence16) {
    int sequence = sequence16 & 0xffff;
    if (nack >= 0 && (int) INT.get(bytes, nack + 8) == mediaSsrc) {
      int ahead = sequence - ((short) SHORT.get(bytes, length - 4) & 0xffff) & 0xffff;
      if (ahead >= 1 && ahead <= 16) {
        short mask = (short) SHORT.get(bytes, length - 2);
        SHORT.set(bytes, length - 2, (short) (mask | 1 << ahead - 1));
        return true;
      }
      if (length + 4 > MAX_BYTES) {
        return false;
      }
      SHORT.set(bytes, nack + 2, (short) ((short) SHORT.get(bytes, nack + 2) + 1));
    } else {
      if (!begin(RtcpReader.TRANSPORT_FEEDBACK, 16, 0)) {
        return false;
      }
      nack = length;
      bytes[length] |= RtcpReader.NACK_FORMAT;
      INT.set(bytes, length + 4, senderSsrc);
      INT.set(bytes, length + 8, mediaSsrc);
      length += 12;
    }
    INT.set(bytes, length, sequence << 16);
    length += 4;
    return true;
  }

  /** Adds a receiver reference time (RFC 3611 section 4.4), by which we learn the round trip. */
  public boolean addReferenceTime(int ssrc, long ntp) {
    if (!begin(RtcpReader.EXTENDED_REPORT, 20, 0)) {
      return false;
    }
    INT.set(bytes, length + 4, ssrc);
    INT.set(bytes, length + 8, RtcpReader.REFERENCE_TIME_BLOCK << 24 | 2);
    LONG.set(bytes, length + 12, ntp);
    length += 20;
    return true;
  }

  /** What is left for {@link #append}. */
  public int freeBytes() {
    return MAX_BYTES - length;
  }

  /** Takes in a whole RTCP packet that was written at {@link #length()}. */
  public void append(int lengthBytes) {
    length += lengthBytes;
    report = -1;
    nack = -1;
  }

  private boolean begin(int type, int size, int leaveFree) {
    if (length + size > MAX_BYTES - leaveFree) {
      return false;
    }
    bytes[length] = (byte) 0x80;
    bytes[length + 1] = (byte) type;
    SHORT.set(bytes, length + 2, (short) (size / 4 - 1));
    report = -1;
    nack = -1;
    return true;
  }
}
