package dev.parley.core.server;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.core.api.MediaRoom;
import dev.parley.core.api.MediaSession;
import dev.parley.core.api.SilentListener;
import dev.parley.core.common.Counters;
import dev.parley.core.common.PeerAddress;
import dev.parley.core.dtls.DtlsIdentity;
import dev.parley.core.fixtures.SentDatagrams;
import dev.parley.core.ice.IceClient;
import dev.parley.core.ice.IceCredentials;
import dev.parley.core.sdp.Candidate;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Joins a room and sends nominating checks from sockets that the test gives. */
final class CheckingClient {
  private static final String FINGERPRINT = DtlsIdentity.generate().sha256().value();
  private static final int PATIENCE_MS = 5_000;

  /** What the server has told of this client's pairs. */
  final List<MediaSession.Pair> pairs = new CopyOnWriteArrayList<>();

  private final IceCredentials credentials = IceCredentials.random();
  private final MediaSession session;

  /**
   * Joins.
   *
   * @param lines of the offer besides those that it needs
   */
  CheckingClient(MediaRoom room, String who, String... lines) {
    String offer =
        String.join(
                "\r\n",
                "v=0",
                "o=- 1 1 IN IP4 127.0.0.1",
                "s=-",
                "t=0 0",
                "a=group:BUNDLE 0",
                "m=audio 9 UDP/TLS/RTP/SAVPF 111",
                "c=IN IP4 0.0.0.0",
                "a=mid:0",
                "a=rtcp-mux",
                "a=recvonly",
                "a=rtpmap:111 opus/48000/2",
                "a=setup:actpass",
                "a=fingerprint:sha-256 " + FINGERPRINT,
                "a=ice-ufrag:" + credentials.ufrag(),
                "a=ice-pwd:" + credentials.pwd(),
                String.join("\r\n", lines))
            + (lines.length == 0 ? "" : "\r\n");
    session =
        room.join(new MediaRoom.JoinOffer(who, offer, List.of()), new Listener())
            .toCompletableFuture()
            .join();
  }

  MediaSession session() {
    return session;
  }

  List<Candidate> candidates() {
    return session
        .answer()
        .sdp()
        .lines()
        .filter(line -> line.startsWith("a=candidate:"))
        .flatMap(line -> Candidate.parse(line).stream())
        .toList();
  }

  /** Sends a check that nominates, and returns its answer, which is the server's and right. */
  DatagramPacket check(DatagramSocket from, InetSocketAddress to) throws IOException {
    SentDatagrams sent = new SentDatagrams();
    PeerAddress server = PeerAddress.of(to);
    IceClient ice =
        new IceClient(
            credentials,
            new IceCredentials(value("a=ice-ufrag:"), value("a=ice-pwd:")),
            server,
            sent,
            new Unheard(),
            new Counters(),
            0);
    ice.handleTimeout(0);
    from.setSoTimeout(PATIENCE_MS);
    from.send(new DatagramPacket(sent.last(), sent.last().length, to));
    DatagramPacket answer = new DatagramPacket(new byte[1500], 1500);
    from.receive(answer);
    ice.handle(answer.getData(), 0, answer.getLength(), server, 1);
    assertTrue(ice.isConnected());
    return answer;
  }

  private String value(String attribute) {
    return session
        .answer()
        .sdp()
        .lines()
        .filter(line -> line.startsWith(attribute))
        .findFirst()
        .orElseThrow()
        .substring(attribute.length());
  }

  private final class Listener extends SilentListener {
    @Override
    public void onPair(MediaSession.Pair pair) {
      pairs.add(pair);
    }
  }

  private static final class Unheard implements IceClient.Listener {
    @Override
    public void onConnected() {}

    @Override
    public void onConsentLost() {}

    @Override
    public void onNeverConnected() {}
  }
}
