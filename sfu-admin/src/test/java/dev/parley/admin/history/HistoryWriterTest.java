package dev.parley.admin.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.signaling.room.RoomEvent;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.h2.api.ErrorCode;
import org.h2.mvstore.DataUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the writer makes of failures that a real database has seldom. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class HistoryWriterTest {
  @TempDir private Path directory;
  private HistoryPlace.File place;
  private Failing database;

  /** Fails as often as it is told to. */
  private static final class Failing extends Database {
    private final AtomicInteger opened = new AtomicInteger();
    private final AtomicInteger openingsToFail = new AtomicInteger();
    private final AtomicInteger forcesToFail = new AtomicInteger();

    Failing(HistoryPlace place) {
      super(place);
    }

    @Override
    Connection openWriter() throws SQLException {
      opened.incrementAndGet();
      if (openingsToFail.getAndDecrement() > 0) {
        throw new IllegalStateException("a fault of ours");
      }
      return super.openWriter();
    }

    @Override
    void force(Connection connection) throws SQLException {
      if (forcesToFail.getAndDecrement() > 0) {
        throw new SQLException("the disk does not answer", "58030");
      }
      super.force(connection);
    }
  }

  @BeforeEach
  void make() {
    place = new HistoryPlace.File(directory);
    database = new Failing(place);
  }

  private Writer started(Duration firstRetry) {
    Writer writer =
        new Writer(database, new HistoryConfig(place, 30, 100), InstantSource.system(), firstRetry);
    writer.start();
    return writer;
  }

  private static Entry joined(String participantId, String roomId) {
    return new Entry.Happened(
        new RoomEvent(
            RoomEvent.Type.PARTICIPANT_JOINED,
            "r",
            roomId,
            System.currentTimeMillis(),
            Map.of("participantId", participantId, "identity", participantId, "role", "guest")));
  }

  private long visits() throws SQLException {
    try (Connection connection = database.openReader()) {
      return Sql.rows(connection, "SELECT COUNT(*) FROM visit", row -> row.getLong(1)).getFirst();
    }
  }

  @Test
  void shouldWaitAndDropNothingAfterAFaultWhileOpening() {
    database.openingsToFail.set(Integer.MAX_VALUE);
    Writer writer = started(Duration.ofHours(1));
    for (int i = 0; i < 5; i++) {
      assertTrue(writer.offer(joined("pa_" + i, "rm_1")));
    }
    while (writer.trouble().isEmpty()) {
      Thread.onSpinWait();
    }
    assertTrue(writer.trouble().orElseThrow().contains("a fault of ours"));
    assertFalse(writer.available());
    assertEquals(1, database.opened.get());
    assertEquals(0, writer.counters().dropped());
    writer.close(Duration.ofSeconds(20));
    assertEquals(5, writer.counters().dropped(), "nobody waits any more");
  }

  @Test
  void shouldWriteWhatHasWaitedForAFaultToPass() throws Exception {
    database.openingsToFail.set(2);
    writesOnceAtTheThirdOpening();
  }

  @Test
  void shouldApplyOnceWhatWasCommittedAndNotForced() throws Exception {
    database.forcesToFail.set(2);
    writesOnceAtTheThirdOpening();
  }

  private void writesOnceAtTheThirdOpening() throws Exception {
    Writer writer = started(Duration.ofMillis(20));
    assertTrue(writer.offer(joined("pa_1", "rm_1")));
    CompletableFuture<Boolean> written = new CompletableFuture<>();
    assertTrue(writer.offer(new Entry.Mark(written)));
    assertTrue(written.get());
    assertEquals(3, database.opened.get());
    assertEquals(1, visits());
    assertEquals(0, writer.counters().dropped());
    writer.close(Duration.ofSeconds(20));
  }

  @Test
  void shouldNotRefuseWhatWasCommittedSingly() throws Exception {
    database.forcesToFail.set(1);
    CompletableFuture<Integer> forgotten = new CompletableFuture<>();
    CompletableFuture<Boolean> written = new CompletableFuture<>();
    List<Entry> entries =
        List.of(
            joined("pa_1", "rm_1"),
            joined("pa_2", "rm_1"),
            joined("pa_3", "rm_" + "x".repeat(100)),
            new Entry.Forget("pa_1", forgotten),
            new Entry.Mark(written));
    Writer writer = started(Duration.ofMillis(20));
    entries.forEach(entry -> assertTrue(writer.offer(entry)));
    assertTrue(written.get());
    assertEquals(2, forgotten.get(), "a visit and an event");
    assertEquals(1, visits());
    assertEquals(1, writer.counters().dropped());
    writer.close(Duration.ofSeconds(20));
  }

  @Test
  void shouldAdviseToPutAsideOnlyWhatIsDamaged() {
    SQLException fault = new SQLException("a null pointer", "HY000", ErrorCode.GENERAL_ERROR_1);
    assertFalse(database.advice(fault).contains("mv "), database.advice(fault));
    SQLException newer = new SQLException("format 9", "HY000", ErrorCode.FILE_VERSION_ERROR_1);
    assertFalse(database.advice(newer).contains("mv "), database.advice(newer));
    SQLException damaged = new SQLException("a hole", "HY000", ErrorCode.FILE_CORRUPTED_1);
    assertTrue(database.advice(damaged).contains("mv " + place.file()));
    fault.initCause(DataUtils.newMVStoreException(DataUtils.ERROR_CHUNK_NOT_FOUND, "chunk 7"));
    assertTrue(database.advice(fault).contains("mv " + place.file()), database.advice(fault));
  }
}
