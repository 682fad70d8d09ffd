package dev.parley.bots.bench;

import dev.parley.core.srtp.SrtpProfile;

/**
 * What {@code bench forward} is asked to do.
 *
 * @param packetsPerSecond before the fan-out
 * @param burst packets of a frame, published back to back
 * @param payloadBytes of RTP, without header
 * @param transport by which packets come to the subscribers; only UDP has a floor
 * @param roundMillis of the server, and of each floor
 */
record ForwardSettings(
    int subscribers,
    double packetsPerSecond,
    int burst,
    int payloadBytes,
    SrtpProfile profile,
    TransportOption transport,
    int rounds,
    int roundMillis,
    int warmUpMillis,
    long seed) {}
