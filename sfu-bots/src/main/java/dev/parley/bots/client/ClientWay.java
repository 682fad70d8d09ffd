package dev.parley.bots.client;

import java.net.InetSocketAddress;

/** By which a client's media goes. */
public sealed interface ClientWay {
  /** To the server's UDP candidate. */
  record Udp() implements ClientWay {}

  /** To the server's TCP candidate (RFC 6544). */
  record Tcp() implements ClientWay {}

  /**
   * By the pair that full ICE (RFC 8445) selects of this machine's candidates and the server's.
   *
   * @param udp whether UDP is tried beside TCP
   */
  record Full(boolean udp) implements ClientWay {}

  /**
   * Through a relay (RFC 8656), which is reached by TCP, to the server's UDP candidate.
   *
   * @param tls whether the connection to the relay is TLS
   */
  record Relay(InetSocketAddress relay, boolean tls, String username, String password)
      implements ClientWay {
    @Override
    public String toString() {
      return "Relay[" + relay + (tls ? ", TLS, " : ", ") + username + "]";
    }
  }
}
