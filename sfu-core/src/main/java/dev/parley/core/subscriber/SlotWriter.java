package dev.parley.core.subscriber;

import dev.parley.core.codec.Codec;
import dev.parley.core.codec.RedPayload;
import dev.parley.core.codec.VideoPayload;
import dev.parley.core.common.HotPath;
import dev.parley.core.publisher.Layer;
import dev.parley.core.publisher.PublishedTrack;
import dev.parley.core.rtp.RtpPacket;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes the packets of one slot: the subscriber's payload types and extension ids, the slot's SSRC
 * and numbers, the source as CSRC. Worker's thread only.
 */
final class SlotWriter {
  private static final int NO_PAYLOAD_TYPE = -1;
  private static final int CSRC_BYTES = 4;
  private static final int LONGEST_PADDING = 255;

  private final int ssrc;
  private final int rtxSsrc;

  /** By {@link Codec#ordinal()}. */
  private final int[] payloadTypes = new int[Codec.values().length];

  private final int[] rtxPayloadTypes = new int[Codec.values().length];
  private final HeaderExtensions extensions;
  private SlotScratch scratch;

  /**
   * @param rtxSsrc 0 when retransmissions have no stream of their own
   * @param scratch the worker's
   */
  SlotWriter(
      int ssrc,
      int rtxSsrc,
      Map<Codec, Integer> payloadTypes,
      Map<Codec, Integer> rtxPayloadTypes,
      HeaderExtensions extensions,
      SlotScratch scratch) {
    this.ssrc = ssrc;
    this.rtxSsrc = rtxSsrc;
    for (Codec codec : Codec.values()) {
      this.payloadTypes[codec.ordinal()] = payloadTypes.getOrDefault(codec, NO_PAYLOAD_TYPE);
      this.rtxPayloadTypes[codec.ordinal()] = rtxPayloadTypes.getOrDefault(codec, NO_PAYLOAD_TYPE);
    }
    this.extensions = extensions;
    this.scratch = scratch;
  }

  void moveTo(SlotScratch newScratch) {
    scratch = newScratch;
  }

  @HotPath
  SlotScratch scratch() {
    return scratch;
  }

  /** Where packets are written, from position 0 on; valid as {@link #layout}. */
  @HotPath
  byte[] out() {
    return scratch.out;
  }

  /** Of the packet written last; valid until any slot of the worker writes the next one. */
  @HotPath
  PacketLayout layout() {
    return scratch.layout;
  }

  @HotPath
  boolean accepts(Codec codec) {
    return payloadTypes[codec.ordinal()] != NO_PAYLOAD_TYPE
        || (codec == Codec.RED && payloadTypes[Codec.OPUS.ordinal()] != NO_PAYLOAD_TYPE);
  }

  @HotPath
  boolean repairsApart(Codec codec) {
    return rtxSsrc != 0 && rtxPayloadTypes[codec.ordinal()] != NO_PAYLOAD_TYPE;
  }

  /** As {@link Subscription#warm}. */
  @HotPath
  int warm() {
    return payloadTypes[0] + extensions.warm();
  }

  /**
   * Writes the packet with the slot's numbers.
   *
   * @param video the reader that has just read the packet; null for audio
   * @param rewrite the numbers that it gets
   * @param rtxSequence -1 for the packet itself, else it is wrapped as a retransmission (RFC 4588)
   *     of that number
   * @return false when it would be too long
   */
  @HotPath
  boolean write(
      Layer layer,
      RtpPacket packet,
      @Nullable VideoPayload video,
      Rewrite rewrite,
      int rtxSequence) {
    PublishedTrack.Format format = layer.format();
    int type = format.codec().ordinal();
    int from = packet.payloadOffset();
    int length = packet.payloadBytes();
    boolean redundant = format.codec() == Codec.RED;
    byte[] out = scratch.out;
    RedPayload red = scratch.red;
    if (redundant) {
      if (!red.read(packet.bytes(), from, length)) {
        return false;
      }
      if (payloadTypes[type] == NO_PAYLOAD_TYPE) {
        type = Codec.OPUS.ordinal();
        redundant = false;
        from = red.primaryOffset();
        length = red.primaryBytes();
      }
    }
    boolean rtx = rtxSequence >= 0;
    int payload = header(layer.track().csrc(), format, packet, video, rewrite);
    if (length > out.length - payload - 2) {
      return false;
    }
    RtpPacket.writeFixedHeader(
        out,
        0,
        payload > RtpPacket.FIXED_HEADER_BYTES + CSRC_BYTES,
        1,
        rewrite.marker,
        rtx ? rtxPayloadTypes[type] : payloadTypes[type],
        rtx ? rtxSequence : rewrite.sequence16,
        rewrite.timestamp,
        rtx ? rtxSsrc : ssrc);
    if (rtx) {
      out[payload] = (byte) (rewrite.sequence16 >>> 8);
      out[payload + 1] = (byte) rewrite.sequence16;
      payload += 2;
    }
    System.arraycopy(packet.bytes(), from, out, payload, length);
    if (video != null) {
      video.rewrite(out, payload, rewrite.pictureId, rewrite.tl0);
    } else if (redundant) {
      red.rewritePayloadTypes(out, payload, payloadTypes[Codec.OPUS.ordinal()]);
    }
    scratch.layout.lengthBytes = payload + length;
    return true;
  }

  /** CSRC and extensions; returns where the payload begins. */
  @HotPath
  private int header(
      int csrc,
      PublishedTrack.Format format,
      @Nullable RtpPacket packet,
      @Nullable VideoPayload video,
      Rewrite rewrite) {
    int end = RtpPacket.FIXED_HEADER_BYTES;
    byte[] out = scratch.out;
    out[end] = (byte) (csrc >>> 24);
    out[end + 1] = (byte) (csrc >>> 16);
    out[end + 2] = (byte) (csrc >>> 8);
    out[end + 3] = (byte) csrc;
    return extensions.write(out, end + CSRC_BYTES, format, packet, video, rewrite, scratch.layout);
  }

  /**
   * Writes a packet of padding alone: in the slot's own stream, where it takes a number whose
   * packet is not sent, or as a retransmission of nothing.
   */
  @HotPath
  void writePadding(Layer layer, boolean rtx, int sequence16, int timestamp, int paddingBytes) {
    int type = layer.codec().ordinal();
    int payload = header(layer.track().csrc(), layer.format(), null, null, scratch.nothing);
    byte[] out = scratch.out;
    RtpPacket.writeFixedHeader(
        out,
        0,
        payload > RtpPacket.FIXED_HEADER_BYTES + CSRC_BYTES,
        1,
        false,
        rtx ? rtxPayloadTypes[type] : payloadTypes[type],
        sequence16,
        timestamp,
        rtx ? rtxSsrc : ssrc);
    out[0] |= 0x20;
    int padding = Math.min(paddingBytes, LONGEST_PADDING);
    java.util.Arrays.fill(out, payload, payload + padding, (byte) 0);
    out[payload + padding - 1] = (byte) padding;
    scratch.layout.lengthBytes = payload + padding;
  }
}
