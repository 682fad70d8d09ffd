/**
 * The media engine. One contract holds in every protocol package: time is an argument ({@code long
 * nowNanos}, from one monotonic clock read once per batch), outputs go to sinks given at
 * construction, and there is no clock, lock, logger or thread inside. Each machine says by {@code
 * nextTimeoutNanos()} when it wants {@code handleTimeout(nowNanos)} ({@code Long.MAX_VALUE}:
 * never). All objects of a room are confined to its worker's thread.
 */
@org.jspecify.annotations.NullMarked
package dev.parley.core;
