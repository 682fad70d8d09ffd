package dev.parley.core.publisher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyFrameRequestsTest {
  private static final long INTERVAL = 500;

  private final KeyFrameRequests requests = new KeyFrameRequests(INTERVAL);

  @ParameterizedTest
  @ValueSource(longs = {0, 1_000_000, -1_000_000, Long.MIN_VALUE / 4, Long.MAX_VALUE / 4})
  void shouldSendTheFirstAtOnceAndTheNextAfterTheInterval(long start) {
    assertEquals(-1, requests.take(start));
    assertEquals(Long.MAX_VALUE, requests.nextTimeoutNanos());
    requests.ask(0, KeyFrameNeed.CONTINUE);
    assertTrue(requests.nextTimeoutNanos() <= start);
    assertEquals(0, requests.take(start));
    assertEquals(-1, requests.take(start), "asked once, sent once");
    requests.ask(0, KeyFrameNeed.CONTINUE);
    assertEquals(start + INTERVAL, requests.nextTimeoutNanos());
    assertEquals(-1, requests.take(start + INTERVAL - 1));
    assertEquals(0, requests.take(start + INTERVAL));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 100})
  void shouldMergeWhatIsAskedMeanwhile(int askers) {
    int sent = 0;
    for (long now = 0; now < 10 * INTERVAL; now++) {
      for (int i = 0; i < askers; i++) {
        requests.ask(0, KeyFrameNeed.CONTINUE);
      }
      sent += requests.take(now) >= 0 ? 1 : 0;
    }
    assertEquals(10, sent);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, INTERVAL - 1})
  void shouldDropWaitingRequestWhenAKeyFrameCame(long after) {
    requests.ask(0, KeyFrameNeed.CONTINUE);
    assertEquals(0, requests.take(0));
    requests.ask(0, KeyFrameNeed.CONTINUE);
    requests.onKeyFrame(0);
    assertEquals(Long.MAX_VALUE, requests.nextTimeoutNanos());
    assertEquals(-1, requests.take(INTERVAL));
    requests.ask(0, KeyFrameNeed.CONTINUE);
    assertEquals(-1, requests.take(after));
    assertEquals(0, requests.take(INTERVAL));
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 50})
  void shouldLetAStormOfBeginnersShareOneRequest(int beginners) {
    requests.ask(0, KeyFrameNeed.BEGIN);
    assertEquals(0, requests.take(0));
    for (int i = 1; i < beginners; i++) {
      requests.ask(0, KeyFrameNeed.BEGIN);
    }
    requests.ask(0, KeyFrameNeed.BEGIN);
    assertEquals(-1, requests.take(INTERVAL), "more may come");
    assertEquals(0, requests.take(2 * INTERVAL));
    requests.ask(0, KeyFrameNeed.BEGIN);
    assertEquals(0, requests.take(3 * INTERVAL), "the storm is over");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void shouldAskForTheLayerThatIsWaitedFor(int layer) {
    requests.ask(layer, KeyFrameNeed.CONTINUE);
    assertEquals(layer, requests.take(0));
    requests.ask(layer, KeyFrameNeed.CONTINUE);
    requests.onKeyFrame(layer);
    assertEquals(-1, requests.take(INTERVAL));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 50})
  void shouldLetThoseWaitWhoOnlyWantABetterQuality(int viewers) {
    requests.ask(0, KeyFrameNeed.BEGIN);
    assertEquals(0, requests.take(0));
    for (int i = 0; i < viewers; i++) {
      requests.ask(1, KeyFrameNeed.RISE);
    }
    assertEquals(-1, requests.take(4 * INTERVAL - 1));
    assertEquals(1, requests.take(4 * INTERVAL));
    requests.ask(1, KeyFrameNeed.RISE);
    requests.ask(2, KeyFrameNeed.CONTINUE);
    assertEquals(1, requests.take(5 * INTERVAL), "it comes with what cannot wait");
  }
}
