package dev.parley.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ParleyServerTest {
  private final List<String> calls = new ArrayList<>();

  @Test
  void shouldStopInTheOppositeOrderOfStarting() throws Exception {
    ParleyServer server = new ParleyServer(List.of(part("media"), part("admin"), part("http")));
    server.start();
    assertEquals(List.of(), server.stop());
    assertEquals(List.of("+media", "+admin", "+http", "-http", "-admin", "-media"), calls);
  }

  @Test
  void shouldStopOnce() throws Exception {
    ParleyServer server = new ParleyServer(List.of(part("media")));
    server.start();
    assertEquals(List.of(), server.stop());
    assertEquals(List.of(), server.stop());
    assertEquals(List.of("+media", "-media"), calls);
  }

  @Test
  void shouldLeaveNothingRunningWhenAPartCannotStart() {
    ParleyServer server =
        new ParleyServer(List.of(part("media"), failing("http", true), part("last")));
    StartException failure = assertThrows(StartException.class, server::start);
    assertEquals("Parley cannot start: http: port in use", failure.getMessage());
    assertEquals(List.of("+media", "-media"), calls);
  }

  @Test
  void shouldStopTheOthersWhenOneFailsToStop() throws Exception {
    ParleyServer server = new ParleyServer(List.of(part("media"), failing("http", false)));
    server.start();
    assertEquals(List.of("http"), server.stop());
    assertEquals(List.of("+media", "+http", "-media"), calls);
  }

  @Test
  void shouldNotClaimToServeWithoutAPart() {
    StartException failure =
        assertThrows(StartException.class, () -> new ParleyServer(List.of()).start());
    assertEquals("Parley cannot start: assembly: it has no part to start", failure.getMessage());
  }

  private Part part(String name) {
    return new Recorded(name, false, false);
  }

  private Part failing(String name, boolean onStart) {
    return new Recorded(name, onStart, !onStart);
  }

  private final class Recorded implements Part {
    private final String name;
    private final boolean failsToStart;
    private final boolean failsToStop;

    Recorded(String name, boolean failsToStart, boolean failsToStop) {
      this.name = name;
      this.failsToStart = failsToStart;
      this.failsToStop = failsToStop;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public void start() throws Exception {
      if (failsToStart) {
        throw new IOException("port in use");
      }
      calls.add("+" + name);
    }

    @Override
    public void stop() throws Exception {
      if (failsToStop) {
        throw new IOException("stuck");
      }
      calls.add("-" + name);
    }
  }
}
