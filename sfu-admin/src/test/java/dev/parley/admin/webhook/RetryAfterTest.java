package dev.parley.admin.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RetryAfterTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "120, 120000",
    "' 7 ', 7000",
    "999999999, 86400000",
    "99999999999999999999, -1",
    "-1, -1",
    "soon, -1",
    "'', -1",
    "'Thu, 01 Jan 1970 00:00:30 GMT', 20000",
    "'Thu, 01 Jan 1970 00:00:05 GMT', 0",
    "'Fri, 01 Jan 2100 00:00:05 GMT', 86400000"
  })
  void shouldReadSecondsAndDates(String header, long ms) {
    OptionalLong expected = ms < 0 ? OptionalLong.empty() : OptionalLong.of(ms);
    assertEquals(expected, RetryAfter.ms(header, 10_000));
  }

  @Test
  void shouldTakeNoneForNone() {
    assertEquals(OptionalLong.empty(), RetryAfter.ms(null, 0));
  }
}
