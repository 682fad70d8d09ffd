package dev.parley.signaling.rules;

import java.util.Optional;

/**
 * Somebody at the door.
 *
 * @param key of the connection, unique at any time; a returning one has a new key
 * @param identity who it is; two tickets of one identity are one
 * @param host takes no seat unless hosts are counted, and never waits
 * @param bypass never waits, but takes a seat
 * @param priority 0 to 9; higher goes first
 * @param address the network address, for the limit of tickets
 * @param admitToken what an admission gave
 */
public record Guest(
    String key,
    String identity,
    String displayName,
    boolean host,
    boolean bypass,
    int priority,
    String address,
    Optional<String> admitToken) {}
