package dev.parley.core.turn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.parley.core.common.Counters;
import dev.parley.core.common.PeerAddress;
import dev.parley.core.common.PeerPath;
import java.util.List;
import org.junit.jupiter.params.provider.MethodSource;

/** See docs/fuzzing.md. */
class TurnFuzzTest {
  private static final PeerAddress MEDIA = PeerAddress.ofV4(0xcb007101L, 10_000);
  private static final String SECRET = "secret";

  private long now;
  private int answered;
  private final TurnServer server =
      new TurnServer(
          TurnSettings.of("sfu", SECRET),
          new MediaAddresses(List.of(List.of(MEDIA))),
          new TurnServer.Host() {
            @Override
            public PeerPath pathTo(TurnPeer peer) {
              return new PeerPath() {
                @Override
                public void send(byte[] bytes, int offset, int lengthBytes) {}

                @Override
                public String kind() {
                  return "relay";
                }
              };
            }

            @Override
            public void deliver(TurnPeer peer, byte[] bytes, int offset, int lengthBytes) {
              assertEquals(0, peer.port());
              assertTrue(offset >= 0 && lengthBytes >= 0 && offset + lengthBytes <= bytes.length);
              server().fromPeer(peer, bytes, offset, lengthBytes, false, now);
            }

            @Override
            public long unixSeconds(long nowNanos) {
              return 0;
            }
          },
          new Counters(),
          0);

  private final class Client extends TurnClient {
    private byte[] last = new byte[0];

    @Override
    public PeerAddress address() {
      return PeerAddress.ofV4(0xc6336401L, 5000);
    }

    @Override
    public String kind() {
      return "udp";
    }

    @Override
    public boolean isStream() {
      return false;
    }

    @Override
    public void send(byte[] bytes, int offset, int lengthBytes, boolean video) {
      last = java.util.Arrays.copyOfRange(bytes, offset, offset + lengthBytes);
      answered++;
    }

    @Override
    protected void onAllocated() {}

    @Override
    protected void onReleased() {}
  }

  private TurnServer server() {
    return server;
  }

  static List<byte[]> seeds() {
    return List.of(
        new StunText.Builder(0x003, "transaction!").number(0x0019, 17 << 24).plain(),
        new StunText.Builder(0x016, "transaction!").peer(MEDIA).bytes(0x0013, (byte) 1).plain(),
        new StunText.Builder(0x009, "transaction!")
            .number(0x000c, 0x4001 << 16)
            .peer(MEDIA)
            .plain(),
        new byte[] {0x40, 1, 0, 1, 5});
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "10m")
  void shouldTakeAnyDatagram(byte[] data) {
    Client client = new Client();
    byte[] b = new byte[data.length + 4];
    System.arraycopy(data, 0, b, 2, data.length);
    answered = 0;
    server.handle(b, 2, data.length, client, now += 1_000_000);
    assertTrue(answered <= 1);
    assertTrue(2 * (client.last.length + 28) <= 3 * (data.length + 28), "amplification");
  }

  /** The first byte chooses the method, the rest are its attributes behind valid credentials. */
  @MethodSource("seeds")
  @FuzzTest(maxDuration = "10m")
  void shouldTakeAnyAttributesOfAnAllocationsOwner(byte[] data) {
    Client client = new Client();
    TurnCredentials.Minted who = new TurnCredentials(SECRET).mint("ann", 300);
    server.handle(seeds().getFirst(), 0, seeds().getFirst().length, client, now += 1_000_000);
    String nonce = StunText.read(client.last).text(0x0015);
    byte[] allocate =
        new StunText.Builder(0x003, "transaction1")
            .number(0x0019, 17 << 24)
            .sealed(who.username(), who.password(), "sfu", nonce);
    server.handle(allocate, 0, allocate.length, client, now);
    assertEquals(0, StunText.read(client.last).error());
    int[] methods = {0x003, 0x004, 0x008, 0x009, 0x001};
    StunText.Builder request =
        new StunText.Builder(
            methods[data.length == 0 ? 0 : (data[0] & 0xff) % methods.length], "transaction2");
    for (int at = 1; at + 3 <= data.length && at < 500; ) {
      int end = Math.min(data.length, at + 3 + (data[at + 2] & 0x3f));
      request.bytes(Stun.uint16(data, at), java.util.Arrays.copyOfRange(data, at + 3, end));
      at = end;
    }
    byte[] sealed = request.sealed(who.username(), who.password(), "sfu", nonce);
    server.handle(sealed, 0, sealed.length, client, now);
    var unused = StunText.read(client.last);
    server.handleClosed(client);
  }
}
