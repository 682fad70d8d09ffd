package dev.parley.core.room;

import dev.parley.core.publisher.Layer;
import dev.parley.core.publisher.PublishedTrack;
import dev.parley.core.subscriber.Quality;
import java.util.ArrayList;
import java.util.List;

/**
 * What a published track can be shown in now, as the allocator sees it: simulcast encodings and
 * spatial layers alike count as spatial steps, the smallest first. Worker's thread only.
 */
final class Ladder {
  private final PublishedTrack track;

  /** The source names its encodings from the largest down. */
  private boolean reversed;

  private List<Quality> qualities = List.of();

  /**
   * What another wing of the room is told, where not all of the track arrives.
   *
   * @param reversed the source names its encodings from the largest down
   */
  record Told(List<Quality> qualities, boolean reversed) {}

  Ladder(PublishedTrack track) {
    this.track = track;
  }

  void update(long nowNanos) {
    learnOrder();
    List<Quality> all = new ArrayList<>();
    for (int step = 0; step < track.layers(); step++) {
      Layer layer = track.layer(layerOf(step));
      boolean offered = layer.available(nowNanos);
      for (int spatial = 0; spatial < layer.spatialLayers(); spatial++) {
        for (int temporal = 0; temporal < layer.temporalLayers(); temporal++) {
          all.add(
              new Quality(
                  step + spatial,
                  temporal,
                  offered ? layer.bitsPerSecond(spatial, temporal) : 0,
                  layer.heightOf(spatial),
                  layer.framesPerSecond(temporal)));
        }
      }
    }
    qualities = all;
  }

  /** As of the last update. */
  Told told() {
    return new Told(qualities, reversed);
  }

  /** Takes the place of {@link #update} for a copy. */
  void take(Told told) {
    qualities = told.qualities();
    reversed = told.reversed();
  }

  private void learnOrder() {
    int first = track.layer(0).heightOf(0);
    int last = track.layer(track.layers() - 1).heightOf(0);
    if (first > 0 && last > 0) {
      reversed = first > last;
    }
  }

  /** Spatial steps up, then temporal ones. */
  List<Quality> qualities() {
    return qualities;
  }

  /** The track's layer of a spatial step. */
  int layerOf(int step) {
    int layers = track.layers();
    if (layers == 1) {
      return 0;
    }
    return reversed ? layers - 1 - step : step;
  }

  /** The spatial layer inside it. */
  int spatialOf(int step) {
    return track.layers() == 1 ? step : 0;
  }
}
