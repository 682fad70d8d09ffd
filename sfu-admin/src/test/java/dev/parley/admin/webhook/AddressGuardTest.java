package dev.parley.admin.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.signaling.config.Networks;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AddressGuardTest {
  @ParameterizedTest
  @CsvSource({
    "0.0.0.0, reserved",
    "10.1.2.3, private",
    "100.64.0.1, shared by a carrier",
    "100.100.100.200, shared by a carrier",
    "127.0.0.1, loopback",
    "127.255.255.255, loopback",
    "168.63.129.16, a cloud's own",
    "169.254.169.254, link-local",
    "172.16.0.1, private",
    "172.32.0.1, ''",
    "172.31.255.255, private",
    "192.0.0.192, reserved",
    "192.168.1.1, private",
    "198.18.0.1, reserved",
    "224.0.0.1, multicast",
    "255.255.255.255, reserved",
    "8.8.8.8, ''",
    "100.128.0.1, ''",
    "::, not public",
    "::1, not public",
    "::ffff:10.0.0.1, private",
    "::ffff:8.8.8.8, ''",
    "::7f00:1, not public",
    "64:ff9b::a00:1, private",
    "64:ff9b::808:808, ''",
    "64:ff9b:1::1, not public",
    "100::1, not public",
    "2001::1, not public",
    "2001:db8::1, not public",
    "2002:7f00:1::, not public",
    "2606:4700::1111, ''",
    "fc00::1, not public",
    "fd00:ec2::254, not public",
    "fe80::1, not public",
    "fec0::1, not public",
    "ff02::1, not public"
  })
  void shouldLetThroughPublicAddressesOnly(String address, String why) {
    assertEquals(
        why,
        new AddressGuard(new Networks(List.of()))
            .refusal(InetAddress.ofLiteral(address))
            .orElse(""));
  }

  @ParameterizedTest
  @CsvSource({
    "10.1.2.3, ''",
    "10.2.0.1, private",
    "64:ff9b::a01:203, ''",
    "fd12::1, ''",
    "fd13::1, not public",
    "::ffff:10.1.2.3, ''"
  })
  void shouldLetThroughNetworksThatAreNamed(String address, String why) {
    AddressGuard guard = new AddressGuard(new Networks(List.of("10.1.0.0/16", "fd12::/16")));
    assertEquals(why, guard.refusal(InetAddress.ofLiteral(address)).orElse(""));
  }

  private static List<InetAddress> target(String url, String... addresses) throws Exception {
    return Target.of(
        Tests.endpoint("crm", url),
        host -> Arrays.stream(addresses).map(InetAddress::ofLiteral).toList(),
        new AddressGuard(new Networks(List.of("10.1.0.0/16"))));
  }

  @Test
  void shouldRefuseANameWithOneAddressThatIsNotPublic() throws Exception {
    assertEquals(2, target("https://crm.example/", "8.8.8.8", "2606:4700::1111").size());
    Target.ForbiddenAddressException refused =
        assertThrows(
            Target.ForbiddenAddressException.class,
            () -> target("https://crm.example/", "8.8.8.8", "169.254.169.254"));
    assertTrue(String.valueOf(refused.getMessage()).contains("169.254.169.254 is link-local"));
  }

  @Test
  void shouldSendWithoutTlsToNamedNetworksOnly() throws Exception {
    assertEquals(1, target("http://crm.example/", "10.1.0.5").size());
    assertThrows(
        Target.ForbiddenAddressException.class, () -> target("http://crm.example/", "8.8.8.8"));
  }

  @Test
  void shouldTakeAddressesInOddSpellingsForWhatTheyAre() {
    for (String host : List.of("2130706433", "0.0.0.0", "localhost")) {
      assertThrows(
          Target.ForbiddenAddressException.class,
          () ->
              Target.of(
                  Tests.endpoint("crm", "https://" + host + "/"),
                  NameLookup.SYSTEM,
                  new AddressGuard(new Networks(List.of()))),
          host);
    }
  }

  @Test
  void shouldSayThatANameIsNotKnown() {
    assertThrows(
        UnknownHostException.class,
        () ->
            Target.of(
                Tests.endpoint("crm", "https://crm.example/"),
                host -> {
                  throw new UnknownHostException(host);
                },
                new AddressGuard(new Networks(List.of()))));
  }
}
