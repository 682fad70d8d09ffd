package dev.parley.core.address;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.core.common.AddressScope;
import dev.parley.core.common.AddressText;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class LocalAddressesTest {
  private static final List<InetAddress> OWN =
      addresses(
          "127.0.0.1",
          "::1",
          "10.0.0.5",
          "fd00::5",
          "203.0.113.5",
          "203.0.113.6",
          "2001:db8::5",
          "100.64.0.5");

  private static List<InetAddress> addresses(String... literals) {
    return List.of(literals).stream().map(InetAddress::ofLiteral).toList();
  }

  private static String announced(List<InetAddress> own, boolean loopback, boolean ipv4Only) {
    return String.join(
        " ",
        LocalAddresses.toAnnounce(own, loopback, ipv4Only).stream().map(AddressText::of).toList());
  }

  @Test
  void shouldPutWhatMostCanReachFirst() {
    assertEquals(
        "2001:db8::5 203.0.113.5 203.0.113.6 10.0.0.5 100.64.0.5 fd00::5",
        announced(OWN, false, false));
    assertEquals(
        "203.0.113.5 203.0.113.6 10.0.0.5 100.64.0.5 127.0.0.1", announced(OWN, true, true));
  }

  @Test
  void shouldAnnounceLoopbackWhereThereIsNothingElse() {
    assertEquals("127.0.0.1", announced(addresses("127.0.0.1", "::1"), false, false));
    assertEquals("", announced(addresses("fd00::5"), false, true));
  }

  @Test
  void shouldFindLoopbackAndNothingOfOneLink() {
    List<InetAddress> all = LocalAddresses.all();
    assertTrue(all.contains(InetAddress.ofLiteral("127.0.0.1")), all.toString());
    assertTrue(all.stream().noneMatch(a -> AddressScope.of(a) == AddressScope.LINK));
  }
}
