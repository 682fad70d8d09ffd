package dev.parley.core.codec;

import dev.parley.core.common.HotPath;
import dev.parley.core.rtp.RtpPacket;

/**
 * AV1 (AV1 RTP specification, section 4): layers by the dependency descriptor, which stands in a
 * header extension; without it one layer, by the aggregation header.
 */
final class Av1Payload extends VideoPayload {
  /** The aggregation header's N: the first packet of a coded video sequence. */
  private static final int NEW_SEQUENCE = 0x08;

  private final int extensionId;
  private final FrameStructure structure;
  private final DependencyDescriptor descriptor;
  private boolean described;
  private boolean begun;
  private int timestamp;

  /** {@code extensionId}: of the dependency descriptor, 0 when it was not negotiated. */
  Av1Payload(int extensionId) {
    this.extensionId = extensionId;
    this.structure = new FrameStructure();
    this.descriptor = new DependencyDescriptor(structure, structure);
  }

  /** A reader of the past, whose structures are not the stream's latest. */
  private Av1Payload(Av1Payload stream) {
    this.extensionId = stream.extensionId;
    this.structure = new FrameStructure();
    this.descriptor = new DependencyDescriptor(stream.structure, structure);
  }

  @Override
  public VideoPayload sibling() {
    return new Av1Payload(this);
  }

  @Override
  @HotPath
  public void follow(VideoPayload other, byte[] copy, int shift) {
    super.follow(other, copy, shift);
    Av1Payload like = (Av1Payload) other;
    described = like.described;
    descriptor.follow(like.descriptor, copy, shift);
  }

  /** The stream has one structure, which the next one overwrites. */
  @Override
  @HotPath
  public boolean renews(RtpPacket packet) {
    int found = extensionId == 0 ? -1 : packet.extension(extensionId);
    return found >= 0
        && DependencyDescriptor.startsStructure(packet.bytes(), found >>> 8, found & 0xff);
  }

  @Override
  @HotPath
  public boolean read(RtpPacket packet) {
    if (packet.payloadBytes() == 0) {
      return false;
    }
    int found = extensionId == 0 ? -1 : packet.extension(extensionId);
    described = found >= 0;
    if (described) {
      if (!descriptor.read(packet.bytes(), found >>> 8, found & 0xff)) {
        return false;
      }
      frameStart = descriptor.frameStart();
      frameEnd = descriptor.frameEnd();
      spatialId = descriptor.spatialId();
      temporalId = descriptor.temporalId();
      keyFrameStart = frameStart && descriptor.startsStructure() && spatialId == 0;
      if (descriptor.startsStructure()) {
        for (int i = 0; i < structure.spatialLayers(structure.allTargets()); i++) {
          size(i, structure.width(i), structure.height(i));
        }
      }
      if (descriptor.known()) {
        layers(descriptor.spatialLayers(), descriptor.temporalLayers());
      }
    } else {
      frameStart = !begun || packet.timestamp() != timestamp;
      frameEnd = packet.marker();
      spatialId = 0;
      temporalId = 0;
      keyFrameStart = (packet.bytes()[packet.payloadOffset()] & NEW_SEQUENCE) != 0;
    }
    begun = true;
    timestamp = packet.timestamp();
    return true;
  }

  @Override
  @HotPath
  public boolean neededFor(int spatial, int temporal) {
    return !described
        || !descriptor.known()
        || descriptor.indication(spatial, temporal) != FrameStructure.NOT_PRESENT;
  }

  @Override
  @HotPath
  public boolean canRaiseTemporal(int spatial, int from, int to) {
    return keyFrameStart
        || (described
            && descriptor.known()
            && neededFor(spatial, from)
            && descriptor.indication(spatial, to) == FrameStructure.SWITCH);
  }

  /** The frame's number. */
  @Override
  @HotPath
  public int pictureId() {
    return described ? descriptor.frameNumber() : -1;
  }

  @Override
  @HotPath
  public int pictureIdModulus() {
    return described ? 1 << 16 : 0;
  }

  @Override
  @HotPath
  public boolean pictureIdsMayJump() {
    // A frame names those it needs by the distance of their numbers.
    return true;
  }

  @Override
  @HotPath
  public int descriptorBytes(int spatial, int temporal, boolean limited) {
    return described ? descriptor.lengthBytes(spatial, temporal, limited) : 0;
  }

  @Override
  @HotPath
  public void writeDescriptor(
      byte[] out, int at, int newPictureId, int spatial, int temporal, boolean limited) {
    descriptor.write(out, at, newPictureId, spatial, temporal, limited);
  }
}
