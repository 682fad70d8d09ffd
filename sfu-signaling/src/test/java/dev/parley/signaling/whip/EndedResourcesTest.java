package dev.parley.signaling.whip;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.parley.signaling.FakeMediaServer;
import dev.parley.signaling.config.OnDuplicate;
import dev.parley.signaling.config.RoomConfig;
import dev.parley.signaling.observe.SignalingCounters;
import dev.parley.signaling.room.Ids;
import dev.parley.signaling.room.Rooms;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class EndedResourcesTest {
  private final EndedResources ended = new EndedResources();
  private final Rooms rooms =
      new Rooms(
          new FakeMediaServer(),
          Runnable::run,
          new Ids(new Random(1)),
          new Rooms.Bounds(1, 1, 1, OnDuplicate.ALLOW),
          InstantSource.system(),
          RoomConfig.OPEN,
          atMs -> {},
          new SignalingCounters());

  private Resource resource(String id) {
    return new Resource(rooms, id, "room", "ann", "etag", gone -> {});
  }

  @Test
  void shouldRememberAMinute() {
    long beganNanos = Long.MAX_VALUE - 1;
    ended.add(resource("a"), beganNanos);
    long lastNanos = beganNanos + EndedResources.REMEMBERED_NANOS;
    assertEquals(Optional.of("ann"), ended.identityOf("room", "a", lastNanos));
    assertEquals(Optional.empty(), ended.identityOf("other", "a", lastNanos));
    assertEquals(Optional.empty(), ended.identityOf("room", "b", lastNanos));
    assertEquals(Optional.empty(), ended.identityOf("room", "a", lastNanos + 1));
  }

  @Test
  void shouldForgetTheEarliestWhenManyEnd() {
    for (int i = 0; i <= EndedResources.MOST; i++) {
      ended.add(resource("r" + i), i);
    }
    long nowNanos = EndedResources.MOST;
    assertEquals(Optional.empty(), ended.identityOf("room", "r0", nowNanos));
    assertEquals(Optional.of("ann"), ended.identityOf("room", "r1", nowNanos));
    String last = "r" + EndedResources.MOST;
    assertEquals(Optional.of("ann"), ended.identityOf("room", last, nowNanos));
  }
}
