package dev.parley.bots.client;

import dev.parley.core.common.DatagramSink;
import dev.parley.core.common.PeerAddress;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** A client's end of the network: its sockets, whatever they are. Loop's thread only. */
interface ClientLoopEnd extends DatagramSink {
  /** Whose one buffer all that is sent leaves from. */
  ClientLoop loop();

  @Override
  default void send(byte[] bytes, int offset, int lengthBytes, PeerAddress to) {
    loop().outgoing().put(0, bytes, offset, lengthBytes);
    commit(lengthBytes, to);
  }

  @Override
  default int reserve() {
    return 0;
  }

  @Override
  default MemorySegment slab() {
    return loop().slab();
  }

  /** Null before the client is made. */
  @Nullable LightClient client();

  void client(LightClient of);

  /** Where the client's ICE comes from. */
  ClientIce.Source ice();

  /** Opens what has to be open before anything is sent. */
  void plug();

  /** Closes all there is; nothing arrives any more, either way. */
  void unplug();

  /** Goes through a relay from now on, in place of what it was opened for. */
  void take(ClientWay.Relay relay);

  /** Takes nothing more from the server, over TCP. */
  void stopReading();

  /** Does what is due; when to call again. */
  long handleTimeout(long nowNanos);

  /** Media packets that did not leave for the server. */
  long mediaDropped();

  /** Of the socket that carries media, or 0. */
  int localPort();
}
