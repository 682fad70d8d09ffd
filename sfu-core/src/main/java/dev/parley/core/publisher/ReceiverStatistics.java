package dev.parley.core.publisher;

import dev.parley.core.common.HotPath;
import dev.parley.core.rtp.NtpTime;
import dev.parley.core.rtp.RtcpWriter;
import dev.parley.core.rtp.SequenceUnwrapper;

/**
 * What a receiver counts of one stream and says in its report blocks (RFC 3550 section 6.4, A.3,
 * A.8).
 */
final class ReceiverStatistics {
  private final int clockRate;
  private final SequenceUnwrapper unwrapper = new SequenceUnwrapper();
  private long first = -1;
  private long packets;
  private long bytes;
  private long transit;
  private long jitterTimes16;
  private long expectedAtLastReport;
  private long packetsAtLastReport;
  private long senderReportNtp;
  private long senderReportNanos = Long.MIN_VALUE;

  ReceiverStatistics(int clockRate) {
    this.clockRate = clockRate;
  }

  /**
   * Counts a packet.
   *
   * @return its unwrapped sequence number
   */
  @HotPath
  long onPacket(int sequence16, int timestamp, int lengthBytes, long nowNanos) {
    long before = unwrapper.highest();
    long sequence = unwrapper.unwrap(sequence16);
    packets++;
    bytes += lengthBytes;
    // Seconds and rest apart: the product of a long uptime and the clock rate would overflow.
    long arrival =
        nowNanos / 1_000_000_000 * clockRate + nowNanos % 1_000_000_000 * clockRate / 1_000_000_000;
    long packetTransit = arrival - timestamp;
    if (before < 0) {
      first = sequence;
    } else if (sequence > before) {
      long difference = Math.abs((long) (int) (packetTransit - transit));
      jitterTimes16 += difference - ((jitterTimes16 + 8) >> 4);
    }
    transit = packetTransit;
    return sequence;
  }

  /** The unwrapped number of a packet that came as a retransmission. */
  @HotPath
  long unwrap(int sequence16) {
    return unwrapper.unwrap(sequence16);
  }

  void onSenderReport(long ntp, long nowNanos) {
    senderReportNtp = ntp;
    senderReportNanos = nowNanos;
  }

  /** Adds this stream's report block; false when it did not fit. */
  boolean addReportBlock(RtcpWriter writer, int ssrc, long nowNanos) {
    if (packets == 0) {
      return true;
    }
    long highest = unwrapper.highest();
    long expected = highest - first + 1;
    long expectedNow = expected - expectedAtLastReport;
    long lostNow = expectedNow - (packets - packetsAtLastReport);
    int fraction = expectedNow <= 0 || lostNow <= 0 ? 0 : (int) (lostNow * 256 / expectedNow);
    boolean known = senderReportNanos != Long.MIN_VALUE;
    boolean fitted =
        writer.addReportBlock(
            ssrc,
            Math.min(fraction, 255),
            expected - packets,
            highest - SequenceUnwrapper.CYCLE,
            jitterTimes16 >> 4,
            known ? NtpTime.middle(senderReportNtp) : 0,
            known ? NtpTime.shortDuration(nowNanos - senderReportNanos) : 0);
    if (fitted) {
      expectedAtLastReport = expected;
      packetsAtLastReport = packets;
    }
    return fitted;
  }

  long packets() {
    return packets;
  }

  long bytes() {
    return bytes;
  }

  /** Never negative: duplicates do not make up for losses here. */
  long lost() {
    return packets == 0 ? 0 : Math.max(0, unwrapper.highest() - first + 1 - packets);
  }

  /** In RTP timestamp units. */
  long jitter() {
    return jitterTimes16 >> 4;
  }
}
