package dev.parley.signaling.room;

import dev.parley.signaling.wire.Event;

/** Waits before the room. What follows comes as events. */
public record Queued(Event.QueueUpdate update) implements Entry {}
