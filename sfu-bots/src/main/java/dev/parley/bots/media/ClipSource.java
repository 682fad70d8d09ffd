package dev.parley.bots.media;

import dev.parley.bots.client.RtpHeader;
import dev.parley.bots.client.RtpSource;
import dev.parley.core.api.TrackSource;
import dev.parley.core.sdp.OfferParameters;
import java.util.ArrayDeque;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Plays a clip again and again. Who asks for a key frame is sent on to the next one there is. Its
 * packets bear no stamp. Owner's thread only.
 */
public final class ClipSource implements RtpSource {
  private static final int VIDEO_RATE_KHZ = 90;
  private static final int AUDIO_RATE_KHZ = 48;
  private static final int SPEECH_LEVEL = 25;
  private static final int MOST_REPEATS = 512;

  /** So that a storm of requests does not turn the clip into a slide show. */
  private static final long SKIP_PAUSE_NANOS = 300_000_000;

  private final Clip clip;
  private final TrackSource source;
  private final TransportNumbers numbers;
  private final int ssrc;
  private final int rtxSsrc;
  private final int timestampOffset;
  private final PacketHistory history = new PacketHistory();
  private final ArrayDeque<PacketHistory.Sent> repeatsDue = new ArrayDeque<>();
  private int sequence16;
  private int rtxSequence16;
  private int pictureId;
  private boolean frameBegins = true;

  /** When the clip's beginning is, or was; it plays while {@link #playing}. */
  private long baseNanos;

  private boolean playing;
  private int index;
  private long skippedNanos = Long.MIN_VALUE / 2;
  private long packets;
  private long payloadBytes;
  private long repeats;

  public ClipSource(
      Clip clip, TrackSource source, TransportNumbers numbers, RandomGenerator random) {
    this.clip = clip;
    this.source = source;
    this.numbers = numbers;
    this.ssrc = random.nextInt(1, Integer.MAX_VALUE);
    this.rtxSsrc = random.nextInt(1, Integer.MAX_VALUE);
    this.timestampOffset = random.nextInt();
    this.sequence16 = random.nextInt(1 << 15);
    this.rtxSequence16 = random.nextInt(1 << 15);
    this.pictureId = random.nextInt(1 << 15);
  }

  @Override
  public TrackSource trackSource() {
    return source;
  }

  @Override
  public int ssrc() {
    return ssrc;
  }

  @Override
  public OfferParameters.SendSection section() {
    return clip.format().isPresent()
        ? new OfferParameters.SendSection(kind(), ssrc, rtxSsrc)
        : new OfferParameters.SendSection(kind(), ssrc);
  }

  @Override
  public void start(long nowNanos) {
    playing = true;
    skipToKeyFrame(nowNanos);
  }

  @Override
  public void pause() {
    playing = false;
    repeatsDue.clear();
  }

  /** The next packet with which a receiver can begin is due now. */
  private void skipToKeyFrame(long nowNanos) {
    while (!clip.packets().get(index).keyStart()) {
      index = (index + 1) % clip.packets().size();
    }
    frameBegins = true;
    baseNanos = nowNanos - clip.packets().get(index).atNanos();
  }

  private long dueNanos() {
    return baseNanos + clip.packets().get(index).atNanos();
  }

  @Override
  public long nextTimeoutNanos() {
    if (!repeatsDue.isEmpty()) {
      return Long.MIN_VALUE;
    }
    return playing ? dueNanos() : Long.MAX_VALUE;
  }

  @Override
  public int poll(byte[] out, String mid, long nowNanos) {
    PacketHistory.@Nullable Sent repeat = repeatsDue.poll();
    if (repeat != null) {
      return writeRepeat(out, mid, repeat);
    }
    if (!playing || nowNanos < dueNanos()) {
      return 0;
    }
    Clip.Packet packet = clip.packets().get(index);
    int timestamp = timestampAt(dueNanos());
    byte[] payload = clip.numbered() ? numbered(packet.payload()) : packet.payload();
    frameBegins = packet.marker();
    if (++index == clip.packets().size()) {
      index = 0;
      baseNanos += clip.durationNanos();
    }
    sequence16 = sequence16 + 1 & 0xffff;
    history.add(new PacketHistory.Sent(sequence16, timestamp, packet.marker(), payload, nowNanos));
    int level = clip.format().isPresent() ? RtpHeader.NO_LEVEL : SPEECH_LEVEL;
    int at =
        RtpHeader.write(
            out,
            packet.marker(),
            payloadType(),
            sequence16,
            timestamp,
            ssrc,
            new RtpHeader.Extensions(mid, "", false, level, numbers.next()));
    System.arraycopy(payload, 0, out, at, payload.length);
    packets++;
    payloadBytes += payload.length;
    return at + payload.length;
  }

  /** The picture's number, which the descriptors of {@link ClipFile} have at the same place. */
  private byte[] numbered(byte[] recorded) {
    if (frameBegins) {
      pictureId = pictureId + 1 & 0x7fff;
    }
    byte[] payload = recorded.clone();
    clip.format().map(PayloadWriter::of).ifPresent(w -> w.number(payload, pictureId));
    return payload;
  }

  private int payloadType() {
    return clip.format().map(f -> PayloadWriter.of(f).payloadType()).orElse(RtpHeader.OPUS);
  }

  private int writeRepeat(byte[] out, String mid, PacketHistory.Sent sent) {
    rtxSequence16 = rtxSequence16 + 1 & 0xffff;
    int type =
        clip.format().map(f -> PayloadWriter.of(f).rtxPayloadType()).orElse(RtpHeader.VP8_RTX);
    int at =
        RtpHeader.write(
            out,
            sent.marker(),
            type,
            rtxSequence16,
            sent.timestamp(),
            rtxSsrc,
            new RtpHeader.Extensions(mid, "", false, RtpHeader.NO_LEVEL, numbers.next()));
    out[at] = (byte) (sent.sequence16() >> 8);
    out[at + 1] = (byte) sent.sequence16();
    System.arraycopy(sent.payload(), 0, out, at + 2, sent.payload().length);
    repeats++;
    return at + 2 + sent.payload().length;
  }

  @Override
  public void onKeyFrameRequest(long nowNanos) {
    if (playing && clip.format().isPresent() && nowNanos - skippedNanos >= SKIP_PAUSE_NANOS) {
      skippedNanos = nowNanos;
      skipToKeyFrame(nowNanos);
    }
  }

  @Override
  public void onNack(int of, int first16, int followingMask, long nowNanos) {
    for (int i = 0; clip.format().isPresent() && i <= 16; i++) {
      if (i == 0 || (followingMask >> i - 1 & 1) != 0) {
        PacketHistory.@Nullable Sent sent = history.find(first16 + i & 0xffff);
        if (sent != null && repeatsDue.size() < MOST_REPEATS) {
          repeatsDue.add(sent);
        }
      }
    }
  }

  @Override
  public int timestampAt(long nowNanos) {
    int rate = clip.format().isPresent() ? VIDEO_RATE_KHZ : AUDIO_RATE_KHZ;
    return timestampOffset + (int) (nowNanos / 1_000 * rate / 1_000);
  }

  @Override
  public long packets() {
    return packets;
  }

  @Override
  public long repeats() {
    return repeats;
  }

  @Override
  public long payloadBytes() {
    return payloadBytes;
  }
}
