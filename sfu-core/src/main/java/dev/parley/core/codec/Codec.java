package dev.parley.core.codec;

import dev.parley.core.common.HotPath;
import org.jspecify.annotations.Nullable;

/** A media format the engine forwards. */
public enum Codec {
  OPUS("opus", 48_000),
  RED("red", 48_000),
  VP8("VP8", 90_000),
  VP9("VP9", 90_000),
  H264("H264", 90_000),
  AV1("AV1", 90_000);

  private final String sdpName;
  private final int clockRate;

  Codec(String sdpName, int clockRate) {
    this.sdpName = sdpName;
    this.clockRate = clockRate;
  }

  /** The encoding name of {@code a=rtpmap}; compared without case. */
  public String sdpName() {
    return sdpName;
  }

  /** RTP timestamp units a second. */
  @HotPath
  public int clockRate() {
    return clockRate;
  }

  /** Whether a receiver must begin at a key frame. */
  @HotPath
  public boolean hasKeyFrames() {
    return !audio();
  }

  /** Whether it is sound; {@link #RED} carries Opus. */
  @HotPath
  public boolean audio() {
    return this == OPUS || this == RED;
  }

  public static @Nullable Codec ofSdpName(String name) {
    for (Codec codec : values()) {
      if (codec.sdpName.equalsIgnoreCase(name)) {
        return codec;
      }
    }
    return null;
  }
}
