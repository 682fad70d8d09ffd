package dev.parley.bots.client;

import java.net.InetSocketAddress;

/** What the loop's selector watches. Loop's thread only. */
interface ClientLoopPort {
  /** The selector has found something to do. */
  void ready(long nowNanos);

  /** A datagram of {@link ClientLoop#receive}. Borrows and may overwrite the bytes. */
  void onDatagram(byte[] bytes, int lengthBytes, InetSocketAddress from, long nowNanos);
}
