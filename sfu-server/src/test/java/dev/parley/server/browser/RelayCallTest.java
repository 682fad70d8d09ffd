package dev.parley.server.browser;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.parley.core.api.MediaRoom;
import dev.parley.core.api.MediaSession;
import dev.parley.core.api.SilentListener;
import dev.parley.core.server.MediaConfig;
import dev.parley.core.server.SfuServer;
import dev.parley.core.server.TurnConfig;
import dev.parley.core.turn.TurnCredentials;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A browser that may use nothing but the relay. */
@Tag("browser")
class RelayCallTest {
  private static final String SECRET = "secret of the test";
  private static final int WAIT_SECONDS = 20;

  @ParameterizedTest
  @ValueSource(strings = {"udp", "tcp"})
  void shouldConnectOverTheRelayAlone(String transport) throws Exception {
    assumeTrue(Chromium.installed().isPresent(), "there is no Chromium here");
    try (SfuServer server =
            new SfuServer(MediaConfig.loopback(), Optional.of(TurnConfig.loopback(SECRET)));
        Chromium chromium = Chromium.launch(Chromium.installed().orElseThrow());
        Tab tab = chromium.open("about:blank")) {
      TurnCredentials.Minted who =
          new TurnCredentials(SECRET).mint("ann", System.currentTimeMillis() / 1000 + 300);
      String offer =
          tab.evaluate(
              offer(server.relay().orElseThrow().localAddress().getPort(), transport, who));
      MediaRoom room = server.openRoom("relayed", speakers -> {});
      MediaSession session =
          room.join(new MediaRoom.JoinOffer("ann", offer, List.of()), new SilentListener())
              .toCompletableFuture()
              .get(WAIT_SECONDS, TimeUnit.SECONDS);
      String answer =
          Base64.getEncoder()
              .encodeToString(session.answer().sdp().getBytes(StandardCharsets.UTF_8));
      String pair = tab.evaluate(connect(answer, WAIT_SECONDS * 1000));
      assertTrue(pair.contains("connected relay " + transport), pair);
    }
  }

  private static String offer(int port, String transport, TurnCredentials.Minted who) {
    return """
    (async () => {
      const pc = new RTCPeerConnection({
        bundlePolicy: 'max-bundle',
        iceTransportPolicy: 'relay',
        iceServers: [{ urls: 'turn:127.0.0.1:%d?transport=%s', username: '%s', credential: '%s' }],
      });
      window.pc = pc;
      pc.addTransceiver('audio', { direction: 'recvonly' });
      await pc.setLocalDescription();
      return pc.localDescription.sdp;
    })()\
    """
        .formatted(port, transport, who.username(), who.password());
  }

  private static String connect(String answer, int mostMs) {
    return """
    (async () => {
      const pc = window.pc;
      await pc.setRemoteDescription({ type: 'answer', sdp: atob('%s') });
      await Promise.race([
        new Promise((done) => {
          const look = () => pc.connectionState === 'connected' && done();
          pc.onconnectionstatechange = look;
          look();
        }),
        new Promise((done) => setTimeout(done, %d)),
      ]);
      const stats = [...(await pc.getStats()).values()];
      const locals = stats.filter((s) => s.type === 'local-candidate');
      return pc.connectionState + locals.map((c) => ` ${c.candidateType} ${c.relayProtocol}`).join();
    })()\
    """
        .formatted(answer, mostMs);
  }
}
