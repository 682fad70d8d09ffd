package dev.parley.core.publisher;

/** Why a viewer asks for a key frame. */
public enum KeyFrameNeed {
  /** It has not seen anything of the track yet. */
  BEGIN,
  /** What it sees has stopped, or is too much for its network. */
  CONTINUE,
  /** It sees the track, and waits for a better quality. */
  RISE
}
