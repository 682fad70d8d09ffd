package dev.parley.core.rtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.core.fixtures.PcapReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The reports and feedback of real browsers, against what an independent parser counted. */
class RtcpRecordingTest implements RtcpReader.Visitor, TransportFeedbackReader.Visitor {
  private static final int TRANSPORT_CC_COLUMN = 12;

  private final List<List<Long>> senderReports = new ArrayList<>();
  private final TreeMap<String, Set<Integer>> nacked = new TreeMap<>();
  private final List<Long> remb = new ArrayList<>();
  private final Set<Integer> numbers = new HashSet<>();
  private int nacks;
  private int plis;
  private int feedbacks;
  private int arrived;
  private long micros;
  private String where = "";

  static List<String> names() throws IOException {
    return PcapReader.names();
  }

  @ParameterizedTest
  @MethodSource("names")
  void shouldReadAllFeedbackAsAnotherParserDid(String name) throws IOException {
    JsonNode expected =
        PcapReader.facts(name).path("expected").path(name.substring(name.indexOf('.') + 1));
    List<PcapReader.Recorded> packets = PcapReader.read(name);
    for (String[] row : PcapReader.table(name)) {
      if (row.length > TRANSPORT_CC_COLUMN && !row[TRANSPORT_CC_COLUMN].isEmpty()) {
        numbers.add(Integer.parseInt(row[TRANSPORT_CC_COLUMN]));
      }
    }
    for (int i = 0; i < packets.size(); i++) {
      PcapReader.Recorded packet = packets.get(i);
      where = name + " packet " + i;
      micros = packet.micros();
      if (packet.rtcp()) {
        assertTrue(RtcpReader.read(packet.bytes(), 0, packet.bytes().length, this, 0), where);
      }
    }
    JsonNode counts = expected.path("rtcpFromReceiver");
    assertEquals(counts.path("TWCC").asInt(), feedbacks, name);
    assertEquals(counts.path("TWCC").asInt() > 0, arrived > 0, name);
    assertEquals(counts.path("PLI").asInt(), plis, name);
    assertEquals(expected.path("pli").size(), plis, name);
    assertEquals(longs(expected.path("remb"), 1), remb, name);
    assertEquals(counts.path("NACK").asInt() > 0, nacks > 0, name);
    TreeMap<String, Set<Integer>> wanted = new TreeMap<>();
    expected.path("nacked").properties().forEach(e -> wanted.put(e.getKey(), ranges(e.getValue())));
    assertEquals(wanted, nacked, name);
    List<List<Long>> reports = new ArrayList<>();
    for (JsonNode report : expected.path("senderReports")) {
      reports.add(
          List.of(
              report.path(0).asLong(),
              report.path(1).asLong(),
              report.path(2).bigIntegerValue().longValue(),
              report.path(3).asLong()));
    }
    assertEquals(reports, senderReports, name);
  }

  private static List<Long> longs(JsonNode rows, int column) {
    List<Long> all = new ArrayList<>();
    rows.forEach(row -> all.add(row.path(column).asLong()));
    return all;
  }

  private static Set<Integer> ranges(JsonNode pairs) {
    TreeSet<Integer> all = new TreeSet<>();
    for (JsonNode pair : pairs) {
      for (int n = pair.path(0).asInt(); n <= pair.path(1).asInt(); n++) {
        all.add(n);
      }
    }
    return all;
  }

  @Override
  public void onSenderReport(int ssrc, long ntp, int rtpTimestamp, long nowNanos) {
    senderReports.add(List.of(micros, ssrc & 0xffff_ffffL, ntp, rtpTimestamp & 0xffff_ffffL));
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
    assertTrue(fractionLost >= 0 && fractionLost <= 255, where);
  }

  @Override
  public void onKeyFrameRequest(int mediaSsrc, long nowNanos) {
    plis++;
  }

  @Override
  public void onNack(int mediaSsrc, int sequence16, int followingMask, long nowNanos) {
    nacks++;
    Set<Integer> all =
        nacked.computeIfAbsent(Integer.toUnsignedString(mediaSsrc), key -> new TreeSet<>());
    all.add(sequence16);
    for (int i = 0; i < 16; i++) {
      if ((followingMask >> i & 1) == 1) {
        all.add(sequence16 + 1 + i & 0xffff);
      }
    }
  }

  @Override
  public void onRemb(long bitsPerSecond, long nowNanos) {
    remb.add(bitsPerSecond);
  }

  @Override
  public void onTransportFeedback(byte[] bytes, int offset, int lengthBytes, long nowNanos) {
    feedbacks++;
    assertTrue(TransportFeedbackReader.read(bytes, offset, lengthBytes, this), where);
  }

  @Override
  public void onPacket(int number16, boolean received, long arrivalMicros) {
    if (received) {
      arrived++;
      assertTrue(numbers.contains(number16), where + " tells of " + number16);
    }
  }
}
