package dev.parley.bots.client;

import dev.parley.core.codec.VideoPayload;
import dev.parley.core.rtp.RtpPacket;
import dev.parley.core.rtp.SequenceUnwrapper;

/**
 * What arrives with one SSRC. Sequence numbers are in the clear, so every packet counts; only a
 * sample needs to be decrypted. Owner's thread only.
 */
public final class ReceivedStream {
  private final int ssrc;
  private final boolean video;
  private final SequenceUnwrapper unwrapper = new SequenceUnwrapper();
  private long first;
  private long highest = -1;
  private long packets;
  private long bytes;
  private long reordered;
  private long decrypted;
  private long undecryptable;
  private long keyFrames;
  private long keyFrameStarts;
  private int width;
  private int height;
  private boolean collecting;
  private long nextOfKeyFrame;
  private int keyFrameTimestamp;
  private int lastPictureId = -1;
  private long pictureJumps;
  private long lastSequence;
  private int lastCsrc;

  ReceivedStream(int ssrc, boolean video) {
    this.ssrc = ssrc;
    this.video = video;
  }

  /** Counts a packet by its header; {@code csrc} is its first contributing source, or 0. */
  void onPacket(int sequence16, int csrc, int lengthBytes) {
    lastCsrc = csrc;
    lastSequence = unwrapper.unwrap(sequence16);
    if (packets == 0) {
      first = lastSequence;
    } else if (lastSequence <= highest) {
      reordered++;
    }
    highest = unwrapper.highest();
    packets++;
    bytes += lengthBytes;
  }

  /**
   * Reads the packet counted last.
   *
   * @return whether it completes a key frame of which every packet was read
   */
  boolean onPlain(RtpPacket packet, VideoPayload vp8) {
    decrypted++;
    if (!video || !vp8.read(packet)) {
      return false;
    }
    int pictureId = vp8.pictureId();
    if (lastPictureId >= 0
        && pictureId != lastPictureId
        && (pictureId - lastPictureId & vp8.pictureIdModulus() - 1) != 1) {
      pictureJumps++;
    }
    lastPictureId = pictureId;
    if (vp8.keyFrameStart()) {
      keyFrameStarts++;
      collecting = true;
      keyFrameTimestamp = packet.timestamp();
      width = vp8.width();
      height = vp8.height();
    } else if (collecting
        && (lastSequence != nextOfKeyFrame || packet.timestamp() != keyFrameTimestamp)) {
      collecting = false;
    }
    nextOfKeyFrame = lastSequence + 1;
    if (collecting && packet.marker()) {
      collecting = false;
      keyFrames++;
      return true;
    }
    return false;
  }

  void onUndecryptable() {
    undecryptable++;
  }

  /** Whether the next packet has to be read to find the first whole key frame. */
  boolean wantsKeyFrame() {
    return video && keyFrames == 0;
  }

  public int ssrc() {
    return ssrc;
  }

  public boolean video() {
    return video;
  }

  public long packets() {
    return packets;
  }

  /** Who sent the packet counted last, as the server numbers its participants. */
  public int lastCsrc() {
    return lastCsrc;
  }

  /** Of the protected packets. */
  public long bytes() {
    return bytes;
  }

  /** Numbers between the first and the highest that did not arrive. */
  public long lost() {
    return packets == 0 ? 0 : Math.max(0, highest - first + 1 - packets);
  }

  /** Packets that came behind a later one, or twice. */
  public long reordered() {
    return reordered;
  }

  /** The highest number, counting wraps; for report blocks. */
  long highest() {
    return highest;
  }

  /** Packets that were decrypted and read. */
  public long decrypted() {
    return decrypted;
  }

  /** Packets that should have been read and did not authenticate. */
  public long undecryptable() {
    return undecryptable;
  }

  /** Whole key frames, among the packets that were read. */
  public long keyFrames() {
    return keyFrames;
  }

  /** Key frames of which at least the beginning was read. */
  public long keyFrameStarts() {
    return keyFrameStarts;
  }

  /** Picture ids that did not follow on the one read before; means something only if all are. */
  public long pictureJumps() {
    return pictureJumps;
  }

  /** In pixels, of the last key frame. */
  public int width() {
    return width;
  }

  /** In pixels, of the last key frame. */
  public int height() {
    return height;
  }
}
