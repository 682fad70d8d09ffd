package dev.parley.bots.client;

import dev.parley.core.codec.Codec;

/** The video codecs that bots have, with the payload types of their offers. */
public enum VideoFormat {
  VP8(Codec.VP8, RtpHeader.VP8, RtpHeader.VP8_RTX),
  VP9(Codec.VP9, RtpHeader.VP9, RtpHeader.VP9_RTX);

  private final Codec codec;
  private final int payloadType;
  private final int rtxPayloadType;

  VideoFormat(Codec codec, int payloadType, int rtxPayloadType) {
    this.codec = codec;
    this.payloadType = payloadType;
    this.rtxPayloadType = rtxPayloadType;
  }

  Codec codec() {
    return codec;
  }

  int payloadType() {
    return payloadType;
  }

  int rtxPayloadType() {
    return rtxPayloadType;
  }

  /** Of a packet, or of a repetition; VP8 where the payload type is none of these. */
  static VideoFormat of(int payloadType) {
    return payloadType == VP9.payloadType || payloadType == VP9.rtxPayloadType ? VP9 : VP8;
  }
}
