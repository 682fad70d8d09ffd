/**
 * The rules of rooms as pure state machines: who is in and who waits, and how long a session lasts,
 * and what one who comes back has missed. No I/O, no clock: the time is an argument, in
 * milliseconds since 1970, and what is to be done comes back as effects. Each object belongs to one
 * thread.
 */
@org.jspecify.annotations.NullMarked
package dev.parley.signaling.rules;
