package dev.parley.server.network;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.server.browser.DistantCaller;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Ann is beside the server, Ben behind a network: whether, how fast and by which way they meet. */
@Tag("network")
class NetworkMatrixTest {
  private static final int TCP_LIMIT_MS = 15_000;

  private static @Nullable Lab lab;

  @BeforeAll
  static void open() {
    lab = Lab.open();
  }

  @AfterAll
  static void close() {
    if (lab != null) {
      lab.close();
    }
  }

  private static Lab lab() {
    if (lab == null) {
      throw new IllegalStateException("no lab");
    }
    return lab;
  }

  /** Both enter a room, and wait until each sees and hears the other. */
  private static void meet(Site site, String row) {
    String room = Lab.newRoom();
    DistantCaller ann = lab().ann();
    try {
      ann.enter(Lab.page(Lab.IPV4), room);
      site.ben().enter(site.page(), room);
      site.ben().seesAndHears(ann);
      ann.seesAndHears(site.ben());
    } catch (AssertionError failure) {
      site.ben().keep(Path.of("target", "network"), row);
      ann.keep(Path.of("target", "network"), row);
      throw failure;
    }
  }

  private static void report(String row, Site site) {
    System.out.printf(
        Locale.ROOT,
        "network: %s: first picture after %d ms, %s%n",
        row,
        site.ben().firstPictureMs(),
        site.ben().way());
  }

  private static void goesByUdp(String row, Nat... nats) {
    try (Site site = Site.behind(lab(), nats)) {
      meet(site, row);
      report(row, site);
      DistantCaller.Way way = site.ben().way();
      assertAll(
          () -> assertEquals("udp", way.protocol()),
          () -> assertTrue(way.remote().startsWith(Lab.IPV4 + ":"), way.remote()));
    }
  }

  @Test
  void shouldPassAPortRestrictedNat() {
    goesByUdp("port-restricted NAT", Nat.portRestricted());
  }

  @Test
  void shouldPassASymmetricNat() {
    goesByUdp("symmetric NAT", Nat.symmetric());
  }

  @Test
  void shouldPassTwoNats() {
    goesByUdp("double NAT", Nat.symmetric(), Nat.portRestricted());
  }

  @Test
  void shouldTakeTcpWhereUdpIsDropped() {
    String row = "UDP dropped";
    try (Site site = Site.behind(lab(), Nat.withoutUdp())) {
      meet(site, row);
      report(row, site);
      DistantCaller.Way way = site.ben().way();
      assertTrue(!way.protocol().equals("udp"), way::toString);
      int tookMs = site.ben().firstPictureMs();
      assertTrue(tookMs <= TCP_LIMIT_MS, () -> "It took " + tookMs + " ms");
    }
  }

  @Test
  void shouldPassIpv6Alone() {
    String row = "IPv6 only";
    try (Site site = Site.ipv6(lab())) {
      meet(site, row);
      report(row, site);
      assertTrue(site.ben().way().remote().contains(Lab.IPV6), site.ben().way()::toString);
    }
  }
}
