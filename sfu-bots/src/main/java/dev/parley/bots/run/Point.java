package dev.parley.bots.run;

import dev.parley.bots.measure.Measurements;
import dev.parley.bots.measure.OwnLoad;
import dev.parley.bots.measure.ServerSample;
import java.util.Optional;

/**
 * One second of a run.
 *
 * @param nanos since its start
 * @param wanted bots that there should be, {@code alive} those on their way or in, {@code inside}
 *     those with media
 * @param measured in this interval, of all groups
 */
public record Point(
    long nanos,
    int wanted,
    int alive,
    int inside,
    Measurements measured,
    OwnLoad.Sample load,
    Optional<ServerSample> server) {}
