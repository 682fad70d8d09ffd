package dev.parley.signaling.http;

import dev.parley.signaling.session.TokenBucket;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** How many reports one network address may send, and all together. Any thread. */
final class ReportRates {
  private static final double ONE_PER_SEC = 1 / 30.0;
  private static final int ONE_BURST = 5;
  private static final double ALL_PER_SEC = 1;
  private static final int ALL_BURST = 60;

  /** Who is forgotten may send as many as a newcomer: the bound of all holds. */
  private static final int REMEMBERED = 10_000;

  private final Map<String, TokenBucket> byAddress =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, TokenBucket> eldest) {
          return size() > REMEMBERED;
        }
      };

  private final TokenBucket all;

  ReportRates(long nowNanos) {
    this.all = new TokenBucket(ALL_PER_SEC, ALL_BURST, nowNanos);
  }

  /** How long somebody has to wait with another report; 0: it counts, and may come. */
  synchronized long waitMs(Optional<String> address, long nowNanos) {
    TokenBucket own =
        address
            .map(key ->
                byAddress.computeIfAbsent(
                    key, first -> new TokenBucket(ONE_PER_SEC, ONE_BURST, nowNanos)))
            .orElseGet(() -> new TokenBucket(1, 1, nowNanos));
    if (!own.tryTake(nowNanos)) {
      return own.waitMs();
    }
    return all.tryTake(nowNanos) ? 0 : all.waitMs();
  }
}
