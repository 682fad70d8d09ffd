package dev.parley.core.rtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NtpTimeTest {
  private static final long SECOND = 1_000_000_000;

  @ParameterizedTest
  @CsvSource({
    "1970-01-01T00:00:00Z, 83aa7e80, 00000000",
    "1970-01-01T00:00:00.5Z, 83aa7e80, 80000000",
    "2000-01-01T00:00:00.25Z, bc17c200, 40000000",
    "2036-02-07T06:28:15Z, ffffffff, 00000000",
    "2036-02-07T06:28:16Z, 00000000, 00000000",
    "2036-02-07T06:28:17Z, 00000001, 00000000",
  })
  void shouldConvertKnownInstants(String instant, String seconds, String fraction) {
    Instant i = Instant.parse(instant);
    long unixNanos = i.getEpochSecond() * SECOND + i.getNano();
    long ntp = Long.parseUnsignedLong(seconds + fraction, 16);
    assertEquals(ntp, NtpTime.ofUnixNanos(unixNanos));
    assertEquals(unixNanos, NtpTime.toUnixNanos(ntp));
  }

  @Property
  void shouldRoundTripToTheNanosecond(
      @ForAll @LongRange(min = 0, max = 4_000_000_000_000_000_000L) long unixNanos) {
    long back = NtpTime.toUnixNanos(NtpTime.ofUnixNanos(unixNanos));
    assertTrue(Math.abs(back - unixNanos) <= 1, unixNanos + " came back as " + back);
  }

  @Test
  void shouldTakeMiddleBitsForLastSr() {
    // The example of RFC 3550 section 6.4.1, figure 2: b44db705:20000000.
    assertEquals(0xb705_2000, NtpTime.middle(0xb44d_b705_2000_0000L));
  }

  @Test
  void shouldGiveDurationsInUnitsOf65536thSeconds() {
    // The same example: a delay of 5.250 s is 0005:4000, a round trip of 6.125 s is 0006:2000.
    assertEquals(0x0005_4000, NtpTime.shortDuration(5_250_000_000L));
    assertEquals(6_125_000_000L, NtpTime.nanosOfShort(0x0006_2000));
    assertEquals(0, NtpTime.shortDuration(0));
    assertEquals(1, NtpTime.shortDuration(15_259));
  }

  @Test
  void shouldSaturateLongDurations() {
    assertEquals(0xffff_ffff, NtpTime.shortDuration(70_000 * SECOND));
    assertEquals(0xffff_ffff, NtpTime.shortDuration(365L * 86_400 * SECOND));
    assertEquals(0xffff_ffffL * SECOND >> 16, NtpTime.nanosOfShort(-1));
  }
}
