package dev.parley.core.common;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressTextTest {
  @ParameterizedTest
  @CsvSource({
    "192.0.2.1, 192.0.2.1",
    "0:0:0:0:0:0:0:0, ::",
    "0:0:0:0:0:0:0:1, ::1",
    "1:0:0:0:0:0:0:0, 1::",
    "2001:0DB8:0:0:0:0:0:1, 2001:db8::1",
    "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
    "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
    "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
    "fd00:0:0:b:a:0:0:0, fd00:0:0:b:a::",
    "0:0:a:0:0:0:0:1, 0:0:a::1",
    "1:2:3:4:5:6:7:8, 1:2:3:4:5:6:7:8",
  })
  void shouldWriteAddressesAsRfc5952(String address, String text) throws UnknownHostException {
    assertEquals(text, AddressText.of(InetAddress.getByName(address)));
  }

  @ParameterizedTest
  @CsvSource({"192.0.2.1, 192.0.2.1:5000", "2001:db8:0:0:0:0:0:1, [2001:db8::1]:5000"})
  void shouldTellThePortApart(String address, String text) {
    assertEquals(text, AddressText.of(new InetSocketAddress(address, 5000)));
  }

  @Test
  void shouldWriteANameAsItIs() {
    assertEquals("a.example:1", AddressText.of(InetSocketAddress.createUnresolved("a.example", 1)));
  }

  @Property
  void shouldBeReadBackAsTheSameAddress(@ForAll("mostlyZeros") byte[] ip)
      throws UnknownHostException {
    InetAddress address = InetAddress.getByAddress(ip);
    assertEquals(address, InetAddress.getByName(AddressText.of(address)));
  }

  @Provide
  Arbitrary<byte[]> mostlyZeros() {
    return Arbitraries.of((byte) 0, (byte) 0, (byte) 0, (byte) 1, (byte) 0xab)
        .array(byte[].class)
        .ofSize(16);
  }
}
