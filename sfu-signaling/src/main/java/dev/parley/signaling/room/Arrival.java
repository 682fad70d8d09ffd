package dev.parley.signaling.room;

/** Where somebody at the door got to. */
sealed interface Arrival permits Seat, Place {}
