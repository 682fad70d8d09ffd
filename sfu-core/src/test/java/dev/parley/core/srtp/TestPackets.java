package dev.parley.core.srtp;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Packets for the tests: random RTP and RTCP, and the records of a recorded capture. */
final class TestPackets {
  private TestPackets() {}

  /** An RTP packet with random CSRCs, extension and payload. */
  static byte[] rtp(Random random, int ssrc, int seq16) {
    int csrcs = random.nextInt(4) == 0 ? random.nextInt(16) : 0;
    int words = random.nextBoolean() ? random.nextInt(12) : -1;
    byte[] b = new byte[12 + 4 * csrcs + (words < 0 ? 0 : 4 + 4 * words) + random.nextInt(1200)];
    random.nextBytes(b);
    ByteBuffer buffer = ByteBuffer.wrap(b);
    b[0] = (byte) (0x80 | csrcs | (words < 0 ? 0 : 0x10));
    buffer.putShort(2, (short) seq16);
    buffer.putInt(8, ssrc);
    if (words >= 0) {
      // 0xbede, as 0xc0de and 0xc2de mean encrypted extensions (RFC 9335) to the reference.
      buffer.putShort(12 + 4 * csrcs, (short) 0xbede);
      buffer.putShort(14 + 4 * csrcs, (short) words);
    }
    return b;
  }

  static byte[] rtcp(Random random, int ssrc) {
    byte[] b = new byte[8 + 4 * random.nextInt(100)];
    random.nextBytes(b);
    b[0] = (byte) 0x81;
    b[1] = (byte) 205;
    ByteBuffer.wrap(b).putInt(4, ssrc);
    return b;
  }

  /** The UDP payloads of a capture with raw IPv4 records (see the corpus' index). */
  static List<byte[]> pcap(String name) {
    try (InputStream in = TestPackets.class.getResourceAsStream("/corpus/srtp/" + name)) {
      if (in == null) {
        throw new IllegalArgumentException("no recording " + name);
      }
      ByteBuffer file = ByteBuffer.wrap(in.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN);
      List<byte[]> payloads = new ArrayList<>();
      for (int at = 24; at < file.limit(); ) {
        int length = file.getInt(at + 8);
        byte[] payload = new byte[length - 28];
        file.get(at + 16 + 28, payload);
        payloads.add(payload);
        at += 16 + length;
      }
      return payloads;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** RFC 5761 section 4. */
  static boolean isRtcp(byte[] b) {
    int type = b[1] & 0xff;
    return type >= 192 && type <= 223;
  }
}
