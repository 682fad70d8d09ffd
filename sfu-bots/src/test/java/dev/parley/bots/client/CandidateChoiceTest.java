package dev.parley.bots.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CandidateChoiceTest {
  /** {@code 198.51.100.0/24} has no route here. */
  @ParameterizedTest
  @CsvSource({
    "true, 192.0.2.1 127.0.0.1, 127.0.0.1",
    "true, 192.0.2.1, ''",
    "false, 192.0.2.1 192.0.2.2 127.0.0.1, 192.0.2.1",
    "false, 198.51.100.1 192.0.2.2, 192.0.2.2",
    "false, 127.0.0.1 192.0.2.2, 192.0.2.2",
    "false, 198.51.100.1 127.0.0.1, 127.0.0.1",
    "false, 198.51.100.1, ''",
  })
  void shouldTakeTheFirstCandidateInReach(boolean loopback, String announced, String expected) {
    List<InetSocketAddress> candidates =
        Arrays.stream(announced.split(" ", -1)).map(a -> new InetSocketAddress(a, 1)).toList();
    String chosen =
        CandidateChoice.of(candidates, loopback, c -> !c.getHostString().startsWith("198.51.100."))
            .map(InetSocketAddress::getHostString)
            .orElse("");
    assertEquals(expected, chosen);
  }
}
