package dev.parley.core.sdp;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.parley.core.api.MediaException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.provider.MethodSource;

/** See docs/fuzzing.md. */
class SdpFuzzTest {
  static List<byte[]> offers() {
    return Corpus.offers().map(e -> e.text().getBytes(StandardCharsets.UTF_8)).toList();
  }

  @MethodSource("offers")
  @FuzzTest(maxDuration = "10m")
  void shouldAnswerOrRefuseAnyOffer(byte[] data) {
    try {
      NegotiatedSession session = Answers.to(new String(data, StandardCharsets.UTF_8));
      assertNotNull(SdpReader.read(session.answerSdp()));
    } catch (MediaException refused) {
      assertNotNull(refused.code());
    }
  }
}
