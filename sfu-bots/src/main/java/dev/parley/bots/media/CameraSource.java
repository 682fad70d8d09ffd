package dev.parley.bots.media;

import dev.parley.bots.client.RtpSource;
import dev.parley.bots.client.VideoFormat;
import dev.parley.core.api.TrackSource;
import dev.parley.core.rtp.RtcpWriter;
import dev.parley.core.sdp.OfferParameters;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGenerator.SplittableGenerator;

/**
 * A camera, in several encodings at once (simulcast) as browsers send it. One request renews all
 * encodings, with the next frame. What nobody watches rests. Owner's thread only.
 */
public final class CameraSource implements RtpSource {
  private static final long MOST_BEHIND_NANOS = 100_000_000;

  private final TrackSource source;
  private final List<CameraLayer> layers = new ArrayList<>();
  private final long frameNanos;
  private long frameDueNanos = Long.MAX_VALUE;

  /**
   * @param source the camera or the screen
   * @param encodings the smallest picture first, at least one, of one frame rate
   * @param key of the run's stamps
   */
  public CameraSource(
      TrackSource source,
      VideoFormat format,
      List<Encoding> encodings,
      int key,
      TransportNumbers numbers,
      SplittableGenerator random) {
    this.source = source;
    for (Encoding encoding : encodings) {
      RandomGenerator own = random.split();
      layers.add(
          new CameraLayer(encoding, PayloadWriter.of(format), layers.size(), key, numbers, own));
    }
    this.frameNanos = (long) (1e9 / encodings.getFirst().framesPerSecond());
  }

  @Override
  public TrackSource trackSource() {
    return source;
  }

  @Override
  public int ssrc() {
    return layers.getFirst().ssrc();
  }

  @Override
  public OfferParameters.SendSection section() {
    CameraLayer first = layers.getFirst();
    return layers.size() == 1
        ? new OfferParameters.SendSection(kind(), first.ssrc(), first.rtxSsrc())
        : OfferParameters.SendSection.simulcast(
            layers.stream().map(l -> l.encoding().rid()).toList());
  }

  @Override
  public boolean sends(int ssrc) {
    return layers.stream().anyMatch(l -> l.ssrc() == ssrc);
  }

  @Override
  public void start(long nowNanos) {
    frameDueNanos = nowNanos;
  }

  @Override
  public void pause() {
    frameDueNanos = Long.MAX_VALUE;
    layers.forEach(CameraLayer::pause);
  }

  @Override
  public long nextTimeoutNanos() {
    return hasPacket() ? Long.MIN_VALUE : frameDueNanos;
  }

  private boolean hasPacket() {
    for (CameraLayer layer : layers) {
      if (layer.hasPacket()) {
        return true;
      }
    }
    return false;
  }

  @Override
  public int poll(byte[] out, String mid, long nowNanos) {
    if (nowNanos >= frameDueNanos && !hasPacket()) {
      for (CameraLayer layer : layers) {
        layer.capture(nowNanos);
      }
      frameDueNanos = Math.max(frameDueNanos + frameNanos, nowNanos - MOST_BEHIND_NANOS);
    }
    for (CameraLayer layer : layers) {
      if (layer.hasPacket()) {
        return layer.write(out, mid, nowNanos);
      }
    }
    return 0;
  }

  @Override
  public void onKeyFrameRequest(long nowNanos) {
    layers.forEach(CameraLayer::wantKeyFrame);
  }

  @Override
  public void onNack(int ssrc, int sequence16, int followingMask, long nowNanos) {
    for (CameraLayer layer : layers) {
      if (layer.ssrc() == ssrc) {
        layer.onNack(sequence16, followingMask);
      }
    }
  }

  @Override
  public void watched(List<String> rids, long nowNanos) {
    layers.forEach(l -> l.rest(layers.size() > 1 && !rids.contains(l.encoding().rid())));
  }

  @Override
  public void report(RtcpWriter writer, long ntp, long nowNanos) {
    for (CameraLayer layer : layers) {
      if (layer.packets() > 0) {
        writer.addSenderReport(
            layer.ssrc(), ntp, layer.timestampAt(nowNanos), layer.packets(), layer.payloadBytes());
      }
    }
  }

  @Override
  public int timestampAt(long nowNanos) {
    return layers.getFirst().timestampAt(nowNanos);
  }

  @Override
  public long packets() {
    return layers.stream().mapToLong(CameraLayer::packets).sum();
  }

  @Override
  public long repeats() {
    return layers.stream().mapToLong(CameraLayer::repeats).sum();
  }

  @Override
  public long payloadBytes() {
    return layers.stream().mapToLong(CameraLayer::payloadBytes).sum();
  }

  /** Key frames begun, of all encodings. */
  public long keyFrames() {
    return layers.stream().mapToLong(CameraLayer::keyFrames).sum();
  }
}
