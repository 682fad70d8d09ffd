package dev.parley.core.codec;

import static dev.parley.core.fixtures.RtpBuilder.rtp;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.core.fixtures.PcapReader;
import dev.parley.core.rtp.RtpPacket;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bits of the first byte: I P L F B E V Z (RFC 9628 section 4.2). */
class Vp9PayloadTest {
  private final VideoPayload vp9 = VideoPayload.of(Codec.VP9, 0);
  private int timestamp;

  private boolean read(String hex) {
    return vp9.read(
        rtp().timestamp(timestamp).payload(HexFormat.of().parseHex(hex.replace(" ", ""))).packet());
  }

  /** Hex; picture id; TL0PICIDX; temporal and spatial id; begin, end; key. */
  @ParameterizedTest
  @CsvSource({
    "0c aa, -1, -1, 0, 0, true, true, true",
    "8c 7f aa, 127, -1, 0, 0, true, true, true",
    "8c 9234 aa, 4660, -1, 0, 0, true, true, true",
    "c8 9234 aa, 4660, -1, 0, 0, true, false, false",
    "a4 05 40 07 aa, 5, 7, 2, 0, false, true, false",
    "ac 05 03 07 aa, 5, 7, 0, 1, true, true, false",
    "fc 9234 24 03 02 aa, 4660, -1, 1, 2, true, true, false",
    "dc 11 02 aa, 17, -1, 0, 0, true, true, false",
  })
  void shouldReadDescriptors(
      String hex,
      int picture,
      int tl0,
      int temporal,
      int spatial,
      boolean begins,
      boolean ends,
      boolean key) {
    assertTrue(read(hex));
    assertEquals(picture, vp9.pictureId());
    assertEquals(tl0, vp9.tl0PicIdx());
    assertEquals(temporal, vp9.temporalId());
    assertEquals(spatial, vp9.spatialId());
    assertEquals(begins, vp9.frameStart());
    assertEquals(ends, vp9.frameEnd());
    assertEquals(key, vp9.keyFrameStart());
  }

  @Test
  void shouldReadTheScalabilityStructure() {
    // Three layers with sizes, and two pictures of a group: temporal 0 and 1 with one reference.
    assertTrue(read("8a 05 58 0140 00b4 0280 0168 0500 02d0 02 04 01 24 01 aa"));
    assertEquals(3, vp9.spatialLayers());
    assertEquals(2, vp9.temporalLayers());
    assertEquals(1280, vp9.width());
    assertEquals(720, vp9.height());
    assertEquals(180, vp9.heightOf(0));
    assertEquals(360, vp9.heightOf(1));
  }

  @ParameterizedTest
  @CsvSource({
    "8a 05 58 0140 00b4 0280 0168 0500 02d0 02 04 01 24 01 aa",
    "fc 9234 24 03 03 02 aa",
    "ac 05 03 07 aa"
  })
  void shouldRefuseEveryTruncation(String hex) {
    byte[] whole = HexFormat.of().parseHex(hex.replace(" ", ""));
    assertTrue(read(hex));
    for (int length = 0; length < whole.length; length++) {
      String cut = HexFormat.of().formatHex(Arrays.copyOf(whole, length));
      assertFalse(read(cut), "first " + length + " bytes");
    }
  }

  @Test
  void shouldNeedOnlyWhatUpperLayersArePredictedFrom() {
    timestamp = 1;
    assertTrue(read("ac 01 00 01 aa"), "a key picture, layer 0");
    assertTrue(vp9.neededFor(2, 0) && vp9.neededFor(0, 0));
    assertTrue(read("ec 01 05 01 aa"), "the same picture, layer 2");
    assertTrue(vp9.neededFor(2, 0));
    assertFalse(vp9.neededFor(1, 2));
    timestamp = 2;
    assertTrue(read("ed 02 00 02 aa"), "Z: upper layers do without this frame");
    assertFalse(vp9.neededFor(2, 0));
    assertTrue(vp9.neededFor(0, 0));
  }

  @Test
  void shouldRaiseTemporalLayersAtSwitchingPointsOnly() {
    timestamp = 1;
    assertTrue(read("ac 01 00 01 aa"));
    assertTrue(vp9.canRaiseTemporal(0, 0, 2) && vp9.canChangeSpatial());
    timestamp = 2;
    assertTrue(read("ec 02 40 01 aa"));
    assertFalse(vp9.canRaiseTemporal(0, 0, 2) || vp9.canChangeSpatial());
    assertTrue(read("ec 02 10 01 aa"));
    assertTrue(vp9.canRaiseTemporal(0, 0, 2));
    assertFalse(vp9.canChangeSpatial());
  }

  /** One of layer 2 with U may need the picture of layer 1 before it. */
  @Test
  void shouldNotRaiseAtAPictureOfAHigherLayer() {
    assertTrue(read("ec 02 50 01 aa"));
    assertFalse(vp9.canRaiseTemporal(0, 0, 2) || vp9.canRaiseTemporal(0, 1, 2));
    assertTrue(read("ec 02 30 01 aa"));
    assertFalse(vp9.canRaiseTemporal(0, 0, 2));
    assertTrue(vp9.canRaiseTemporal(0, 1, 2));
  }

  /**
   * A viewer is raised at each point where that is allowed, and has what each picture refers to.
   */
  @ParameterizedTest
  @ValueSource(strings = {"vp9-l1t3.at-receiver", "vp9-l3t3key.at-receiver"})
  void shouldRaiseOnlyWhereNothingNeededWasLeftOut(String recording) throws IOException {
    RtpPacket packet = new RtpPacket();
    List<Picture> pictures = new ArrayList<>();
    Set<Integer> raises = new LinkedHashSet<>();
    List<String[]> table = PcapReader.table(recording);
    List<PcapReader.Recorded> packets = PcapReader.read(recording);
    for (int i = 0; i < table.size(); i++) {
      byte[] b = packets.get(i).bytes();
      JsonNode told = new ObjectMapper().readTree(table.get(i)[table.get(i).length - 1]);
      boolean lowest = told.path("sid").asInt() == 0 && told.path("b").asInt() == 1;
      if (lowest && packet.wrap(b, 0, b.length) && vp9.read(packet)) {
        List<Integer> needed = new ArrayList<>();
        told.path("pdiff").forEach(diff -> needed.add(vp9.pictureId() - diff.asInt() & 0x7fff));
        if (vp9.canRaiseTemporal(0, 0, 2)) {
          raises.add(pictures.size());
        }
        pictures.add(new Picture(vp9.pictureId(), vp9.temporalId(), needed));
      }
    }
    assertTrue(raises.size() > 10, "raises: " + raises.size());
    for (int raise : raises) {
      Set<Integer> sent = new HashSet<>();
      for (int i = 0; i < pictures.size(); i++) {
        Picture picture = pictures.get(i);
        if (i >= raise || picture.temporal() == 0) {
          sent.add(picture.id());
          assertTrue(sent.containsAll(picture.needed()), "raised at " + raise + ", picture " + i);
        }
      }
    }
  }

  private record Picture(int id, int temporal, List<Integer> needed) {}

  @ParameterizedTest
  @CsvSource({
    "ac 9234 00 01 aa, 32767, 255, ac ffff 00 ff aa",
    "ac 05 00 01 aa, 127, 2, ac 7f 00 02 aa",
    "0c aa, 3, 4, 0c aa",
    "fc 9234 24 03 02 aa, 0, 9, fc 8000 24 03 02 aa",
  })
  void shouldRewriteInTheSameWidths(String from, int picture, int tl0, String to) {
    assertTrue(read(from));
    byte[] before = HexFormat.of().parseHex(from.replace(" ", ""));
    byte[] copy = new byte[before.length + 9];
    System.arraycopy(before, 0, copy, 5, before.length);
    vp9.rewrite(copy, 5, picture, tl0);
    assertArrayEquals(
        HexFormat.of().parseHex(to.replace(" ", "")),
        Arrays.copyOfRange(copy, 5, 5 + before.length));
  }
}
