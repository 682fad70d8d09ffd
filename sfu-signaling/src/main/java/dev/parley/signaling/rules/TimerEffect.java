package dev.parley.signaling.rules;

/** What a session's timer asks for. */
public sealed interface TimerEffect {
  /** Everybody inside is told how it stands. */
  record State(TimerView view) implements TimerEffect {}

  record Warning(int remainingSec) implements TimerEffect {}

  /** The time is up: everybody is told, and the room is locked if that is the action. */
  record Ended(TimerSettings.OnEnd action) implements TimerEffect {}

  /** The last words are said: those whom the action concerns have to go (4014). */
  record Close(TimerSettings.OnEnd action) implements TimerEffect {}
}
