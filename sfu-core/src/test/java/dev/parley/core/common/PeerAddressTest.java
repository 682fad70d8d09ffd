package dev.parley.core.common;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PeerAddressTest {
  @ParameterizedTest
  @CsvSource({
    "192.0.2.1, 5000, true, 192.0.2.1:5000",
    "255.255.255.255, 65535, true, 255.255.255.255:65535",
    "0.0.0.0, 0, true, 0.0.0.0:0",
    "2001:db8::1, 443, false, [2001:db8::1]:443",
    "::1, 1, false, [::1]:1",
    "::ffff:192.0.2.1, 5000, true, 192.0.2.1:5000",
  })
  void shouldHoldAddressesOfBothFamilies(String host, int port, boolean v4, String text) {
    InetSocketAddress inet = new InetSocketAddress(host, port);
    PeerAddress address = PeerAddress.of(inet);
    assertEquals(v4, address.isV4());
    assertEquals(text, address.toString());
    assertEquals(inet, address.toInet());
    assertEquals(PeerAddress.of(address.toInet()), address);
  }

  @Test
  void shouldMapIpv4AsRfc4291() {
    PeerAddress address = PeerAddress.ofV4(0xc0000201L, 7);
    assertEquals(0, address.high());
    assertEquals(0x0000_ffff_c000_0201L, address.low());
    assertEquals(address, PeerAddress.ofV4(0xffff_ffff_c000_0201L, 7));
  }

  @Test
  void shouldRefuseUnresolvedAddress() {
    assertThrows(
        IllegalArgumentException.class,
        () -> PeerAddress.of(InetSocketAddress.createUnresolved("example.invalid", 1)));
  }

  @Property
  void shouldRoundTripAnyAddress(
      @ForAll @Size(16) byte[] ip, @ForAll @IntRange(max = 65_535) int port)
      throws UnknownHostException {
    InetSocketAddress inet = new InetSocketAddress(InetAddress.getByAddress(ip), port);
    PeerAddress address = PeerAddress.of(inet);
    assertEquals(inet, new PeerAddress(address.high(), address.low(), port).toInet());
    assertEquals(address.hashCode(), PeerAddress.hash(address.high(), address.low(), port));
    assertTrue(address.matches(address.high(), address.low(), port));
    assertFalse(address.matches(address.high(), address.low(), port ^ 1));
    assertNotEquals(address, new PeerAddress(address.high() ^ 1, address.low(), port));
    assertNotEquals(address, new PeerAddress(address.high(), address.low() ^ 1, port));
  }

  @Test
  void shouldSpreadNeighbouringAddressesOverTheLowBits() {
    Set<Integer> places = new HashSet<>();
    for (int port = 0; port < 64; port++) {
      for (int host = 0; host < 64; host++) {
        places.add(PeerAddress.ofV4(0x0a00_0000L + host, 40_000 + port).hashCode() & 0xffff);
      }
    }
    assertTrue(places.size() > 3_500, places.size() + " of 4096");
  }

  @Test
  void shouldKeepThisMachinesAddressesApart() {
    PeerAddress ours = PeerAddress.ofV4(0xc633_6401L, 0);
    PeerAddress anyhow = new PeerAddress(7, 8, 5000);
    PeerAddress there = new PeerAddress(7, 8, 5000, ours.high(), ours.low());
    assertEquals(there, new PeerAddress(7, 8, 5000, ours.high(), ours.low()));
    assertEquals(anyhow.hashCode(), there.hashCode(), "one chain of the table");
    assertNotEquals(anyhow, there);
    assertNotEquals(there, new PeerAddress(7, 8, 5000, ours.high(), ours.low() + 1));
    assertNotEquals(there, new PeerAddress(7, 8, 5000, ours.high() + 1, ours.low()));
    assertTrue(there.matches(7, 8, 5000, ours.high(), ours.low()));
    assertFalse(there.matches(7, 8, 5000));
    assertFalse(anyhow.matches(7, 8, 5000, ours.high(), ours.low()));
    assertTrue(there.hasLocal());
    assertFalse(anyhow.hasLocal());
    assertEquals(anyhow.toString(), there.toString());
  }

  @Test
  void shouldKeepPathsApart() {
    PeerAddress udp = PeerAddress.ofV4(0xc000_0201L, 5000);
    PeerPath path = new OnePath();
    PeerAddress tcp = udp.by(path);
    assertEquals(tcp, udp.by(path));
    assertEquals(tcp.hashCode(), udp.by(path).hashCode());
    assertNotEquals(udp, tcp);
    assertNotEquals(tcp, udp.by(new OnePath()));
    assertFalse(tcp.matches(udp.high(), udp.low(), udp.port()));
    assertEquals("192.0.2.1:5000/tcp", tcp.toString());
  }

  private static final class OnePath implements PeerPath {
    @Override
    public void send(byte[] bytes, int offset, int lengthBytes) {}

    @Override
    public String kind() {
      return "tcp";
    }
  }
}
