/**
 * Tells other programs by HTTP what happens in rooms, after the Standard Webhooks specification
 * (version 1.0.0). Each event is written to the outbox and sent to every endpoint that wants it,
 * room by room in order, until the endpoint has taken it.
 *
 * <p>{@code Webhooks} is the way in. The room thread puts events into a bounded queue and goes on;
 * one virtual thread, the webhook thread, owns outbox and order; requests run on an event loop.
 * What decides order and retries ({@code EndpointQueue}, {@code Circuit}, {@code RetrySchedule})
 * has no clock and no thread of its own.
 */
@org.jspecify.annotations.NullMarked
package dev.parley.admin.webhook;
