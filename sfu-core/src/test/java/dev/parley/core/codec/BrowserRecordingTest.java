package dev.parley.core.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.core.fixtures.PcapReader;
import dev.parley.core.rtp.RtcpReader;
import dev.parley.core.rtp.RtpPacket;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a browser really sends, packet for packet against the table that an independent parser made
 * of the same recording.
 */
class BrowserRecordingTest {
  private static final int OPUS = 111;
  private static final int VP8 = 96;
  private static final int AUDIO_LEVEL_ID = 1;
  private static final int MID_ID = 4;

  // The columns of the table.
  private static final int KIND = 2;
  private static final int SSRC = 3;
  private static final int SEQUENCE = 4;
  private static final int TIMESTAMP = 5;
  private static final int PAYLOAD_TYPE = 6;
  private static final int MARKER = 7;
  private static final int LENGTH = 8;
  private static final int PAYLOAD_LENGTH = 9;
  private static final int MID = 13;
  private static final int LEVEL = 16;
  private static final int DESCRIPTOR = 17;

  private final RtpPacket packet = new RtpPacket();
  private final Vp8Descriptor vp8 = new Vp8Descriptor();
  private final ObjectMapper json = new ObjectMapper();

  @ParameterizedTest
  @ValueSource(strings = {"vp8.at-receiver", "vp8-simulcast.at-receiver"})
  void shouldReadEveryPacketAsAnotherParserDid(String name) throws IOException {
    List<PcapReader.Recorded> packets = PcapReader.read(name);
    List<String[]> table = PcapReader.table(name);
    assertEquals(table.size(), packets.size());
    int frames = 0;
    int reports = 0;
    for (int i = 0; i < packets.size(); i++) {
      byte[] bytes = packets.get(i).bytes();
      String[] row = table.get(i);
      String where = name + " packet " + i;
      assertEquals(row[KIND].equals("rtcp"), packets.get(i).rtcp(), where);
      if (packets.get(i).rtcp()) {
        reports++;
        assertTrue(RtcpReader.read(bytes, 0, bytes.length, new Ignore(), 0), where);
      } else {
        assertTrue(packet.wrap(bytes, 0, bytes.length), where);
        checkHeader(row, bytes.length, where);
        if (packet.payloadType() == VP8 && packet.payloadBytes() > 0) {
          frames++;
          checkDescriptor(row[DESCRIPTOR], where);
        }
      }
    }
    assertTrue(frames > 200, "VP8 packets: " + frames);
    assertTrue(reports > 100, "RTCP packets: " + reports);
  }

  private void checkHeader(String[] row, int length, String where) {
    assertEquals(row[SSRC], Integer.toUnsignedString(packet.ssrc()), where);
    assertEquals(row[SEQUENCE], Integer.toString(packet.sequence16()), where);
    assertEquals(row[TIMESTAMP], Integer.toUnsignedString(packet.timestamp()), where);
    assertEquals(row[PAYLOAD_TYPE], Integer.toString(packet.payloadType()), where);
    assertEquals(row[MARKER], packet.marker() ? "1" : "0", where);
    assertEquals(row[LENGTH], Integer.toString(length), where);
    assertEquals(row[PAYLOAD_LENGTH], Integer.toString(packet.payloadBytes()), where);
    int mid = packet.extension(MID_ID);
    assertEquals(
        row[MID],
        mid < 0 ? "" : new String(packet.bytes(), mid >>> 8, mid & 0xff, StandardCharsets.UTF_8),
        where);
    if (packet.payloadType() == OPUS) {
      int level = packet.extension(AUDIO_LEVEL_ID);
      assertTrue(level >= 0, where);
      int value = packet.bytes()[level >>> 8] & 0xff;
      assertEquals(row[LEVEL], (value & 0x7f) + "/" + (value >> 7), where);
    }
  }

  private void checkDescriptor(String expected, String where) throws IOException {
    JsonNode d = json.readTree(expected);
    assertTrue(vp8.read(packet.bytes(), packet.payloadOffset(), packet.payloadBytes()), where);
    assertEquals(d.path("picid").asInt(-1), vp8.pictureId(), where);
    assertEquals(d.path("tl0").asInt(-1), vp8.tl0PicIdx(), where);
    assertEquals(d.path("key").asBoolean(false), vp8.keyFrameStart(), where);
    if (vp8.keyFrameStart()) {
      assertEquals(d.path("w").asInt(), vp8.width(), where);
      assertEquals(d.path("h").asInt(), vp8.height(), where);
    }
  }

  private static final class Ignore implements RtcpReader.Visitor {
    @Override
    public void onSenderReport(int ssrc, long ntp, int rtpTimestamp, long nowNanos) {}

    @Override
    public void onReportBlock(
        int ssrc,
        int fractionLost,
        int cumulativeLost,
        int highestSequence,
        int jitter,
        int lastSr,
        int delaySinceLastSr,
        long nowNanos) {}

    @Override
    public void onKeyFrameRequest(int mediaSsrc, long nowNanos) {}
  }
}
