package dev.parley.signaling.session;

/**
 * A session as an operator sees it.
 *
 * @param away it has no socket and waits for its client
 */
public record SessionView(String sessionId, String identity, boolean away) {}
