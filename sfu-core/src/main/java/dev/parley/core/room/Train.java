package dev.parley.core.room;

import dev.parley.core.codec.VideoPayload;
import dev.parley.core.common.HotPath;
import dev.parley.core.publisher.Layer;
import dev.parley.core.rtp.RtpPacket;
import org.jspecify.annotations.Nullable;

/**
 * The packets of one video track that one batch brought, for a crowd of viewers: each few viewers
 * are sent all of them before the next few. What one viewer's packets need (keys, numbers, what was
 * sent) is fetched into the processor's cache once for all of them, and they lie together in the
 * send slab, to leave as one segmented send. Worker's thread only.
 */
final class Train {
  /** From so many viewers on a train is worth its copy of each packet. */
  static final int WORTH_VIEWERS = 32;

  /** So many viewers are sent the packets before the next ones are: what fits the cache. */
  static final int TOGETHER = 16;

  private static final int MOST_PACKETS = 32;
  private static final int MOST_BYTES = 1536;

  private static final class Car {
    final byte[] bytes = new byte[MOST_BYTES];
    final RtpPacket packet = new RtpPacket();
    @Nullable Layer layer;
    @Nullable VideoPayload reader;
    long picture;
    long sequence;
    long arrivedNanos;
  }

  private final Car[] cars = new Car[MOST_PACKETS];
  private int size;

  /**
   * Copies the packet that the layer has just read.
   *
   * @return false when there is no room for it
   */
  @HotPath
  boolean take(Layer layer, RtpPacket packet, long sequence, long nowNanos) {
    VideoPayload video = layer.payload();
    int at = packet.offset();
    if (video == null || size == MOST_PACKETS || packet.plainBytes() > MOST_BYTES) {
      return false;
    }
    Car car = cars[size];
    if (car == null) {
      car = add();
    }
    VideoPayload reader = car.reader;
    if (reader == null || reader.getClass() != video.getClass()) {
      reader = replace(car, video);
    }
    car.layer = layer;
    System.arraycopy(packet.bytes(), at, car.bytes, 0, packet.plainBytes());
    if (!car.packet.wrapPlain(car.bytes, 0, packet.plainBytes())) {
      return false;
    }
    reader.follow(video, car.bytes, -at);
    car.picture = layer.picture();
    car.sequence = sequence;
    car.arrivedNanos = nowNanos;
    size++;
    return true;
  }

  private Car add() {
    Car car = new Car();
    cars[size] = car;
    return car;
  }

  private static VideoPayload replace(Car car, VideoPayload like) {
    VideoPayload reader = like.sibling();
    car.reader = reader;
    return reader;
  }

  @HotPath
  int size() {
    return size;
  }

  /** Lets the packet's layer show it as when it came. */
  @HotPath
  Layer show(int index) {
    Car car = cars[index];
    Layer layer = car.layer;
    VideoPayload reader = car.reader;
    if (layer == null || reader == null) {
      throw new IllegalStateException("an empty car");
    }
    layer.show(reader, car.picture);
    return layer;
  }

  @HotPath
  RtpPacket packet(int index) {
    return cars[index].packet;
  }

  @HotPath
  long sequence(int index) {
    return cars[index].sequence;
  }

  @HotPath
  long nanos(int index) {
    return cars[index].arrivedNanos;
  }

  /** All have left. */
  @HotPath
  void clear() {
    for (int i = 0; i < size; i++) {
      Layer layer = cars[i].layer;
      if (layer != null) {
        layer.showLatest();
      }
    }
    size = 0;
  }
}
