package dev.parley.core.publisher;

import dev.parley.core.rtp.NtpTime;

/**
 * Relates a participant's sender clock to the server's. The difference is the smallest one seen
 * between a sender report's NTP time and its arrival, so network jitter falls out; one clock serves
 * all tracks of a participant, which keeps its sound and picture in step (RFC 3550 section 6.4.1).
 */
public final class SourceClock {
  /** A new minimum may be at most this much above the old one, so that drift is followed slowly. */
  private static final long RELAX_NANOS_PER_REPORT = 100_000;

  private boolean known;
  private long differenceNanos;

  /**
   * Takes in a report and returns the server's time, in its monotonic nanoseconds, it speaks of.
   */
  long onSenderReport(long ntp, long nowNanos) {
    long difference = nowNanos - NtpTime.toUnixNanos(ntp);
    if (!known || difference < differenceNanos + RELAX_NANOS_PER_REPORT) {
      differenceNanos = difference;
      known = true;
    } else {
      differenceNanos += RELAX_NANOS_PER_REPORT;
    }
    return NtpTime.toUnixNanos(ntp) + differenceNanos;
  }
}
