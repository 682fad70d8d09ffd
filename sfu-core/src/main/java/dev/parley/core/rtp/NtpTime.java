package dev.parley.core.rtp;

/**
 * NTP timestamps (RFC 3550 section 4): seconds since 1900 in the upper, fraction in the lower 32
 * bits.
 */
public final class NtpTime {
  /** Seconds from 1900 to 1970. */
  private static final long UNIX_EPOCH_SECONDS = 2_208_988_800L;

  private static final long NANOS = 1_000_000_000L;

  private NtpTime() {}

  public static long ofUnixNanos(long unixNanos) {
    long seconds = Math.floorDiv(unixNanos, NANOS);
    long fraction = (Math.floorMod(unixNanos, NANOS) << 32) / NANOS;
    return (seconds + UNIX_EPOCH_SECONDS) << 32 | fraction;
  }

  /** Nanoseconds since 1970; a zero of the upper half is read as 2036 (RFC 5905 era 1). */
  public static long toUnixNanos(long ntp) {
    long seconds = ntp >>> 32;
    long era = seconds < UNIX_EPOCH_SECONDS ? 1L << 32 : 0;
    return (seconds + era - UNIX_EPOCH_SECONDS) * NANOS + ((ntp & 0xffff_ffffL) * NANOS >>> 32);
  }

  /** The middle 32 bits, as in the LSR field of a report block. */
  public static int middle(long ntp) {
    return (int) (ntp >>> 16);
  }

  /** A duration in units of 1/65536 s, as in the DLSR field; all ones from 65536 s on. */
  public static int shortDuration(long nanos) {
    return nanos >= NANOS << 16 ? -1 : (int) ((nanos << 16) / NANOS);
  }

  /** Nanoseconds of a duration in units of 1/65536 s. */
  public static long nanosOfShort(int units) {
    return (units & 0xffff_ffffL) * NANOS >> 16;
  }
}
