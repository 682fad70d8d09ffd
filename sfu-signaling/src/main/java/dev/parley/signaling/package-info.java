/**
 * The front end: {@code sfu.v1} over WebSocket, WHIP and WHEP, tokens, rooms, and the web pages.
 *
 * <p>A frame's way: {@code http} takes the connection, {@code session} reads the frame on the
 * socket's own event loop with {@code wire} and checks who it is with {@code token}, {@code room}
 * carries it out by the {@code rules}, the reply goes the same way back; {@code store} keeps what
 * outlives the process.
 *
 * <p>Threads: every socket lives on one event loop, which decodes, checks and writes its frames.
 * All rooms live on one other context, the <em>room thread</em>: whoever wants something of a room
 * posts to it, and it posts replies and events back, so rooms need no lock and each socket sees
 * them in the order in which they happened. The media engine's listeners are called on its workers
 * and post to the room thread too. Nothing blocks.
 */
@org.jspecify.annotations.NullMarked
package dev.parley.signaling;
