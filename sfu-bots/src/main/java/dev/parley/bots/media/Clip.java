package dev.parley.bots.media;

import dev.parley.bots.client.VideoFormat;
import java.util.List;
import java.util.Optional;

/**
 * Recorded media, in packets.
 *
 * @param format of pictures; empty: sound
 * @param packets in the order of their times; of pictures the first begins a key frame
 * @param durationNanos after which it begins again
 * @param numbered whether the payloads have the descriptor of {@link ClipFile}, whose numbers go on
 *     from round to round
 */
public record Clip(
    Optional<VideoFormat> format, List<Packet> packets, long durationNanos, boolean numbered) {
  /**
   * One packet.
   *
   * @param keyStart whether a receiver can begin here
   * @param atNanos since the clip's beginning
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Packet(byte[] payload, boolean marker, boolean keyStart, long atNanos) {}

  public Clip {
    packets = List.copyOf(packets);
  }
}
