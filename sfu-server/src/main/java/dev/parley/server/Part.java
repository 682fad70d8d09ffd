package dev.parley.server;

/** A part of the server that is started once and stopped once, both by the starting thread. */
public interface Part {
  /** What it is called in messages, for instance {@code admin}. */
  String name();

  /** Returns when the part serves; throws when it cannot, with a message for the operator. */
  void start() throws Exception;

  /** Returns when the part has let go of its sockets and threads. */
  void stop() throws Exception;
}
