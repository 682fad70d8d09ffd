package dev.parley.core.subscriber;

/** What a subscription has decided about one packet that goes out. Worker's thread only. */
final class Selection {
  /** Of the source's packets without those this slot leaves out. */
  long sequence;

  /** The same with them: the number in the source's ring. */
  long original;

  /** Of the source's pictures without those left out, -1 for none. */
  long picture;

  /** The highest layers that the viewer is shown. */
  int spatial;

  int temporal;

  /** Whether they were fewer than there are at any time since the last key frame. */
  boolean limited;

  boolean marker;

  /** Whether the slot keeps the packet back until {@link Slot#release}. */
  boolean hold;
}
