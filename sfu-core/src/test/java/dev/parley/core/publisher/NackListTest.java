package dev.parley.core.publisher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.core.rtp.RtcpReader;
import dev.parley.core.rtp.RtcpWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NackListTest {
  private static final long MILLI = 1_000_000;
  private static final long ROUND_TRIP = 100 * MILLI;

  private final NackList list = new NackList();
  private long now = 1000 * MILLI;

  private List<Integer> asked() {
    RtcpWriter writer = new RtcpWriter();
    writer.addReceiverReport(1);
    list.addRequests(writer, 1, 2, ROUND_TRIP, now);
    List<Integer> all = new ArrayList<>();
    RtcpReader.read(
        writer.bytes(),
        0,
        writer.length(),
        new RtcpReader.Visitor() {
          @Override
          public void onSenderReport(int ssrc, long ntp, int rtpTimestamp, long nowNanos) {}

          @Override
          public void onReportBlock(
              int ssrc, int lost, int sum, int highest, int jitter, int lsr, int dlsr, long t) {}

          @Override
          public void onKeyFrameRequest(int mediaSsrc, long nowNanos) {}

          @Override
          public void onNack(int mediaSsrc, int sequence16, int mask, long nowNanos) {
            all.add(sequence16);
            for (int i = 0; i < 16; i++) {
              if ((mask >> i & 1) != 0) {
                all.add(sequence16 + 1 + i);
              }
            }
          }
        },
        now);
    return all;
  }

  @Test
  void shouldAskAtOnceAndAgainAfterARoundTrip() {
    list.onGap(10, 13, now);
    assertEquals(List.of(10, 11, 12), asked());
    now += 50 * MILLI;
    assertEquals(List.of(), asked(), "an answer cannot be here yet");
    list.onLate(11, now);
    now += 70 * MILLI;
    assertEquals(List.of(10, 12), asked());
    assertEquals(1, list.recovered());
  }

  @Test
  void shouldGiveUpAfterASecondOrTenRequests() {
    list.onGap(10, 11, now);
    int requests = 0;
    for (int i = 0; i < 3000; i++) {
      requests += asked().size();
      now += MILLI;
    }
    assertEquals(9, requests, "one each 112.5 ms within a second");
    assertEquals(0, list.missing());
    assertEquals(1, list.givenUp());
  }

  @Test
  void shouldWaitWhereTheNetworkReorders() {
    list.onGap(10, 11, now);
    now += 8 * MILLI;
    list.onLate(10, now);
    list.onGap(20, 21, now);
    assertEquals(List.of(), asked(), "it may just be late as the last one was");
    now += 10 * MILLI;
    assertEquals(List.of(20), asked());
    list.onLate(20, now);
    now += 11_000 * MILLI;
    asked();
    list.onGap(30, 31, now);
    assertEquals(List.of(30), asked(), "the reordering is forgotten");
  }

  @Test
  void shouldForgetWhatIsOlderThanAKeyFrame() {
    list.onGap(10, 13, now);
    list.onGap(14, 15, now);
    list.onKeyFrame(13);
    assertEquals(List.of(14), asked());
  }

  @Test
  void shouldRefuseAGapThatOnlyAKeyFrameMends() {
    assertTrue(list.onGap(10, 20, now));
    assertFalse(list.onGap(30, 1000, now));
    assertEquals(0, list.missing());
    assertEquals(List.of(), asked());
  }

  @Test
  void shouldTellWhenItHasSomethingToDo() {
    assertEquals(Long.MAX_VALUE, list.nextTimeoutNanos(ROUND_TRIP));
    list.onGap(10, 11, now);
    assertEquals(now, list.nextTimeoutNanos(ROUND_TRIP));
    asked();
    assertEquals(now + 112_500_000, list.nextTimeoutNanos(ROUND_TRIP));
  }
}
