package dev.parley.admin.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OutboxTest {
  @TempDir private Path directory;

  private Outbox open(String... endpoints) throws IOException {
    return Outbox.open(Optional.of(directory), List.of(endpoints));
  }

  private static void add(Outbox outbox, long number, String... endpoints) {
    outbox.add(
        number, OutboxEvent.of(number, 1, Tests.event("a", (int) number)), List.of(endpoints), 5);
  }

  private static List<Long> numbers(Outbox outbox, String endpoint) {
    List<Long> numbers = new ArrayList<>();
    outbox.walk(
        endpoint,
        0,
        (number, delivery) -> {
          numbers.add(number);
          return true;
        });
    return numbers;
  }

  private static Delivery delivered() {
    return new Delivery(Delivery.State.DELIVERED, 1, 5, 204, "");
  }

  @Test
  void shouldHaveWhatItHadAfterItWasOpenedAgain() throws Exception {
    OutboxEvent event = OutboxEvent.of(3, 9, Tests.event("a", 1));
    try (Outbox outbox = open("crm", "audit")) {
      outbox.add(3, event, List.of("crm", "audit"), 77);
      outbox.put("audit", 3, new Delivery(Delivery.State.FAILED, 4, 77, 500, "status 500"));
      outbox.note("mode.crm", "PAUSED");
    }
    try (Outbox outbox = open("crm", "audit")) {
      assertEquals(3, outbox.lastNumber());
      assertEquals(event, outbox.event(3).orElseThrow());
      assertEquals(Delivery.queued(77), outbox.delivery("crm", 3).orElseThrow());
      assertEquals("status 500", outbox.delivery("audit", 3).orElseThrow().lastError());
      assertEquals(Optional.of("PAUSED"), outbox.note("mode.crm"));
    }
  }

  @Test
  void shouldLetNobodyElseReadItsFile() throws Exception {
    open("crm").close();
    assertEquals(
        "rw-------",
        PosixFilePermissions.toString(
            Files.getPosixFilePermissions(directory.resolve(Outbox.FILE))));
  }

  @Test
  void shouldNeverGiveANumberTwice() throws Exception {
    try (Outbox outbox = open("crm")) {
      add(outbox, 41, "crm");
      outbox.put("crm", 41, delivered());
      outbox.expire(Long.MAX_VALUE, 0);
      assertEquals(0, outbox.size());
      assertEquals(41, outbox.lastNumber());
    }
    try (Outbox outbox = open("crm")) {
      assertEquals(41, outbox.lastNumber());
    }
  }

  @Test
  void shouldRemoveTheOldestThatWaitForNobody() throws Exception {
    try (Outbox outbox = open("crm", "audit")) {
      for (long number = 1; number <= 5; number++) {
        add(outbox, number, "crm", "audit");
        if (number != 2) {
          outbox.put("crm", number, delivered());
        }
        if (number != 4) {
          outbox.put("audit", number, delivered());
        }
      }
      outbox.expire(Long.MIN_VALUE, 2);
      assertEquals(List.of(2L, 4L, 5L), numbers(outbox, "crm"));
      outbox.expire(Long.MAX_VALUE, 0);
      assertEquals(List.of(2L, 4L), numbers(outbox, "audit"));
      assertEquals(2, outbox.size());
    }
  }

  @Test
  void shouldRemoveWhatIsTooOldOnly() throws Exception {
    try (Outbox outbox = open("crm")) {
      for (long number = 1; number <= 4; number++) {
        add(outbox, number, "crm");
        outbox.put("crm", number, delivered());
      }
      outbox.expire(Tests.event("a", 3).atMs(), 0);
      assertEquals(List.of(3L, 4L), numbers(outbox, "crm"));
    }
  }

  @Test
  void shouldForgetEndpointsThatAreConfiguredNoMore() throws Exception {
    try (Outbox outbox = open("crm", "audit")) {
      add(outbox, 1, "audit");
    }
    try (Outbox outbox = open("crm")) {
      assertThrows(IllegalArgumentException.class, () -> outbox.delivery("audit", 1));
      outbox.expire(Long.MAX_VALUE, 0);
      assertEquals(0, outbox.size());
    }
  }

  @Test
  void shouldSetAFileAsideThatCannotBeRead() throws Exception {
    Files.writeString(directory.resolve(Outbox.FILE), "this is no outbox\n".repeat(1000));
    try (Outbox outbox = open("crm")) {
      add(outbox, 1, "crm");
      assertEquals(1, outbox.size());
    }
    assertTrue(Files.exists(directory.resolve(Outbox.FILE + ".unreadable")));
  }

  @Test
  void shouldRefuseAFileThatAnotherOneHasOpen() throws Exception {
    try (Outbox outbox = open("crm")) {
      IOException refused = assertThrows(IOException.class, () -> open("crm"));
      assertTrue(String.valueOf(refused.getMessage()).contains(Outbox.FILE));
      assertEquals(0, outbox.size());
    }
  }
}
