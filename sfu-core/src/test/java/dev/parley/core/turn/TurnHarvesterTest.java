package dev.parley.core.turn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.parley.core.server.MediaConfig;
import dev.parley.core.server.SfuServer;
import dev.parley.core.server.TurnConfig;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.List;
import java.util.Optional;
import org.ice4j.Transport;
import org.ice4j.TransportAddress;
import org.ice4j.ice.Agent;
import org.ice4j.ice.CandidateType;
import org.ice4j.ice.Component;
import org.ice4j.ice.IceMediaStream;
import org.ice4j.ice.LocalCandidate;
import org.ice4j.ice.harvest.TurnCandidateHarvester;
import org.ice4j.security.LongTermCredential;
import org.junit.jupiter.api.Test;

/** Somebody else's client gets a relayed candidate. */
class TurnHarvesterTest {
  private static final String SECRET = "secret of the test";

  /** ice4j does not use loopback. */
  private static String address() throws Exception {
    Optional<String> address =
        NetworkInterface.networkInterfaces()
            .flatMap(NetworkInterface::inetAddresses)
            .filter(a -> a instanceof Inet4Address && !a.isLoopbackAddress())
            .map(InetAddress::getHostAddress)
            .findFirst();
    assumeTrue(address.isPresent(), "this machine has loopback only");
    return address.orElseThrow();
  }

  @Test
  void shouldGiveIce4jARelayedCandidate() throws Exception {
    String address = address();
    TurnConfig loopback = TurnConfig.loopback(SECRET);
    TurnConfig turn =
        new TurnConfig(address, 0, Optional.empty(), loopback.connections(), loopback.settings());
    try (SfuServer server = new SfuServer(MediaConfig.loopback(), Optional.of(turn))) {
      TurnCredentials.Minted who =
          new TurnCredentials(SECRET).mint("ann", System.currentTimeMillis() / 1000 + 300);
      int port = server.relay().orElseThrow().localAddress().getPort();
      Agent agent = new Agent();
      try {
        agent.addCandidateHarvester(
            new TurnCandidateHarvester(
                new TransportAddress(address, port, Transport.UDP),
                new LongTermCredential(who.username(), who.password())));
        IceMediaStream stream = agent.createMediaStream("media");
        Component component = agent.createComponent(stream, 50_000, 50_000, 50_100);
        List<LocalCandidate> relayed =
            component.getLocalCandidates().stream()
                .filter(c -> c.getType() == CandidateType.RELAYED_CANDIDATE)
                .toList();
        assertEquals(1, relayed.size(), () -> "of " + component.getLocalCandidates());
        TransportAddress virtual = relayed.getFirst().getTransportAddress();
        assertEquals("127.0.0.1", virtual.getHostAddress(), "the announced address");
        assertTrue(virtual.getPort() >= 49_152);
      } finally {
        agent.free();
      }
    }
  }
}
