/**
 * The public HTTP side: the WebSocket's upgrade, the web pages, health, and what all routes share
 * (problem JSON after RFC 9457, origins, security headers). The connection's event loop.
 */
@org.jspecify.annotations.NullMarked
package dev.parley.signaling.http;
