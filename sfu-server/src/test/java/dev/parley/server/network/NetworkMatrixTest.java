package dev.parley.server.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.server.browser.DistantCaller;
import dev.parley.server.browser.DistantCaller.Way;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Ann is beside the server, Ben behind a network: whether, how fast and by which way they meet, and
 * what they notice when the network changes. {@code ./sfu test network} takes all rows, and each
 * often; elsewhere some of them run once. Times are judged there only, where nothing else runs.
 */
@Tag("network")
class NetworkMatrixTest {
  private static final boolean FULL = System.getProperty("parley.network", "").equals("full");
  private static final int REBINDINGS = FULL ? 20 : 1;
  private static final int RESTARTS = 20;
  private static final int REJOINS = 5;

  private static final int TCP_LIMIT_MS = 15_000;
  private static final double REBINDING_LIMIT_MS = 2_000;
  private static final double RESTART_LIMIT_MS = 6_000;

  private static final double REJOIN_LIMIT_MS = 1_000;

  /** Longer than pictures may stand still. */
  private static final Duration AFTER_REBINDING = Duration.ofSeconds(3);

  private static final Duration PATIENCE = Duration.ofSeconds(40);

  /** Pictures of 30 frames a second that stand still for so long have lost their way. */
  private static final double NOTICED_MS = 500;

  private static final int ONE_PORT = 50_000;
  private static final int IDLE_SECONDS = 5;

  /** The relay keeps only the newest thousand of those that have proved nothing. */
  private static final int STRANGERS = 12_000;

  private static final int STRANGERS_AT_ONCE = 10_000;

  /** Long enough for the server to close those that came first, and for others in their place. */
  private static final Duration BESIDE_STRANGERS = Duration.ofSeconds(15);

  private static final double BESIDE_STRANGERS_LIMIT_MS = 2_000;

  private static @Nullable Lab lab;

  @BeforeAll
  static void open() {
    lab = Lab.open("turn.enabled = true\nsignaling.pingIntervalMs = 2000");
  }

  @AfterAll
  static void close() {
    if (lab != null) {
      lab.close();
    }
  }

  private static Lab lab() {
    return Objects.requireNonNull(lab, "the lab is not open");
  }

  private static void goesByUdp(String name, Nat... nats) {
    try (Site site = Site.behind(lab(), nats)) {
      Way way = Row.meet(name, lab(), site).ben().way();
      assertEquals("udp", way.protocol(), way::toString);
      assertNotEquals("relay", way.localType(), way::toString);
      assertTrue(way.remote().startsWith(Lab.IPV4 + ":"), way::toString);
    }
  }

  @Test
  @EnabledIfSystemProperty(named = "parley.network", matches = "full")
  void shouldPassAPortRestrictedNat() {
    goesByUdp("port-restricted NAT", Nat.portRestricted());
  }

  @Test
  @EnabledIfSystemProperty(named = "parley.network", matches = "full")
  void shouldPassASymmetricNat() {
    goesByUdp("symmetric NAT", Nat.symmetric());
  }

  @Test
  void shouldPassTwoNats() {
    goesByUdp(
        "double NAT, symmetric behind port-restricted", Nat.symmetric(), Nat.portRestricted());
  }

  @Test
  void shouldTakeTcpWhereUdpIsDropped() {
    try (Site site = Site.behind(lab(), Nat.withoutUdp())) {
      DistantCaller ben = Row.meet("UDP dropped", lab(), site).ben();
      assertTrue(List.of("tcp", "tls").contains(ben.way().protocol()), ben.way()::toString);
      assertTrue(ben.firstPictureMs() <= TCP_LIMIT_MS, () -> ben.firstPictureMs() + " ms");
    }
  }

  @Test
  void shouldRelayOverThePortOfThePageWhereNothingElsePasses() {
    try (Site site = Site.behind(lab(), Nat.only("tcp " + Lab.TLS_PORT))) {
      DistantCaller ben = Row.meet("only TCP 443", lab(), site).ben();
      Way way = ben.way();
      assertEquals("relay", way.localType(), way::toString);
      assertEquals("tls", way.protocol(), way::toString);
      assertTrue(ben.firstPictureMs() <= TCP_LIMIT_MS, () -> ben.firstPictureMs() + " ms");
    }
  }

  @Test
  void shouldPassIpv6Alone() {
    try (Site site = Site.ipv6(lab())) {
      Way way = Row.meet("IPv6 only", lab(), site).ben().way();
      assertTrue(way.remote().contains(Lab.IPV6), way::toString);
      assertEquals("udp", way.protocol(), way::toString);
    }
  }

  @Test
  void shouldKeepTheMediaWhenTheNatForgetsThem() {
    try (Site site = Site.behind(lab(), Nat.symmetric())) {
      Row row = Row.meet("NAT rebinding", lab(), site);
      Measurements gaps = new Measurements();
      for (int i = 0; i < REBINDINGS; i++) {
        List<Integer> before = site.router().outsidePorts();
        row.watch();
        site.router().forgetUdp();
        DistantCaller.pause(AFTER_REBINDING);
        gaps.add(row.longestGapMs());
        List<Integer> after = site.router().outsidePorts();
        assertTrue(before.stream().noneMatch(after::contains), before + ", then " + after);
        row.seeEachOther();
      }
      row.tell("pictures stood still: " + gaps);
      assertEquals(1, row.ben().offers(), "no ICE restart was needed");
      assertEquals("udp", row.ben().way().protocol());
      assertTrue(!FULL || gaps.percentile(95) <= REBINDING_LIMIT_MS, gaps::toString);
    }
  }

  @Test
  @EnabledIfSystemProperty(named = "parley.network", matches = "full")
  void shouldRestartIceOnAnotherNetwork() {
    try (Site site = Site.behind(lab(), Nat.symmetric())) {
      Row row = Row.meet("another address of one's own, ICE restart", lab(), site);
      Measurements gaps = new Measurements();
      for (int i = 0; i < RESTARTS; i++) {
        int offers = row.ben().offers();
        row.watch();
        site.changeAddress(i % 2 == 0 ? 3 : 2);
        row.ben().awaitMovingAfterGapMs(NOTICED_MS, PATIENCE);
        row.ann().awaitMovingAfterGapMs(NOTICED_MS, PATIENCE);
        gaps.add(row.longestGapMs());
        row.seeEachOther();
        assertTrue(row.ben().offers() > offers, "the way came back without an ICE restart");
      }
      row.tell("pictures stood still: " + gaps);
      assertTrue(gaps.percentile(95) <= RESTART_LIMIT_MS, gaps::toString);
    }
  }

  @Test
  @EnabledIfSystemProperty(named = "parley.network", matches = "full")
  void shouldLetInAgainFromTheSameAddressAndPort() {
    try (Site site = Site.behind(lab(), Nat.onePort(ONE_PORT))) {
      Row row = Row.meet("again from the same address and port", lab(), site);
      String room = Lab.newRoom();
      row.ann().enter(Lab.page(Lab.IPV4), room);
      Measurements joins = new Measurements();
      for (int i = 0; i < REJOINS; i++) {
        assertEquals(List.of(ONE_PORT), site.router().outsidePorts().stream().distinct().toList());
        row.ben().leave();
        site.router().forgetUdp();
        row.ben().enter(site.page(), room);
        row.seeEachOther();
        joins.add(row.ben().firstPictureMs());
        assertEquals("udp", row.ben().way().protocol());
      }
      row.tell("first picture: " + joins);
      assertTrue(joins.median() <= REJOIN_LIMIT_MS, joins::toString);
    }
  }

  @Test
  @EnabledIfSystemProperty(named = "parley.network", matches = "full")
  void shouldKeepTheSignallingWhereIdleConnectionsAreForgotten() {
    try (Site site = Site.behind(lab(), Nat.portRestricted())) {
      site.router().forgetIdleTcp(IDLE_SECONDS);
      Row row = Row.meet("TCP forgotten when silent for 5 s", lab(), site);
      DistantCaller.pause(Duration.ofSeconds(3 * IDLE_SECONDS));
      row.tell("%d WebSocket in 15 s".formatted(row.ben().sockets()));
      assertTrue(site.router().holdsTcp(Lab.TLS_PORT), "the connection was silent for too long");
      assertEquals(1, row.ben().sockets());
    }
  }

  @Test
  @EnabledIfSystemProperty(named = "parley.network", matches = "full")
  void shouldGoOnBesideThousandsOfHalfOpenConnections() {
    try (Site site = Site.behind(lab(), Nat.withoutUdp())) {
      Row row = Row.meet("half-open connections", lab(), site);
      row.watch();
      try (Strangers strangers =
          Strangers.come(
              lab(),
              STRANGERS,
              Lab.TLS_PORT,
              Lab.MEDIA_TCP_PORT,
              Lab.TLS_PORT,
              Lab.MEDIA_TCP_PORT + 1,
              Lab.RELAY_PORT)) {
        DistantCaller.awaitTrue(
            "the strangers' connections",
            PATIENCE,
            () -> strangers.report().open() >= STRANGERS_AT_ONCE);
        DistantCaller.pause(BESIDE_STRANGERS);
        row.seeEachOther();
        double gapMs = row.longestGapMs();
        String room = Lab.newRoom();
        row.ann().enter(Lab.page(Lab.IPV4), room);
        row.ben().enter(site.page(), room);
        row.seeEachOther();
        row.tell(
            "%s; pictures stood still for %.0f ms, a join took %d ms"
                .formatted(strangers.report(), gapMs, row.ben().firstPictureMs()));
        assertTrue(strangers.report().closed() > 0, "the server keeps them for ever");
        assertTrue(gapMs <= BESIDE_STRANGERS_LIMIT_MS, () -> gapMs + " ms");
        assertTrue(row.ben().firstPictureMs() <= TCP_LIMIT_MS, "a join took too long");
      }
    }
  }
}
