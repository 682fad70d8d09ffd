package dev.parley.core.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.core.sdp.Candidate;
import java.net.InetAddress;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class LocalCandidatesTest {
  private static final List<InetAddress> ADDRESSES =
      List.of(InetAddress.ofLiteral("192.0.2.1"), InetAddress.ofLiteral("2001:db8::1"));

  @Test
  void shouldPutEveryTcpCandidateBehindEveryUdpOne() {
    List<Candidate> all = LocalCandidates.of(ADDRESSES, 4000, OptionalInt.of(5000));
    assertEquals(
        List.of(
            "candidate:1 1 udp 2130706431 192.0.2.1 4000 typ host",
            "candidate:2 1 udp 2130706175 2001:db8::1 4000 typ host",
            "candidate:3 1 tcp 1520435199 192.0.2.1 5000 typ host tcptype passive",
            "candidate:4 1 tcp 1520434943 2001:db8::1 5000 typ host tcptype passive"),
        all.stream().map(Candidate::text).toList());
    for (int i = 1; i < all.size(); i++) {
      assertTrue(all.get(i).priority() < all.get(i - 1).priority());
    }
  }

  @Test
  void shouldNameNoTcpWhereThereIsNone() {
    assertEquals(2, LocalCandidates.of(ADDRESSES, 4000, OptionalInt.empty()).size());
  }
}
