package dev.parley.admin.webhook;

import java.util.List;
import java.util.OptionalLong;

/**
 * An endpoint as an operator sees it.
 *
 * @param url without what stands behind a question mark
 * @param state {@code ok}, {@code retrying}, {@code paused} or {@code disabled}
 * @param pending events that wait for it, or are under way
 * @param delivered since the server was started
 * @param failed events that were given up since the server was started
 * @param lastError of this process; may be empty
 * @param lastDeliveredMs milliseconds since 1970; likewise
 * @param nextAttemptMs likewise, while nothing gets through
 */
public record EndpointView(
    String name,
    String url,
    List<String> events,
    List<String> rooms,
    String state,
    int pending,
    long delivered,
    long failed,
    String lastError,
    OptionalLong lastDeliveredMs,
    OptionalLong nextAttemptMs) {}
