package dev.parley.bots.client;

import dev.parley.core.api.MediaKind;
import dev.parley.core.api.TrackSource;

/** Makes the packets of one published track when they are due. Owner's thread only. */
public sealed interface RtpSource permits OpusSource, Vp8Source {
  TrackSource trackSource();

  default MediaKind kind() {
    return trackSource().kind();
  }

  int ssrc();

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

  /** The RTP timestamp of a moment, for sender reports. */
  int timestampAt(long nowNanos);

  long packets();

  long payloadBytes();
}
