package dev.parley.admin.webhook;

/**
 * An event on its way to one endpoint, as an operator sees it.
 *
 * @param id the {@code webhook-id}
 * @param atMs when it happened, milliseconds since 1970
 * @param attempts since it was queued, or queued again
 * @param state {@code pending}, {@code delivered} or {@code failed}
 * @param lastStatus of the last answer; 0: none
 * @param lastError may be empty
 */
public record DeliveryView(
    String id,
    String type,
    String room,
    long atMs,
    int attempts,
    String state,
    int lastStatus,
    String lastError) {
  static DeliveryView of(OutboxEvent event, Delivery delivery) {
    return new DeliveryView(
        event.id(),
        event.type(),
        event.room(),
        event.atMs(),
        delivery.attempts(),
        delivery.state().wireName(),
        delivery.lastStatus(),
        delivery.lastError());
  }
}
