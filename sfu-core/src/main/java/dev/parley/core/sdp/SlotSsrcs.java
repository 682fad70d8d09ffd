package dev.parley.core.sdp;

/**
 * Knows the SSRCs of each slot, so that a slot keeps them in every answer of a session. Each is
 * from 1 to 2^32 - 1 and stands for one MID and one purpose alone.
 */
public interface SlotSsrcs {
  /** Of the media. */
  long ssrcOf(String mid);

  /** Of the retransmissions (RFC 4588 section 4); asked for slots that have them. */
  long rtxSsrcOf(String mid);
}
