package dev.parley.micro;

import dev.parley.core.ice.StunPeek;
import dev.parley.core.rtp.RtcpReader;
import dev.parley.core.rtp.RtcpWriter;
import dev.parley.core.rtp.TransportFeedbackReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Reads what is no media: connectivity checks, reports, feedback. */
@State(Scope.Thread)
public class ControlBenchmark {
  private static final String USERNAME = "a7Kd9xQm:Zp3w";

  @Param("1")
  private long seed;

  private final Heard heard = new Heard();
  private byte[] stun = {};
  private byte[] rtcp = {};
  private byte[] feedback = {};

  /** Makes one of each. */
  @Setup
  public void begin() {
    SplittableRandom random = new SplittableRandom(seed);
    stun = check(random);
    rtcp = report(random);
    SyntheticFeedback all = new SyntheticFeedback(seed);
    all.about(random.nextInt(1 << 16), random.nextLong(1L << 40));
    feedback = all.bytes();
  }

  /** A browser's check (RFC 8445 section 7.2.2); nothing behind USERNAME is looked at. */
  private static byte[] check(SplittableRandom random) {
    byte[] name = USERNAME.getBytes(StandardCharsets.US_ASCII);
    byte[] bytes = new byte[108];
    random.nextBytes(bytes);
    ByteBuffer out = ByteBuffer.wrap(bytes);
    out.putShort((short) 1).putShort((short) (bytes.length - 20)).putInt(0x2112_a442);
    out.position(20);
    out.putShort((short) 0x0006).putShort((short) name.length).put(name);
    return bytes;
  }

  /** A viewer's receiver report on three streams, with packets to repeat and a key frame wanted. */
  private static byte[] report(SplittableRandom random) {
    RtcpWriter writer = new RtcpWriter();
    writer.addReceiverReport(1);
    for (int ssrc = 2; ssrc < 5; ssrc++) {
      int highest = random.nextInt(1 << 16);
      writer.addReportBlock(ssrc, random.nextInt(8), 5, highest, 90, random.nextInt(), 6_553);
    }
    writer.addCname(1, "viewer");
    int missing = random.nextInt(1 << 15);
    writer.addNack(1, 2, missing);
    writer.addNack(1, 2, missing + 3);
    writer.addPli(1, 2);
    return Arrays.copyOf(writer.bytes(), writer.length());
  }

  @Benchmark
  public int stun() {
    String ufrag = StunPeek.localUfrag(stun, 0, stun.length);
    if (ufrag == null) {
      throw new IllegalStateException("the check names nobody");
    }
    return ufrag.length();
  }

  @Benchmark
  public int stunFloor() {
    return sum(stun);
  }

  @Benchmark
  public long rtcp() {
    if (!RtcpReader.read(rtcp, 0, rtcp.length, heard, 1)) {
      throw new IllegalStateException("the report is malformed");
    }
    return heard.sum;
  }

  @Benchmark
  public int rtcpFloor() {
    return sum(rtcp);
  }

  @Benchmark
  public long feedback() {
    if (!TransportFeedbackReader.read(feedback, 0, feedback.length, heard)) {
      throw new IllegalStateException("the feedback is malformed");
    }
    return heard.sum;
  }

  @Benchmark
  public int feedbackFloor() {
    return sum(feedback);
  }

  private static int sum(byte[] bytes) {
    int sum = 0;
    for (byte b : bytes) {
      sum += b;
    }
    return sum;
  }

  /** Takes each number in, so that none of them is read for nothing. */
  private static final class Heard implements RtcpReader.Visitor, TransportFeedbackReader.Visitor {
    private long sum;

    @Override
    public void onSenderReport(int ssrc, long ntp, int rtpTimestamp, long nowNanos) {
      sum += ssrc + ntp + rtpTimestamp;
    }

    @Override
    public void onReportBlock(
        int ssrc,
        int fractionLost,
        int cumulativeLost,
        int highestSequence,
        int jitter,
        int lastSr,
        int delaySinceLastSr,
        long nowNanos) {
      sum += ssrc + fractionLost + cumulativeLost + highestSequence + jitter + lastSr;
      sum += delaySinceLastSr;
    }

    @Override
    public void onKeyFrameRequest(int mediaSsrc, long nowNanos) {
      sum += mediaSsrc;
    }

    @Override
    public void onNack(int mediaSsrc, int sequence16, int followingMask, long nowNanos) {
      sum += mediaSsrc + sequence16 + followingMask;
    }

    @Override
    public void onPacket(int sequence16, boolean received, long arrivalMicros) {
      sum += received ? sequence16 + arrivalMicros : 1;
    }
  }
}
