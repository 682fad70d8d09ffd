/**
 * What an operator sees: health, readiness, metrics, and the state of every object. Its port is its
 * own, on the loopback by default. Everything runs on one event loop and only reads.
 */
@org.jspecify.annotations.NullMarked
package dev.parley.admin;
