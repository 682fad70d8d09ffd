/**
 * SRTP and SRTCP (RFC 3711, RFC 7714). {@link dev.parley.core.srtp.SrtpReceiver} and {@link
 * dev.parley.core.srtp.SrtpSender} hold what every profile shares: header bounds, packet index,
 * replay window, the bound on streams. Below them stand two engines: AES-GCM by OpenSSL's libcrypto
 * through the foreign-function interface (0 bytes allocated per packet), and jitsi-srtp for every
 * profile, which is also the reference of the tests and the fallback where libcrypto is missing.
 *
 * <p>Keys and contexts are confined to the worker's thread. A thread keeps one native scratch area
 * for all its transports, so an idle transport costs a few kilobytes.
 */
@org.jspecify.annotations.NullMarked
package dev.parley.core.srtp;
