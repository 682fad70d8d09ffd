package dev.parley.core.subscriber;

/** What a packet's numbers become in a slot. Worker's thread only. */
final class Rewrite {
  int sequence16;
  int timestamp;
  boolean marker;
  int pictureId;
  int tl0;

  /** The highest layers that the viewer is shown. */
  int spatial;

  int temporal;

  /** Whether they were fewer than there are at any time since the last key frame. */
  boolean limited;
}
