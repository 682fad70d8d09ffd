package dev.parley.signaling.rules;

/**
 * What outlives the process of a session's timer. Times are in milliseconds since 1970.
 *
 * @param state by its wire name
 * @param endsAtMs without overtime
 * @param pausedAtMs when the present pause began
 * @param pausedMs all pauses that are over
 * @param warnedToMs the warnings up to then have been given
 * @param toldAtMs when people were told last how it stands
 * @param closesAtMs when people have to go; {@link Long#MAX_VALUE}: nobody has to
 */
public record TimerSnapshot(
    String state,
    int durationSec,
    long startedAtMs,
    long endsAtMs,
    long pausedAtMs,
    long pausedMs,
    int extendedSec,
    long warnedToMs,
    long toldAtMs,
    long closesAtMs,
    long savedAtMs) {}
