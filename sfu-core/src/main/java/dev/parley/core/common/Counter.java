package dev.parley.core.common;

/** What a worker counts besides drops. Totals since start. */
public enum Counter {
  DATAGRAMS_RECEIVED("datagrams read from the sockets"),
  BYTES_RECEIVED("payload bytes of the datagrams read"),
  DATAGRAMS_SENT("datagrams handed to the operating system"),
  BYTES_SENT("payload bytes of the datagrams sent"),
  READ_BATCHES("times the socket was found readable"),
  TCP_OPENED("TCP connections accepted for media"),
  TCP_CLOSED("TCP connections for media closed, by either side"),
  TCP_FRAMES_RECEIVED("packets read from TCP connections"),
  TCP_BYTES_RECEIVED("bytes read from TCP connections"),
  TCP_FRAMES_SENT("packets handed to TCP connections"),
  TCP_BYTES_SENT("bytes of the packets handed to TCP connections"),
  TCP_WRITES("writes to TCP connections, each of all that waited or as much as one takes"),
  SEND_CALLS("system calls that sent datagrams"),
  GSO_SENDS("messages that left as one segmented send of several datagrams"),
  GSO_DATAGRAMS("datagrams that left in segmented sends"),
  RTP_RECEIVED("authenticated RTP packets"),
  RTX_RECEIVED("retransmissions received from publishers"),
  RTX_SENT("packets sent again to subscribers"),
  PADDING_SENT("packets sent to subscribers only to learn what the network carries"),
  RTP_ROUTED("RTP packets of published tracks that reached the fan-out"),
  RTP_OFFERED("RTP packets offered to subscriptions by the fan-out, one for each of the track's"),
  RTP_FORWARDED("RTP packets sent to subscribers"),
  SILENCE_SPARED("audio packets not sent on, as they continue a long digital silence"),
  RTCP_RECEIVED("authenticated RTCP packets"),
  STUN_CHECKS("ICE connectivity checks answered"),
  ADDRESSES_ASKED("times media came from an unknown address, which was asked for its client"),
  ADDRESS_CHANGES("times a client was followed to a new address"),
  ICE_RESTARTS_ASKED("times a client asked for new ICE credentials"),
  ICE_RESTARTS("ICE restarts completed: a check with the new credentials was valid"),
  INTERRUPTIONS("times a connected client fell silent until consent expired"),
  RECOVERIES("times an interrupted client came back within the grace"),
  DTLS_COMPLETED("DTLS handshakes completed"),
  DTLS_FAILED("DTLS handshakes failed: an alert, a time-out or a wrong fingerprint"),
  NACKS_RECEIVED("packets that subscribers asked for again"),
  NACKS_SENT("packets that publishers were asked for again"),
  KEY_FRAMES_ASKED("key-frame requests by subscribers"),
  KEY_FRAMES_REQUESTED("key-frame requests sent to publishers after merging"),
  ROOM_SWITCHES("sessions that another room has taken over"),
  WORKER_MOVES("sessions that moved to another worker's thread for that"),
  WINGS_OPENED("wings of rooms opened; a room has one for each worker that it lives on"),
  WINGS_CLOSED("wings of rooms closed"),
  RTP_RELAYED("RTP packets that wings took over from another wing of their room"),
  DATAGRAMS_HANDED_OVER("datagrams handed over to the worker where their session lives"),
  TURN_ALLOCATIONS_OPENED("allocations of the relay opened"),
  TURN_ALLOCATIONS_CLOSED("allocations of the relay ended, by their client or by time"),
  TURN_BYTES_FROM_CLIENTS("payload bytes that the relay took from clients"),
  TURN_BYTES_TO_CLIENTS("payload bytes that the relay sent to clients"),
  TURN_CHALLENGES("requests to the relay without valid credentials, told the realm and a nonce"),
  TURN_STALE_NONCES("requests to the relay with an old nonce, told a new one"),
  TURN_REFUSED("requests to the relay refused for what they ask"),
  TURN_CONNECTIONS_OPENED("TCP and TLS connections to the relay"),
  TURN_CONNECTIONS_CLOSED("TCP and TLS connections to the relay that have ended"),
  TURN_CONNECTIONS_REFUSED("connections to the relay closed at once, as one address had too many"),
  TURN_CONNECTIONS_UNPROVEN(
      "connections to the relay closed for want of an allocation: too slow, or too many of them"),
  TURN_CONNECTIONS_BROKEN("connections to the relay closed for bytes that are no TURN message"),
  RECEIVE_OVERFLOWS("datagrams the system dropped, as a worker had no time to read them"),
  SHED_STEPS("steps by which a worker left video out for want of time, 64 of them a level"),
  RESTORED_STEPS("steps taken back by which a worker had left video out"),
  TRANSPORTS_OPENED("transports opened"),
  TRANSPORTS_CLOSED("transports closed");

  private final String sentence;

  Counter(String sentence) {
    this.sentence = sentence;
  }

  /** The name in metrics, for instance {@code rtp_forwarded}. */
  public String id() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }

  public String sentence() {
    return sentence;
  }
}
