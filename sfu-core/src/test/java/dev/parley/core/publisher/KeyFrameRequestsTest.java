package dev.parley.core.publisher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyFrameRequestsTest {
  private static final long INTERVAL = 500;

  private final KeyFrameRequests requests = new KeyFrameRequests(INTERVAL);

  @ParameterizedTest
  @ValueSource(longs = {0, 1_000_000, -1_000_000, Long.MIN_VALUE / 4, Long.MAX_VALUE / 4})
  void shouldSendTheFirstAtOnceAndTheNextAfterTheInterval(long start) {
    assertFalse(requests.take(start));
    assertEquals(Long.MAX_VALUE, requests.nextTimeoutNanos());
    requests.ask();
    assertTrue(requests.nextTimeoutNanos() <= start);
    assertTrue(requests.take(start));
    assertFalse(requests.take(start), "asked once, sent once");
    requests.ask();
    assertEquals(start + INTERVAL, requests.nextTimeoutNanos());
    assertFalse(requests.take(start + INTERVAL - 1));
    assertTrue(requests.take(start + INTERVAL));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 100})
  void shouldMergeWhatIsAskedMeanwhile(int askers) {
    int sent = 0;
    for (long now = 0; now < 10 * INTERVAL; now++) {
      for (int i = 0; i < askers; i++) {
        requests.ask();
      }
      sent += requests.take(now) ? 1 : 0;
    }
    assertEquals(10, sent);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, INTERVAL - 1})
  void shouldDropWaitingRequestWhenAKeyFrameCame(long after) {
    requests.ask();
    assertTrue(requests.take(0));
    requests.ask();
    requests.onKeyFrame();
    assertEquals(Long.MAX_VALUE, requests.nextTimeoutNanos());
    assertFalse(requests.take(INTERVAL));
    requests.ask();
    assertFalse(requests.take(after));
    assertTrue(requests.take(INTERVAL));
  }
}
