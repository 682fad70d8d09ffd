package dev.parley.bots.media;

import dev.parley.bots.client.RtpHeader;
import dev.parley.bots.client.Stamp;
import java.util.ArrayDeque;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One encoding of a camera: frames whose sizes vary around the bit rate, key frames several times
 * as large, three temporal layers (L1T3), repetitions on request. Owner's thread only.
 */
final class CameraLayer {
  private static final int LARGEST_PAYLOAD = 1150;
  private static final double KEY_FRAME_SIZE = 4;
  private static final double SIZE_SPREAD = 0.3;
  private static final int CLOCK_RATE_KHZ = 90;

  /** L1T3: which temporal layer the frames of four are in. */
  private static final int[] TEMPORAL = {0, 2, 1, 2};

  /** Repetitions that may wait; who asks for more gets a key frame sooner. */
  private static final int MOST_REPEATS = 512;

  private final Encoding encoding;
  private final PayloadWriter writer;
  private final int smallestPayload;
  private final int index;
  private final int key;
  private final TransportNumbers numbers;
  private final RandomGenerator random;
  private final int ssrc;
  private final int rtxSsrc;
  private final int timestampOffset;
  private final PacketHistory history = new PacketHistory();
  private final ArrayDeque<PacketHistory.Sent> repeatsDue = new ArrayDeque<>();
  private int sequence16;
  private int rtxSequence16;
  private int pictureId;
  private int tl0;
  private int position;
  private int bytesLeft;
  private int packetsLeft;
  private boolean frameBegins;
  private boolean keyFrame;
  private boolean keyFrameWanted = true;
  private int temporalId;
  private int timestamp;
  private boolean resting;
  private long packets;
  private long payloadBytes;
  private long repeats;
  private long keyFrames;

  /**
   * @param index of the encoding, the smallest picture is 0
   * @param key of the run's stamps
   */
  CameraLayer(
      Encoding encoding,
      PayloadWriter writer,
      int index,
      int key,
      TransportNumbers numbers,
      RandomGenerator random) {
    this.encoding = encoding;
    this.writer = writer;
    this.smallestPayload = writer.mostBytes() + Stamp.BYTES;
    this.index = index;
    this.key = key;
    this.numbers = numbers;
    this.random = random;
    this.ssrc = random.nextInt(1, Integer.MAX_VALUE);
    this.rtxSsrc = random.nextInt(1, Integer.MAX_VALUE);
    this.timestampOffset = random.nextInt();
    this.sequence16 = random.nextInt(1 << 15);
    this.rtxSequence16 = random.nextInt(1 << 15);
    this.pictureId = random.nextInt(1 << 15);
    this.tl0 = random.nextInt(1 << 8);
  }

  Encoding encoding() {
    return encoding;
  }

  int ssrc() {
    return ssrc;
  }

  int rtxSsrc() {
    return rtxSsrc;
  }

  /** Nobody watches: no frame begins. Who goes on begins with a key frame. */
  void rest(boolean rests) {
    keyFrameWanted |= resting && !rests;
    resting = rests;
  }

  void wantKeyFrame() {
    keyFrameWanted = true;
  }

  /** A frame is taken; its packets are due now. */
  void capture(long nowNanos) {
    if (resting) {
      return;
    }
    keyFrame = keyFrameWanted;
    keyFrameWanted = false;
    if (keyFrame) {
      keyFrames++;
      position = 0;
    }
    temporalId = TEMPORAL[position++ % TEMPORAL.length];
    double mean = encoding.bitsPerSecond() / 8.0 / encoding.framesPerSecond();
    double size = mean * (1 + SIZE_SPREAD * (2 * random.nextDouble() - 1));
    bytesLeft = Math.max(smallestPayload, (int) (keyFrame ? size * KEY_FRAME_SIZE : size));
    packetsLeft = (bytesLeft + LARGEST_PAYLOAD - 1) / LARGEST_PAYLOAD;
    frameBegins = true;
    pictureId = pictureId + 1 & 0x7fff;
    if (temporalId == 0) {
      tl0 = tl0 + 1 & 0xff;
    }
    timestamp = timestampAt(nowNanos);
  }

  int timestampAt(long nowNanos) {
    return timestampOffset + (int) (nowNanos / 1_000 * CLOCK_RATE_KHZ / 1_000);
  }

  boolean hasPacket() {
    return packetsLeft > 0 || !repeatsDue.isEmpty();
  }

  /** Drops what is not sent yet. */
  void pause() {
    packetsLeft = 0;
    repeatsDue.clear();
    keyFrameWanted = true;
  }

  /** Writes the next packet; its length in bytes. Only when there is one. */
  int write(byte[] out, String mid, long nowNanos) {
    PacketHistory.Sent repeat = repeatsDue.poll();
    return repeat == null ? writeNew(out, mid, nowNanos) : writeRepeat(out, mid, repeat);
  }

  private int writeNew(byte[] out, String mid, long nowNanos) {
    int bytes = bytesLeft / packetsLeft;
    bytesLeft -= bytes;
    packetsLeft--;
    boolean marker = packetsLeft == 0;
    sequence16 = sequence16 + 1 & 0xffff;
    int at =
        RtpHeader.write(
            out, marker, writer.payloadType(), sequence16, timestamp, ssrc, extensions(mid, false));
    byte[] payload = new byte[Math.max(smallestPayload, bytes)];
    describe(payload, marker);
    Stamp.write(payload, payload.length, key, index, nowNanos);
    System.arraycopy(payload, 0, out, at, payload.length);
    history.add(new PacketHistory.Sent(sequence16, timestamp, marker, payload, nowNanos));
    frameBegins = false;
    packets++;
    payloadBytes += payload.length;
    return at + payload.length;
  }

  private RtpHeader.Extensions extensions(String mid, boolean isRepeat) {
    return new RtpHeader.Extensions(
        mid, encoding.rid(), isRepeat, RtpHeader.NO_LEVEL, numbers.next());
  }

  /** RFC 4588 section 4: the original number, then the payload. */
  private int writeRepeat(byte[] out, String mid, PacketHistory.Sent sent) {
    rtxSequence16 = rtxSequence16 + 1 & 0xffff;
    int at =
        RtpHeader.write(
            out,
            sent.marker(),
            writer.rtxPayloadType(),
            rtxSequence16,
            sent.timestamp(),
            rtxSsrc,
            extensions(mid, true));
    out[at] = (byte) (sent.sequence16() >> 8);
    out[at + 1] = (byte) sent.sequence16();
    System.arraycopy(sent.payload(), 0, out, at + 2, sent.payload().length);
    repeats++;
    return at + 2 + sent.payload().length;
  }

  private void describe(byte[] payload, boolean ends) {
    boolean sync = temporalId == 1 || temporalId == 2 && position % TEMPORAL.length == 2;
    writer.write(
        payload,
        new PayloadWriter.Frame(
            frameBegins,
            ends,
            keyFrame,
            pictureId,
            tl0,
            temporalId,
            sync,
            encoding.width(),
            encoding.height()));
  }

  /** See {@link dev.parley.bots.client.RtpSource#onNack}. */
  void onNack(int first16, int followingMask) {
    for (int i = 0; i <= 16; i++) {
      if (i == 0 || (followingMask >> i - 1 & 1) != 0) {
        PacketHistory.@Nullable Sent sent = history.find(first16 + i & 0xffff);
        if (sent != null && repeatsDue.size() < MOST_REPEATS) {
          repeatsDue.add(sent);
        }
      }
    }
  }

  long packets() {
    return packets;
  }

  long payloadBytes() {
    return payloadBytes;
  }

  long repeats() {
    return repeats;
  }

  long keyFrames() {
    return keyFrames;
  }
}
