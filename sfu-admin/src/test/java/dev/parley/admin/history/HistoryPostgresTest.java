package dev.parley.admin.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same with a PostgreSQL server that lives as long as this class. */
final class HistoryPostgresTest extends HistoryCases {
  private static final AtomicInteger SCHEMAS = new AtomicInteger();
  private static final long NOW = System.currentTimeMillis();
  private static EmbeddedPostgres postgres;

  @BeforeAll
  static void begin() throws IOException {
    postgres = EmbeddedPostgres.start();
  }

  @AfterAll
  static void end() throws IOException {
    postgres.close();
  }

  @Override
  HistoryPlace fresh() throws SQLException {
    String schema = "history_" + SCHEMAS.incrementAndGet();
    try (Connection connection = postgres.getPostgresDatabase().getConnection()) {
      Sql.run(connection, "CREATE SCHEMA " + schema);
    }
    String url = postgres.getJdbcUrl("postgres", "postgres") + "&currentSchema=" + schema;
    return new HistoryPlace.Server(url, "postgres", "postgres");
  }

  private static History open(HistoryPlace place) {
    return History.open(
        new HistoryConfig(place, 30, 1000), InstantSource.system(), Duration.ofMillis(50));
  }

  private static void awaitTrouble(History history, boolean wanted) {
    while (history.trouble().isPresent() != wanted) {
      Thread.onSpinWait();
    }
  }

  private static List<ObjectNode> visits(History history) {
    return history
        .written()
        .thenCompose(done -> history.find(HistoryQuery.of(Listing.VISITS, 10)))
        .toCompletableFuture()
        .join()
        .rows();
  }

  @Test
  @Timeout(value = 60, unit = TimeUnit.SECONDS)
  void shouldLetOneServerWriteAtATime() throws Exception {
    HistoryPlace place = fresh();
    try (History second = startedAfter(place)) {
      awaitTrouble(second, false);
      assertEquals("ann", visits(second).getFirst().path("identity").asText());
      assertEquals("server_stopped", visits(second).getFirst().path("leaveReason").asText());
    }
  }

  private static History startedAfter(HistoryPlace place) {
    try (History first = open(place)) {
      new Happenings(first, "r", "rm_1").joined("pa_1", "ann", NOW);
      assertEquals(1, visits(first).size());
      History second = open(place);
      awaitTrouble(second, true);
      assertTrue(second.trouble().orElseThrow().contains("another server"));
      return second;
    }
  }

  private static void administer(String sql) throws SQLException {
    try (Connection connection = postgres.getPostgresDatabase().getConnection()) {
      Sql.run(connection, sql);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"53100", "25006", "57014", "42501"})
  @Timeout(value = 60, unit = TimeUnit.SECONDS)
  void shouldLoseNothingWhileTheDatabaseTakesNothing(String state) throws Exception {
    HistoryPlace place = fresh();
    String schema = "history_" + SCHEMAS.get();
    try (History history = open(place)) {
      assertEquals(0, visits(history).size());
      administer(
          """
          CREATE FUNCTION %s.refuse() RETURNS trigger LANGUAGE plpgsql AS
          'BEGIN RAISE EXCEPTION ''not on db.internal'' USING ERRCODE = ''%s''; END'\
          """
              .formatted(schema, state));
      administer(
          "CREATE TRIGGER refuse BEFORE INSERT ON %1$s.visit EXECUTE FUNCTION %1$s.refuse()"
              .formatted(schema));
      Happenings room = new Happenings(history, "r", "rm_1");
      room.joined("pa_1", "ann", NOW);
      room.joined("pa_2", "ben", NOW + 1);
      awaitTrouble(history, true);
      assertTrue(history.trouble().orElseThrow().contains("db.internal"));
      assertEquals(
          Optional.of("the history takes no entries: GET /v1/history/visits says why"),
          history.warning());
      administer("DROP TRIGGER refuse ON %s.visit".formatted(schema));
      awaitTrouble(history, false);
      assertEquals(Optional.empty(), history.warning());
      assertEquals(2, visits(history).size());
      assertEquals(0, history.dropped());
    }
  }

  @Test
  @Timeout(value = 60, unit = TimeUnit.SECONDS)
  void shouldLoseNothingWhenTheDatabaseCutsItOff() throws Exception {
    try (History history = open(fresh())) {
      Happenings room = new Happenings(history, "r", "rm_1");
      room.joined("pa_1", "ann", NOW);
      assertEquals(1, visits(history).size());
      try (Connection connection = postgres.getPostgresDatabase().getConnection()) {
        Sql.rows(
            connection,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                + " WHERE application_name = 'parley'",
            row -> row.getBoolean(1));
      }
      room.joined("pa_2", "ben", NOW + 1);
      room.left("pa_1", "ann", "left", NOW + 2);
      List<ObjectNode> visits = visits(history);
      assertEquals(2, visits.size());
      assertEquals("left", visits.getLast().path("leaveReason").asText());
      assertEquals(0, history.dropped());
    }
  }
}
