package dev.parley.core.codec;

import static dev.parley.core.fixtures.RtpBuilder.rtp;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.core.fixtures.PcapReader;
import dev.parley.core.fixtures.RtpBuilder;
import dev.parley.core.rtp.RtpPacket;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Av1PayloadTest {
  private static final int ID = 13;

  /** Of one spatial and two temporal layers: frame 1 of template 0, with 320 times 180 pixels. */
  private static final String KEY = "c00001" + "80017a140809f80598";

  private final VideoPayload av1 = VideoPayload.of(Codec.AV1, ID);

  private static RtpBuilder packet(String descriptor) {
    byte[] b = HexFormat.of().parseHex(descriptor);
    return rtp().twoByte(ID, b).payload((byte) 0x10, (byte) 0x0a);
  }

  /** The first packets of a recording, each in an array of its own. */
  private static List<RtpPacket> recorded(String name, int count) throws IOException {
    List<RtpPacket> all = new ArrayList<>();
    for (PcapReader.Recorded recorded : PcapReader.read(name)) {
      RtpPacket packet = new RtpPacket();
      byte[] b = recorded.bytes();
      if (!recorded.rtcp()
          && packet.wrap(b, 0, b.length)
          && packet.payloadType() == 45
          && all.size() < count) {
        all.add(packet);
      }
    }
    return all;
  }

  @Test
  void shouldTellFramesByTheAggregationHeaderWithoutADescriptor() {
    VideoPayload plain = VideoPayload.of(Codec.AV1, 0);
    assertTrue(plain.read(rtp().timestamp(5).payload((byte) 0x18, (byte) 1).packet()));
    assertTrue(plain.keyFrameStart() && plain.frameStart() && plain.canChangeSpatial());
    assertFalse(plain.frameEnd());
    assertTrue(plain.read(rtp().timestamp(5).marker().payload((byte) 0x90, (byte) 1).packet()));
    assertFalse(plain.keyFrameStart() || plain.frameStart());
    assertTrue(plain.frameEnd());
    assertTrue(plain.read(rtp().timestamp(6).marker().payload((byte) 0x10, (byte) 1).packet()));
    assertTrue(plain.frameStart() && plain.frameEnd() && plain.neededFor(0, 0));
    assertFalse(plain.keyFrameStart());
    assertEquals(-1, plain.pictureId());
    assertEquals(0, plain.pictureIdModulus());
    assertEquals(0, plain.descriptorBytes(0, 0, true));
    assertFalse(plain.read(rtp().payload().packet()));
  }

  @Test
  void shouldNeedWhatItCannotTellTheLayersOf() {
    assertTrue(av1.read(packet("c10007").packet()));
    assertTrue(av1.frameStart() && av1.frameEnd() && av1.neededFor(0, 0));
    assertFalse(av1.keyFrameStart() || av1.canRaiseTemporal(0, 0, 1));
    assertEquals(7, av1.pictureId());
    assertEquals(3, av1.descriptorBytes(0, 0, true));
    assertFalse(av1.read(packet("c100").packet()), "no frame number");
  }

  @Test
  void shouldReadTheStructureOfTwoTemporalLayers() {
    assertTrue(av1.read(packet(KEY).packet()));
    assertTrue(av1.keyFrameStart());
    assertEquals(1, av1.spatialLayers());
    assertEquals(2, av1.temporalLayers());
    assertEquals("320x180", av1.width() + "x" + av1.height());
    assertTrue(av1.read(packet("c10002").packet()));
    assertEquals(1, av1.temporalId());
    assertTrue(av1.neededFor(0, 1));
    assertFalse(av1.neededFor(0, 0) || av1.keyFrameStart());
  }

  @Test
  void shouldNotBeDisturbedByItsSibling() throws IOException {
    List<RtpPacket> packets = recorded("av1-l3t3.at-receiver", 40);
    for (RtpPacket packet : packets) {
      assertTrue(av1.read(packet));
    }
    VideoPayload sibling = av1.sibling();
    int number = av1.pictureId();
    int length = av1.descriptorBytes(2, 1, true);
    assertTrue(sibling.read(packets.get(1)), "of the stream's structure");
    assertEquals(1, sibling.spatialId());
    assertTrue(sibling.neededFor(1, 0));
    assertTrue(sibling.read(packet(KEY).packet()), "a structure of its own");
    assertTrue(sibling.keyFrameStart());
    assertEquals(number, av1.pictureId());
    assertEquals(length, av1.descriptorBytes(2, 1, true));
    assertEquals(3, av1.spatialLayers());
    assertTrue(av1.read(packets.get(2)));
    assertEquals(2, av1.spatialId());
  }

  /** Viewers are raised where it is allowed, and have all that a frame refers to. */
  @ParameterizedTest
  @CsvSource({"av1-l1t3.at-receiver, 0", "av1-l3t3.at-receiver, 1", "av1-l3t3.at-receiver, 2"})
  void shouldRaiseOnlyWhereNothingNeededWasLeftOut(String name, int spatial) throws IOException {
    List<String[]> table = PcapReader.table(name);
    List<PcapReader.Recorded> packets = PcapReader.read(name);
    List<Frame> frames = new ArrayList<>();
    RtpPacket packet = new RtpPacket();
    for (int i = 0; i < packets.size(); i++) {
      byte[] b = packets.get(i).bytes();
      String told = table.get(i)[table.get(i).length - 1];
      if (told.contains("\"dd\"") && packet.wrap(b, 0, b.length) && av1.read(packet)) {
        JsonNode dd = new ObjectMapper().readTree(told).get("dd");
        if (av1.frameStart()) {
          Set<Integer> needed = new TreeSet<>();
          dd.get("fd").forEach(diff -> needed.add(av1.pictureId() - diff.asInt()));
          frames.add(
              new Frame(
                  av1.pictureId(),
                  needed,
                  av1.neededFor(spatial, 0),
                  av1.neededFor(spatial, 2),
                  av1.canRaiseTemporal(spatial, 0, 2)));
        }
      }
    }
    int raises = 0;
    for (int raise = 0; raise < frames.size(); raise++) {
      if (frames.get(raise).raises()) {
        raises++;
        Set<Integer> sent = new HashSet<>();
        for (int i = 0; i < frames.size(); i++) {
          Frame frame = frames.get(i);
          if (i >= raise ? frame.high() : frame.low()) {
            sent.add(frame.number());
            assertTrue(sent.containsAll(frame.needed()), "raised at " + raise + ", frame " + i);
          }
        }
      }
    }
    assertTrue(raises > 10, "raises: " + raises);
  }

  private record Frame(
      int number, Set<Integer> needed, boolean low, boolean high, boolean raises) {}
}
