package dev.parley.core.quality;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.core.api.MediaSession.State;
import dev.parley.core.common.Counter;
import dev.parley.core.common.DropReason;
import dev.parley.core.fixtures.network.ClientPlan;
import dev.parley.core.fixtures.network.LinkConditions;
import dev.parley.core.fixtures.network.Plan;
import dev.parley.core.fixtures.network.SimulatedCall;
import dev.parley.core.fixtures.network.SimulatedClient;
import dev.parley.core.fixtures.network.SimulatedPublisher.Encoding;
import dev.parley.core.ice.IceLite;
import dev.parley.core.transport.Transport;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Two people with cameras and microphones see each other, and the network of one of them changes:
 * media goes on, both ways, over the same SRTP. Clients make a check only when the test says so.
 */
class ReconnectTest {
  private static final long SECOND = 1_000_000_000;
  private static final LinkConditions NEAR = LinkConditions.delay(10);
  private static final LinkConditions BROKEN = LinkConditions.broken();
  private static final long START_BPS = 1_000_000;

  private final Plan plan = Plan.named("reconnect");

  private SimulatedCall call() {
    SimulatedCall call =
        new SimulatedCall(plan.time(), new IceLite.Settings(15 * SECOND, 30 * SECOND, 60 * SECOND));
    call.join("ann", person(1_000));
    call.join("bob", person(2_000));
    return call;
  }

  private static ClientPlan person(int firstSsrc) {
    return ClientPlan.viewer(1, 1)
        .withCamera(Encoding.simulcast(firstSsrc, 150_000, 350_000, 800_000))
        .withMicrophone()
        .over(NEAR, NEAR);
  }

  private static Transport transport(SimulatedCall call, String id) {
    return call.server().participant(id).transport().orElseThrow();
  }

  private static long total(SimulatedCall call, Counter counter) {
    return call.server().counters().total(counter);
  }

  private static long pictures(SimulatedClient client) {
    return client.video(0).decodedPictures();
  }

  /** Half of the pictures of a camera are enough: it is not the quality that is measured. */
  private void assertPicturesFor(int seconds, SimulatedClient... clients) {
    long[] before = new long[clients.length];
    for (int i = 0; i < clients.length; i++) {
      before[i] = pictures(clients[i]);
    }
    plan.time().runFor(seconds * SECOND);
    for (int i = 0; i < clients.length; i++) {
      long seen = pictures(clients[i]) - before[i];
      assertTrue(seen > 15L * seconds, clients[i].id() + " saw " + seen + " in " + seconds + " s");
    }
  }

  private static void assertOneStream(SimulatedClient client) {
    assertEquals(0, client.refusedBySrtp(), "a number used twice");
    assertEquals(0, client.duplicatesFoundBySrtp());
    assertEquals(0, client.video(0).corruptPictures());
    assertEquals(0, client.video(0).jumps(), "numbers go on");
  }

  /** From now on all goes to where bob is; the pictures are watched from that second on. */
  private void assertFollowed(SimulatedCall call, int fromSecond) {
    SimulatedClient ann = call.client("ann");
    SimulatedClient bob = call.client("bob");
    long sentWrongly = call.sentToLeftAddresses();
    plan.runUntil(fromSecond);
    assertPicturesFor(5, ann, bob);
    assertEquals(sentWrongly, call.sentToLeftAddresses());
    assertEquals(1, total(call, Counter.ADDRESS_CHANGES));
    assertEquals(0, total(call, Counter.INTERRUPTIONS));
    assertOneStream(ann);
    assertOneStream(bob);
  }

  private static void breaks(SimulatedClient client) {
    client.up().conditions(BROKEN);
    client.down().conditions(BROKEN);
  }

  private static void mends(SimulatedClient client) {
    client.up().conditions(NEAR);
    client.down().conditions(NEAR);
  }

  @Test
  void shouldFollowToANewAddressWithMediaBothWays() {
    try (SimulatedCall call = call()) {
      SimulatedClient bob = call.client("bob");
      plan.runUntil(5);
      bob.down().conditions(NEAR.withRate(300_000, 200));
      plan.runUntil(25);
      long narrow = transport(call, "bob").estimator().targetBitsPerSecond();
      assertTrue(narrow < START_BPS / 2, "of a narrow network: " + narrow);
      call.move("bob");
      bob.down().conditions(NEAR);
      // No check: the server asks where bob's next packet comes from.
      plan.time().runFor(50_000_000);
      assertTrue(call.server().counters().total(DropReason.UNKNOWN_ADDRESS) > 0, "unproven");
      assertEquals(START_BPS, transport(call, "bob").estimator().targetBitsPerSecond());
      assertFollowed(call, 28);
    }
  }

  @Test
  void shouldFollowByTheClientsOwnCheckWhenItDoesNotAnswer() {
    try (SimulatedCall call = call()) {
      plan.runUntil(5);
      call.ignoreQuestions("bob");
      call.move("bob");
      plan.runUntil(7);
      assertTrue(total(call, Counter.ADDRESSES_ASKED) > 1, "asked, and asked again");
      assertEquals(0, total(call, Counter.ADDRESS_CHANGES));
      assertTrue(call.sentToLeftAddresses() > 0);
      call.check("bob");
      plan.time().runFor(10_000_000);
      assertFollowed(call, 8);
    }
  }

  @Test
  void shouldWaitForASilentClientAndGoOnWhereItIsHeardOfAgain() {
    try (SimulatedCall call = call()) {
      SimulatedClient ann = call.client("ann");
      SimulatedClient bob = call.client("bob");
      plan.runUntil(10);
      breaks(bob);
      plan.runUntil(42);
      assertEquals(List.of(State.ICE_CONNECTED, State.CONNECTED, State.INTERRUPTED), bob.states());
      assertEquals(2, call.server().room().size());
      assertFalse(transport(call, "bob").connected());
      int told = ann.slotChanges().size();
      long sent = bob.down().statistics().sentPackets();
      long refused = call.server().counters().total(DropReason.NOT_CONNECTED);
      long asked = ann.camera().keyFrameRequests();
      long requested = total(call, Counter.KEY_FRAMES_REQUESTED);
      plan.runUntil(70);
      assertEquals(sent, bob.down().statistics().sentPackets(), "nothing is sent");
      assertEquals(
          refused,
          call.server().counters().total(DropReason.NOT_CONNECTED),
          "bob's slots take nothing from ann");
      assertEquals(asked, ann.camera().keyFrameRequests(), "nobody watches ann");
      assertEquals(requested, total(call, Counter.KEY_FRAMES_REQUESTED), "bob is not asked");
      assertEquals(told, ann.slotChanges().size(), "ann is told nothing");
      mends(bob);
      call.move("bob");
      call.check("bob");
      plan.runUntil(73);
      assertEquals(State.CONNECTED, bob.states().getLast());
      assertTrue(ann.camera().keyFrameRequests() > asked, "bob needs a key frame");
      assertPicturesFor(5, ann, bob);
      assertEquals(1, total(call, Counter.INTERRUPTIONS));
      assertEquals(1, total(call, Counter.RECOVERIES));
      assertEquals(told, ann.slotChanges().size());
      assertOneStream(bob);
      assertEquals(0, ann.refusedBySrtp() + bob.refusedBySrtp());
    }
  }

  @Test
  void shouldTakeSomebodyForGoneAfterTheGrace() {
    try (SimulatedCall call = call()) {
      plan.runUntil(5);
      SimulatedClient bob = call.client("bob");
      breaks(bob);
      plan.runUntil(94);
      assertEquals("", bob.closedBecause());
      plan.runUntil(96);
      assertEquals("consent_expired", bob.closedBecause());
      assertEquals(1, call.server().room().size());
      assertEquals(1, call.server().demux().size());
      assertEquals(0, total(call, Counter.RECOVERIES));
    }
  }

  @Test
  void shouldShowAtARecoveryWhoIsStillThere() {
    try (SimulatedCall call = call()) {
      plan.runUntil(5);
      SimulatedClient bob = call.client("bob");
      breaks(bob);
      plan.runUntil(40);
      assertEquals(State.INTERRUPTED, bob.states().getLast());
      call.leave("ann");
      call.join("eve", person(3_000));
      plan.runUntil(45);
      mends(bob);
      call.check("bob");
      plan.runUntil(48);
      assertEquals("eve", bob.slotChanges().getLast().participantId().orElse("nobody"));
      assertPicturesFor(5, bob, call.client("eve"));
      assertOneStream(bob);
    }
  }

  @Test
  void shouldRestartIceUnderTheSameMedia() {
    try (SimulatedCall call = call()) {
      SimulatedClient ann = call.client("ann");
      SimulatedClient bob = call.client("bob");
      plan.runUntil(5);
      String before = transport(call, "bob").localUfrags().getFirst();
      call.restartIce("bob");
      assertEquals(2, transport(call, "bob").localUfrags().size());
      assertTrue(call.server().demux().knows(before));
      assertPicturesFor(3, ann, bob);
      call.move("bob");
      call.check("bob");
      plan.time().runFor(SECOND);
      assertFalse(call.server().demux().knows(before), "void after the first check");
      List<String> now = transport(call, "bob").localUfrags();
      assertEquals(1, now.size());
      assertNotEquals(before, now.getFirst());
      assertTrue(call.server().demux().knows(now.getFirst()));
      assertPicturesFor(5, ann, bob);
      assertEquals(1, total(call, Counter.ICE_RESTARTS_ASKED));
      assertEquals(1, total(call, Counter.ICE_RESTARTS));
      assertEquals(2, total(call, Counter.DTLS_COMPLETED));
      assertEquals(List.of(State.ICE_CONNECTED, State.CONNECTED), bob.states());
      assertOneStream(ann);
      assertOneStream(bob);
      call.leave("bob");
      assertFalse(call.server().demux().knows(now.getFirst()));
      assertEquals(1, call.server().demux().size());
    }
  }

  @Test
  void shouldRecoverByARestart() {
    try (SimulatedCall call = call()) {
      SimulatedClient bob = call.client("bob");
      plan.runUntil(5);
      breaks(bob);
      plan.runUntil(94);
      call.restartIce("bob");
      plan.runUntil(105);
      mends(bob);
      call.move("bob");
      call.check("bob");
      plan.runUntil(108);
      assertEquals(State.CONNECTED, bob.states().getLast());
      assertPicturesFor(5, call.client("ann"), bob);
    }
  }

  @Test
  void shouldForgetARestartThatNeverCompletes() {
    try (SimulatedCall call = call()) {
      plan.runUntil(5);
      call.restartIce("bob");
      List<String> first = transport(call, "bob").localUfrags();
      call.restartIce("bob");
      List<String> second = transport(call, "bob").localUfrags();
      assertFalse(call.server().demux().knows(first.getLast()), "replaced");
      assertEquals(first.getFirst(), second.getFirst());
      assertPicturesFor(40, call.client("ann"), call.client("bob"));
      call.leave("bob");
      second.forEach(ufrag -> assertFalse(call.server().demux().knows(ufrag), ufrag));
      assertEquals(0, total(call, Counter.ICE_RESTARTS));
    }
  }
}
