package dev.parley.core.transport;

/** Sends something for the sake of being sent. */
@FunctionalInterface
public interface Filler {
  /** Sends about so many bytes; returns how many they were. */
  int send(int bytes, long nowNanos);
}
