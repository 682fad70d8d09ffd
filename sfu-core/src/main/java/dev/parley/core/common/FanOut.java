package dev.parley.core.common;

/**
 * What became of a packet for one subscription of its track. The fan-out counts exactly one of
 * these for each, so together they are {@link Counter#RTP_OFFERED}.
 */
public enum FanOut {
  /** Handed to the subscriber's transport, which sends it or lets it wait its turn. */
  FORWARDED,
  /** Of another layer than the one that is shown, or nothing is shown. */
  OTHER_LAYER,
  /** Of the layer that is shown, but only for a higher spatial or temporal one inside it. */
  HIGHER_LAYER,
  /** A long digital silence goes on. */
  SILENCE,
  WAITING_FOR_KEY_FRAME,
  NOT_NEGOTIATED,
  TOO_OLD,
  TOO_LARGE,
  /** By the subscriber's transport: not connected, its queue is full, or too large for its path. */
  REFUSED,
  /** A broken invariant closed the subscriber. */
  FAULT;

  /** The name in metrics, for instance {@code other_layer}. */
  public String id() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
