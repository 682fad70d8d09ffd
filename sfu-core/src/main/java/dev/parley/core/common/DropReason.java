package dev.parley.core.common;

/** Why a datagram or packet went no further. Each drop is counted under exactly one of these. */
public enum DropReason {
  UNKNOWN_ADDRESS("a packet that is not STUN came from an address no transport has proved to own"),
  UNKNOWN_UFRAG("a STUN request names a local ufrag that no transport has"),
  HANDOVER_FULL("a datagram of a session on another worker, while the queue there was full"),
  HANDOVER_STALE("a datagram handed over to a worker that its session had left again"),
  RELAY_FULL("an RTP packet for another wing of its room, while the queue there was full"),
  RELAY_STALE("an RTP packet from another wing of a room, of a track that had ended meanwhile"),
  NOT_A_PROTOCOL("the first byte is in no range of RFC 7983"),
  TRUNCATED("a datagram shorter than its header"),
  STUN_MALFORMED("STUN that does not parse, or lacks what a check must carry"),
  STUN_INTEGRITY("a STUN request whose MESSAGE-INTEGRITY or username is wrong"),
  STUN_UNEXPECTED("a STUN response or indication that answers nothing we asked"),
  DTLS_UNEXPECTED("a DTLS record after the transport closed"),
  DTLS_FLOOD("more DTLS records wait than the handshake's queue holds"),
  DTLS_BUSY("no handshake place was free; the client sends its flight again"),
  SRTP_NO_KEYS("an SRTP or SRTCP packet before the DTLS handshake was done"),
  SRTP_MALFORMED("an SRTP or SRTCP packet too short for its header and tag"),
  SRTP_AUTH("an SRTP or SRTCP packet whose authentication tag is wrong"),
  SRTP_REPLAY("an SRTP or SRTCP packet seen before, or older than the replay window"),
  SRTP_STREAMS("an SRTP packet of one synchronisation source too many"),
  RTP_MALFORMED("an authenticated RTP packet with a broken header or extension"),
  RTP_UNKNOWN_SSRC("an RTP packet whose SSRC, MID and RID name no negotiated section"),
  RTP_UNKNOWN_PAYLOAD("an RTP packet of a payload type that its section did not negotiate"),
  RTP_NOT_PUBLISHED("an RTP packet of a section whose track is not published or is muted"),
  RTP_PADDING_ONLY("an RTP packet without payload: a probe, not media"),
  RTP_TOO_OLD("an RTP packet from before the last switch, or far behind the newest"),
  REPAIR_UNKNOWN("a request to repeat a packet that was never sent or is long past"),
  REPAIR_LIMIT(
      "a request to repeat a packet that was repeated within the round trip, or one too many"),
  RTCP_MALFORMED("an authenticated RTCP packet that does not parse"),
  WAITING_FOR_KEY_FRAME("a video packet that a viewer cannot decode before the next key frame"),
  NOT_NEGOTIATED("a codec that this subscriber did not negotiate"),
  PACER_FULL("a packet to a subscriber whose network takes less than is sent, and too much waits"),
  NOT_CONNECTED("a packet to a subscriber whose transport is not ready yet"),
  TOO_LARGE("a datagram longer than an Ethernet frame carries, or that would be once protected"),
  SEND_FULL("the socket's send buffer was full"),
  SEND_ERROR("the operating system refused to send, for instance: network unreachable"),
  TCP_REFUSED("a TCP connection beyond the port's limit, or beyond that of one address"),
  TCP_CROWDED_OUT("the oldest TCP connection that had proved nothing, when the port was full"),
  TCP_FIRST_FRAME("a TCP connection that does not begin with a check for a session"),
  TCP_UNPROVED("a TCP connection from which no valid check came in time"),
  TCP_FRAME_LENGTH("a TCP connection with a frame longer than any packet is"),
  TCP_IDLE("a TCP connection from which nothing came for long"),
  TCP_STALLED("a TCP connection that took nothing for long"),
  TCP_QUEUE("a packet that a TCP connection did not take in time, or one too many for its queue"),
  TCP_GONE("a packet to a TCP connection that has closed"),
  TURN_MALFORMED("a message to the relay that does not parse, or that no client sends"),
  TURN_AMPLIFICATION("an answer of the relay to a stranger, much longer than the request"),
  TURN_NO_ALLOCATION("data through the relay where no allocation is open"),
  TURN_NO_CHANNEL("data through the relay on a channel that is not bound"),
  TURN_NO_PERMISSION("data through the relay without a permission for the peer"),
  TURN_PEER_FORBIDDEN("data through the relay to an address that is no media port of this server"),
  TURN_RATE("data through the relay beyond an allocation's bandwidth"),
  TURN_QUEUE_FULL("a packet between the relay and a worker, while the queue there was full"),
  TURN_WRITE_FULL("a packet to a relay's client whose connection takes no more"),
  TRANSPORT_FAULT("a broken invariant closed the transport that met it");

  private final String sentence;

  DropReason(String sentence) {
    this.sentence = sentence;
  }

  /** The name in metrics and logs, for instance {@code stun_integrity}. */
  public String id() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }

  public String sentence() {
    return sentence;
  }
}
