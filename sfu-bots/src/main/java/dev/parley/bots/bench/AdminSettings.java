package dev.parley.bots.bench;

/**
 * What {@code bench admin} is asked to do.
 *
 * @param people in each of the rooms, all sending and receiving
 * @param requestsPerSec to {@code /v1}, of all kinds in turn
 * @param seconds of each half of a round: nobody asks, then somebody does, or the other way round
 */
record AdminSettings(
    int rooms, int people, int requestsPerSec, int rounds, int seconds, int warmUpSeconds) {}
