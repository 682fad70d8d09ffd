/**
 * DTLS 1.2 with {@code use_srtp} (RFC 6347, RFC 5764) by Bouncy Castle.
 *
 * <p>This is the one protocol package where threads and a clock exist, because the library's
 * handshake is a blocking call with its own retransmission timer. Each handshake runs on a virtual
 * thread of {@link dev.parley.core.dtls.HandshakeExecutor}, fed by a bounded queue; everything it
 * says comes back through the owner's {@code Executor}, so its user sees one thread only. When the
 * handshake is done no thread stays: later records are fed to the library on the owner's thread,
 * where its receive call finds the one datagram and returns.
 */
@org.jspecify.annotations.NullMarked
package dev.parley.core.dtls;
