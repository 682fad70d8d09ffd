package dev.parley.core.common;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressScopeTest {
  @ParameterizedTest
  @CsvSource({
    "203.0.113.7, PUBLIC",
    "2001:db8::1, PUBLIC",
    "9.255.255.255, PUBLIC",
    "10.0.0.1, PRIVATE",
    "172.15.255.255, PUBLIC",
    "172.16.0.1, PRIVATE",
    "172.31.255.255, PRIVATE",
    "172.32.0.0, PUBLIC",
    "192.168.3.4, PRIVATE",
    "100.63.255.255, PUBLIC",
    "100.64.0.1, PRIVATE",
    "100.127.255.255, PRIVATE",
    "100.128.0.0, PUBLIC",
    "fbff::1, PUBLIC",
    "fc00::1, PRIVATE",
    "fd77::1, PRIVATE",
    "fe80::1, LINK",
    "169.254.1.1, LINK",
    "224.0.0.1, LINK",
    "ff02::1, LINK",
    "0.0.0.0, LINK",
    "::, LINK",
    "127.0.0.2, LOOPBACK",
    "::1, LOOPBACK"
  })
  void shouldKnowFromWhereAnAddressIsReached(String address, AddressScope scope) {
    assertEquals(scope, AddressScope.of(InetAddress.ofLiteral(address)));
  }
}
