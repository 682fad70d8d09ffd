package dev.parley.core.ice;

import static dev.parley.core.ice.IceLiteAgent.A;
import static dev.parley.core.ice.IceLiteAgent.B;
import static dev.parley.core.ice.IceLiteAgent.LOCAL;
import static dev.parley.core.ice.IceLiteAgent.NAME;
import static dev.parley.core.ice.IceLiteAgent.REMOTE;
import static dev.parley.core.ice.IceLiteAgent.SECOND;
import static dev.parley.core.ice.IceLiteAgent.V6;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.core.common.Counter;
import dev.parley.core.common.DropReason;
import dev.parley.core.common.PeerAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.ice4j.message.Message;
import org.ice4j.message.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IceLiteTest {
  @Test
  void shouldAnswerAValidCheckWithTheMappedAddress() throws Exception {
    for (PeerAddress from : List.of(A, V6)) {
      IceLiteAgent agent = new IceLiteAgent(0);
      agent.check(from, true, 1);
      byte[] response = agent.sink.last();
      assertEquals(from, agent.sink.sent().get(0).to());
      assertEquals(0x0101, ByteBuffer.wrap(response).getShort(0));
      Map<Integer, byte[]> attributes = StunFixture.read(response, LOCAL.pwd());
      assertEquals(List.of(0x0020, 0x0008, 0x8028), List.copyOf(attributes.keySet()));
      byte[] mapped = attributes.getOrDefault(0x0020, new byte[0]);
      assertEquals(from.isV4() ? 1 : 2, mapped[1]);
      byte[] mask = Arrays.copyOfRange(response, 4, 20);
      byte[] address = from.toInet().getAddress().getAddress();
      for (int i = 0; i < address.length; i++) {
        address[i] ^= mask[i];
      }
      assertArrayEquals(address, Arrays.copyOfRange(mapped, 4, mapped.length));
      assertEquals(from.port() ^ 0x2112, ByteBuffer.wrap(mapped).getShort(2) & 0xffff);
      // ice4j reads the same, fingerprint included.
      Message oracle = Message.decode(response, 0, response.length);
      assertTrue(oracle instanceof Response r && r.isSuccessResponse());
      assertEquals(1, agent.counters.total(Counter.STUN_CHECKS));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "srvUfrag:clnt, wrongPassword01234567890, STUN_INTEGRITY",
    "srvUfrag:other, serverPassword0123456789, STUN_INTEGRITY",
    "clnt:srvUfrag, serverPassword0123456789, STUN_INTEGRITY",
    "srvUfrag, serverPassword0123456789, STUN_INTEGRITY",
    "srvUfrag:clnt, '', STUN_MALFORMED",
  })
  void shouldDropUnprovenChecksInSilence(String name, String password, DropReason reason) {
    IceLiteAgent agent = new IceLiteAgent(0);
    byte[] b = StunFixture.check(name, password, true);
    agent.ice.handle(b, 0, b.length, A, 1);
    assertEquals(1, agent.counters.total(reason));
    assertTrue(agent.sink.sent().isEmpty());
    assertTrue(agent.events.isEmpty());
    assertNull(agent.ice.selected());
  }

  @Test
  void shouldAnswerARoleConflictWith487() {
    IceLiteAgent agent = new IceLiteAgent(0);
    byte[] b = withExtra(0x8029, new byte[8]);
    agent.ice.handle(b, 0, b.length, A, 1);
    Map<Integer, byte[]> attributes = StunFixture.read(agent.sink.last(), LOCAL.pwd());
    assertEquals(0x0111, ByteBuffer.wrap(agent.sink.last()).getShort(0));
    byte[] code = attributes.getOrDefault(0x0009, new byte[4]);
    assertEquals(487, code[2] * 100 + code[3]);
    assertNull(agent.ice.selected());
  }

  @Test
  void shouldNameUnknownRequiredAttributesIn420() {
    IceLiteAgent agent = new IceLiteAgent(0);
    byte[] b = withExtra(0x7777, new byte[5]);
    agent.ice.handle(b, 0, b.length, A, 1);
    Map<Integer, byte[]> attributes = StunFixture.read(agent.sink.last(), LOCAL.pwd());
    byte[] code = attributes.getOrDefault(0x0009, new byte[4]);
    assertEquals(420, code[2] * 100 + code[3]);
    byte[] unknown = attributes.getOrDefault(0x000a, new byte[2]);
    assertEquals(0x7777, ByteBuffer.wrap(unknown).getShort());
    assertTrue(agent.events.isEmpty());
  }

  @Test
  void shouldIgnoreIndicationsAndCountResponses() {
    IceLiteAgent agent = new IceLiteAgent(0);
    byte[] transaction = new byte[12];
    byte[] indication = StunFixture.write(0x0011, transaction, Map.of(), "");
    agent.ice.handle(indication, 0, indication.length, A, 1);
    byte[] response = StunFixture.write(0x0101, transaction, Map.of(), LOCAL.pwd());
    agent.ice.handle(response, 0, response.length, A, 1);
    assertEquals(1, agent.counters.total(DropReason.STUN_UNEXPECTED));
    assertTrue(agent.sink.sent().isEmpty());
  }

  @Test
  void shouldRefuseEveryTruncationAndBitFlip() {
    IceLiteAgent agent = new IceLiteAgent(0);
    byte[] b = StunFixture.check(NAME, LOCAL.pwd(), true);
    for (int length = 0; length < b.length; length++) {
      agent.ice.handle(Arrays.copyOf(b, length), 0, length, A, 1);
      byte[] mended = Arrays.copyOf(b, length);
      if (length >= 20) {
        ByteBuffer.wrap(mended).putShort(2, (short) (length - 20));
        agent.ice.handle(mended, 0, length, A, 1);
      }
    }
    // Without its fingerprint a check is still whole and proven; that is the one cut accepted.
    assertEquals(1, agent.sink.sent().size());
    int covered = 8 * (b.length - 8);
    for (int bit = 0; bit < 8 * b.length; bit++) {
      byte[] flipped = b.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      agent.ice.handle(flipped, 0, flipped.length, A, 1);
      if (bit < covered) {
        assertEquals(1, agent.sink.sent().size(), "bit " + bit);
      }
    }
  }

  @Property(tries = 2000)
  void shouldNeverThrowForRandomBytes(
      @ForAll @Size(max = 200) byte[] random, @ForAll @IntRange(max = 3) int dressing) {
    IceLiteAgent agent = new IceLiteAgent(0);
    byte[] b = random;
    if (dressing > 0) {
      b = Arrays.copyOf(random, 20 + (random.length & ~3));
      System.arraycopy(random, 0, b, 20, random.length & ~3);
      ByteBuffer.wrap(b).putShort(0, (short) 1).putShort(2, (short) (b.length - 20));
      ByteBuffer.wrap(b).putInt(4, 0x2112a442);
    }
    agent.ice.handle(b, 0, b.length, A, 1);
    StunPeek.localUfrag(b, 0, b.length);
    assertTrue(agent.sink.sent().isEmpty());
  }

  @Property(tries = 1000)
  void shouldNeverThrowForRandomAttributesOfAProvenPeer(
      @ForAll @Size(max = 60) byte[] value, @ForAll @IntRange(max = 0xffff) int type) {
    IceLiteAgent agent = new IceLiteAgent(0);
    byte[] b = withExtra(type, value);
    agent.ice.handle(b, 0, b.length, A, 1);
    assertTrue(agent.sink.sent().size() <= 1);
  }

  @Test
  void shouldUseTheFirstValidAddressUntilOneIsNominated() {
    IceLiteAgent agent = new IceLiteAgent(0);
    agent.check(A, false, 1);
    agent.check(B, false, 2);
    assertEquals(A, agent.ice.selected());
    agent.check(B, true, 3);
    assertEquals(B, agent.ice.selected());
    assertEquals(List.of("valid 5001", "valid 5002", "selected 5002"), agent.events);
    assertEquals(0, agent.counters.total(Counter.ADDRESS_CHANGES));
  }

  @Test
  void shouldFollowANetworkSwitchAtOnce() {
    IceLiteAgent agent = new IceLiteAgent(0);
    agent.check(A, true, 1);
    agent.check(B, true, 2);
    assertEquals(B, agent.ice.selected());
    assertEquals(1, agent.counters.total(Counter.ADDRESS_CHANGES));
  }

  @Test
  void shouldNotMoveForACheckThatDoesNotNominate() {
    IceLiteAgent agent = new IceLiteAgent(0);
    agent.check(A, true, 0);
    for (int i = 1; i < 100; i++) {
      agent.check(B, false, i * SECOND);
    }
    assertEquals(A, agent.ice.selected());
  }

  @Test
  void shouldNotFlapUnderAggressiveNomination() {
    IceLiteAgent agent = new IceLiteAgent(0);
    for (int i = 0; i < 100; i++) {
      agent.check(A, true, i * SECOND);
      agent.check(B, true, i * SECOND + SECOND / 2);
    }
    assertEquals(
        List.of("valid 5001", "selected 5001", "valid 5002", "selected 5002"), agent.events);
  }

  @Test
  void shouldReturnToAnEarlierAddressWhenTheSelectedOneFallsSilent() {
    IceLiteAgent agent = new IceLiteAgent(0);
    agent.check(A, true, 0);
    agent.check(B, true, SECOND);
    agent.check(A, true, 3 * SECOND);
    assertEquals(B, agent.ice.selected(), "B nominated two seconds ago");
    agent.check(A, true, 5 * SECOND);
    assertEquals(A, agent.ice.selected());
  }

  @Test
  void shouldReturnToAnEarlierAddressAtOnceWhenTheSelectedOneNoLongerNominates() {
    IceLiteAgent agent = new IceLiteAgent(0);
    agent.check(A, true, 0);
    agent.check(B, true, SECOND);
    agent.check(B, false, 2 * SECOND);
    agent.check(A, true, 2 * SECOND + 1);
    assertEquals(A, agent.ice.selected());
  }

  @Test
  void shouldRememberABoundedNumberOfAddresses() {
    IceLiteAgent agent = new IceLiteAgent(0);
    agent.check(A, true, 0);
    for (int port = 1; port <= 100; port++) {
      agent.check(PeerAddress.ofV4(0x0a000003, port), false, port);
    }
    int first = ValidAddresses.MAX + 1;
    assertEquals(first, agent.events.size(), "valid and selected, then the others");
    assertEquals(101, agent.sink.sent().size(), "each check is answered");
    agent.check(B, true, 1000);
    assertEquals(
        List.of("forgotten 1", "valid 5002", "selected 5002"),
        agent.events.subList(first, agent.events.size()));
    assertEquals(B, agent.ice.selected());
  }

  @Test
  void shouldRememberEightAddressesOfAClientAtFourOfThisMachines() {
    IceLiteAgent agent = new IceLiteAgent(0);
    for (int port = 1; port <= 8; port++) {
      for (int local = 1; local <= 4; local++) {
        agent.check(new PeerAddress(0, 7, port, 0, local), false, 10L * port + local);
      }
    }
    assertEquals(32, agent.events.stream().filter(event -> event.startsWith("valid")).count());
    assertEquals(32, agent.events.size(), "none is forgotten");
  }

  @Test
  void shouldReportThatNobodyEverCame() {
    IceLiteAgent agent = new IceLiteAgent(100);
    assertEquals(100 + 15 * SECOND, agent.ice.nextTimeoutNanos());
    agent.ice.handleTimeout(100 + 15 * SECOND - 1);
    assertTrue(agent.events.isEmpty());
    agent.ice.handleTimeout(100 + 15 * SECOND);
    assertEquals(List.of("never"), agent.events);
    assertEquals(Long.MAX_VALUE, agent.ice.nextTimeoutNanos());
  }

  @Test
  void shouldLoseConsentThirtySecondsAfterTheLastSignOfLife() {
    IceLiteAgent agent = new IceLiteAgent(0);
    agent.check(A, true, 0);
    assertEquals(30 * SECOND, agent.ice.nextTimeoutNanos());
    agent.ice.onAuthenticatedTraffic(20 * SECOND);
    agent.ice.handleTimeout(30 * SECOND);
    assertEquals(50 * SECOND, agent.ice.nextTimeoutNanos());
    agent.check(A, true, 40 * SECOND);
    agent.ice.handleTimeout(agent.ice.nextTimeoutNanos() - 1);
    assertFalse(agent.events.contains("lost"));
    agent.ice.handleTimeout(70 * SECOND);
    agent.ice.handleTimeout(80 * SECOND);
    assertEquals(1, agent.events.stream().filter("lost"::equals).count());
    agent.check(A, true, 81 * SECOND);
    assertEquals(111 * SECOND, agent.ice.nextTimeoutNanos(), "a client may come back");
  }

  @Test
  void shouldDrawCredentialsThatSdpAllows() {
    for (int i = 0; i < 100; i++) {
      IceCredentials drawn = IceCredentials.random();
      assertTrue(drawn.ufrag().matches("[A-Za-z0-9+/]{8}"));
      assertTrue(drawn.pwd().matches("[A-Za-z0-9+/]{24}"));
      assertFalse(drawn.toString().contains(drawn.pwd()));
    }
  }

  @Test
  void shouldPeekTheFragmentOfRequestsOnly() {
    byte[] b = StunFixture.check(NAME, LOCAL.pwd(), false);
    byte[] shifted = new byte[b.length + 3];
    System.arraycopy(b, 0, shifted, 3, b.length);
    assertEquals("srvUfrag", StunPeek.localUfrag(shifted, 3, b.length));
    assertTrue(StunPeek.looksLikeStun(shifted, 3, b.length));
    shifted[3] = 1;
    assertNull(StunPeek.localUfrag(shifted, 3, b.length), "a response");
    assertFalse(StunPeek.looksLikeStun(shifted, 3, b.length - 4));
    assertFalse(StunPeek.looksLikeStun(shifted, 2, b.length));
    byte[] nameless = StunFixture.check(":clnt", LOCAL.pwd(), false);
    assertNull(StunPeek.localUfrag(nameless, 0, nameless.length));
    byte[] colonless = StunFixture.check("srv", LOCAL.pwd(), false);
    assertNull(StunPeek.localUfrag(colonless, 0, colonless.length));
  }

  @Test
  void shouldAcceptMessagesAnywhereInTheArray() {
    Random random = new Random(3);
    byte[] b = StunFixture.check(NAME, LOCAL.pwd(), true);
    byte[] shifted = new byte[b.length + 50];
    random.nextBytes(shifted);
    System.arraycopy(b, 0, shifted, 17, b.length);
    IceLiteAgent agent = new IceLiteAgent(0);
    agent.ice.handle(shifted, 17, b.length, A, 1);
    assertEquals(A, agent.ice.selected());
  }

  private static byte[] withExtra(int type, byte[] value) {
    Map<Integer, byte[]> attributes = new LinkedHashMap<>();
    attributes.put(0x0006, NAME.getBytes(StandardCharsets.UTF_8));
    attributes.put(type, value);
    return StunFixture.write(1, new byte[12], attributes, LOCAL.pwd());
  }

  /** What a client at an address answers that is asked. */
  private static byte[] answer(byte[] question, String password) {
    Map<Integer, byte[]> attributes = new LinkedHashMap<>();
    attributes.put(0x0020, new byte[] {0, 1, 0, 0, 0, 0, 0, 0});
    return StunFixture.write(0x0101, Arrays.copyOfRange(question, 8, 20), attributes, password);
  }

  @Test
  void shouldFollowToAnAddressThatAnswersWithTheClientsPassword() {
    IceLiteAgent agent = new IceLiteAgent(0);
    agent.check(A, true, 1);
    agent.events.clear();
    assertTrue(agent.ice.ask(B, 2));
    byte[] question = agent.sink.last();
    assertEquals(B, agent.sink.sent().getLast().to());
    assertEquals(1, ByteBuffer.wrap(question).getShort(0));
    assertArrayEquals(
        "clnt:srvUfrag".getBytes(StandardCharsets.UTF_8),
        StunFixture.read(question, REMOTE.pwd()).getOrDefault(0x0006, new byte[0]));
    assertEquals(A, agent.ice.selected(), "asking alone changes nothing");
    Map<Integer, byte[]> attributes = StunFixture.read(question, REMOTE.pwd());
    assertEquals(List.of(0x0006, 0x0024, 0x8029, 0x0008, 0x8028), List.copyOf(attributes.keySet()));
    assertArrayEquals(
        new byte[] {110, -1, -1, -1}, attributes.getOrDefault(0x0024, new byte[0]), "priority");
    assertEquals(8, attributes.getOrDefault(0x8029, new byte[0]).length, "a controlled agent");
    byte[] answer = answer(question, REMOTE.pwd());
    agent.ice.handle(answer, 0, answer.length, B, 3);
    assertEquals(B, agent.ice.selected());
    assertEquals(List.of("valid " + B.port(), "selected " + B.port()), agent.events);
    assertEquals(1, agent.counters.total(Counter.ADDRESS_CHANGES));
    agent.ice.handle(answer, 0, answer.length, B, 4);
    assertEquals(1, agent.counters.total(DropReason.STUN_UNEXPECTED), "answered already");
  }

  @Test
  void shouldNotFollowToAnAddressThatAnswersOtherwise() {
    IceLiteAgent agent = new IceLiteAgent(0);
    agent.check(A, true, 1);
    assertTrue(agent.ice.ask(B, 2));
    byte[] question = agent.sink.last();
    byte[] wrong = answer(question, LOCAL.pwd());
    agent.ice.handle(wrong, 0, wrong.length, B, 3);
    assertEquals(1, agent.counters.total(DropReason.STUN_INTEGRITY));
    byte[] right = answer(question, REMOTE.pwd());
    agent.ice.handle(right, 0, right.length, V6, 4);
    byte[] other = answer(new byte[20], REMOTE.pwd());
    agent.ice.handle(other, 0, other.length, B, 5);
    assertEquals(2, agent.counters.total(DropReason.STUN_UNEXPECTED));
    assertEquals(A, agent.ice.selected());
  }

  @Test
  void shouldAskOneAddressAtATime() {
    IceLiteAgent agent = new IceLiteAgent(0);
    assertFalse(agent.ice.ask(B, 1), "a client that never checked is not looked for");
    agent.check(A, true, 1);
    assertTrue(agent.ice.ask(B, 2));
    assertFalse(agent.ice.ask(V6, 2 + IceLite.ASK_INTERVAL_NANOS - 1));
    assertTrue(agent.ice.ask(V6, 2 + IceLite.ASK_INTERVAL_NANOS));
    assertEquals(2, agent.counters.total(Counter.ADDRESSES_ASKED));
  }

  @Test
  void shouldRepeatItsQuestionUntilItAsksElsewhere() {
    IceLiteAgent agent = new IceLiteAgent(0);
    agent.check(A, true, 1);
    assertTrue(agent.ice.ask(B, 2));
    byte[] question = agent.sink.last();
    assertTrue(agent.ice.ask(B, 2 + IceLite.ASK_INTERVAL_NANOS));
    assertArrayEquals(question, agent.sink.last(), "RFC 8489 section 6.2.1");
    byte[] answer = answer(question, REMOTE.pwd());
    assertTrue(agent.ice.hasAsked(answer, 0));
    assertTrue(agent.ice.ask(V6, 2 + 2 * IceLite.ASK_INTERVAL_NANOS));
    assertFalse(agent.ice.hasAsked(answer, 0), "another address, another question");
    assertTrue(agent.ice.ask(B, 2 + 3 * IceLite.ASK_INTERVAL_NANOS));
    byte[] late = answer(agent.sink.last(), REMOTE.pwd());
    assertTrue(agent.ice.ask(B, 2 + 4 * IceLite.ASK_INTERVAL_NANOS));
    agent.ice.handle(late, 0, late.length, B, 2 + 5 * IceLite.ASK_INTERVAL_NANOS);
    assertEquals(B, agent.ice.selected(), "an answer to the first of two");
    assertFalse(agent.ice.hasAsked(late, 0));
  }

  @Test
  void shouldGoOnAtTheLastCheckedAddressWhenThePathOfTheSelectedOneCloses() {
    IceLiteAgent agent = new IceLiteAgent(0);
    agent.check(A, true, 1);
    agent.check(B, false, 2);
    agent.check(V6, false, 3);
    agent.events.clear();
    agent.ice.forget(A);
    assertEquals(V6, agent.ice.selected());
    assertEquals(List.of("selected " + V6.port()), agent.events);
    agent.ice.forget(A);
    agent.ice.forget(B);
    assertEquals(V6, agent.ice.selected(), "one that is not in use changes nothing");
    assertEquals(1, agent.events.size());
    agent.check(A, true, 4);
    assertEquals(A, agent.ice.selected(), "it is nominated as if for the first time");
  }

  @Test
  void shouldSendNowhereWhenTheOnlyPathHasClosed() {
    IceLiteAgent agent = new IceLiteAgent(0);
    agent.check(A, true, 1);
    agent.events.clear();
    agent.ice.forget(A);
    assertNull(agent.ice.selected());
    assertEquals(List.of("closed"), agent.events);
    agent.check(B, false, 2);
    assertEquals(B, agent.ice.selected());
    assertEquals(List.of("closed", "valid " + B.port()), agent.events);
  }
}
