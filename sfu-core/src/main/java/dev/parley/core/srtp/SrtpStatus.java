package dev.parley.core.srtp;

import dev.parley.core.common.DropReason;

/** The negative results of {@link SrtpReceiver} and {@link SrtpSender}. */
public final class SrtpStatus {
  /** The authentication tag is wrong; the packet is as it came. */
  public static final int AUTH_FAILED = -1;

  /** The packet index was seen before, or lies behind the replay window. */
  public static final int REPLAYED = -2;

  /** Not version 2, or too short for its header, tag and index; or longer than 8 KB. */
  public static final int MALFORMED = -3;

  /** One synchronisation source more than the bound; nothing was decrypted. */
  public static final int TOO_MANY_STREAMS = -4;

  /**
   * Sender only: this packet index was protected before (or is too old to know), and sealing it
   * again under AES-GCM would use a nonce twice, which gives the authentication key away (RFC 7714
   * section 8.1). Retransmissions belong into an RTX stream (RFC 4588).
   */
  public static final int INDEX_REUSED = -5;

  /** The cipher refused; a broken installation rather than a bad packet. */
  public static final int CIPHER_FAILED = -6;

  private SrtpStatus() {}

  /** The reason under which a packet with this negative result is counted. */
  public static DropReason dropReason(int status) {
    return switch (status) {
      case AUTH_FAILED -> DropReason.SRTP_AUTH;
      case REPLAYED -> DropReason.SRTP_REPLAY;
      case TOO_MANY_STREAMS -> DropReason.SRTP_STREAMS;
      case MALFORMED -> DropReason.SRTP_MALFORMED;
      default -> DropReason.TRANSPORT_FAULT;
    };
  }
}
