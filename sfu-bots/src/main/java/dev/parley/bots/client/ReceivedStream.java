package dev.parley.bots.client;

import dev.parley.core.codec.Codec;
import dev.parley.core.codec.VideoPayload;
import dev.parley.core.rtp.NtpTime;
import dev.parley.core.rtp.RtcpWriter;
import dev.parley.core.rtp.RtpPacket;
import dev.parley.core.rtp.SequenceUnwrapper;
import org.jspecify.annotations.Nullable;

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

  private long lastNanos;
  private final ArrivalJitter jitter;
  private final MissingPackets missing = new MissingPackets();
  private final @Nullable Playback playback;
  private long repaired;
  private long reportedExpected;
  private long reportedReceived;
  private int lastSenderReport;
  private long lastSenderReportNanos;
  private int layer = -1;
  private VideoFormat format = VideoFormat.VP8;
  private VideoPayload payload = VideoPayload.of(Codec.VP8, 0);

  /**
   * @param events told of the picture by clients that repair what is lost; null: it is not asked
   *     for, and the first whole key frame is all that is looked for
   */
  ReceivedStream(int ssrc, boolean video, @Nullable ClientEvents events) {
    this.ssrc = ssrc;
    this.video = video;
    this.jitter = new ArrivalJitter(video ? 90_000 : 48_000);
    this.playback = video && events != null ? new Playback(events) : null;
  }

  /**
   * Counts a packet by its header, which alone can be read.
   *
   * @return whether a key frame is wanted from now on
   */
  boolean onPacket(RtpPacket packet, int lengthBytes, long nowNanos) {
    lastCsrc = (packet.bytes()[packet.offset()] & 0xf) == 0 ? 0 : csrc(packet);
    lastSequence = unwrapper.unwrap(packet.sequence16());
    if (packets == 0) {
      first = lastSequence;
    } else if (lastSequence <= highest) {
      reordered++;
    }
    if (lastSequence > highest) {
      jitter.onPacket(packet.timestamp(), nowNanos);
    }
    highest = unwrapper.highest();
    packets++;
    bytes += lengthBytes;
    lastNanos = nowNanos;
    Playback shown = playback;
    if (shown == null) {
      return false;
    }
    boolean waited = shown.waiting();
    if (!missing.onPacket(lastSequence, nowNanos)) {
      shown.giveUp();
    }
    shown.onPacket(lastSequence, packet.marker(), nowNanos);
    return shown.waiting() && !waited;
  }

  private static int csrc(RtpPacket packet) {
    int at = packet.offset() + RtpPacket.FIXED_HEADER_BYTES;
    return packet.short16(at) << 16 | packet.short16(at + 2);
  }

  /**
   * A packet that was asked for again, decrypted.
   *
   * @return whether it is one that was missing
   */
  boolean onRepeat(RtpPacket packet, long nowNanos) {
    Playback shown = playback;
    if (shown == null || packets == 0) {
      return false;
    }
    long sequence = highest + (short) (packet.sequence16() - (int) (highest & 0xffff));
    if (sequence > highest || !missing.repaired(sequence)) {
      return false;
    }
    repaired++;
    lastSequence = sequence;
    shown.onPacket(sequence, packet.marker(), nowNanos);
    return true;
  }

  /**
   * Reads the packet counted last.
   *
   * @return whether it completes a key frame of which every packet was read
   */
  boolean onPlain(RtpPacket packet, long nowNanos) {
    decrypted++;
    if (!video) {
      return false;
    }
    VideoPayload payload = payload(packet.payloadType());
    if (!payload.read(packet)) {
      return false;
    }
    int pictureId = payload.pictureId();
    if (lastPictureId >= 0
        && pictureId != lastPictureId
        && (pictureId - lastPictureId & payload.pictureIdModulus() - 1) != 1) {
      pictureJumps++;
    }
    lastPictureId = pictureId;
    if (payload.keyFrameStart()) {
      keyFrameStarts++;
      collecting = true;
      keyFrameTimestamp = packet.timestamp();
      width = payload.width();
      height = payload.height();
    } else if (collecting
        && (lastSequence != nextOfKeyFrame || packet.timestamp() != keyFrameTimestamp)) {
      collecting = false;
    }
    nextOfKeyFrame = lastSequence + 1;
    Playback shown = playback;
    if (shown != null && payload.keyFrameStart()) {
      shown.onKeyFrameStart(lastSequence, nowNanos);
    }
    if (collecting && packet.marker()) {
      collecting = false;
      keyFrames++;
      return true;
    }
    return false;
  }

  /** A source may have another codec than the one before it. */
  private VideoPayload payload(int payloadType) {
    VideoFormat found = VideoFormat.of(payloadType);
    if (found != format) {
      format = found;
      payload = VideoPayload.of(found.codec(), 0);
      lastPictureId = -1;
    }
    return payload;
  }

  /** The slot shows somebody else, or nobody. */
  void interrupt() {
    layer = -1;
    Playback shown = playback;
    if (shown != null) {
      shown.interrupt();
    }
  }

  /** Notes the encoding that a stamp names; whether it is another one than before. */
  boolean onLayer(int found) {
    boolean changed = layer >= 0 && layer != found;
    layer = found;
    return changed;
  }

  /** When {@link #ask} has something to do. */
  long nextTimeoutNanos() {
    return missing.nextTimeoutNanos();
  }

  /** Asks for what is missing; whether a key frame is wanted from now on. */
  boolean ask(RtcpWriter writer, int senderSsrc, long nowNanos) {
    Playback shown = playback;
    if (shown != null && missing.ask(writer, senderSsrc, ssrc, nowNanos)) {
      shown.giveUp();
      return true;
    }
    return false;
  }

  void onSenderReport(int middleOfNtp, long nowNanos) {
    lastSenderReport = middleOfNtp;
    lastSenderReportNanos = nowNanos;
  }

  /** Adds a report block (RFC 3550 section 6.4.1). */
  void report(RtcpWriter writer, long nowNanos) {
    long expected = packets == 0 ? 0 : highest - first + 1;
    long newExpected = expected - reportedExpected;
    long newLost = newExpected - (packets - reportedReceived);
    int fraction =
        newExpected <= 0 || newLost <= 0 ? 0 : (int) Math.min(255, 256 * newLost / newExpected);
    reportedExpected = expected;
    reportedReceived = packets;
    writer.addReportBlock(
        ssrc,
        fraction,
        lost(),
        highest,
        jitter.units(),
        lastSenderReport,
        lastSenderReport == 0 ? 0 : NtpTime.shortDuration(nowNanos - lastSenderReportNanos));
  }

  void onUndecryptable() {
    undecryptable++;
  }

  /** Whether the next packet has to be read to find a key frame. */
  boolean wantsKeyFrame() {
    Playback shown = playback;
    return shown == null ? video && keyFrames == 0 : shown.waiting();
  }

  /** When the packet counted last came. */
  public long lastNanos() {
    return lastNanos;
  }

  /** Of RFC 3550. */
  public double jitterNanos() {
    return jitter.jitterNanos();
  }

  /** Missing packets that a repetition brought. */
  public long repaired() {
    return repaired;
  }

  /** Packets asked for again, each time counted. */
  public long nacks() {
    return missing.requests();
  }

  /** Pictures that were whole, in order. */
  public long frames() {
    Playback shown = playback;
    return shown == null ? 0 : shown.frames();
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
