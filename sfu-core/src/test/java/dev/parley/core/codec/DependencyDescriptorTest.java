package dev.parley.core.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.core.fixtures.PcapReader;
import dev.parley.core.rtp.RtpPacket;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Descriptors are written here as strings of bits, field for field as the AV1 RTP specification.
 */
class DependencyDescriptorTest {
  private static final int RECORDED_ID = 13;
  private static final int NOT_PRESENT = 0;
  private static final int DISCARDABLE = 1;
  private static final int SWITCH = 2;
  private static final int REQUIRED = 3;

  /** Rows: templates S0T0, S0T1, S1T0, S1T1; columns: how they serve these decode targets. */
  private static final int[][] INDICATIONS = {
    {SWITCH, SWITCH, SWITCH, SWITCH},
    {NOT_PRESENT, DISCARDABLE, NOT_PRESENT, REQUIRED},
    {NOT_PRESENT, NOT_PRESENT, SWITCH, SWITCH},
    {NOT_PRESENT, NOT_PRESENT, NOT_PRESENT, DISCARDABLE},
  };

  private static final int FIRST_TEMPLATE = 62;
  private static final String STRUCTURE = structure();

  // The five flags, and what a frame may have of its own.
  private static final String WITH_STRUCTURE = "10000";
  private static final String OWN_INDICATIONS = "11 00 01 10";
  private static final String OWN_DIFFERENCES =
      "01 0011" + "10 00010010" + "11 000100100011" + "00";
  private static final String OWN_CHAINS = "00000101" + "11111111";

  private final FrameStructure structure = new FrameStructure();
  private final DependencyDescriptor descriptor = new DependencyDescriptor(structure, structure);

  private static String structure() {
    StringBuilder bits = new StringBuilder();
    bits.append(number(FIRST_TEMPLATE, 6)).append(number(INDICATIONS.length - 1, 5));
    bits.append("01" + "10" + "01" + "11");
    for (int[] template : INDICATIONS) {
      Arrays.stream(template).forEach(indication -> bits.append(number(indication, 2)));
    }
    bits.append("0" + "1 0011 0" + "1 0000 1 0111 0" + "0");
    // Two chains of at most four, in the code for numbers below five; then one for each target.
    bits.append("10" + "0011");
    for (int i = 0; i < INDICATIONS.length * 2; i++) {
      bits.append(number(i, 4));
    }
    bits.append("1" + number(639, 16) + number(359, 16) + number(1279, 16) + number(719, 16));
    return bits.toString().replace(" ", "");
  }

  private static String number(int value, int width) {
    return String.format("%" + width + "s", Integer.toBinaryString(value)).replace(' ', '0');
  }

  /** The three bytes that each descriptor has: S1T0 or what else, the whole of frame 300. */
  private static String mandatory(int template, int frame) {
    return "11" + number(FIRST_TEMPLATE + template & 63, 6) + number(frame, 16);
  }

  private static byte[] bytes(String bits) {
    String b = bits.replace(" ", "");
    byte[] out = new byte[(b.length() + 7) / 8];
    for (int i = 0; i < b.length(); i++) {
      out[i / 8] |= (byte) (b.charAt(i) - '0' << 7 - i % 8);
    }
    return out;
  }

  private static String bits(byte[] bytes) {
    StringBuilder bits = new StringBuilder();
    for (byte b : bytes) {
      bits.append(number(b & 0xff, 8));
    }
    return bits.toString();
  }

  private boolean read(String bits) {
    byte[] b = bytes("10101010" + bits);
    return descriptor.read(b, 1, b.length - 1);
  }

  private String written(int frame, int spatial, int temporal, boolean limited) {
    byte[] out = new byte[descriptor.lengthBytes(spatial, temporal, limited) + 2];
    Arrays.fill(out, (byte) 0xee);
    descriptor.write(out, 1, frame, spatial, temporal, limited);
    assertEquals((byte) 0xee, out[0]);
    assertEquals((byte) 0xee, out[out.length - 1]);
    return bits(Arrays.copyOfRange(out, 1, out.length - 1));
  }

  /** Filled up with zeros to whole bytes. */
  private static String whole(String bits) {
    return bits(bytes(bits));
  }

  @Test
  void shouldReadAStructure() {
    assertTrue(read(mandatory(0, 300) + WITH_STRUCTURE + STRUCTURE));
    assertTrue(descriptor.frameStart() && descriptor.frameEnd() && descriptor.startsStructure());
    assertTrue(descriptor.known());
    assertEquals(300, descriptor.frameNumber());
    assertEquals(2, descriptor.spatialLayers());
    assertEquals(2, descriptor.temporalLayers());
    assertEquals(2, structure.chains());
    assertEquals("640x360", structure.width(0) + "x" + structure.height(0));
    assertEquals("1280x720", structure.width(1) + "x" + structure.height(1));
    for (int template = 0; template < INDICATIONS.length; template++) {
      assertTrue(read(mandatory(template, 301)));
      assertFalse(descriptor.startsStructure());
      assertEquals(template / 2, descriptor.spatialId());
      assertEquals(template % 2, descriptor.temporalId());
      for (int target = 0; target < INDICATIONS.length; target++) {
        int told = descriptor.indication(target / 2, target % 2);
        assertEquals(INDICATIONS[template][target], told, template + " for " + target);
      }
    }
  }

  @Test
  void shouldTakeAFramesOwnIndications() {
    assertTrue(read(mandatory(0, 300) + WITH_STRUCTURE + STRUCTURE));
    assertTrue(read(mandatory(1, 301) + "00100" + OWN_INDICATIONS));
    assertEquals(REQUIRED, descriptor.indication(0, 0));
    assertEquals(NOT_PRESENT, descriptor.indication(0, 1));
    assertEquals(DISCARDABLE, descriptor.indication(1, 0));
    assertEquals(SWITCH, descriptor.indication(1, 1));
    assertTrue(read(mandatory(1, 302)));
    assertEquals(DISCARDABLE, descriptor.indication(0, 1));
  }

  @Test
  void shouldRememberWhatTheSourceSendsAtPresent() {
    assertTrue(read(mandatory(0, 300) + WITH_STRUCTURE + STRUCTURE));
    assertTrue(read(mandatory(0, 301) + "01000" + "0011"));
    assertEquals(1, descriptor.spatialLayers());
    assertTrue(read(mandatory(1, 302)));
    assertEquals(1, descriptor.spatialLayers());
    assertEquals(2, descriptor.temporalLayers());
    assertTrue(read(mandatory(0, 303) + WITH_STRUCTURE + STRUCTURE));
    assertEquals(2, descriptor.spatialLayers());
  }

  @Test
  void shouldForgetWhatAMalformedOneSaysIsSent() {
    assertTrue(read(mandatory(0, 300) + WITH_STRUCTURE + STRUCTURE));
    assertFalse(read(mandatory(0, 301) + "01001" + "001"));
    assertTrue(read(mandatory(1, 302)));
    assertEquals(2, descriptor.spatialLayers());
  }

  @Test
  void shouldCopyForAViewerOfAllLayers() {
    String key = mandatory(0, 300) + WITH_STRUCTURE + STRUCTURE;
    assertTrue(read(key));
    assertEquals(whole(mandatory(0, 65_535) + key.substring(24)), written(65_535, 1, 1, false));
    String own = mandatory(3, 301) + "00111" + OWN_INDICATIONS + OWN_DIFFERENCES + OWN_CHAINS;
    assertTrue(read(own));
    assertEquals(whole(mandatory(3, 7) + own.substring(24)), written(7, 1, 1, false));
  }

  /** Layers; and the decode targets left, the first one in the lowest bit. */
  @ParameterizedTest
  @CsvSource({"0, 0, 0001", "0, 1, 0011", "1, 0, 0101", "1, 1, 1111"})
  void shouldTakeOutTargetsAboveTheLayers(int spatial, int temporal, String active) {
    assertTrue(read(mandatory(0, 300) + WITH_STRUCTURE + STRUCTURE));
    String key = mandatory(0, 9) + "11000" + STRUCTURE + active;
    assertEquals(whole(key), written(9, spatial, temporal, true));
    String own = OWN_INDICATIONS + OWN_DIFFERENCES + OWN_CHAINS;
    assertTrue(read(mandatory(2, 301) + "00111" + own));
    String frame = mandatory(2, 10) + "01111" + active + own;
    assertEquals(whole(frame), written(10, spatial, temporal, true));
    assertTrue(read(mandatory(1, 302)));
    assertEquals(whole(mandatory(1, 11) + "01000" + active), written(11, spatial, temporal, true));
  }

  @Test
  void shouldKeepOutTheTargetsThatTheSourceTookOut() {
    assertTrue(read(mandatory(0, 300) + WITH_STRUCTURE + STRUCTURE));
    assertTrue(read(mandatory(0, 301) + "01000" + "0111"));
    assertEquals(whole(mandatory(0, 9) + "01000" + "0101"), written(9, 1, 0, false));
    assertEquals(whole(mandatory(0, 9) + "01000" + "0111"), written(9, 1, 1, false));
  }

  @Test
  void shouldTellNumbersAloneWithoutTheStructure() {
    assertTrue(read(mandatory(2, 300)));
    assertFalse(descriptor.known());
    assertEquals(0, descriptor.spatialId() + descriptor.temporalId());
    assertEquals(whole(mandatory(2, 5)), written(5, 0, 0, true));
    assertTrue(read(mandatory(0, 300) + WITH_STRUCTURE + STRUCTURE));
    assertTrue(read(mandatory(4, 301)));
    assertFalse(descriptor.known(), "no such template");
    assertTrue(read(mandatory(3, 302)));
    assertTrue(descriptor.known());
  }

  @Test
  void shouldRefuseWhatEndsTooEarly() {
    String all = "10111" + STRUCTURE + OWN_INDICATIONS + OWN_DIFFERENCES + OWN_CHAINS;
    String key = (mandatory(0, 300) + all).replace(" ", "");
    assertTrue(read(key));
    for (int length = 0; length < bytes(key).length; length++) {
      byte[] cut = Arrays.copyOf(bytes(key), length);
      // Three bytes alone are whole, and name a template of the structure before.
      assertEquals(length == 3, descriptor.read(cut, 0, length), "first " + length + " bytes");
    }
  }

  /** Of 2040 bits there are: differences of 14 and of 10, and whether four more still fit. */
  @ParameterizedTest
  @CsvSource({"143, 0, true", "142, 2, false"})
  void shouldLeaveADescriptorThatWouldGrowTooLong(int longer, int shorter, boolean fits) {
    assertTrue(read(mandatory(0, 300) + WITH_STRUCTURE + STRUCTURE));
    String own = "11000100100011".repeat(longer) + "1000010010".repeat(shorter) + "00";
    assertTrue(read(mandatory(3, 301) + "00010" + own));
    String active = fits ? "01010" + "0001" : "00010";
    assertEquals(whole(mandatory(3, 9) + active + own), written(9, 0, 0, true));
    assertEquals(255, descriptor.lengthBytes(0, 0, true));
  }

  @Test
  void shouldReadNumbersBelowALimit() {
    for (int limit = 1; limit <= 33; limit++) {
      for (int value = 0; value < limit; value++) {
        byte[] b = bytes(below(value, limit) + "1");
        BitReader bits = new BitReader();
        bits.begin(b, 0, b.length);
        assertEquals(value, bits.readBelow(limit), value + " below " + limit);
        assertEquals(1, bits.read(1), "what follows " + value + " below " + limit);
      }
    }
  }

  /** The first numbers have a bit less than the others (AV1 specification, section 4.10.7). */
  private static String below(int value, int limit) {
    int width = 1;
    while (1 << width <= limit) {
      width++;
    }
    int shorter = (1 << width) - limit;
    if (value >= shorter) {
      return number(value + shorter, width);
    }
    return width == 1 ? "" : number(value, width - 1);
  }

  @Test
  void shouldReadZerosBehindTheEnd() {
    BitReader bits = new BitReader();
    bits.begin(new byte[] {-1, -1, -1}, 1, 1);
    assertEquals(0xff, bits.read(8));
    assertFalse(bits.over());
    assertEquals(0, bits.read(3));
    assertTrue(bits.over());
    assertEquals(16, bits.position());
  }

  /**
   * All frames of a recording, written for viewers of each number of layers, are told the same by
   * their readers, who have nothing but what was written.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "av1-l1t3.at-receiver",
        "av1-l3t3.at-receiver",
        "screen-vp9.at-receiver",
        "vp8-simulcast-dd.at-receiver",
        "vp9-l3t3key-dd.at-receiver"
      })
  void shouldTellViewersOfFewerLayersTheSame(String name) throws IOException {
    RtpPacket packet = new RtpPacket();
    Map<Integer, Source> sources = new HashMap<>();
    List<String[]> table = PcapReader.table(name);
    List<PcapReader.Recorded> packets = PcapReader.read(name);
    int frames = 0;
    for (int i = 0; i < packets.size(); i++) {
      byte[] b = packets.get(i).bytes();
      String told = table.get(i)[table.get(i).length - 1];
      if (told.contains("\"dd\"") && packet.wrap(b, 0, b.length)) {
        int found = packet.extension(RECORDED_ID);
        Source source = sources.computeIfAbsent(packet.ssrc(), ssrc -> new Source());
        assertTrue(source.descriptor.read(b, found >>> 8, found & 0xff));
        source.check(new ObjectMapper().readTree(told).get("dd"), 40_000 + i & 0xffff);
        frames++;
      }
    }
    assertTrue(frames > 200, "descriptors: " + frames);
  }

  /** A stream and its viewers. */
  private static final class Source {
    private final FrameStructure structure = new FrameStructure();
    private final DependencyDescriptor descriptor = new DependencyDescriptor(structure, structure);
    private final Map<String, DependencyDescriptor> viewers = new HashMap<>();

    void check(JsonNode told, int number) {
      for (int i = 0; i < structure.targets(); i++) {
        int s = i / descriptor.temporalLayers();
        int t = i % descriptor.temporalLayers();
        for (boolean limited : List.of(false, true)) {
          byte[] out = new byte[descriptor.lengthBytes(s, t, limited)];
          descriptor.write(out, 0, number, s, t, limited);
          DependencyDescriptor viewer =
              viewers.computeIfAbsent(s + "/" + t + limited, key -> viewer());
          assertTrue(viewer.read(out, 0, out.length));
          assertEquals(number, viewer.frameNumber());
          assertEquals(told.get("start").asInt() == 1, viewer.frameStart());
          assertEquals(told.get("end").asInt() == 1, viewer.frameEnd());
          assertEquals(told.get("sid").asInt(), viewer.spatialId());
          assertEquals(told.get("tid").asInt(), viewer.temporalId());
          assertEquals(s + 1, viewer.spatialLayers());
          assertEquals(t + 1, viewer.temporalLayers());
          String indications = told.get("dti").asText();
          IntStream.range(0, structure.targets())
              .forEach(target ->
                  assertEquals(
                      indications.charAt(target),
                      "-DSR".charAt(indication(viewer, target)),
                      "target " + target));
        }
      }
    }

    private int indication(DependencyDescriptor viewer, int target) {
      int layers = structure.temporalLayers(structure.allTargets());
      return viewer.indication(target / layers, target % layers);
    }

    private static DependencyDescriptor viewer() {
      FrameStructure own = new FrameStructure();
      return new DependencyDescriptor(own, own);
    }
  }
}
