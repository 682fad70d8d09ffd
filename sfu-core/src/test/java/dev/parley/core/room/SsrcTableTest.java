package dev.parley.core.room;

import static dev.parley.core.fixtures.RtpBuilder.rtp;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.parley.core.api.MediaKind;
import dev.parley.core.codec.Codec;
import dev.parley.core.fixtures.Media;
import dev.parley.core.fixtures.RtpBuilder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SsrcTableTest {
  private static final int MID_ID = 4;
  private static final SendSection AUDIO = section("audio", MediaKind.AUDIO, 111);
  private static final SendSection CAMERA = section("cam", MediaKind.VIDEO, 96, 0x700);
  private static final SendSection SCREEN = section("screen", MediaKind.VIDEO, 96);

  private final SsrcTable table = new SsrcTable();

  private static SendSection section(String mid, MediaKind kind, int pt, Integer... ssrcs) {
    Codec codec = kind == MediaKind.AUDIO ? Codec.OPUS : Codec.VP8;
    return Media.section(mid, kind, MID_ID, Media.format(codec, pt, 0, 0), ssrcs);
  }

  @BeforeEach
  void threeSections() {
    table.sections(List.of(AUDIO, CAMERA, SCREEN));
  }

  private static RtpBuilder mid(String mid) {
    return rtp().twoByte(MID_ID, mid.getBytes(StandardCharsets.UTF_8));
  }

  private int find(RtpBuilder packet) {
    int stream = table.stream(packet.packet());
    return stream < 0 ? -1 : SsrcTable.section(stream);
  }

  @Test
  void shouldLatchSsrcByMid() {
    assertEquals(-1, find(rtp().ssrc(5)));
    assertEquals(2, find(mid("screen").ssrc(5)));
    assertEquals(2, find(rtp().ssrc(5)), "the extension disappears after a while");
    assertEquals(1, find(mid("cam").ssrc(6)));
  }

  @Test
  void shouldKnowAnnouncedSsrcWithoutExtension() {
    assertEquals(1, find(rtp().ssrc(0x700)));
  }

  @Test
  void shouldTakeMidBeforeAnnouncement() {
    assertEquals(2, find(mid("screen").ssrc(0x700)));
  }

  @Test
  void shouldDecideByPayloadTypeOfOneSectionAlone() {
    assertEquals(0, find(rtp().payloadType(111).ssrc(9)));
    assertEquals(-1, find(rtp().payloadType(96).ssrc(10)), "two sections have it");
    assertEquals(-1, find(rtp().payloadType(50).ssrc(11)));
  }

  @Test
  void shouldNotConfuseMidWithItsPrefix() {
    for (String wrong : List.of("ca", "camera", "", "scree")) {
      assertEquals(-1, find(mid(wrong).ssrc(12)), wrong);
    }
  }

  @Test
  void shouldForgetTheOldestInFlood() {
    assertEquals(1, find(mid("cam").ssrc(1)));
    for (int i = 0; i < 1000; i++) {
      assertEquals(2, find(mid("screen").ssrc(10_000 + i)));
    }
    assertEquals(2, find(rtp().ssrc(10_999)), "the newest are known");
    assertEquals(-1, find(rtp().ssrc(1)), "the oldest is forgotten");
    assertEquals(1, find(mid("cam").ssrc(1)), "and is found again by its MID");
  }

  @Test
  void shouldFollowSectionsOfFurtherAnswer() {
    find(mid("cam").ssrc(1));
    find(mid("screen").ssrc(2));
    table.sections(List.of(AUDIO, SCREEN));
    assertEquals(1, find(rtp().ssrc(2)));
    assertEquals(1, find(rtp().ssrc(1)), "only one section has its payload type now");
    table.sections(List.of(AUDIO, SCREEN, CAMERA));
    assertEquals(1, find(rtp().ssrc(2)));
  }

  @Test
  void shouldKnowNothingWithoutSections() {
    assertEquals(-1, new SsrcTable().stream(mid("cam").packet()));
  }
}
