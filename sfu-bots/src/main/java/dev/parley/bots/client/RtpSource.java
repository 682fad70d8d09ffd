package dev.parley.bots.client;

import dev.parley.core.api.MediaKind;
import dev.parley.core.api.TrackSource;
import dev.parley.core.rtp.RtcpWriter;
import dev.parley.core.sdp.OfferParameters;
import java.util.List;

/** Makes the packets of one published track when they are due. Owner's thread only. */
public interface RtpSource {
  TrackSource trackSource();

  default MediaKind kind() {
    return trackSource().kind();
  }

  /** Of the track, or of its first encoding. */
  int ssrc();

  /** How the offer announces the track. */
  default OfferParameters.SendSection section() {
    return new OfferParameters.SendSection(kind(), ssrc() & 0xffff_ffffL);
  }

  /** Whether the track, or an encoding of it, is sent with this SSRC. */
  default boolean sends(int ssrc) {
    return ssrc == ssrc();
  }

  /** Begins, or goes on after a pause: the next packet is due now. */
  void start(long nowNanos);

  /** No packet is due until {@link #start}. */
  void pause();

  /** When {@link #poll} has a packet; {@code Long.MAX_VALUE}: never. */
  long nextTimeoutNanos();

  /**
   * Writes the next packet that is due.
   *
   * @param out at least 1500 bytes
   * @param mid of the section that carries the track; goes out as header extension
   * @return its length in bytes, or 0 when none is due
   */
  int poll(byte[] out, String mid, long nowNanos);

  /** A receiver cannot go on without a key frame. */
  void onKeyFrameRequest(long nowNanos);

  /**
   * A receiver misses packets (RFC 4585 section 6.2.1); what is still known is sent again with the
   * next {@link #poll}.
   *
   * @param followingMask which of the 16 packets behind the first are missing too, lowest bit first
   */
  default void onNack(int ssrc, int sequence16, int followingMask, long nowNanos) {
    // A source without a history repeats nothing.
  }

  /** Only these encodings are watched; the others may rest. A track without encodings goes on. */
  default void watched(List<String> rids, long nowNanos) {
    // There is one encoding, and no other to fall back on.
  }

  /** Adds a sender report for every stream that has sent something. */
  default void report(RtcpWriter writer, long ntp, long nowNanos) {
    if (packets() > 0) {
      writer.addSenderReport(ssrc(), ntp, timestampAt(nowNanos), packets(), payloadBytes());
    }
  }

  /** The RTP timestamp of a moment, for sender reports. */
  int timestampAt(long nowNanos);

  /** Media packets, without repetitions. */
  long packets();

  /** Packets sent again on request. */
  default long repeats() {
    return 0;
  }

  long payloadBytes();
}
