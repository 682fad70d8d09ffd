package dev.parley.signaling.rules;

import java.util.OptionalLong;

/**
 * A session's timer at one moment. Times are in milliseconds since 1970.
 *
 * @param startedAtMs empty before the start
 * @param endsAtMs when it ends if nobody changes it, overtime included once that has begun; empty
 *     unless it runs
 * @param remainingMs until then; while paused, what will be left
 * @param serverTimeMs the moment
 * @param extendedSec by how much it was extended in all
 */
public record TimerView(
    SessionTimer.State state,
    OptionalLong startedAtMs,
    OptionalLong endsAtMs,
    long remainingMs,
    long serverTimeMs,
    int extendedSec) {}
