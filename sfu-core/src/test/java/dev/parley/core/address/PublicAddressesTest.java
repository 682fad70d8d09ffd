package dev.parley.core.address;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** In hand-driven time. */
class PublicAddressesTest {
  private static final InetAddress ONE = InetAddress.ofLiteral("203.0.113.1");
  private static final InetAddress TWO = InetAddress.ofLiteral("203.0.113.2");
  private static final int REFRESH_SEC = 300;

  private record Task(Duration delay, Runnable body) {}

  private static final class Source implements AddressSource {
    private final String name;
    private List<InetAddress> answer = List.of();

    Source(String name, InetAddress... answer) {
      this.name = name;
      this.answer = List.of(answer);
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public List<InetAddress> ask() throws IOException {
      if (answer.isEmpty()) {
        throw new IOException("no answer");
      }
      return answer;
    }
  }

  private final List<Task> tasks = new ArrayList<>();
  private int changes;

  private PublicAddresses asking(AddressSource... sources) {
    PublicAddresses addresses =
        new PublicAddresses(
            List.of(sources), REFRESH_SEC, (delay, body) -> tasks.add(new Task(delay, body)));
    addresses.onChange(() -> changes++);
    return addresses;
  }

  /** Runs what waits, and returns after how many seconds each of them was due. */
  private List<Long> run() {
    List<Task> due = List.copyOf(tasks);
    tasks.clear();
    due.forEach(task -> task.body().run());
    return due.stream().map(task -> task.delay().toSeconds()).toList();
  }

  @Test
  void shouldAskNobodyUnlessConfigured() {
    PublicAddresses none =
        PublicAddresses.ask(
            AddressLookup.NONE,
            () -> {
              throw new AssertionError("nobody is asked");
            });
    none.awaitFirst(Duration.ofDays(1));
    assertFalse(none.isAsking());
    assertEquals(List.of(), none.known());
    assertEquals(List.of(), none.failures());
  }

  @Test
  void shouldKnowWhatEachSourceSaysOnce() {
    PublicAddresses addresses =
        asking(new Source("a", ONE), new Source("b", TWO, ONE), new Source("c"));
    assertEquals(List.of(), addresses.known());
    assertEquals(List.of(0L, 0L, 0L), run());
    assertEquals(List.of(ONE, TWO), addresses.known());
    assertEquals(List.of("c: no answer"), addresses.failures());
    assertEquals(2, changes);
  }

  @Test
  void shouldAskAgainAndTellOfAChangeOnly() {
    Source source = new Source("a", ONE);
    PublicAddresses addresses = asking(source);
    run();
    assertEquals(List.of((long) REFRESH_SEC), run());
    assertEquals(1, changes);
    source.answer = List.of(TWO);
    run();
    assertEquals(List.of(TWO), addresses.known());
    assertEquals(2, changes);
  }

  @Test
  void shouldRetryEverMoreRarelyUntilThereIsAnAnswer() {
    Source source = new Source("a");
    PublicAddresses addresses = asking(source);
    List<Long> delays = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      delays.addAll(run());
    }
    assertEquals(List.of(0L, 5L, 10L, 20L, 40L, 80L, 160L, 300L, 300L, 300L, 300L, 300L), delays);
    source.answer = List.of(ONE);
    run();
    assertEquals(List.of(ONE), addresses.known());
    assertEquals(List.of(), addresses.failures());
    source.answer = List.of();
    run();
    assertEquals(List.of(ONE), addresses.known(), "the last answer stays");
    assertEquals(List.of("a: no answer"), addresses.failures());
    assertEquals(List.of(5L), run());
  }

  @Test
  void shouldSurviveASourceThatBreaks() {
    PublicAddresses addresses =
        asking(
            new AddressSource() {
              @Override
              public String name() {
                return "broken";
              }

              @Override
              public List<InetAddress> ask() {
                throw new IllegalStateException();
              }
            });
    run();
    assertEquals(List.of("broken: IllegalStateException"), addresses.failures());
    assertEquals(1, tasks.size());
  }

  @Test
  void shouldWaitForTheFirstAnswersNoLongerThanItMay() {
    Source source = new Source("a", ONE);
    PublicAddresses addresses = asking(source);
    addresses.awaitFirst(Duration.ofMillis(1));
    assertEquals(List.of(), addresses.known());
    run();
    addresses.awaitFirst(Duration.ofDays(1));
    assertEquals(List.of(ONE), addresses.known());
  }

  @Test
  void shouldAskNobodyAnyMoreOnceClosed() {
    PublicAddresses addresses = asking(new Source("a", ONE));
    addresses.close();
    run();
    assertTrue(tasks.isEmpty());
    assertEquals(List.of(), addresses.known());
  }
}
