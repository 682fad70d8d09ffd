package dev.parley.core.api;

import java.util.concurrent.CompletionStage;

/** A capture that is going on, until it is full, its session closes, or it is ended. Any thread. */
public interface PacketCapture {
  /**
   * What one may take.
   *
   * @param mostBytes of the file; what comes later is left out
   * @param payloadBytes of each RTP packet's payload; 0: headers only, and no word of the call
   */
  record Bounds(int mostBytes, int payloadBytes) {
    public Bounds {
      if (mostBytes < 1024 || payloadBytes < 0) {
        throw new IllegalArgumentException(
            "a capture takes at least 1024 bytes and no negative payload: "
                + mostBytes
                + ", "
                + payloadBytes);
      }
    }
  }

  /** Completes when no more is taken, since it is full. */
  CompletionStage<Void> full();

  /**
   * Ends it.
   *
   * @return a pcap file of IPv4 and UDP: the server is 192.0.2.1, the participant 192.0.2.2, and
   *     RTP and RTCP are in the clear at port 5004 of both
   */
  CompletionStage<byte[]> end();
}
