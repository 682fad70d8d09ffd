/**
 * What lies between a bot and the server: links with a rate, a queue, delay, jitter and loss. Time
 * is an argument and chance comes from a seed.
 */
@org.jspecify.annotations.NullMarked
package dev.parley.bots.network;
