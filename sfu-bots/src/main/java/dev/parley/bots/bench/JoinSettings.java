package dev.parley.bots.bench;

import java.util.Optional;

/**
 * What {@code bench join} is asked to do.
 *
 * @param warmUpJoins not counted
 * @param pauseMillis between two joins, longer than the server's least time between two key frames
 * @param keyFramesAtOnce whether the publisher answers a request between two frames
 * @param url of a running server; without it one is started
 */
record JoinSettings(
    int joins,
    int warmUpJoins,
    int pauseMillis,
    boolean keyFramesAtOnce,
    Optional<String> url,
    String room,
    long seed) {}
