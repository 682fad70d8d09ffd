package dev.parley.core.subscriber;

import java.util.List;

/**
 * The allocator's decision for one connection.
 *
 * @param choices in the order of the demands
 * @param usedBitsPerSecond what is sent by this decision, the reserve for audio included
 * @param wantedBitsPerSecond the estimate from which on every view gets all it has a use for; a
 *     higher one would change nothing
 * @param nextStepBitsPerSecond what the cheapest step would add that the connection does not bear;
 *     0: nothing more is wanted
 */
public record Allocation(
    List<Choice> choices,
    long usedBitsPerSecond,
    long wantedBitsPerSecond,
    long nextStepBitsPerSecond) {}
