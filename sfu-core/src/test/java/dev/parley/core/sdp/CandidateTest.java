package dev.parley.core.sdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.parley.core.api.MediaException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CandidateTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "candidate:1 1 udp 2130706431 192.0.2.1 10000 typ host",
        "candidate:2 1 tcp 2105458943 2001:db8::1 10000 typ host tcptype passive",
        "candidate:3 1 udp 1 198.51.100.7 4000 typ srflx raddr 10.0.0.1 rport 5000",
        "candidate:4 1 udp 1 198.51.100.7 4000 typ relay raddr 0.0.0.0 rport 0",
        "candidate:5 1 udp 9 4d6f7a69-6c6c-6121.local 4000 typ host"
      })
  void shouldWriteWhatItRead(String text) {
    assertEquals(text, Candidate.parse(text).orElseThrow().text());
    assertEquals(text, Candidate.parse("a=" + text).orElseThrow().text());
  }

  @Test
  void shouldReadWhatBrowsersAdd() {
    Candidate chromium =
        Candidate.parse(
                "candidate:1855298132 1 udp 2122260223 127.0.0.1 58600 typ host generation 1 ufrag"
                    + " Dbjc network-id 1 network-cost 50")
            .orElseThrow();
    assertEquals(Candidate.Type.HOST, chromium.type());
    assertEquals(58_600, chromium.port());

    Candidate firefox =
        Candidate.parse("candidate:2 1 TCP 2105458943 127.0.0.1 9 typ host tcptype active")
            .orElseThrow();
    assertEquals(Candidate.Transport.TCP, firefox.transport());
    assertEquals(Optional.of(Candidate.TcpType.ACTIVE), firefox.tcpType());
  }

  @Test
  void shouldIgnoreUnknownTransportsAndTypes() {
    assertEquals(
        Optional.empty(), Candidate.parse("candidate:1 1 dccp 1 192.0.2.1 10000 typ host"));
    assertEquals(Optional.empty(), Candidate.parse("candidate:1 1 udp 1 192.0.2.1 10000 typ new"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "candidate:",
        "candidate:1 0 udp 1 192.0.2.1 10000 typ host",
        "candidate:1 1 udp 4294967296 192.0.2.1 10000 typ host",
        "candidate:1 1 udp 1 192.0.2.1 65536 typ host",
        "candidate:1 1 udp 1 192.0.2.1 10000 kind host",
        "candidate:1 1 udp 1 192.0.2.1 10000 typ srflx raddr 10.0.0.1 rport x"
      })
  void shouldRefuseMalformedCandidates(String text) {
    MediaException e = assertThrows(MediaException.class, () -> Candidate.parse(text));
    assertEquals(MediaException.Code.SDP_INVALID, e.code());
  }
}
