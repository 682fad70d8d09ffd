package dev.parley.bots.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.core.rtp.RtcpReader;
import dev.parley.core.rtp.RtcpWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Asking again; time is driven by hand. */
class MissingPacketsTest {
  private static final long MS = 1_000_000;
  private static final int SSRC = 77;

  private final MissingPackets missing = new MissingPackets();
  private final RtcpWriter writer = new RtcpWriter();
  private boolean lost;

  /** The numbers asked for at a time. */
  private List<Integer> ask(long nowMs) {
    writer.clear();
    lost = missing.ask(writer, 1, SSRC, nowMs * MS);
    List<Integer> asked = new ArrayList<>();
    RtcpReader.read(
        writer.bytes(),
        0,
        writer.length(),
        new RtcpReader.Visitor() {
          @Override
          public void onNack(int media, int first, int mask, long nowNanos) {
            assertEquals(SSRC, media);
            asked.add(first);
            for (int i = 0; i < 16; i++) {
              if ((mask >> i & 1) != 0) {
                asked.add(first + i + 1);
              }
            }
          }

          @Override
          public void onSenderReport(int ssrc, long ntp, int timestamp, long nowNanos) {}

          @Override
          public void onReportBlock(
              int ssrc, int fraction, int lost, int high, int jitter, int lsr, int dlsr, long n) {}

          @Override
          public void onKeyFrameRequest(int media, long nowNanos) {}
        },
        0);
    return asked;
  }

  @Test
  void shouldAskForAHoleAfterAMomentAndAgainAndGiveUpAfterASecond() {
    missing.onPacket(10, 0);
    missing.onPacket(13, 0);
    assertEquals(List.of(), ask(5), "it may only be overtaken");
    assertEquals(List.of(11, 12), ask(10));
    assertEquals(List.of(), ask(50));
    assertEquals(List.of(11, 12), ask(110));
    assertTrue(missing.repaired(11));
    assertFalse(missing.repaired(11), "once is enough");
    assertEquals(List.of(12), ask(900));
    assertFalse(lost);
    assertEquals(List.of(), ask(1_000));
    assertTrue(lost);
    assertEquals(Long.MAX_VALUE, missing.nextTimeoutNanos());
  }

  @Test
  void shouldNotAskForWhatWasOnlyOvertaken() {
    missing.onPacket(10, 0);
    missing.onPacket(12, 0);
    missing.onPacket(11, 3 * MS);
    assertEquals(List.of(), ask(20));
    assertEquals(0, missing.requests());
  }

  @Test
  void shouldGiveUpAtOnceWhenTooMuchIsMissing() {
    assertTrue(missing.onPacket(10, 0));
    assertFalse(missing.onPacket(1_000, 0));
    assertEquals(List.of(), ask(20));
  }
}
