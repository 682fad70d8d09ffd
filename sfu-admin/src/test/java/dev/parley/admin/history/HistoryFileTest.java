package dev.parley.admin.history;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.signaling.room.RoomEvent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HistoryFileTest extends HistoryCases {
  private static final int EVENTS_A_DAY = 2000;

  @TempDir private Path directory;

  @Override
  HistoryPlace fresh() {
    return new HistoryPlace.File(directory.resolve("data"));
  }

  private static <T> T get(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }

  @Test
  void shouldNotGrowWithoutEnd() throws Exception {
    HistoryPlace.File place = new HistoryPlace.File(directory.resolve("long"));
    List<Long> sizes = new ArrayList<>();
    for (int day = 1; day <= 12; day++) {
      Instant now = Instant.EPOCH.plus(Duration.ofDays(day));
      try (History history =
          History.open(new HistoryConfig(place, 2, 10_000), () -> now, Duration.ofMillis(20))) {
        Happenings room = new Happenings(history, "r", "rm_" + day);
        for (int i = 0; i < EVENTS_A_DAY; i++) {
          room.tell(RoomEvent.Type.TIMER_WARNING, now.toEpochMilli(), "remainingSec", "" + i);
        }
        HistoryQuery beforeToday =
            new HistoryQuery(
                Listing.EVENTS,
                java.util.Map.of(),
                0,
                now.minus(Duration.ofDays(2)).toEpochMilli(),
                HistoryQuery.FROM_START,
                1);
        boolean written = get(history.written());
        // Each look gives the writer, which deletes between its batches, another turn.
        while (written && !get(history.find(beforeToday)).rows().isEmpty()) {
          written = get(history.written());
        }
      }
      sizes.add(Files.size(place.file()));
    }
    // The file is larger now and then, as it is made smaller between whiles; kept whole it grows
    // each day.
    long first = Math.max(sizes.get(0), sizes.get(1));
    long last = sizes.subList(8, 12).stream().mapToLong(Long::longValue).min().orElseThrow();
    assertTrue(last < 2 * first, "bytes a day: " + sizes);
    assertTrue(last > 100_000, "bytes a day: " + sizes);
  }

  @Test
  void shouldBeNobodyElsesBusiness() throws Exception {
    Path data = directory.resolve("data");
    Assertions.assertEquals(
        "rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(data)));
    Assertions.assertEquals(
        "rw-------",
        PosixFilePermissions.toString(
            Files.getPosixFilePermissions(data.resolve("history.mv.db"))));
  }
}
