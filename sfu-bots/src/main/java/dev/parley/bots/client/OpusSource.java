package dev.parley.bots.client;

import dev.parley.core.api.TrackSource;
import java.util.random.RandomGenerator;

/**
 * A voice that never pauses: a packet every 20 ms with a valid table-of-contents byte (RFC 6716
 * section 3.1) and a loud level; what follows is noise that no decoder would enjoy.
 */
public final class OpusSource implements RtpSource {
  private static final long PACKET_NANOS = 20_000_000;
  private static final int TIMESTAMP_STEP = 960;

  /** CELT, full band, 20 ms, mono, one frame. */
  private static final byte TABLE_OF_CONTENTS = (byte) (31 << 3);

  /** 32 kbit/s. */
  private static final int PAYLOAD_BYTES = 80;

  private static final int LEVEL = 20;
  private static final long MOST_BEHIND_NANOS = 100_000_000;

  private final int ssrc;
  private final byte[] payload = new byte[PAYLOAD_BYTES];
  private int sequence16;
  private int timestamp;
  private long dueNanos = Long.MAX_VALUE;
  private long startNanos;
  private int startTimestamp;
  private long packets;

  /** The numbers that RFC 3550 wants random come from {@code random}. */
  public OpusSource(RandomGenerator random) {
    this.ssrc = random.nextInt(1, Integer.MAX_VALUE);
    this.sequence16 = random.nextInt(1 << 15);
    this.timestamp = random.nextInt();
    random.nextBytes(payload);
    payload[0] = TABLE_OF_CONTENTS;
  }

  @Override
  public TrackSource trackSource() {
    return TrackSource.MICROPHONE;
  }

  @Override
  public int ssrc() {
    return ssrc;
  }

  @Override
  public void start(long nowNanos) {
    dueNanos = nowNanos;
    startNanos = nowNanos;
    startTimestamp = timestamp;
  }

  @Override
  public void pause() {
    dueNanos = Long.MAX_VALUE;
  }

  @Override
  public long nextTimeoutNanos() {
    return dueNanos;
  }

  @Override
  public int poll(byte[] out, String mid, long nowNanos) {
    if (nowNanos < dueNanos) {
      return 0;
    }
    int at =
        RtpHeader.write(out, packets == 0, RtpHeader.OPUS, sequence16, timestamp, ssrc, mid, LEVEL);
    System.arraycopy(payload, 0, out, at, PAYLOAD_BYTES);
    sequence16 = sequence16 + 1 & 0xffff;
    timestamp += TIMESTAMP_STEP;
    packets++;
    dueNanos = Math.max(dueNanos + PACKET_NANOS, nowNanos - MOST_BEHIND_NANOS);
    return at + PAYLOAD_BYTES;
  }

  @Override
  public void onKeyFrameRequest(long nowNanos) {
    // Every Opus packet can be decoded by itself.
  }

  @Override
  public int timestampAt(long nowNanos) {
    return startTimestamp + (int) ((nowNanos - startNanos) / 1_000 * 48 / 1_000);
  }

  @Override
  public long packets() {
    return packets;
  }

  @Override
  public long payloadBytes() {
    return packets * PAYLOAD_BYTES;
  }
}
