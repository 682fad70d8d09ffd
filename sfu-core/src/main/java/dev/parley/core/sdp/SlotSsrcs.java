package dev.parley.core.sdp;

/** Knows the SSRC of each slot, so that a slot keeps it in every answer of a session. */
@FunctionalInterface
public interface SlotSsrcs {
  /** From 1 to 2^32 - 1; another for every MID, the same for the same MID. */
  long ssrcOf(String mid);
}
