package dev.parley.core.api;

import java.net.InetSocketAddress;

/**
 * Takes TCP connections whose clients speak TURN (RFC 8656), TLS already taken off, from whoever
 * accepted them. Any thread, for one connection one at a time.
 */
public interface RelayStreams {
  /** A connection has begun; {@code output} is used until either side closes. */
  Stream open(InetSocketAddress client, Output output);

  /** What comes from the client. */
  interface Stream {
    /** Takes the bytes over. Bytes that are no TURN close the connection. */
    void receive(byte[] bytes);

    /** The connection is gone. Idempotent. */
    void closed();
  }

  /** The way to the client. Any thread; must return at once. */
  interface Output {
    /** Takes the bytes over. */
    void send(byte[] bytes);

    /** How many bytes wait to be sent. */
    int waitingBytes();

    void close();
  }
}
