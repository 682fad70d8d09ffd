package dev.parley.core.publisher;

import static dev.parley.core.fixtures.RtpBuilder.rtp;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.core.codec.Codec;
import dev.parley.core.codec.VideoPayload;
import dev.parley.core.fixtures.Vp8Payloads;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LayerRatesTest {
  private static final long MILLI = 1_000_000;

  private final LayerRates rates = new LayerRates();
  private final VideoPayload video = VideoPayload.of(Codec.VP8, 0);

  private void second(long from, int bytes) {
    int[] temporal = {0, 2, 1, 2};
    for (int i = 0; i < 32; i++) {
      assertTrue(
          video.read(rtp().payload(Vp8Payloads.layerFrame(i, i, temporal[i % 4], false)).packet()));
      rates.onPacket(bytes, video, from + 1000 * MILLI * i / 32);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1_000_000_000_000L, -5_000_000_000L})
  void shouldMeasureEachTemporalLayerWithThoseBelow(long start) {
    for (int s = 0; s < 4; s++) {
      second(start + 1000 * MILLI * s, 936);
    }
    assertEquals(8 * 8000, (double) rates.bitsPerSecond(0, 0), 2000);
    assertEquals(16 * 8000, (double) rates.bitsPerSecond(0, 1), 4000);
    assertEquals(32 * 8000, (double) rates.bitsPerSecond(0, 2), 8000);
    assertEquals(32 * 8000, (double) rates.bitsPerSecond(0, 4), 8000);
    assertEquals(8, rates.framesPerSecond(0), 0.5);
    assertEquals(32, rates.framesPerSecond(4), 1);
  }

  @Test
  void shouldMeasureSound() {
    for (int i = 0; i < 200; i++) {
      rates.onPacket(61, null, 20 * MILLI * i);
    }
    assertEquals(50_000, (double) rates.bitsPerSecond(0, 0), 1500);
  }
}
