package dev.parley.signaling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.signaling.observe.SignalingCounters;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** As many as may be connected, with their heartbeats. */
final class CrowdTest {
  private static final int CROWD = 1000;
  private static final int TEXT = 1;
  private static final int CLOSE = 8;
  private static final long MOST_BYTES = 30 << 10;

  @Test
  void shouldKeepAThousandSessionsSmallRefuseTheNextAndForgetThemAll() {
    try (TestServer server = new TestServer(TestServer.development())) {
      SignalingCounters counters = server.signaling.counters();
      long before = usedBytes();
      List<FrugalClient> crowd = new ArrayList<>();
      for (int i = 0; i < CROWD; i++) {
        FrugalClient client = new FrugalClient(server.port());
        client.send("{\"type\":\"hello\",\"id\":1,\"data\":{\"versions\":[1]}}");
        assertEquals(TEXT, client.receive());
        crowd.add(client);
      }
      for (int round = 0; round < 3; round++) {
        crowd.forEach(each -> each.send("{\"type\":\"ping\",\"id\":2,\"data\":{\"t\":1}}"));
        crowd.forEach(each -> assertEquals(TEXT, each.receive()));
      }
      long each = (usedBytes() - before) / CROWD;
      System.out.println("memory per idle session: " + each + " bytes of heap");
      assertTrue(each <= MOST_BYTES, each + " bytes");
      assertEquals(CROWD, counters.openSessions());
      assertEquals(CROWD, counters.pendingTimers());
      TestClient next = server.connect();
      assertEquals("server_full", next.errorCode("hello", "{\"versions\":[1]}"));
      assertEquals(4021, next.closeCode());
      for (FrugalClient client : crowd) {
        client.send("{\"type\":\"bye\",\"id\":3,\"data\":{}}");
        assertEquals(TEXT, client.receive());
        assertEquals(CLOSE, client.receive());
        client.close();
      }
      Await.until("an empty server", () -> counters.openConnections() == 0);
      Await.until("no session", () -> counters.openSessions() == 0);
      assertEquals(0, counters.sessionsInGrace());
      assertEquals(0, counters.pendingTimers());
      server.greeted();
    }
  }

  private static long usedBytes() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
