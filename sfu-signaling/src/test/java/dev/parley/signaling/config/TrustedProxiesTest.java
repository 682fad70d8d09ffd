package dev.parley.signaling.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrustedProxiesTest {
  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 10.255.255.255, true",
    "10.0.0.0/8, 11.0.0.0, false",
    "172.16.0.0/12, 172.31.255.255, true",
    "172.16.0.0/12, 172.32.0.0, false",
    "192.0.2.1, 192.0.2.1, true",
    "192.0.2.1, 192.0.2.2, false",
    "0.0.0.0/0, 203.0.113.7, true",
    "0.0.0.0/0, 2001:db8::1, false",
    "fd00::/8, fd12::1, true",
    "fd00::/8, fe00::1, false",
    "fd00::/8, 253.0.0.1, false",
    "2001:db8::/127, 2001:db8::1, true",
    "2001:db8::/127, 2001:db8::2, false"
  })
  void shouldKnowItsNetworks(String network, String address, boolean inside) {
    assertEquals(
        inside, new TrustedProxies(List.of(network)).contains(InetAddress.ofLiteral(address)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "proxy.example", "10.0.0.0/33", "10.0.0.0/-1", "fd00::/129", "1.2.3.4/x"})
  void shouldRefuseWhatIsNoNetwork(String text) {
    assertFalse(TrustedProxies.isNetwork(text));
    assertThrows(IllegalArgumentException.class, () -> new TrustedProxies(List.of(text)));
  }
}
