package dev.parley.admin.webhook;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import io.prometheus.client.Histogram;
import java.util.Locale;

/** What is counted of webhooks, for all endpoints together. Any thread. */
final class WebhookMetrics {
  /** Why an event does not reach an endpoint. */
  enum Drop {
    /** The room thread was quicker than the outbox. */
    QUEUE_FULL,
    /** The endpoint's part of the outbox is full. */
    OUTBOX_FULL,
    /** The endpoint wants no more. */
    DISABLED,
    /** It has failed for too long; it can be replayed. */
    GIVEN_UP,
    /** The outbox cannot be written. */
    STORE
  }

  private final Counter events;
  private final Counter deliveries;
  private final Counter dropped;
  private final Gauge pending;
  private final Histogram seconds;

  WebhookMetrics(CollectorRegistry registry) {
    events =
        Counter.build("sfu_webhook_events", "Events that at least one endpoint wants")
            .register(registry);
    deliveries =
        Counter.build("sfu_webhook_deliveries", "Requests to endpoints, by how they ended")
            .labelNames("outcome")
            .register(registry);
    dropped =
        Counter.build(
                "sfu_webhook_dropped", "Events that an endpoint was not told of, by the reason")
            .labelNames("reason")
            .register(registry);
    pending =
        Gauge.build("sfu_webhook_pending", "Events that wait for endpoints").register(registry);
    seconds =
        Histogram.build("sfu_webhook_delivery_seconds", "Time of a request to an endpoint")
            .buckets(0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30)
            .register(registry);
    for (AttemptResult.Outcome outcome : AttemptResult.Outcome.values()) {
      deliveries.labels(outcome.wireName());
    }
    for (Drop reason : Drop.values()) {
      dropped.labels(word(reason));
    }
  }

  void event() {
    events.inc();
  }

  void attempt(AttemptResult result, long tookMs) {
    deliveries.labels(result.outcome().wireName()).inc();
    seconds.observe(tookMs / 1000.0);
  }

  void drop(Drop reason, long howMany) {
    dropped.labels(word(reason)).inc((double) howMany);
  }

  void pending(int now) {
    pending.set(now);
  }

  private static String word(Drop reason) {
    return reason.name().toLowerCase(Locale.ROOT);
  }
}
