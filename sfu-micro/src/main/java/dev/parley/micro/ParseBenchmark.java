package dev.parley.micro;

import dev.parley.core.codec.Codec;
import dev.parley.core.codec.VideoPayload;
import dev.parley.core.rtp.RtpPacket;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Reads RTP packets: header, an extension, and what the payload says of its frame. */
@State(Scope.Thread)
public class ParseBenchmark {
  /** Header, extensions and the longest payload descriptor of the streams end by then. */
  private static final int HEAD_BYTES = 48;

  @Param("VP8")
  private Codec codec = Codec.VP8;

  @Param("1")
  private long seed;

  private final RtpPacket packet = new RtpPacket();
  private byte[][] packets = {};
  private @Nullable VideoPayload video;

  /** Reads the stream's beginning, which later packets refer to. */
  @Setup
  public void begin() {
    SyntheticStream stream = new SyntheticStream(codec, seed);
    video = codec.audio() ? null : VideoPayload.of(codec, SyntheticStream.DESCRIPTOR_ID);
    packets = new byte[SyntheticStream.RING][];
    for (int i = 0; i < SyntheticStream.RING; i++) {
      read(stream.next());
    }
    for (int i = 0; i < SyntheticStream.RING; i++) {
      packets[i] = stream.next();
    }
  }

  @Benchmark
  @OperationsPerInvocation(SyntheticStream.RING)
  public int parse() {
    int sum = 0;
    for (byte[] bytes : packets) {
      sum += read(bytes);
    }
    return sum;
  }

  private int read(byte[] bytes) {
    RtpPacket p = packet;
    VideoPayload v = video;
    if (!p.wrap(bytes, 0, bytes.length) || (v != null && !v.read(p))) {
      throw new IllegalStateException("a packet of " + codec + " is malformed");
    }
    int found = p.extension(v == null ? SyntheticStream.LEVEL_ID : SyntheticStream.MID_ID);
    int told = v == null ? 0 : v.temporalId() + v.pictureId();
    return found + told + p.ssrc() + p.sequence16() + p.timestamp() + p.payloadType();
  }

  @Benchmark
  @OperationsPerInvocation(SyntheticStream.RING)
  public int floor() {
    int sum = 0;
    for (byte[] bytes : packets) {
      for (int i = 0; i < HEAD_BYTES; i++) {
        sum += bytes[i];
      }
    }
    return sum;
  }
}
