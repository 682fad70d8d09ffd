package dev.parley.admin.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.prometheus.client.CollectorRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WebhooksTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Vertx vertx = Vertx.vertx();
  private final CollectorRegistry registry = new CollectorRegistry();
  private final List<Webhooks> opened = new ArrayList<>();
  @TempDir private Path directory;

  @AfterEach
  void close() {
    opened.forEach(webhooks -> Tests.get(webhooks.close()));
    Tests.get(vertx.close().toCompletionStage());
  }

  /** Takes what it is sent, and now and then breaks in one way or another. */
  private final class FlakyReceiver {
    private final Random random;
    private final double trouble;
    private final Map<String, List<Integer>> taken = new ConcurrentHashMap<>();
    private final Set<String> ids = ConcurrentHashMap.newKeySet();
    private final Set<String> busy = ConcurrentHashMap.newKeySet();
    private final List<String> overlapping = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger requests = new AtomicInteger();
    private final HttpServer server;

    FlakyReceiver(double trouble, long seed) {
      this.trouble = trouble;
      this.random = new Random(seed);
      server = vertx.createHttpServer().requestHandler(this::handle);
      Tests.get(server.listen(0, "127.0.0.1").toCompletionStage());
    }

    String url() {
      return "http://127.0.0.1:" + server.actualPort() + "/";
    }

    int events() {
      return ids.size();
    }

    private void handle(HttpServerRequest request) {
      requests.incrementAndGet();
      request
          .body()
          .onSuccess(body -> {
            try {
              take(request, JSON.readTree(body.getBytes()));
            } catch (java.io.IOException notJson) {
              overlapping.add("not JSON: " + body);
            }
          });
    }

    private void take(HttpServerRequest request, JsonNode body) {
      String room = body.at("/data/room").asText();
      if (!busy.add(room)) {
        overlapping.add(room);
      }
      double luck = random.nextDouble();
      // Half of the troubles come before the event was worked off, half behind that.
      if (luck >= trouble / 2 && ids.add(request.getHeader("webhook-id"))) {
        taken
            .computeIfAbsent(room, any -> new ArrayList<>())
            .add(body.at("/data/details/revision").asInt());
      }
      // Not at once: another event of the room would come meanwhile.
      vertx.runOnContext(later -> {
        busy.remove(room);
        answer(request, luck);
      });
    }

    private void answer(HttpServerRequest request, double luck) {
      if (luck >= trouble) {
        request.response().setStatusCode(200).end("thanks");
      } else if (random.nextInt(4) == 0) {
        request.connection().close();
      } else {
        request.response().setStatusCode(random.nextBoolean() ? 500 : 429).end();
      }
    }
  }

  private Webhooks open(WebhookConfig config, int retryMs) throws Exception {
    RetrySchedule retry = new RetrySchedule(List.of(Duration.ofMillis(retryMs)));
    HttpSender sender =
        new HttpSender(
            vertx,
            new HttpClientOptions(),
            new AddressGuard(config.allowedNetworks()),
            NameLookup.SYSTEM,
            config.timeout(),
            InstantSource.system());
    return open(config, new WebhookThread.Parts(sender, retry, retry, InstantSource.system()));
  }

  private Webhooks open(WebhookConfig config, WebhookThread.Parts parts) throws Exception {
    CollectorRegistry own = opened.isEmpty() ? registry : new CollectorRegistry();
    Webhooks webhooks = new Webhooks(config, parts, own);
    opened.add(webhooks);
    webhooks.open();
    return webhooks;
  }

  private double metric(String name, String... label) {
    Double value =
        label.length == 0
            ? registry.getSampleValue(name)
            : registry.getSampleValue(name, new String[] {label[0]}, new String[] {label[1]});
    return value == null ? -1 : value;
  }

  private static void tell(Webhooks webhooks, int rooms, int from, int to) {
    for (int n = from; n < to; n++) {
      for (int room = 0; room < rooms; room++) {
        webhooks.onRoomEvent(Tests.event("room-" + room, n));
      }
    }
  }

  private static void inOrder(FlakyReceiver receiver, int rooms, int each) {
    assertEquals(List.of(), receiver.overlapping, "one at a time in a room");
    assertEquals(rooms, receiver.taken.size());
    receiver.taken.forEach(
        (room, numbers) -> assertEquals(IntStream.range(0, each).boxed().toList(), numbers, room));
  }

  @Test
  void shouldDeliverTenThousandEventsInOrderPerRoomToAFlakyReceiver() throws Exception {
    long seed = ThreadLocalRandom.current().nextLong();
    System.out.println("seed " + seed);
    FlakyReceiver receiver = new FlakyReceiver(0.1, seed);
    Webhooks webhooks =
        open(Tests.config(Optional.of(directory), Tests.endpoint("crm", receiver.url())), 3);
    tell(webhooks, 50, 0, 200);
    Tests.await(
        "all delivered",
        () -> metric("sfu_webhook_deliveries_total", "outcome", "delivered") == 10_000);
    inOrder(receiver, 50, 200);
    assertTrue(receiver.requests.get() > 10_500, "trouble: " + receiver.requests);
    assertEquals(10_000, metric("sfu_webhook_events_total"));
    Tests.await("nothing waits", () -> metric("sfu_webhook_pending") == 0);
    for (WebhookMetrics.Drop reason : WebhookMetrics.Drop.values()) {
      assertEquals(
          0,
          metric(
              "sfu_webhook_dropped_total",
              "reason",
              reason.name().toLowerCase(java.util.Locale.ROOT)));
    }
    assertEquals(receiver.requests.get(), metric("sfu_webhook_delivery_seconds_count"));
  }

  @Test
  void shouldGoOnAfterARestartInOrderAndWithoutALoss() throws Exception {
    long seed = ThreadLocalRandom.current().nextLong();
    System.out.println("seed " + seed);
    FlakyReceiver receiver = new FlakyReceiver(0.1, seed);
    WebhookConfig config =
        Tests.config(Optional.of(directory), Tests.endpoint("crm", receiver.url()));
    for (int run = 0; run < 3; run++) {
      Webhooks webhooks = open(config, 3);
      tell(webhooks, 20, run * 30, run * 30 + 30);
      int enough = run * 600 + 200;
      Tests.await("some delivered", () -> receiver.events() >= enough);
      Tests.get(webhooks.close());
    }
    open(config, 3);
    Tests.await("all delivered", () -> receiver.events() == 1800);
    inOrder(receiver, 20, 90);
  }

  @Test
  void shouldTellEachEndpointWhatItWants() throws Exception {
    FlakyReceiver all = new FlakyReceiver(0, 1);
    FlakyReceiver one = new FlakyReceiver(0, 1);
    WebhookEndpoint some =
        new WebhookEndpoint(
            "some",
            WebhookEndpoint.url(one.url()),
            List.of(Tests.SECRET),
            List.of("room.*"),
            List.of("room-3"));
    Webhooks webhooks =
        open(Tests.config(Optional.empty(), Tests.endpoint("all", all.url()), some), 3);
    tell(webhooks, 5, 0, 10);
    Tests.await("all told", () -> all.events() == 50 && one.events() == 10);
    assertEquals(Set.of("room-3"), one.taken.keySet());
  }

  @Test
  void shouldReplayWithTheSameIdsInOrder() throws Exception {
    FlakyReceiver receiver = new FlakyReceiver(0, 1);
    Webhooks webhooks =
        open(Tests.config(Optional.of(directory), Tests.endpoint("crm", receiver.url())), 3);
    tell(webhooks, 2, 0, 5);
    Tests.await(
        "all delivered",
        () -> metric("sfu_webhook_deliveries_total", "outcome", "delivered") == 10);
    Set<String> ids = new HashSet<>(receiver.ids);
    receiver.ids.clear();
    receiver.taken.clear();
    assertEquals(Optional.of(0), Tests.get(webhooks.replay("crm", new Replay.GivenUp())));
    assertEquals(
        Optional.of(6),
        Tests.get(webhooks.replay("crm", new Replay.Since(Tests.event("a", 2).atMs()))));
    Tests.await("all replayed", () -> receiver.events() == 6);
    assertEquals(List.of(2, 3, 4), receiver.taken.get("room-1"));
    assertTrue(ids.containsAll(receiver.ids));

    List<DeliveryView> kept =
        Tests.get(webhooks.deliveries("crm", "", 100, Optional.empty())).orElseThrow();
    assertEquals(10, kept.size());
    receiver.ids.clear();
    String chosen = kept.get(4).id();
    assertEquals(
        Optional.of(1), Tests.get(webhooks.replay("crm", new Replay.Chosen(Set.of(chosen)))));
    Tests.await("one replayed", () -> receiver.ids.equals(Set.of(chosen)));
    assertEquals(Optional.empty(), Tests.get(webhooks.replay("nobody", new Replay.GivenUp())));
  }

  @Test
  void shouldListWhatBecameOfEvents() throws Exception {
    FlakyReceiver receiver = new FlakyReceiver(0, 1);
    Webhooks webhooks =
        open(Tests.config(Optional.of(directory), Tests.endpoint("crm", receiver.url())), 3);
    Tests.get(webhooks.pause("crm"));
    tell(webhooks, 1, 0, 5);
    Tests.await("all wait", () -> metric("sfu_webhook_pending") == 5);
    List<DeliveryView> first =
        Tests.get(webhooks.deliveries("crm", "", 2, Optional.of("pending"))).orElseThrow();
    List<DeliveryView> rest =
        Tests.get(webhooks.deliveries("crm", first.getLast().id(), 9, Optional.of("pending")))
            .orElseThrow();
    assertEquals(2, first.size());
    assertEquals(3, rest.size());
    assertEquals(0, receiver.requests.get());
    assertEquals("paused", Tests.get(webhooks.endpoints()).getFirst().state());
    Tests.get(webhooks.resume("crm"));
    Tests.await("all delivered", () -> receiver.events() == 5);
    Tests.await(
        "all delivered",
        () ->
            Tests.get(webhooks.deliveries("crm", "", 9, Optional.of("delivered")))
                    .orElseThrow()
                    .size()
                == 5);
    EndpointView view = Tests.get(webhooks.endpoints()).getFirst();
    assertEquals(5, view.delivered());
    assertEquals("ok", view.state());
    assertTrue(view.lastDeliveredMs().isPresent());
  }

  @Test
  void shouldSayHowATestEnded() throws Exception {
    try (Receiver receiver = new Receiver(Receiver.status(418))) {
      Webhooks webhooks =
          open(Tests.config(Optional.empty(), Tests.endpoint("crm", receiver.url())), 3);
      Webhooks.TestResult result = Tests.get(webhooks.test("crm")).orElseThrow();
      assertEquals(418, result.status());
      assertEquals("status 418", result.error());
      JsonNode body = JSON.readTree(receiver.requests.getFirst().body());
      assertEquals("webhook.test", body.path("type").asText());
      assertEquals("crm", body.at("/data/webhook").asText());
      assertEquals(Optional.empty(), Tests.get(webhooks.test("nobody")));
    }
  }

  /** Breaks where it ought to say how it ended. */
  private static final class Broken implements WebhookSender {
    @Override
    public CompletionStage<AttemptResult> send(WebhookEndpoint endpoint, String id, String body) {
      return CompletableFuture.failedFuture(new IllegalStateException("broken"));
    }

    @Override
    public void close() {}
  }

  private static Throwable failure(CompletionStage<?> stage) {
    return Objects.requireNonNull(
        assertThrows(CompletionException.class, () -> Tests.get(stage)).getCause());
  }

  @Test
  void shouldTestAgainAfterTestsThatBroke() throws Exception {
    Webhooks webhooks =
        open(
            Tests.config(Optional.empty(), Tests.endpoint("crm", "http://127.0.0.1/")),
            new WebhookThread.Parts(
                new Broken(), RetrySchedule.ROOM, RetrySchedule.ENDPOINT, InstantSource.system()));
    for (int i = 0; i < 10; i++) {
      assertEquals("broken", failure(webhooks.test("crm")).getMessage());
    }
  }

  @Test
  void shouldRefuseQuestionsThatNobodyAnswersAnyMore() throws Exception {
    WebhookThread.Parts parts =
        new WebhookThread.Parts(
            new Silence(), RetrySchedule.ROOM, RetrySchedule.ENDPOINT, InstantSource.system());
    WebhookConfig config =
        Tests.config(Optional.empty(), Tests.endpoint("crm", "http://127.0.0.1/"));
    WebhookThread never = new WebhookThread(config, parts, new WebhookMetrics(registry));
    CompletionStage<List<EndpointView>> asked = never.ask(Dispatch::views);
    Tests.get(never.close());
    assertInstanceOf(RejectedExecutionException.class, failure(asked));

    WebhookThread thread =
        new WebhookThread(config, parts, new WebhookMetrics(new CollectorRegistry()));
    thread.open();
    List<CompletionStage<List<EndpointView>>> all = new ArrayList<>();
    CompletionStage<Boolean> closed = CompletableFuture.completedStage(true);
    for (int i = 0; i < 2000; i++) {
      all.add(thread.ask(Dispatch::views));
      if (i == 1000) {
        closed = thread.close();
      }
    }
    Tests.get(closed);
    for (CompletionStage<List<EndpointView>> one : all) {
      // Answered or refused.
      Tests.get(one.exceptionally(refused -> List.of()));
    }
    assertInstanceOf(RejectedExecutionException.class, failure(thread.ask(Dispatch::views)));
  }

  /** Never answers. */
  private static final class Silence implements WebhookSender {
    @Override
    public CompletionStage<AttemptResult> send(WebhookEndpoint endpoint, String id, String body) {
      return new CompletableFuture<>();
    }

    @Override
    public void close() {}
  }

  @Test
  void shouldCountWhatItsPartOfTheOutboxDoesNotHold() throws Exception {
    WebhookConfig all = Tests.config(Optional.empty(), Tests.endpoint("crm", "http://127.0.0.1/"));
    WebhookConfig small =
        new WebhookConfig(
            all.endpoints(),
            all.directory(),
            all.timeout(),
            all.giveUpAfter(),
            all.keep(),
            100,
            all.allowedNetworks());
    Webhooks webhooks =
        open(
            small,
            new WebhookThread.Parts(
                new Silence(), RetrySchedule.ROOM, RetrySchedule.ENDPOINT, InstantSource.system()));
    tell(webhooks, 1, 0, 150);
    Tests.await(
        "50 dropped", () -> metric("sfu_webhook_dropped_total", "reason", "outbox_full") == 50);
    assertEquals(100, Tests.get(webhooks.endpoints()).getFirst().pending());
  }

  @Test
  void shouldNotHoldUpTheRoomThreadWhenTheOutboxStands() throws Exception {
    CountDownLatch standing = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    Thread room = Thread.currentThread();
    InstantSource clock =
        () -> {
          if (Thread.currentThread() != room) {
            standing.countDown();
            try {
              goOn.await();
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
          }
          return InstantSource.system().instant();
        };
    Webhooks webhooks =
        open(
            Tests.config(Optional.empty(), Tests.endpoint("crm", "http://127.0.0.1/")),
            new WebhookThread.Parts(
                new Silence(), RetrySchedule.ROOM, RetrySchedule.ENDPOINT, clock));
    assertTrue(standing.await(20, TimeUnit.SECONDS));
    tell(webhooks, 1, 0, WebhookThread.QUEUED_EVENTS + 7);
    assertEquals(7, metric("sfu_webhook_dropped_total", "reason", "queue_full"));
    goOn.countDown();
    Tests.await(
        "the rest is taken",
        () -> metric("sfu_webhook_events_total") == WebhookThread.QUEUED_EVENTS);
    List<DeliveryView> kept =
        Tests.get(webhooks.deliveries("crm", "", 20_000, Optional.empty())).orElseThrow();
    webhooks.onRoomEvent(Tests.event("room-0", 1));
    Tests.await("one more", () -> metric("sfu_webhook_pending") == WebhookThread.QUEUED_EVENTS + 1);
    String last =
        Tests.get(webhooks.deliveries("crm", kept.getLast().id(), 2, Optional.empty()))
            .orElseThrow()
            .getFirst()
            .id();
    assertEquals(
        8,
        OutboxEvent.number(last).orElseThrow()
            - OutboxEvent.number(kept.getLast().id()).orElseThrow(),
        "the numbers of lost events are missing");
  }

  @Test
  void shouldOpenAnOutboxAnewThatHasFailed() throws Exception {
    FlakyReceiver receiver = new FlakyReceiver(0, 1);
    WebhookConfig config =
        Tests.config(Optional.of(directory), Tests.endpoint("crm", receiver.url()));
    HttpSender sender =
        new HttpSender(
            vertx,
            new HttpClientOptions(),
            new AddressGuard(config.allowedNetworks()),
            NameLookup.SYSTEM,
            config.timeout(),
            InstantSource.system());
    WebhookThread thread =
        new WebhookThread(
            config,
            new WebhookThread.Parts(
                sender, RetrySchedule.ROOM, RetrySchedule.ENDPOINT, InstantSource.system()),
            new WebhookMetrics(registry));
    thread.open();
    thread.take(Tests.event("room", 0));
    Tests.await("one delivered", () -> receiver.events() == 1);
    // As the store does when it cannot write.
    Tests.get(
        thread.ask(known -> {
          known.close();
          return true;
        }));
    AtomicInteger told = new AtomicInteger();
    Tests.await(
        "another one delivered",
        () -> {
          thread.take(Tests.event("room", told.incrementAndGet()));
          return receiver.events() > 1;
        });
    assertTrue(metric("sfu_webhook_dropped_total", "reason", "store") >= 1);
    Tests.get(thread.close());
    List<Integer> taken = receiver.taken.getOrDefault("room", List.of());
    assertEquals(taken.stream().sorted().toList(), taken);
  }

  /** Takes events, one after the other, until it is killed; says which. */
  static final class Doomed {
    private Doomed() {}

    public static void main(String[] directory) throws Exception {
      Webhooks webhooks =
          new Webhooks(
              Tests.config(
                  Optional.of(Path.of(directory[0])), Tests.endpoint("crm", "http://127.0.0.1/")),
              new WebhookThread.Parts(
                  new Silence(),
                  RetrySchedule.ROOM,
                  RetrySchedule.ENDPOINT,
                  InstantSource.system()),
              new CollectorRegistry());
      webhooks.open();
      for (int n = 1; true; n++) {
        webhooks.onRoomEvent(Tests.event("room", n));
        System.out.println(n + " " + System.currentTimeMillis());
        java.util.concurrent.locks.LockSupport.parkNanos(2_000_000);
      }
    }
  }

  @Test
  void shouldLoseASecondAtMostWhenTheProcessIsKilled() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Doomed.class.getName(),
                directory.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    long[] lines = new long[2];
    List<long[]> taken = new ArrayList<>();
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        if (line.matches("\\d+ \\d+")) {
          String[] parts = line.split(" ", -1);
          lines = new long[] {Long.parseLong(parts[0]), Long.parseLong(parts[1])};
          taken.add(lines);
        }
        if (taken.size() == 1000) {
          process.toHandle().destroyForcibly();
        }
      }
    }
    assertEquals(137, process.waitFor());
    long killedMs = lines[1];
    long mustBe =
        taken.stream()
            .filter(one -> one[1] < killedMs - 1000)
            .mapToLong(one -> one[0])
            .max()
            .orElse(0);
    assertTrue(mustBe > 0, "taken: " + taken.size());
    try (Outbox outbox = Outbox.open(Optional.of(directory), List.of("crm"))) {
      assertTrue(
          outbox.lastNumber() >= mustBe, "kept " + outbox.lastNumber() + ", needed " + mustBe);
      assertEquals(outbox.lastNumber(), outbox.size());
    }
  }
}
