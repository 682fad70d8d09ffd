/**
 * A participant without a browser: ICE, DTLS, SRTP and synthetic media on one socket, many of them
 * on one thread. {@code LightClient} and what it is made of take time as an argument and send
 * through a sink, so that they run as well over {@link ClientLoop}'s sockets as over a simulated
 * network; only {@code ClientLoop} knows sockets and the clock, only the {@link Signaling}s know
 * how an offer reaches the server.
 */
@org.jspecify.annotations.NullMarked
package dev.parley.bots.client;
