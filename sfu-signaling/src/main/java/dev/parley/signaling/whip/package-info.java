/**
 * Media over plain HTTP: WHIP (RFC 9725) to publish, WHEP (draft-ietf-wish-whep) to watch. Requests
 * are read on their connection's event loop and carried out on the room thread.
 */
@org.jspecify.annotations.NullMarked
package dev.parley.signaling.whip;
