package dev.parley.core.subscriber;

/**
 * How much less video a viewer is given than its network takes, since the server has no processor
 * time for more. Each level takes something from the one before. Sound is never shed.
 */
public enum Shedding {
  /** Nothing is kept back. */
  NONE,
  /** Cameras neither pinned nor speaking: one size smaller than their views have a use for. */
  SMALLER,
  /** All cameras: their smallest size. */
  SMALLEST,
  /** All cameras: that one at its lowest frame rate. */
  SLOWEST,
  /** Cameras neither pinned nor speaking are stopped. */
  FOCUS,
  /** All cameras are stopped, and screens are sent at their least. */
  SCREENS,
  /** Nothing is seen; everybody is heard. */
  SOUND
}
