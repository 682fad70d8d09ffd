package dev.parley.core.ice;

import static dev.parley.core.ice.IceLiteAgent.A;
import static dev.parley.core.ice.IceLiteAgent.B;
import static dev.parley.core.ice.IceLiteAgent.LOCAL;
import static dev.parley.core.ice.IceLiteAgent.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.core.common.Counter;
import dev.parley.core.common.DropReason;
import dev.parley.core.common.PeerAddress;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** New credentials, silence and what follows it. */
class IceLiteRestartTest {
  private static final IceCredentials NEW_LOCAL =
      new IceCredentials("srvSecond", "secondPassword0123456789");
  private static final IceCredentials NEW_REMOTE =
      new IceCredentials("cln2", "client2Password0123456789");

  private static void checkRestarted(
      IceLiteAgent agent, PeerAddress from, boolean nominates, long nowNanos) {
    byte[] b = StunFixture.check("srvSecond:cln2", NEW_LOCAL.pwd(), nominates);
    agent.ice.handle(b, 0, b.length, from, nowNanos);
  }

  @Test
  void shouldTakeOldCredentialsUntilTheFirstValidCheckWithNewOnes() {
    IceLiteAgent agent = new IceLiteAgent(0);
    agent.check(A, true, 0);
    agent.ice.restart(NEW_LOCAL, NEW_REMOTE, 1);
    agent.check(A, true, 2);
    byte[] forged = StunFixture.check("srvSecond:cln2", LOCAL.pwd(), true);
    agent.ice.handle(forged, 0, forged.length, A, 3);
    assertEquals(1, agent.counters.total(DropReason.STUN_INTEGRITY), "the old password");
    assertFalse(agent.events.contains("restarted"));
    agent.check(A, true, 4);
    assertEquals(3, agent.sink.sent().size());
    checkRestarted(agent, A, false, 5);
    assertEquals(
        0x0101,
        ByteBuffer.wrap(agent.sink.last()).getShort(0),
        "answered, and sealed with the new password:");
    assertEquals(3, StunFixture.read(agent.sink.last(), NEW_LOCAL.pwd()).size());
    assertEquals(List.of("valid 5001", "selected 5001", "restarted"), agent.events);
    assertEquals(A, agent.ice.selected());
    agent.check(A, true, 6);
    assertEquals(2, agent.counters.total(DropReason.STUN_INTEGRITY), "the old ones are void");
  }

  @Test
  void shouldReplaceARestartThatWasNeverUsed() {
    IceLiteAgent agent = new IceLiteAgent(0);
    agent.check(A, true, 0);
    agent.ice.restart(new IceCredentials("srvUnused", "unusedPassword0123456789"), NEW_REMOTE, 1);
    agent.ice.restart(NEW_LOCAL, NEW_REMOTE, 2);
    byte[] unused = StunFixture.check("srvUnused:cln2", "unusedPassword0123456789", true);
    agent.ice.handle(unused, 0, unused.length, B, 3);
    assertEquals(1, agent.counters.total(DropReason.STUN_INTEGRITY));
    agent.check(A, true, 4);
    checkRestarted(agent, A, true, 5);
    assertTrue(agent.events.contains("restarted"));
    assertEquals(3, agent.sink.sent().size());
  }

  @Test
  void shouldFollowToAnEarlierAddressAtOnceAfterARestart() {
    IceLiteAgent agent = new IceLiteAgent(0);
    agent.check(B, true, 0);
    agent.check(A, true, 1);
    agent.ice.restart(NEW_LOCAL, NEW_REMOTE, 2);
    checkRestarted(agent, B, false, 3);
    assertEquals(A, agent.ice.selected(), "until another is nominated");
    checkRestarted(agent, B, true, 4);
    assertEquals(B, agent.ice.selected());
    assertEquals(2, agent.counters.total(Counter.ADDRESS_CHANGES));
  }

  @Test
  void shouldWaitAnewForAClientThatRestartsBeforeItsFirstCheck() {
    IceLiteAgent agent = new IceLiteAgent(0);
    agent.ice.restart(NEW_LOCAL, NEW_REMOTE, 14 * SECOND);
    agent.ice.handleTimeout(29 * SECOND - 1);
    assertTrue(agent.events.isEmpty());
    agent.ice.handleTimeout(29 * SECOND);
    assertEquals(List.of("never"), agent.events);
  }

  @Test
  void shouldRecoverWhereTheLostClientIsFirstHeardOfAgain() {
    IceLiteAgent agent = new IceLiteAgent(0);
    agent.check(A, true, 0);
    agent.ice.handleTimeout(30 * SECOND);
    assertNull(agent.ice.selected());
    agent.ice.onAuthenticatedTraffic(31 * SECOND);
    agent.ice.handleTimeout(32 * SECOND);
    agent.check(B, false, 89 * SECOND);
    assertEquals(
        List.of("valid 5001", "selected 5001", "lost", "valid 5002", "recovered 5002"),
        agent.events);
    assertEquals(B, agent.ice.selected());
    agent.ice.handleTimeout(119 * SECOND);
    assertEquals("lost", agent.events.getLast());
  }

  @Test
  void shouldRememberWhereALostClientComesBackWhenAllPlacesAreTaken() {
    IceLite.Settings hasty = new IceLite.Settings(SECOND, SECOND, 60 * SECOND);
    IceLiteAgent agent = new IceLiteAgent(0, hasty);
    for (int port = 1; port <= ValidAddresses.MAX; port++) {
      agent.check(PeerAddress.ofV4(0x0a000003, port), true, port);
    }
    agent.ice.handleTimeout(2 * SECOND);
    agent.check(B, false, 3 * SECOND);
    assertEquals(B, agent.ice.selected());
    assertTrue(agent.events.contains("valid 5002"), "or its media would not be known");
  }

  @Test
  void shouldGiveUpAfterTheGrace() {
    IceLiteAgent agent = new IceLiteAgent(0);
    agent.check(A, true, 0);
    agent.ice.handleTimeout(30 * SECOND);
    agent.ice.handleTimeout(90 * SECOND - 1);
    assertEquals("lost", agent.events.getLast());
    agent.ice.handleTimeout(90 * SECOND);
    agent.ice.handleTimeout(100 * SECOND);
    assertEquals(1, agent.events.stream().filter("over"::equals).count());
    assertEquals(Long.MAX_VALUE, agent.ice.nextTimeoutNanos());
  }

  @Test
  void shouldLetARestartProlongTheGraceByTheTimeToConnect() {
    IceLiteAgent agent = new IceLiteAgent(0);
    agent.check(A, true, 0);
    agent.ice.handleTimeout(30 * SECOND);
    agent.ice.restart(NEW_LOCAL, NEW_REMOTE, 40 * SECOND);
    assertEquals(90 * SECOND, agent.ice.nextTimeoutNanos(), "never shorter");
    agent.ice.restart(NEW_LOCAL, NEW_REMOTE, 80 * SECOND);
    assertEquals(95 * SECOND, agent.ice.nextTimeoutNanos());
    checkRestarted(agent, B, true, 94 * SECOND);
    assertEquals(
        List.of("restarted", "valid 5002", "selected 5002", "recovered 5002"),
        agent.events.subList(agent.events.indexOf("lost") + 1, agent.events.size()));
  }
}
