package dev.parley.signaling.rules;

/** What the limit of one visit asks for. */
public sealed interface VisitEffect {
  /** The visitor is told. */
  record Warning(String key, int remainingSec) implements VisitEffect {}

  /** The visitor has to go (4014). */
  record TimeUp(String key) implements VisitEffect {}
}
