package dev.parley.core.codec;

import dev.parley.core.common.HotPath;
import dev.parley.core.rtp.RtpPacket;

/**
 * What a video packet says of itself: frames, key frames, layers, picture numbers. One instance a
 * stream, moved from packet to packet. Worker's thread only.
 */
public abstract class VideoPayload {
  private static final int LAYERS = 8;

  private final int[] widths = new int[LAYERS];
  private final int[] heights = new int[LAYERS];
  private int spatialLayers = 1;
  private int temporalLayers = 1;

  // Of the packet read last; set by the codec.
  boolean keyFrameStart;
  boolean frameStart;
  boolean frameEnd;
  int spatialId;
  int temporalId;

  /**
   * A reader for a codec that has pictures.
   *
   * @param descriptorId of the dependency descriptor's header extension, or 0
   */
  public static VideoPayload of(Codec codec, int descriptorId) {
    return switch (codec) {
      case VP8 -> new Vp8Payload();
      case VP9 -> new Vp9Payload();
      case H264 -> new H264Payload();
      case AV1 -> new Av1Payload(descriptorId);
      case OPUS, RED -> throw new IllegalArgumentException(codec + " has no pictures");
    };
  }

  /** A reader of other packets of the same stream, which does not disturb this one. */
  public abstract VideoPayload sibling();

  /**
   * Moves the view to a packet, which it borrows until the next call.
   *
   * @return false when the payload is malformed; the other methods mean nothing then
   */
  @HotPath
  public abstract boolean read(RtpPacket packet);

  /**
   * Shows what {@code other}, a reader of the same stream, shows now.
   *
   * @param copy the packet's bytes once more; borrowed until the next call
   * @param shift how much further the packet stands there than in the array of the other reader
   */
  @HotPath
  public void follow(VideoPayload other, byte[] copy, int shift) {
    keyFrameStart = other.keyFrameStart;
    frameStart = other.frameStart;
    frameEnd = other.frameEnd;
    spatialId = other.spatialId;
    temporalId = other.temporalId;
    spatialLayers = other.spatialLayers;
    temporalLayers = other.temporalLayers;
  }

  /**
   * Whether reading this packet would change what was said of those before it, so that no reader
   * can {@link #follow} to them any more.
   */
  @HotPath
  public boolean renews(RtpPacket packet) {
    return false;
  }

  /** Whether a receiver can begin here: the first packet of a key frame, of its lowest layer. */
  @HotPath
  public final boolean keyFrameStart() {
    return keyFrameStart;
  }

  /** Whether a frame of a layer begins with this packet. */
  @HotPath
  public final boolean frameStart() {
    return frameStart;
  }

  /** Whether a frame of a layer ends with this packet. */
  @HotPath
  public final boolean frameEnd() {
    return frameEnd;
  }

  @HotPath
  public final int spatialId() {
    return spatialId;
  }

  @HotPath
  public final int temporalId() {
    return temporalId;
  }

  /** As announced or seen so far, at least 1. */
  @HotPath
  public int spatialLayers() {
    return spatialLayers;
  }

  /** As announced or seen so far, at least 1. */
  @HotPath
  public int temporalLayers() {
    return temporalLayers;
  }

  /** Of the largest picture in pixels, 0 while it is not known. */
  public int width() {
    return widths[spatialLayers - 1];
  }

  /** Of the largest picture in pixels, 0 while it is not known. */
  public int height() {
    return heights[spatialLayers - 1];
  }

  /** Of a spatial layer in pixels, 0 while it is not known. */
  public int heightOf(int spatial) {
    return heights[spatial];
  }

  @HotPath
  final void size(int spatial, int width, int height) {
    widths[spatial] = width;
    heights[spatial] = height;
  }

  @HotPath
  final void layers(int spatial, int temporal) {
    spatialLayers = Math.max(1, Math.min(spatial, LAYERS));
    temporalLayers = Math.max(temporalLayers, Math.min(temporal, LAYERS));
  }

  /** Whether a receiver that is shown these layers and those below needs the packet. */
  @HotPath
  public boolean neededFor(int spatial, int temporal) {
    return spatialId <= spatial && temporalId <= temporal;
  }

  /**
   * Whether a receiver of some temporal layers may be shown more of them from this frame on.
   *
   * @param spatial the highest spatial layer it is shown
   * @param from the highest temporal layer so far
   * @param to the one that is wanted
   */
  @HotPath
  public boolean canRaiseTemporal(int spatial, int from, int to) {
    return keyFrameStart;
  }

  /** Whether a receiver may be shown other spatial layers from this frame on. */
  @HotPath
  public boolean canChangeSpatial() {
    return keyFrameStart;
  }

  /** 7, 15 or 16 bits, or -1 when there is none. */
  @HotPath
  public int pictureId() {
    return -1;
  }

  /** The number of values a picture id takes here: 128, 32768 or 65536; 0 when there is none. */
  @HotPath
  public int pictureIdModulus() {
    return 0;
  }

  /** Whether a receiver puts up with gaps in the picture ids; else those left out are closed up. */
  @HotPath
  public boolean pictureIdsMayJump() {
    return false;
  }

  /** The running index of frames of the lowest temporal layer, 8 bits, or -1 when there is none. */
  @HotPath
  public int tl0PicIdx() {
    return -1;
  }

  /**
   * Writes other numbers into a copy of the payload read last, in the same widths.
   *
   * @param copyOffset where the copied payload begins in {@code out}
   */
  @HotPath
  public void rewrite(byte[] out, int copyOffset, int newPictureId, int newTl0) {
    // A codec without numbers has nothing to rewrite.
  }

  /**
   * The length of the dependency descriptor for a receiver of these layers, in bytes; 0 when the
   * packet has none.
   *
   * @param limited whether it has been told of fewer layers than there are since the last key
   *     frame: then each says which there are
   */
  @HotPath
  public int descriptorBytes(int spatial, int temporal, boolean limited) {
    return 0;
  }

  /** Writes {@link #descriptorBytes} bytes; the picture id is the frame's number. */
  @HotPath
  public void writeDescriptor(
      byte[] out, int at, int newPictureId, int spatial, int temporal, boolean limited) {
    // A codec that describes itself in its payload has no other descriptor.
  }
}
