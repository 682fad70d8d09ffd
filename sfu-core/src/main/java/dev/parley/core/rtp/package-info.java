/** RTP and RTCP on the wire (RFC 3550, RFC 8285): flyweights, sequence arithmetic, reports. */
@org.jspecify.annotations.NullMarked
package dev.parley.core.rtp;
