/**
 * ICE as a server with a public address needs it: a lite agent (RFC 8445 section 2.5) that answers
 * checks and follows its client, and a light controlling client for bots and benchmarks. STUN
 * attributes are decoded and encoded by ice4j; its sockets, threads and agents stay out. Integrity
 * is verified on the raw bytes first: nothing is decoded, created or answered for a packet that
 * does not know the password.
 */
@org.jspecify.annotations.NullMarked
package dev.parley.core.ice;
