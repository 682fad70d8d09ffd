package dev.parley.core.turn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.core.common.Counter;
import dev.parley.core.common.Counters;
import dev.parley.core.common.DropReason;
import dev.parley.core.common.PeerAddress;
import dev.parley.core.common.PeerPath;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The state machine: what it grants, and the list of attacks that it must not mind. */
class TurnServerTest {
  private static final String SECRET = "a secret that only the server knows";
  private static final String REALM = "sfu";
  private static final long UNIX_SEC = 1_800_000_000L;
  private static final long SECOND = 1_000_000_000L;

  private static final int ALLOCATE = 0x003;
  private static final int REFRESH = 0x004;
  private static final int PERMIT = 0x008;
  private static final int BIND = 0x009;
  private static final int SEND = 0x016;

  private static final PeerAddress MEDIA_0 = address("203.0.113.1", 10_000);
  private static final PeerAddress MEDIA_1 = address("203.0.113.1", 10_001);
  private static final PeerAddress MEDIA_V6 = address("2001:db8::1", 10_000);

  private final Counters counters = new Counters();
  private final List<byte[]> delivered = new ArrayList<>();
  private final List<TurnPeer> deliveredTo = new ArrayList<>();
  private final TurnCredentials credentials = new TurnCredentials(SECRET);
  private long now = -5 * SECOND;
  private TurnServer server = server(TurnSettings.of(REALM, SECRET));
  private int transactions;

  private static PeerAddress address(String ip, int port) {
    return PeerAddress.of(new InetSocketAddress(ip, port));
  }

  private TurnServer server(TurnSettings settings) {
    return new TurnServer(
        settings,
        new MediaAddresses(List.of(List.of(MEDIA_0, MEDIA_V6), List.of(MEDIA_1))),
        new TurnServer.Host() {
          @Override
          public PeerPath pathTo(TurnPeer peer) {
            return new NoPath();
          }

          @Override
          public void deliver(TurnPeer peer, byte[] bytes, int offset, int lengthBytes) {
            delivered.add(Arrays.copyOfRange(bytes, offset, offset + lengthBytes));
            deliveredTo.add(peer);
          }

          @Override
          public long unixSeconds(long nowNanos) {
            return UNIX_SEC + nowNanos / SECOND;
          }
        },
        counters,
        now);
  }

  private static TurnSettings quotas(int all, int user, int address, int peers, long bps) {
    return new TurnSettings(REALM, SECRET, all, user, address, peers, bps, 600, 3600, 1800);
  }

  /** A class of its own: paths are told apart by identity. */
  private static final class NoPath implements PeerPath {
    @Override
    public void send(byte[] bytes, int offset, int lengthBytes) {}

    @Override
    public String kind() {
      return "relay";
    }
  }

  private static final class Client extends TurnClient {
    final PeerAddress address;
    final boolean stream;
    final List<byte[]> got = new ArrayList<>();
    String nonce = "";
    int opened;
    int released;

    Client(String ip, int port, boolean stream) {
      this.address = TurnServerTest.address(ip, port);
      this.stream = stream;
    }

    StunText.Read last() {
      return StunText.read(got.getLast());
    }

    @Override
    public PeerAddress address() {
      return address;
    }

    @Override
    public String kind() {
      return stream ? "tcp" : "udp";
    }

    @Override
    public boolean isStream() {
      return stream;
    }

    @Override
    public void send(byte[] bytes, int offset, int lengthBytes, boolean video) {
      got.add(Arrays.copyOfRange(bytes, offset, offset + lengthBytes));
    }

    @Override
    protected void onAllocated() {
      opened++;
    }

    @Override
    protected void onReleased() {
      released++;
    }
  }

  private static Client udp() {
    return new Client("198.51.100.7", 5000, false);
  }

  private StunText.Builder message(int type) {
    return new StunText.Builder(type, "trans%07d".formatted(++transactions));
  }

  private StunText.Builder allocation() {
    return message(ALLOCATE).number(0x0019, 17 << 24);
  }

  private void give(Client client, byte[] bytes) {
    byte[] padded = new byte[bytes.length + 8];
    System.arraycopy(bytes, 0, padded, 3, bytes.length);
    server.handle(padded, 3, bytes.length, client, now);
  }

  private TurnCredentials.Minted minted(String owner) {
    return credentials.mint(owner, UNIX_SEC + 300);
  }

  private StunText.Read ask(Client client, StunText.Builder request, TurnCredentials.Minted who) {
    int before = client.got.size();
    give(client, request.sealed(who.username(), who.password(), REALM, client.nonce));
    assertEquals(before + 1, client.got.size(), "one answer");
    return client.last();
  }

  private StunText.Read ask(Client client, StunText.Builder request) {
    return ask(client, request, minted("ann"));
  }

  /** Takes the challenge, so that the client has a nonce. */
  private void greet(Client client) {
    give(client, allocation().plain());
    assertEquals(401, client.last().error());
    assertEquals(REALM, client.last().text(0x0014));
    client.nonce = client.last().text(0x0015);
  }

  private Client allocated() {
    Client client = udp();
    greet(client);
    assertEquals(0, ask(client, allocation()).error());
    return client;
  }

  @Test
  void shouldRelayBothWaysByIndicationsAndChannels() {
    Client client = allocated();
    StunText.Read answer = client.last();
    assertEquals(ALLOCATE | 0x100, answer.type());
    assertEquals(600, answer.number(0x000d));
    assertEquals(client.address, answer.address(0x0020));
    PeerAddress relayed = answer.address(0x0016);
    assertEquals(MEDIA_0.low(), relayed.low(), "an announced address");
    assertTrue(relayed.port() >= 49_152);

    assertEquals(0, ask(client, message(PERMIT).peer(MEDIA_0)).error());
    give(client, message(SEND).peer(MEDIA_0).bytes(0x0013, (byte) 1, (byte) 2, (byte) 3).plain());
    assertArrayEquals(new byte[] {1, 2, 3}, delivered.getLast());
    TurnPeer peer = deliveredTo.getLast();
    assertEquals(0, peer.port());
    assertEquals("udp", peer.clientKind());
    assertEquals(relayed.port(), peer.source().port());

    server.fromPeer(peer, new byte[] {9, 8, 7, 6, 5}, 1, 3, false, now);
    StunText.Read data = client.last();
    assertEquals(0x017, data.type());
    assertEquals(MEDIA_0, data.address(0x0012));
    assertArrayEquals(new byte[] {8, 7, 6}, data.value(0x0013));

    assertEquals(0, ask(client, message(BIND).number(0x000c, 0x4001 << 16).peer(MEDIA_1)).error());
    give(client, new byte[] {0x40, 1, 0, 2, 5, 6});
    assertArrayEquals(new byte[] {5, 6}, delivered.getLast());
    assertEquals(1, deliveredTo.getLast().port());
    assertNotEquals(peer.source(), deliveredTo.getLast().source(), "a path for each peer");
    server.fromPeer(deliveredTo.getLast(), new byte[] {1, 2, 3}, 0, 3, false, now);
    assertArrayEquals(new byte[] {0x40, 1, 0, 3, 1, 2, 3}, client.got.getLast());
    assertEquals(5, counters.total(Counter.TURN_BYTES_FROM_CLIENTS));
    assertEquals(6, counters.total(Counter.TURN_BYTES_TO_CLIENTS));
  }

  @Test
  void shouldPadChannelDataOnStreams() {
    Client client = new Client("198.51.100.7", 5000, true);
    greet(client);
    ask(client, allocation());
    ask(client, message(BIND).number(0x000c, 0x4001 << 16).peer(MEDIA_0));
    give(client, new byte[] {0x40, 1, 0, 1, 5, 0, 0, 0});
    assertArrayEquals(new byte[] {5}, delivered.getLast());
    server.fromPeer(deliveredTo.getLast(), new byte[] {1, 2, 3}, 0, 3, false, now);
    assertArrayEquals(new byte[] {0x40, 1, 0, 3, 1, 2, 3, 0}, client.got.getLast());
  }

  @Test
  void shouldGiveIpv6WhereItIsAnnounced() {
    Client client = udp();
    greet(client);
    StunText.Read answer = ask(client, allocation().number(0x0017, 2 << 24));
    assertEquals(0, answer.error());
    assertEquals(20, answer.value(0x0016).length);
    assertEquals(443, ask(client, message(PERMIT).peer(MEDIA_0)).error());
    assertEquals(0, ask(client, message(PERMIT).peer(MEDIA_V6)).error());
    give(client, message(SEND).peer(MEDIA_V6).bytes(0x0013, (byte) 4).plain());
    assertArrayEquals(new byte[] {4}, delivered.getLast());
    server.fromPeer(deliveredTo.getLast(), new byte[] {7}, 0, 1, false, now);
    assertArrayEquals(new byte[] {7}, client.last().value(0x0013));
  }

  @Test
  void shouldAnswerBindingToAnybody() {
    Client client = udp();
    give(client, message(0x001).plain());
    assertEquals(client.address, client.last().address(0x0020));
    assertEquals(0x101, client.last().type());
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, 10000", // loopback
    "10.0.0.1, 10000", // private ranges
    "192.168.1.1, 53",
    "169.254.169.254, 80", // a cloud's metadata
    "203.0.113.1, 8080", // this server's pages
    "203.0.113.1, 8081",
    "203.0.113.1, 22",
    "203.0.113.2, 10000", // somebody else
    "0.0.0.0, 10000",
    "224.0.0.1, 10000",
  })
  void shouldRefuseEveryPeerButItsOwnMediaPorts(String ip, int port) {
    Client client = allocated();
    PeerAddress peer = address(ip, port);
    assertEquals(403, ask(client, message(PERMIT).peer(peer)).error());
    assertEquals(403, ask(client, message(PERMIT).peer(MEDIA_0).peer(peer)).error());
    give(client, message(SEND).peer(MEDIA_0).bytes(0x0013, (byte) 1).plain());
    assertEquals(1, counters.total(DropReason.TURN_NO_PERMISSION), "none of them was permitted");
    assertEquals(403, ask(client, message(BIND).number(0x000c, 0x4001 << 16).peer(peer)).error());
    ask(client, message(PERMIT).peer(MEDIA_0));
    give(client, message(SEND).peer(peer).bytes(0x0013, (byte) 1).plain());
    assertEquals(1, counters.total(DropReason.TURN_PEER_FORBIDDEN));
    assertEquals(List.of(), delivered);
  }

  @Test
  void shouldTakeAddressesThatAreAnnouncedLater() {
    PeerAddress late = address("203.0.113.77", MEDIA_1.port());
    Client early = allocated();
    assertEquals(403, ask(early, message(PERMIT).peer(late)).error());
    server.announce(List.of(List.of(MEDIA_0), List.of(late, MEDIA_1)));
    for (Client client : List.of(early, allocated())) {
      give(client, message(SEND).peer(late).bytes(0x0013, (byte) 1).plain());
      assertEquals(0, ask(client, message(PERMIT).peer(late)).error());
      give(client, message(SEND).peer(late).bytes(0x0013, (byte) 2).plain());
      assertArrayEquals(new byte[] {2}, delivered.removeLast());
      assertEquals(1, deliveredTo.getLast().port());
      assertEquals(List.of(), delivered, "not without permission");
      assertEquals(0, ask(client, message(PERMIT).peer(MEDIA_0)).error());
      assertEquals(0, ask(client, message(REFRESH).number(0x000d, 0)).error());
    }
  }

  @Test
  void shouldRefuseWrongExpiredAndOtherPeoplesCredentials() {
    Client client = udp();
    greet(client);
    TurnCredentials.Minted good = minted("ann");
    TurnCredentials.Minted bob = minted("bob");
    List<TurnCredentials.Minted> bad =
        List.of(
            new TurnCredentials.Minted(good.username(), "wrong"),
            new TurnCredentials.Minted(good.username(), bob.password()),
            credentials.mint("ann", UNIX_SEC - 10),
            new TurnCredentials("another secret").mint("ann", UNIX_SEC + 300),
            new TurnCredentials.Minted("ann", "ann"),
            new TurnCredentials.Minted("", ""),
            new TurnCredentials.Minted("99999999999999999999:ann", "x"));
    for (TurnCredentials.Minted who : bad) {
      assertEquals(401, ask(client, allocation(), who).error(), who.username());
    }
    assertNull(client.allocation());
    assertEquals(0, ask(client, allocation(), good).error());
  }

  @Test
  void shouldKeepAnAllocationForItsOwnCredentials() {
    Client client = allocated();
    assertEquals(441, ask(client, message(REFRESH).number(0x000d, 0), minted("bob")).error());
    assertEquals(441, ask(client, allocation(), minted("bob")).error());
    assertEquals(1, client.opened);
    assertEquals(0, client.released);
  }

  @Test
  void shouldRefuseAnotherClientsNonceAndAnOldOne() {
    Client first = udp();
    greet(first);
    Client second = new Client("198.51.100.7", 5001, false);
    second.nonce = first.nonce;
    assertEquals(438, ask(second, allocation()).error());
    assertEquals(0, ask(first, allocation()).error());
    now += 1801 * SECOND;
    String old = first.nonce;
    assertEquals(438, ask(first, message(REFRESH)).error());
    assertNotEquals(old, first.last().text(0x0015));
    for (int i = 0; i < 1000; i++) {
      assertEquals(438, ask(first, message(REFRESH)).error());
    }
    first.nonce = first.last().text(0x0015);
    assertEquals(0, ask(first, message(REFRESH)).error(), "also with credentials that have ended");
    assertEquals(1002, counters.total(Counter.TURN_STALE_NONCES));
  }

  @Test
  void shouldRepeatTheAnswerToARepeatedAllocate() {
    Client client = udp();
    greet(client);
    StunText.Builder request = allocation();
    TurnCredentials.Minted who = minted("ann");
    byte[] sealed = request.sealed(who.username(), who.password(), REALM, client.nonce);
    give(client, sealed);
    give(client, sealed);
    assertArrayEquals(client.got.get(1), client.got.get(2));
    assertEquals(1, client.opened);
    assertEquals(437, ask(client, allocation()).error(), "another request on the same five-tuple");
  }

  @ParameterizedTest
  @ValueSource(strings = {"user", "address", "server"})
  void shouldKeepItsQuotas(String which) {
    server =
        server(
            quotas(
                which.equals("server") ? 2 : 100,
                which.equals("user") ? 2 : 100,
                which.equals("address") ? 2 : 100,
                16,
                1_000_000));
    List<Client> clients = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Client client =
          new Client(which.equals("address") ? "198.51.100.7" : "198.51.100." + i, 5000 + i, false);
      greet(client);
      String owner = which.equals("user") ? "ann" : "user" + i;
      ask(client, allocation(), minted(owner));
      clients.add(client);
    }
    assertEquals(0, clients.get(1).last().error());
    assertEquals(which.equals("user") ? 486 : 508, clients.get(2).last().error());
    server.handleClosed(clients.get(0));
    String owner = which.equals("user") ? "ann" : "user2";
    assertEquals(0, ask(clients.get(2), allocation(), minted(owner)).error(), "place for one more");
  }

  @Test
  void shouldBoundPeers() {
    server = server(quotas(10, 10, 10, 1, 1_000_000));
    Client client = allocated();
    assertEquals(0, ask(client, message(BIND).number(0x000c, 0x4001 << 16).peer(MEDIA_0)).error());
    assertEquals(
        508, ask(client, message(BIND).number(0x000c, 0x4002 << 16).peer(MEDIA_1)).error());
  }

  @Test
  void shouldBoundBandwidthBothWays() {
    server = server(quotas(10, 10, 10, 16, 80_000));
    Client client = allocated();
    ask(client, message(BIND).number(0x000c, 0x4001 << 16).peer(MEDIA_0));
    byte[] thousand = new byte[1004];
    thousand[0] = 0x40;
    thousand[1] = 1;
    thousand[2] = 1000 >> 8;
    thousand[3] = (byte) 1000;
    for (int i = 0; i < 10; i++) {
      give(client, thousand);
    }
    assertEquals(2, delivered.size(), "a quarter of a second's worth");
    assertEquals(8, counters.total(DropReason.TURN_RATE));
    int before = client.got.size();
    for (int i = 0; i < 10; i++) {
      server.fromPeer(deliveredTo.getFirst(), thousand, 0, 1000, false, now);
    }
    assertEquals(before + 2, client.got.size());
    now += SECOND;
    give(client, thousand);
    assertEquals(3, delivered.size());
  }

  @Test
  void shouldNotAmplify() {
    Client client = udp();
    byte[] smallest = allocation().plain();
    give(client, smallest);
    int answer = client.got.getLast().length;
    assertTrue(2 * (answer + 28) <= 3 * (smallest.length + 28), answer + " bytes");
    give(client, message(ALLOCATE).plain());
    give(client, message(REFRESH).plain());
    assertEquals(1, client.got.size(), "an answer would be more than 1.5 times the request");
    assertEquals(2, counters.total(DropReason.TURN_AMPLIFICATION));
    for (int length = 0; length < 64; length += 4) {
      byte[] request = message(ALLOCATE).bytes(0x8022, new byte[length]).plain();
      client.got.clear();
      give(client, request);
      client.got.forEach(a -> assertTrue(2 * (a.length + 28) <= 3 * (request.length + 28)));
    }
  }

  @Test
  void shouldDropDataWithoutAllocationChannelOrPermission() {
    Client client = udp();
    give(client, new byte[] {0x40, 1, 0, 0});
    give(client, message(SEND).peer(MEDIA_0).bytes(0x0013, (byte) 1).plain());
    assertEquals(2, counters.total(DropReason.TURN_NO_ALLOCATION));
    client = allocated();
    give(client, new byte[] {0x40, 1, 0, 0});
    assertEquals(1, counters.total(DropReason.TURN_NO_CHANNEL));
    give(client, message(SEND).peer(MEDIA_0).bytes(0x0013, (byte) 1).plain());
    assertEquals(1, counters.total(DropReason.TURN_NO_PERMISSION));
    give(client, new byte[] {0x40, 1, 0, 9, 1});
    give(client, message(SEND).peer(MEDIA_0).plain());
    give(client, message(SEND).bytes(0x0013, (byte) 1).plain());
    give(client, new byte[] {(byte) 0x80, 1, 2, 3});
    give(client, new byte[0]);
    assertEquals(5, counters.total(DropReason.TURN_MALFORMED));
    assertEquals(List.of(), delivered);
  }

  @Test
  void shouldEndPermissionsChannelsAndAllocations() {
    Client client = allocated();
    ask(client, message(BIND).number(0x000c, 0x4001 << 16).peer(MEDIA_0));
    give(client, new byte[] {0x40, 1, 0, 1, 5});
    TurnPeer peer = deliveredTo.getLast();
    now += 301 * SECOND;
    give(client, new byte[] {0x40, 1, 0, 1, 5});
    assertEquals(1, counters.total(DropReason.TURN_NO_PERMISSION), "after 300 s");
    assertEquals(0, ask(client, message(REFRESH).number(0x000d, 3600)).error());
    assertEquals(3600, client.last().number(0x000d));
    assertEquals(0, ask(client, message(PERMIT).peer(MEDIA_0)).error());
    now += 299 * SECOND;
    give(client, new byte[] {0x40, 1, 0, 1, 5});
    assertEquals(1, counters.total(DropReason.TURN_NO_CHANNEL), "after 600 s");
    assertEquals(
        400,
        ask(client, message(BIND).number(0x000c, 0x4001 << 16).peer(MEDIA_1)).error(),
        "the number rests");
    assertEquals(0, ask(client, message(BIND).number(0x000c, 0x4001 << 16).peer(MEDIA_0)).error());
    assertEquals(
        400,
        ask(client, message(BIND).number(0x000c, 0x4002 << 16).peer(MEDIA_0)).error(),
        "a peer has one channel");
    now = server.nextTimeoutNanos();
    server.handleTimeout(now);
    assertEquals(1, client.released);
    assertEquals(Long.MAX_VALUE, server.nextTimeoutNanos());
    int before = client.got.size();
    server.fromPeer(peer, new byte[] {1}, 0, 1, false, now);
    assertEquals(before, client.got.size());
    assertEquals(1, counters.total(Counter.TURN_ALLOCATIONS_CLOSED));
  }

  @Test
  void shouldEndAnAllocationOnRequest() {
    Client client = allocated();
    assertEquals(0, ask(client, message(REFRESH).number(0x000d, 0)).error());
    assertEquals(1, client.released);
    assertEquals(437, ask(client, message(REFRESH).number(0x000d, 0)).error());
    assertEquals(0, ask(client, allocation()).error());
  }

  @Test
  void shouldTellWhatIsWrong() {
    Client client = udp();
    greet(client);
    assertEquals(400, ask(client, message(ALLOCATE)).error());
    assertEquals(442, ask(client, message(ALLOCATE).number(0x0019, 6 << 24)).error());
    assertEquals(440, ask(client, allocation().number(0x0017, 3 << 24)).error());
    assertEquals(508, ask(client, allocation().bytes(0x0018, (byte) 0x80)).error());
    assertEquals(420, ask(client, allocation().number(0x7ffe, 1)).error());
    assertArrayEquals(new byte[] {0x7f, (byte) 0xfe}, client.last().value(0x000a));
    assertEquals(437, ask(client, message(PERMIT).peer(MEDIA_0)).error());
    assertEquals(0, ask(client, allocation()).error());
    assertEquals(400, ask(client, message(PERMIT)).error());
    assertEquals(400, ask(client, message(BIND).peer(MEDIA_0)).error());
    assertEquals(
        400, ask(client, message(BIND).number(0x000c, 0x3fff << 16).peer(MEDIA_0)).error());
    assertEquals(443, ask(client, message(REFRESH).number(0x0017, 2 << 24)).error());
    byte[] withoutUser = message(ALLOCATE).bytes(0x0008, new byte[20]).plain();
    give(client, withoutUser);
    assertEquals(400, client.last().error());
  }

  @Test
  void shouldMakeCredentialsAsCoturnTakesThem() {
    // From: printf '1800000300:ann' | openssl dgst -sha1 -hmac secret -binary | base64
    TurnCredentials.Minted minted = new TurnCredentials("secret").mint("ann", 1_800_000_300L);
    assertEquals("1800000300:ann", minted.username());
    assertEquals(EXPECTED_PASSWORD, minted.password());
  }

  private static final String EXPECTED_PASSWORD = "6FmoYv73Nzhlp5DEL7On8cmyDVk=";

  @Test
  void shouldShowItsState() {
    Client client = allocated();
    Object shown = server.snapshot(now).get("oldest");
    assertTrue(String.valueOf(shown).contains("198.51.100.7:5000"), String.valueOf(shown));
    assertTrue(ByteBuffer.wrap(client.got.getLast()).hasRemaining());
  }
}
