package dev.parley.bots.client;

import dev.parley.core.api.TrackSource;
import java.util.random.RandomGenerator;

/**
 * A camera: frames of equal size at a steady rate, with the payload descriptor of RFC 7741 (15-bit
 * picture id, TL0PICIDX, one temporal layer) and a proper frame tag; key frames begin with start
 * code, width and height (RFC 6386 section 9.1). What follows is noise: an SFU routes it, a decoder
 * would refuse it.
 */
public final class Vp8Source implements RtpSource {
  /**
   * The shape of the video.
   *
   * @param framesPerSecond at least 1
   * @param packetsPerFrame and {@code packetsPerKeyFrame}, all of one length
   * @param payloadBytes of each packet, descriptor included
   * @param keyFramesAtOnce whether a request is answered between two frames, without waiting for
   *     the next as a camera would
   */
  public record Shape(
      double framesPerSecond,
      int packetsPerFrame,
      int packetsPerKeyFrame,
      int payloadBytes,
      int width,
      int height,
      boolean keyFramesAtOnce) {
    public Shape {
      if (framesPerSecond < 1 || packetsPerFrame < 1 || packetsPerKeyFrame < 1) {
        throw new IllegalArgumentException(
            "%s frames a second of %d and %d packets: all must be 1 or more"
                .formatted(framesPerSecond, packetsPerFrame, packetsPerKeyFrame));
      }
      if (payloadBytes < SMALLEST_PAYLOAD || payloadBytes > LARGEST_PAYLOAD) {
        throw new IllegalArgumentException(
            "a payload of %d bytes: use %d to %d"
                .formatted(payloadBytes, SMALLEST_PAYLOAD, LARGEST_PAYLOAD));
      }
    }

    /** 640 × 360 at 30 frames a second, some 1 Mbit/s. */
    public static Shape camera() {
      return new Shape(30, 4, 12, 1100, 640, 360, true);
    }
  }

  private static final int DESCRIPTOR_BYTES = 6;

  /** Descriptor and the header of a key frame. */
  public static final int SMALLEST_PAYLOAD = DESCRIPTOR_BYTES + 10;

  /** What the server forwards after adding CSRC and extensions, in an Ethernet frame. */
  public static final int LARGEST_PAYLOAD = 1400;

  private static final int CLOCK_RATE_KHZ = 90;
  private static final long MOST_BEHIND_NANOS = 100_000_000;
  private static final int SCALE_FREE = 0x3fff;

  private final Shape shape;
  private long frameNanos;
  private final int ssrc;
  private final byte[] noise;
  private final int firstTimestamp;
  private int sequence16;
  private int pictureId;
  private int tl0;
  private long startNanos;
  private long frameDueNanos = Long.MAX_VALUE;
  private int packetsLeft;
  private boolean frameBegins;
  private boolean keyFrame;
  private boolean keyFrameWanted = true;
  private int timestamp;
  private long packets;
  private long keyFrames;
  private int stampKey;

  /** The numbers that RFC 3550 wants random, and the noise, come from {@code random}. */
  public Vp8Source(Shape shape, RandomGenerator random) {
    this.shape = shape;
    this.frameNanos = (long) (1e9 / shape.framesPerSecond());
    this.ssrc = random.nextInt(1, Integer.MAX_VALUE);
    this.sequence16 = random.nextInt(1 << 15);
    this.firstTimestamp = random.nextInt();
    this.pictureId = random.nextInt(1 << 15);
    this.tl0 = random.nextInt(1 << 8);
    this.noise = new byte[shape.payloadBytes()];
    random.nextBytes(noise);
  }

  /** Goes on at another rate. */
  public void framesPerSecond(double rate) {
    frameNanos = (long) (1e9 / rate);
  }

  /**
   * Ends every packet with a {@link Stamp} from now on.
   *
   * @param key of the run, not 0; packets have to be larger than {@link #SMALLEST_PAYLOAD} by it
   */
  public void stamp(int key) {
    stampKey = key;
  }

  @Override
  public TrackSource trackSource() {
    return TrackSource.CAMERA;
  }

  @Override
  public int ssrc() {
    return ssrc;
  }

  @Override
  public void start(long nowNanos) {
    if (packets == 0) {
      startNanos = nowNanos;
    }
    frameDueNanos = nowNanos;
  }

  @Override
  public void pause() {
    frameDueNanos = Long.MAX_VALUE;
    packetsLeft = 0;
  }

  @Override
  public long nextTimeoutNanos() {
    return packetsLeft > 0 ? Long.MIN_VALUE : frameDueNanos;
  }

  @Override
  public int poll(byte[] out, String mid, long nowNanos) {
    if (packetsLeft == 0) {
      if (nowNanos < frameDueNanos) {
        return 0;
      }
      begin();
      frameDueNanos = Math.max(frameDueNanos + frameNanos, nowNanos - MOST_BEHIND_NANOS);
    }
    packetsLeft--;
    int at =
        RtpHeader.write(
            out,
            packetsLeft == 0,
            RtpHeader.VP8,
            sequence16,
            timestamp,
            ssrc,
            mid,
            RtpHeader.NO_LEVEL);
    System.arraycopy(noise, 0, out, at, noise.length);
    descriptor(out, at);
    if (frameBegins) {
      frameHeader(out, at + DESCRIPTOR_BYTES);
      frameBegins = false;
    }
    if (stampKey != 0) {
      Stamp.write(out, at + noise.length, stampKey, 0, nowNanos);
    }
    sequence16 = sequence16 + 1 & 0xffff;
    packets++;
    return at + noise.length;
  }

  private void begin() {
    keyFrame = keyFrameWanted;
    keyFrameWanted = false;
    if (keyFrame) {
      keyFrames++;
    }
    packetsLeft = keyFrame ? shape.packetsPerKeyFrame() : shape.packetsPerFrame();
    frameBegins = true;
    pictureId = pictureId + 1 & 0x7fff;
    tl0 = tl0 + 1 & 0xff;
    timestamp = timestampAt(frameDueNanos);
  }

  /** X, S at the frame's start, partition 0; then I, L, T; picture id, TL0PICIDX, TID 0. */
  private void descriptor(byte[] out, int at) {
    out[at] = (byte) (0x80 | (frameBegins ? 0x10 : 0));
    out[at + 1] = (byte) 0xe0;
    out[at + 2] = (byte) (0x80 | pictureId >> 8);
    out[at + 3] = (byte) pictureId;
    out[at + 4] = (byte) tl0;
    out[at + 5] = 0;
  }

  private void frameHeader(byte[] out, int at) {
    // Bit 0 is clear for key frames; version 0, shown; the first partition's size above.
    int tag = (keyFrame ? 0 : 1) | 1 << 4 | noise.length << 5;
    out[at] = (byte) tag;
    out[at + 1] = (byte) (tag >> 8);
    out[at + 2] = (byte) (tag >> 16);
    if (keyFrame) {
      out[at + 3] = (byte) 0x9d;
      out[at + 4] = 0x01;
      out[at + 5] = 0x2a;
      int width = shape.width() & SCALE_FREE;
      int height = shape.height() & SCALE_FREE;
      out[at + 6] = (byte) width;
      out[at + 7] = (byte) (width >> 8);
      out[at + 8] = (byte) height;
      out[at + 9] = (byte) (height >> 8);
    }
  }

  @Override
  public void onKeyFrameRequest(long nowNanos) {
    keyFrameWanted = true;
    if (shape.keyFramesAtOnce() && frameDueNanos != Long.MAX_VALUE && packetsLeft == 0) {
      frameDueNanos = Math.min(frameDueNanos, nowNanos);
    }
  }

  @Override
  public int timestampAt(long nowNanos) {
    return firstTimestamp + (int) ((nowNanos - startNanos) / 1_000 * CLOCK_RATE_KHZ / 1_000);
  }

  @Override
  public long packets() {
    return packets;
  }

  @Override
  public long payloadBytes() {
    return packets * noise.length;
  }

  /** Key frames begun. */
  public long keyFrames() {
    return keyFrames;
  }
}
