package dev.parley.core.api;

import java.util.List;

/**
 * What the server measures of one participant at one time.
 *
 * @param atMs milliseconds since 1970
 * @param connected whether media may flow now
 * @param path as {@link MediaSession.Pair#transport()}; empty before there is one
 * @param level as {@link MediaSession.Listener#onQuality}; {@link #UNKNOWN} before it is measured
 * @param jitterMs of audio, the worse of both directions (RFC 3550 section 6.4.1)
 * @param lossDown the share of what it is sent that is lost of late, 0 to 1
 * @param packetsReceived of what it publishes now, all layers; {@code packetsLost} did not come at
 *     first, repaired or not; {@code bytesReceived} without headers. Smaller than before when a
 *     track has ended
 * @param bytesSent without headers
 * @param estimateBps what its network takes; {@link #UNKNOWN} before anything is known of it
 * @param allocatedBps what it is given of {@code wantedBps}, which is all that it asks to see
 */
public record MediaSample(
    String roomId,
    String participantId,
    long atMs,
    boolean connected,
    String path,
    int level,
    double roundTripMs,
    double jitterMs,
    double lossDown,
    long packetsReceived,
    long packetsLost,
    long bytesReceived,
    long bytesSent,
    long estimateBps,
    long allocatedBps,
    long wantedBps,
    List<Shown> shown,
    List<Switch> switches) {
  public static final long UNKNOWN = -1;

  public MediaSample {
    shown = List.copyOf(shown);
    switches = List.copyOf(switches);
  }

  /**
   * A slot in use.
   *
   * @param participantId whose track
   * @param quality empty (all 0) for audio and for what is paused
   * @param reason why it is this quality and no higher one: {@code view bandwidth server muted
   *     speaker}
   */
  public record Shown(
      String mid,
      String participantId,
      TrackSource source,
      boolean live,
      Picture quality,
      String reason) {}

  /**
   * A quality of video.
   *
   * @param spatial from 0, the smallest; {@link Picture#NONE}: nothing is shown
   * @param height in pixels, 0 while it is not known
   */
  public record Picture(int spatial, int temporal, int height) {
    public static final Picture NONE = new Picture(-1, -1, 0);
  }

  /**
   * A slot was given another quality.
   *
   * @param participantId whose track
   * @param reason as in {@link Shown}
   * @param estimateBps at that time, or {@link #UNKNOWN}
   */
  public record Switch(
      long atMs,
      String mid,
      String participantId,
      TrackSource source,
      Picture from,
      Picture to,
      String reason,
      long estimateBps) {}
}
