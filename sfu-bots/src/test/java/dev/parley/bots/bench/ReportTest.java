package dev.parley.bots.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.bots.client.JoinPhase;
import dev.parley.core.srtp.SrtpProfile;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReportTest {
  private static final int COLUMNS = 100;
  private static final Machine MACHINE =
      new Machine("Some CPU", 2, "Linux 6.1", "a virtual machine");

  private static ForwardResult result(double serverNanos, ForwardResult.Verdict verdict) {
    ForwardResult.Server server =
        new ForwardResult.Server(
            120_000,
            60_000,
            serverNanos,
            3_000,
            0.4,
            0,
            385.6,
            7.7,
            0.99,
            1_140,
            0,
            Map.of(),
            1,
            1,
            0.2,
            0.1);
    ForwardResult.FloorFigures floor = new ForwardResult.FloorFigures(1_000, 1_200, 385.6, 7.7, 0);
    return new ForwardResult(
        MACHINE,
        new ForwardSettings(
            50,
            1_200,
            8,
            1_100,
            SrtpProfile.AES_CM_128_HMAC_SHA1_80,
            TransportOption.UDP,
            7,
            2_000,
            5_000,
            1),
        new ForwardResult.Idle(0.01, 20_000),
        List.of(new ForwardResult.Round(server, Optional.of(floor), Optional.of(floor))),
        verdict);
  }

  private static void assertFits(String report) {
    report.lines().forEach(l -> assertTrue(l.length() <= COLUMNS, l.length() + " columns: " + l));
  }

  @Test
  void shouldSayWhetherTheAimIsMet() {
    ForwardResult.Verdict good = new ForwardResult.Verdict(false, List.of());
    String met = ForwardReport.of(result(1_900, good));
    assertTrue(met.contains("1.90") && met.contains("met"), met);
    assertTrue(met.contains("526316 packets/s"), met);
    String missed = ForwardReport.of(result(2_100, good));
    assertTrue(missed.contains("missed"), missed);
    assertFits(met);
  }

  @Test
  void shouldNotSayCapacityWhenTheLoadWasTheBottleneck() {
    String report =
        ForwardReport.of(
            result(
                1_900,
                new ForwardResult.Verdict(
                    true, List.of("subscribers lost 1.00 % of what the server had sent"))));
    assertFalse(report.contains("one core at this cost"), report);
    assertTrue(report.contains("the load generator was the bottleneck"), report);
    assertTrue(report.contains("lost 1.00 %"), report);
    assertFits(report);
  }

  @Test
  void shouldGiveQuantilesOfEachPhase() {
    Map<JoinPhase, List<Double>> millis = new EnumMap<>(JoinPhase.class);
    for (JoinPhase phase : JoinPhase.values()) {
      millis.put(phase, IntStream.rangeClosed(1, 101).mapToObj(i -> (double) i).toList());
    }
    JoinResult result =
        new JoinResult(
            MACHINE,
            new JoinSettings(50, 15, 600, false, Optional.of("http://127.0.0.1:8080"), "bench", 1),
            millis,
            0);
    assertEquals(51, result.quantile(JoinPhase.ICE, 0.5), 1e-9);
    assertEquals(96, result.quantile(JoinPhase.ICE, 0.95), 1e-9);
    assertFits(JoinReport.of(result));
  }
}
