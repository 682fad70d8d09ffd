package dev.parley.bots.bot;

import dev.parley.bots.client.ClientEvents;
import dev.parley.bots.measure.Measurements;
import dev.parley.bots.measure.Metric;
import dev.parley.core.api.MediaKind;
import java.util.function.Consumer;

/** Measures what a client tells of its media. Loop's thread only. */
record MediaEvents(Measurements measured, Consumer<String> failed) implements ClientEvents {
  /** What is neither ICE nor the relay. */
  static final String MEDIA_FAILED = "media_failed";

  @Override
  public void onLatency(MediaKind kind, long nanos) {
    measured.time(kind == MediaKind.VIDEO ? Metric.LATENCY_VIDEO : Metric.LATENCY_AUDIO, nanos);
  }

  @Override
  public void onKeyFrame(long waitedNanos) {
    measured.time(Metric.PICTURE_WAIT, waitedNanos);
  }

  @Override
  public void onFreeze(long nanos) {
    measured.time(Metric.FREEZE, nanos);
  }

  @Override
  public void onLayerChange() {
    measured.count(Metric.LAYER_SWITCHES, 1);
  }

  @Override
  public void onFailed(String reason) {
    failed.accept(
        reason.startsWith("ICE")
            ? "ice_failed"
            : reason.startsWith("relay") ? "relay_refused" : MEDIA_FAILED);
  }
}
