package dev.parley.core.subscriber;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class HeaderExtensionsTest {
  private static int warm(String mid, int midId, int transportWideId) {
    return new HeaderExtensions(mid, new HeaderExtensions.Ids(midId, 0, 0, transportWideId, 0))
        .warm();
  }

  /** A client may offer neither the MID nor transport-wide numbers. */
  @Test
  void shouldBeFetchedHoweverFewWereNegotiated() {
    assertEquals(0, warm("0", 0, 0));
    assertEquals(0, warm("a name of more than 16 letters", 0, 0));
    assertEquals(3 << 4, warm("0", 3, 0));
    assertEquals(3 + 5, warm("a name of more than 16 letters", 3, 5));
    assertEquals(5 + (5 << 4 | 1), warm("0", 0, 5));
  }
}
