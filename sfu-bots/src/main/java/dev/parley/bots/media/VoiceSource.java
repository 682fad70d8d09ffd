package dev.parley.bots.media;

import dev.parley.bots.client.RtpHeader;
import dev.parley.bots.client.RtpSource;
import dev.parley.bots.client.Stamp;
import dev.parley.core.api.TrackSource;
import java.util.random.RandomGenerator;

/**
 * A voice in Opus that speaks and is silent in turn: a packet every 20 ms while it speaks, one
 * every 400 ms while it is silent (DTX). The payload has a valid table of contents (RFC 6716
 * section 3.1) and noise behind it. Owner's thread only.
 */
public final class VoiceSource implements RtpSource {
  /**
   * How somebody talks; both times are means of exponential distributions.
   *
   * @param speakNanos of a spurt, above 0
   * @param silenceNanos between two; 0: never silent
   */
  public record Talk(long speakNanos, long silenceNanos) {}

  private static final long PACKET_NANOS = 20_000_000;
  private static final long SILENCE_PACKET_NANOS = 400_000_000;
  private static final int SAMPLES_PER_MS = 48;

  /** CELT, full band, 20 ms, mono, one frame. */
  private static final byte TABLE_OF_CONTENTS = (byte) (31 << 3);

  /** 32 kbit/s. */
  private static final int PAYLOAD_BYTES = 80;

  private static final int SILENCE_BYTES = 1 + Stamp.BYTES;
  private static final int SPEECH_LEVEL = 25;
  private static final int LEVEL_SPREAD = 10;
  private static final int SILENCE_LEVEL = 127;
  private static final long MOST_BEHIND_NANOS = 100_000_000;

  private final Talk talk;
  private final int key;
  private final TransportNumbers numbers;
  private final RandomGenerator random;
  private final int ssrc;
  private final int timestampOffset;
  private final byte[] payload = new byte[PAYLOAD_BYTES];
  private int sequence16;
  private long dueNanos = Long.MAX_VALUE;
  private long turnNanos;
  private boolean speaking;
  private boolean spurtBegins;
  private long speakingSinceNanos = Long.MAX_VALUE;
  private long packets;
  private long payloadBytes;

  /**
   * @param key of the run's stamps
   */
  public VoiceSource(Talk talk, int key, TransportNumbers numbers, RandomGenerator random) {
    this.talk = talk;
    this.key = key;
    this.numbers = numbers;
    this.random = random;
    this.ssrc = random.nextInt(1, Integer.MAX_VALUE);
    this.timestampOffset = random.nextInt();
    this.sequence16 = random.nextInt(1 << 15);
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
    speaking = random.nextDouble() * (talk.speakNanos() + talk.silenceNanos()) < talk.speakNanos();
    turn(speaking, nowNanos);
  }

  private void turn(boolean speaks, long nowNanos) {
    speaking = speaks;
    spurtBegins = speaks;
    speakingSinceNanos = speaks ? nowNanos : Long.MAX_VALUE;
    double mean = speaks ? talk.speakNanos() : talk.silenceNanos();
    turnNanos =
        talk.silenceNanos() == 0
            ? Long.MAX_VALUE
            : nowNanos + (long) (-Math.log(1 - random.nextDouble()) * mean);
  }

  @Override
  public void pause() {
    dueNanos = Long.MAX_VALUE;
    speaking = false;
    speakingSinceNanos = Long.MAX_VALUE;
  }

  /** Since when it has been speaking; {@code Long.MAX_VALUE}: it is silent. */
  public long speakingSinceNanos() {
    return speakingSinceNanos;
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
    if (nowNanos >= turnNanos) {
      turn(!speaking, nowNanos);
    }
    sequence16 = sequence16 + 1 & 0xffff;
    int level = speaking ? SPEECH_LEVEL + random.nextInt(LEVEL_SPREAD) : SILENCE_LEVEL;
    int at =
        RtpHeader.write(
            out,
            spurtBegins,
            RtpHeader.OPUS,
            sequence16,
            timestampAt(dueNanos),
            ssrc,
            new RtpHeader.Extensions(mid, "", false, level, numbers.next()));
    int bytes = speaking ? PAYLOAD_BYTES : SILENCE_BYTES;
    System.arraycopy(payload, 0, out, at, bytes);
    Stamp.write(out, at + bytes, key, 0, nowNanos);
    spurtBegins = false;
    packets++;
    payloadBytes += bytes;
    long step = speaking ? PACKET_NANOS : SILENCE_PACKET_NANOS;
    dueNanos = Math.max(dueNanos + step, nowNanos - MOST_BEHIND_NANOS);
    if (!speaking) {
      dueNanos = Math.min(dueNanos, turnNanos);
    }
    return at + bytes;
  }

  @Override
  public void onKeyFrameRequest(long nowNanos) {
    // Every Opus packet can be decoded by itself.
  }

  @Override
  public int timestampAt(long nowNanos) {
    return timestampOffset + (int) (nowNanos / 1_000 * SAMPLES_PER_MS / 1_000);
  }

  @Override
  public long packets() {
    return packets;
  }

  @Override
  public long payloadBytes() {
    return payloadBytes;
  }
}
