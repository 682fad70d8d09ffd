/**
 * The words of {@code sfu.v1}: requests, replies, events, error and close codes, and their JSON.
 * Pure and immutable; any thread.
 */
@org.jspecify.annotations.NullMarked
package dev.parley.signaling.wire;
