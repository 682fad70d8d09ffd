/**
 * TLS in the server itself: one port for pages, WebSockets and TURN. Takes TLS off, looks at the
 * first bytes, and hands on to the HTTP server of this process or to the media engine's relay.
 */
@org.jspecify.annotations.NullMarked
package dev.parley.signaling.tls;
