package dev.parley.core.subscriber;

/**
 * One quality a source offers, as the allocator sees it.
 *
 * @param spatial index of the simulcast encoding or spatial layer, 0 the smallest
 * @param temporal index of the temporal layer, 0 the slowest
 * @param bitsPerSecond as measured on the wire, with every lower layer it needs; 0: not sent now
 * @param height in pixels; 0: unknown
 * @param framesPerSecond 0: unknown
 */
public record Quality(
    int spatial, int temporal, long bitsPerSecond, int height, double framesPerSecond) {
  public Quality {
    if (spatial < 0 || temporal < 0 || bitsPerSecond < 0 || height < 0) {
      throw new IllegalArgumentException(
          "a quality has no negative number, this one has: spatial %d, temporal %d, %d bit/s, %d pixels"
              .formatted(spatial, temporal, bitsPerSecond, height));
    }
  }

  /** Spatial layers first, then temporal ones. */
  static int compare(int spatialA, int temporalA, int spatialB, int temporalB) {
    return spatialA != spatialB
        ? Integer.compare(spatialA, spatialB)
        : Integer.compare(temporalA, temporalB);
  }
}
