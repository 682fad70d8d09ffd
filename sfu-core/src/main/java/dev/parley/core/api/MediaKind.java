package dev.parley.core.api;

/** The kind of a media section. */
public enum MediaKind {
  AUDIO,
  VIDEO,
  /** {@code m=application}: data channels. */
  APPLICATION
}
