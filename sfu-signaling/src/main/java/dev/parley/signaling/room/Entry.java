package dev.parley.signaling.room;

/** What came of a join that was not refused. */
public sealed interface Entry permits Joined, Queued {}
