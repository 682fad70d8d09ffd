/** One peer's ICE, DTLS and SRTP behind one address; knows no tracks. */
@org.jspecify.annotations.NullMarked
package dev.parley.core.transport;
