package dev.parley.admin.webhook;

import dev.parley.signaling.config.Networks;
import dev.parley.signaling.room.RoomEvent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** What tests of webhooks have in common. */
final class Tests {
  static final WebhookSecret SECRET = WebhookSecret.of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
  static final Networks LOOPBACK = new Networks(List.of("127.0.0.0/8"));

  private Tests() {}

  static WebhookEndpoint endpoint(String name, String url) {
    return new WebhookEndpoint(
        name, WebhookEndpoint.url(url), List.of(SECRET), List.of(), List.of());
  }

  static WebhookConfig config(Optional<Path> directory, WebhookEndpoint... endpoints) {
    return new WebhookConfig(
        List.of(endpoints),
        directory,
        Duration.ofSeconds(5),
        Duration.ofDays(3),
        Duration.ofDays(3),
        100_000,
        LOOPBACK);
  }

  /** The nth event of a room. */
  static RoomEvent event(String room, int n) {
    return new RoomEvent(
        RoomEvent.Type.ROOM_CHANGED,
        room,
        "rm_" + room,
        1_700_000_000_000L + n,
        Map.of("revision", Integer.toString(n)));
  }

  /** Waits for what another thread brings about. */
  static void await(String what, BooleanSupplier reached) {
    long untilNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!reached.getAsBoolean()) {
      if (System.nanoTime() > untilNanos) {
        throw new AssertionError("not within a minute: " + what);
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
    }
  }

  static <T> T get(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
  }
}
