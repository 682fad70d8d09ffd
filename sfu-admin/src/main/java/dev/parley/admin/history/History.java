package dev.parley.admin.history;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.admin.audit.AuditEntry;
import dev.parley.admin.audit.AuditListener;
import dev.parley.admin.quality.MinuteListener;
import dev.parley.admin.quality.QualityMinute;
import dev.parley.admin.quality.VisitRef;
import dev.parley.signaling.http.ReportStore;
import dev.parley.signaling.observe.LogLine;
import dev.parley.signaling.room.RoomEvent;
import dev.parley.signaling.wire.WireJson;
import io.prometheus.client.Collector;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happened in rooms and what operators did, for as long as it is kept. Any thread; nothing
 * here waits for the database but {@link #close}. Answers fail with {@link
 * HistoryUnavailableException} where there is no database to ask.
 */
public final class History
    implements RoomEvent.Listener, MinuteListener, AuditListener, ReportStore, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(History.class);
  private static final Duration CLOSE_WITHIN = Duration.ofSeconds(3);
  private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
  private static final long ANSWER_SEC = 10;
  private static final String WARNING =
      "the history takes no entries: GET /v1/history/visits says why";
  private static final int READERS = 2;
  private static final int WAITING_READERS = 64;

  private final Optional<String> off;
  private final InstantSource clock;
  private final Database database;
  private final Writer writer;
  private final SecureRandom random = new SecureRandom();
  private final ThreadPoolExecutor readers;

  /** Returns at once; the database is opened meanwhile. */
  public static History open(HistoryConfig config) {
    return open(config, InstantSource.system(), FIRST_RETRY);
  }

  static History open(HistoryConfig config, InstantSource clock, Duration firstRetry) {
    return new History(config, clock, firstRetry);
  }

  private History(HistoryConfig config, InstantSource clock, Duration firstRetry) {
    this.clock = clock;
    this.database = new Database(config.place());
    this.writer = new Writer(database, config, clock, firstRetry);
    this.readers =
        new ThreadPoolExecutor(
            READERS,
            READERS,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(WAITING_READERS),
            Thread.ofPlatform().name("history-reader-", 1).daemon().factory());
    if (config.place() instanceof HistoryPlace.None(String why)) {
      this.off = Optional.of(why);
      LogLine.event("history.off").with("why", why).info(log);
    } else {
      this.off = Optional.empty();
      writer.start();
    }
  }

  /**
   * What is wrong with the database, and what to do; empty: nothing, or there is no history. May
   * name hosts, users and paths: for operators only.
   */
  public Optional<String> trouble() {
    return writer.trouble();
  }

  /** That there is trouble, in words for everybody: without hosts, users and paths. */
  public Optional<String> warning() {
    return trouble().map(known -> WARNING);
  }

  /** How many entries were not written, for whatever reason. */
  long dropped() {
    return writer.counters().dropped();
  }

  /** What was written, and what was not. */
  public Collector counters() {
    return writer.counters();
  }

  @Override
  public void onRoomEvent(RoomEvent event) {
    offer(new Entry.Happened(event));
  }

  @Override
  public void onMinute(VisitRef visit, QualityMinute minute) {
    offer(new Entry.Measured(visit, minute));
  }

  @Override
  public void onAudit(AuditEntry entry) {
    offer(new Entry.Audited(entry));
  }

  private void offer(Entry entry) {
    if (off.isEmpty()) {
      boolean unused = writer.offer(entry);
    }
  }

  /** Some rows of a list. */
  public CompletionStage<HistoryPage> find(HistoryQuery query) {
    return read(reader -> reader.page(query));
  }

  /** A visit with all that is known of it; empty when there is none of this id. */
  public CompletionStage<Optional<PastVisit>> visit(String visitId) {
    return read(reader -> reader.visit(visitId));
  }

  /** A report of a connection check, by its code as somebody wrote it down. */
  public CompletionStage<Optional<ObjectNode>> report(String reportId) {
    return read(reader -> reader.report(reportId));
  }

  /** Keeps a report of a connection check; says by which code it is found. */
  @Override
  public CompletionStage<String> keepReport(ObjectNode report) {
    // Lone surrogates are in no encoding.
    String text =
        new String(WireJson.write(report).getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    String code = ReportCode.make(random);
    return await(done -> new Entry.Report(code, clock.millis(), text, done));
  }

  /** Removes what is kept of one person; says how many rows that were. */
  public CompletionStage<Integer> forget(String identity) {
    return await(done -> new Entry.Forget(identity, done));
  }

  /** Completes when everything before is written. */
  public CompletionStage<Boolean> written() {
    return await(Entry.Mark::new);
  }

  private <T> CompletionStage<T> await(Function<CompletableFuture<T>, Entry> entry) {
    CompletableFuture<T> done = new CompletableFuture<>();
    Optional<HistoryUnavailableException> unavailable = unavailable();
    if (unavailable.isPresent()) {
      done.completeExceptionally(unavailable.get());
    } else if (!writer.offer(entry.apply(done))) {
      done.completeExceptionally(new HistoryUnavailableException("the history is not keeping up"));
    }
    return done.orTimeout(ANSWER_SEC, TimeUnit.SECONDS)
        .exceptionallyCompose(cause ->
            CompletableFuture.failedFuture(
                cause instanceof HistoryUnavailableException
                    ? cause
                    : new HistoryUnavailableException("it was not written: " + cause)));
  }

  private Optional<HistoryUnavailableException> unavailable() {
    return off.or(writer::trouble).map(HistoryUnavailableException::new);
  }

  /** What is asked of the database. */
  private interface Question<T> {
    T ask(HistoryReader reader) throws SQLException;
  }

  private <T> CompletionStage<T> read(Question<T> question) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    if (off.isPresent() || !writer.available()) {
      answer.completeExceptionally(
          unavailable()
              .orElseGet(() -> new HistoryUnavailableException("the history is being opened")));
      return answer;
    }
    try {
      readers.execute(() -> {
        try (Connection connection = database.openReader()) {
          answer.complete(question.ask(new HistoryReader(connection, clock)));
        } catch (SQLException failed) {
          LogLine.event("history.not_read").with("cause", failed).warn(log);
          answer.completeExceptionally(new HistoryUnavailableException(database.advice(failed)));
        } catch (RuntimeException broken) {
          answer.completeExceptionally(broken);
        }
      });
    } catch (RejectedExecutionException full) {
      answer.completeExceptionally(
          new HistoryUnavailableException("too much is being asked at once"));
    }
    return answer;
  }

  /** Writes what is waiting, for at most a few seconds, and closes the database. */
  @Override
  public void close() {
    readers.shutdown();
    if (off.isEmpty()) {
      writer.close(CLOSE_WITHIN);
    }
  }
}
