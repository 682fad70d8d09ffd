package dev.parley.core.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.core.fixtures.PcapReader;
import dev.parley.core.rtp.RtpPacket;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What browsers really send, packet for packet against the table that an independent parser made of
 * the same recording, and as a whole against what was counted there.
 */
class RtpRecordingTest {
  private static final String DESCRIPTOR_URI =
      "https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension";
  private static final String TRANSPORT_CC_URI =
      "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01";
  private static final String MID_URI = "urn:ietf:params:rtp-hdrext:sdes:mid";
  private static final String RID_URI = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id";
  private static final String REPAIRED_URI =
      "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id";
  private static final String LEVEL_URI = "urn:ietf:params:rtp-hdrext:ssrc-audio-level";

  // The columns of the table.
  private static final int KIND = 2;
  private static final int SSRC = 3;
  private static final int SEQUENCE = 4;
  private static final int TIMESTAMP = 5;
  private static final int PAYLOAD_TYPE = 6;
  private static final int MARKER = 7;
  private static final int LENGTH = 8;
  private static final int PAYLOAD_LENGTH = 9;
  private static final int TRANSPORT_CC = 12;
  private static final int MID = 13;
  private static final int RID = 14;
  private static final int REPAIRED = 15;
  private static final int LEVEL = 16;
  private static final int DESCRIPTOR = 17;

  private final ObjectMapper json = new ObjectMapper();
  private final RtpPacket packet = new RtpPacket();
  private final Map<String, Integer> extensionIds = new HashMap<>();
  private final Map<Integer, String> codecs = new HashMap<>();
  private final Map<Integer, Stream> streams = new TreeMap<>();

  /** The stream that one of retransmissions repairs, both by SSRC. */
  private final Map<Integer, Integer> repairs = new HashMap<>();

  private String where = "";
  private int repeated;

  /** What one SSRC has told so far. */
  private static final class Stream {
    final @Nullable VideoPayload video;

    /** Reads packets that come again. */
    final @Nullable VideoPayload sibling;

    /** What was told of a packet, by its number. */
    final Map<Integer, Original> originals = new HashMap<>();

    final List<Long> keyTimestamps = new ArrayList<>();
    final TreeMap<Integer, Integer> temporal = new TreeMap<>();
    final TreeMap<String, Integer> described = new TreeMap<>();
    long packets;

    Stream(@Nullable VideoPayload video) {
      this.video = video;
      this.sibling = video == null ? null : video.sibling();
    }
  }

  private record Original(JsonNode told, int timestamp, int payloadBytes, int payloadType) {}

  static List<String> names() throws IOException {
    return PcapReader.names();
  }

  @ParameterizedTest
  @MethodSource("names")
  void shouldReadEveryPacketAsAnotherParserDid(String name) throws IOException {
    JsonNode facts = PcapReader.facts(name);
    learn(facts.path("media"));
    JsonNode expected = facts.path("expected").path(name.substring(name.indexOf('.') + 1));
    expected
        .path("streams")
        .properties()
        .forEach(e -> {
          if (e.getValue().has("of")) {
            repairs.put(
                Integer.parseUnsignedInt(e.getKey()), (int) e.getValue().get("of").asLong());
          }
        });
    List<PcapReader.Recorded> packets = PcapReader.read(name);
    List<String[]> table = PcapReader.table(name);
    assertEquals(table.size(), packets.size());
    for (int i = 0; i < packets.size(); i++) {
      String[] row = table.get(i);
      where = name + " packet " + i;
      assertEquals(row[KIND].equals("rtcp"), packets.get(i).rtcp(), where);
      if (!packets.get(i).rtcp()) {
        byte[] bytes = packets.get(i).bytes();
        assertTrue(packet.wrap(bytes, 0, bytes.length), where);
        checkHeader(row, bytes.length);
        checkPayload(row[DESCRIPTOR].isEmpty() ? null : json.readTree(row[DESCRIPTOR]));
      }
    }
    where = name;
    checkWhole(expected);
  }

  private void learn(JsonNode media) {
    for (JsonNode section : media) {
      section
          .path("extmap")
          .properties()
          .forEach(e -> extensionIds.put(e.getValue().asText(), Integer.parseInt(e.getKey())));
      section
          .path("payloadTypes")
          .properties()
          .forEach(
              e -> codecs.put(Integer.parseInt(e.getKey()), e.getValue().path("codec").asText()));
    }
  }

  private void checkHeader(String[] row, int length) {
    assertEquals(row[SSRC], Integer.toUnsignedString(packet.ssrc()), where);
    assertEquals(row[SEQUENCE], Integer.toString(packet.sequence16()), where);
    assertEquals(row[TIMESTAMP], Integer.toUnsignedString(packet.timestamp()), where);
    assertEquals(row[PAYLOAD_TYPE], Integer.toString(packet.payloadType()), where);
    assertEquals(row[MARKER], packet.marker() ? "1" : "0", where);
    assertEquals(row[LENGTH], Integer.toString(length), where);
    assertEquals(row[PAYLOAD_LENGTH], Integer.toString(packet.payloadBytes()), where);
    assertEquals(row[MID], text(MID_URI), where);
    assertEquals(row[RID], text(RID_URI), where);
    assertEquals(row[REPAIRED], text(REPAIRED_URI), where);
    int number = extension(TRANSPORT_CC_URI);
    assertEquals(
        row[TRANSPORT_CC], number < 0 ? "" : Integer.toString(packet.short16(number >>> 8)), where);
    int level = extension(LEVEL_URI);
    int value = level < 0 ? 0 : packet.bytes()[level >>> 8] & 0xff;
    assertEquals(row[LEVEL], level < 0 ? "" : (value & 0x7f) + "/" + (value >> 7), where);
  }

  private int extension(String uri) {
    return packet.extension(extensionIds.getOrDefault(uri, 0));
  }

  private String text(String uri) {
    int at = extension(uri);
    return at < 0 ? "" : new String(packet.bytes(), at >>> 8, at & 0xff, StandardCharsets.UTF_8);
  }

  private void checkPayload(@Nullable JsonNode told) {
    String codec = codecs.getOrDefault(packet.payloadType(), "");
    Stream stream = streams.computeIfAbsent(packet.ssrc(), ssrc -> new Stream(readerOf(codec)));
    stream.packets++;
    if (told == null || packet.payloadBytes() == 0) {
      return;
    }
    VideoPayload video = stream.video;
    if (codec.equals("rtx")) {
      checkRepeated(told.path("osn").asInt());
    } else if (video != null) {
      assertTrue(video.read(packet), where);
      checkVideo(codec, video, told);
      stream.originals.put(
          packet.sequence16(),
          new Original(told, packet.timestamp(), packet.payloadBytes(), packet.payloadType()));
      stream.temporal.merge(video.temporalId(), 1, Integer::sum);
      long timestamp = packet.timestamp() & 0xffff_ffffL;
      if (video.keyFrameStart()) {
        stream.keyTimestamps.add(timestamp);
      }
      if (told.has("dd") && video.frameStart()) {
        String layer = "S" + video.spatialId() + "T" + video.temporalId();
        stream.described.merge(layer, 1, Integer::sum);
      }
    } else if (codec.equals("red") && told.has("red")) {
      checkRedundant(told);
    }
  }

  /** What comes as a retransmission is what it repeats, where that has come as well. */
  private void checkRepeated(int number) {
    int ssrc = repairs.getOrDefault(packet.ssrc(), 1);
    Stream repaired = streams.getOrDefault(ssrc, new Stream(null));
    Original original = repaired.originals.get(number);
    assertTrue(packet.unwrapRetransmission(ssrc, original == null ? 1 : original.payloadType()));
    assertEquals(number, packet.sequence16(), where);
    assertEquals(ssrc, packet.ssrc(), where);
    VideoPayload sibling = repaired.sibling;
    if (original != null && sibling != null) {
      assertEquals(original.timestamp(), packet.timestamp(), where);
      assertEquals(original.payloadBytes(), packet.payloadBytes(), where);
      assertTrue(sibling.read(packet), where);
      if (!(sibling instanceof Av1Payload)) {
        checkVideo(codecs.getOrDefault(packet.payloadType(), ""), sibling, original.told());
      } else {
        assertEquals(original.told().path("dd").path("num").asInt(), sibling.pictureId(), where);
        assertEquals(original.told().path("dd").path("sid").asInt(), sibling.spatialId(), where);
        assertEquals(original.told().path("dd").path("tid").asInt(), sibling.temporalId(), where);
      }
      repeated++;
    }
  }

  private @Nullable VideoPayload readerOf(String codec) {
    int descriptor = extensionIds.getOrDefault(DESCRIPTOR_URI, 0);
    Codec known = Codec.ofSdpName(codec);
    return known == null || known.audio() ? null : VideoPayload.of(known, descriptor);
  }

  private void checkVideo(String codec, VideoPayload video, JsonNode told) {
    if (codec.equals("AV1")) {
      checkDescribed(video, told.path("dd"));
      return;
    }
    assertEquals(told.path("picid").asInt(-1), video.pictureId(), where);
    assertEquals(told.path("tl0").asInt(-1), video.tl0PicIdx(), where);
    assertEquals(told.path("tid").asInt(0), video.temporalId(), where);
    assertEquals(told.path("sid").asInt(0), video.spatialId(), where);
    if (codec.equals("VP8")) {
      assertEquals(
          told.path("s").asInt() == 1 && told.path("pid").asInt() == 0, video.frameStart(), where);
      assertEquals(told.path("key").asBoolean(false), video.keyFrameStart(), where);
      if (video.keyFrameStart()) {
        assertEquals(told.path("w").asInt(), video.width(), where);
        assertEquals(told.path("h").asInt(), video.height(), where);
      }
    } else if (codec.equals("VP9")) {
      assertEquals(told.path("b").asInt() == 1, video.frameStart(), where);
      assertEquals(told.path("e").asInt() == 1, video.frameEnd(), where);
    }
  }

  private void checkDescribed(VideoPayload video, JsonNode told) {
    assertEquals(told.path("num").asInt(), video.pictureId(), where);
    assertEquals(told.path("sid").asInt(), video.spatialId(), where);
    assertEquals(told.path("tid").asInt(), video.temporalId(), where);
    assertEquals(told.path("start").asInt() == 1, video.frameStart(), where);
    assertEquals(told.path("end").asInt() == 1, video.frameEnd(), where);
    String indications = told.path("dti").asText();
    int spatial = video.spatialLayers();
    int temporal = video.temporalLayers();
    assertEquals(indications.length(), spatial * temporal, where);
    for (int s = 0; s < spatial; s++) {
      for (int t = 0; t < temporal; t++) {
        boolean present = indications.charAt(s * temporal + t) != '-';
        assertEquals(present, video.neededFor(s, t), where + " for S" + s + "T" + t);
      }
    }
    checkRewritten(video, told);
  }

  /** The descriptor for a viewer of fewer layers says the same, but for the frame's number. */
  private void checkRewritten(VideoPayload video, JsonNode told) {
    for (int s = 0; s < video.spatialLayers(); s++) {
      for (int t = 0; t < video.temporalLayers(); t++) {
        int length = video.descriptorBytes(s, t, true);
        byte[] copy = new byte[length];
        video.writeDescriptor(copy, 0, 0xabcd, s, t, true);
        FrameStructure structure = structureOf(packet.ssrc());
        DependencyDescriptor again = new DependencyDescriptor(structure, structure);
        assertTrue(again.read(copy, 0, length), where);
        assertEquals(0xabcd, again.frameNumber(), where);
        assertEquals(told.path("sid").asInt(), again.spatialId(), where);
        assertEquals(told.path("tid").asInt(), again.temporalId(), where);
        assertEquals(s + 1, again.spatialLayers(), where);
        assertEquals(t + 1, again.temporalLayers(), where);
      }
    }
  }

  private final Map<Integer, FrameStructure> structures = new HashMap<>();

  /** The stream's structure as a viewer has it, who was sent the first packet. */
  private FrameStructure structureOf(int ssrc) {
    FrameStructure structure = structures.computeIfAbsent(ssrc, key -> new FrameStructure());
    int found = extension(DESCRIPTOR_URI);
    if (found >= 0 && (found & 0xff) > 30) {
      new DependencyDescriptor(structure, structure)
          .read(packet.bytes(), found >>> 8, found & 0xff);
    }
    return structure;
  }

  private void checkRedundant(JsonNode told) {
    RedPayload red = new RedPayload();
    assertTrue(red.read(packet.bytes(), packet.payloadOffset(), packet.payloadBytes()), where);
    int before = 0;
    for (JsonNode block : told.path("red")) {
      before += 4 + block.path(2).asInt();
    }
    assertEquals(packet.payloadOffset() + before + 1, red.primaryOffset(), where);
    assertEquals(packet.payloadBytes() - before - 1, red.primaryBytes(), where);
  }

  private void checkWhole(JsonNode expected) {
    expected
        .path("streams")
        .properties()
        .forEach(e -> {
          int ssrc = Integer.parseUnsignedInt(e.getKey());
          JsonNode told = e.getValue();
          Stream stream = streams.getOrDefault(ssrc, new Stream(null));
          where += ", stream " + e.getKey();
          assertEquals(told.path("packets").asLong(), stream.packets, where);
          if (stream.video != null && told.path("role").asText().equals("media")) {
            TreeSet<Long> keys = new TreeSet<>();
            told.path("keyFrames").forEach(k -> keys.add(k.path(2).asLong()));
            assertEquals(keys, new TreeSet<>(stream.keyTimestamps), where);
            TreeMap<String, Integer> frames = new TreeMap<>();
            told.path("ddFrames")
                .properties()
                .forEach(f -> frames.put(f.getKey(), f.getValue().asInt()));
            if (stream.video instanceof Av1Payload) {
              assertEquals(frames, stream.described, where);
            }
          }
        });
    assertEquals(expected.path("streams").size(), streams.size(), where);
    if (where.startsWith("vp9-l3t3key-dd")) {
      assertTrue(repeated > 100, "padding by repetition: " + repeated);
    }
  }
}
