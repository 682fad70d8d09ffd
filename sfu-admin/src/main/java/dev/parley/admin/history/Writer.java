package dev.parley.admin.history;

import dev.parley.signaling.observe.LogLine;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one that writes. Takes what is in the queue, some at a time, and commits it at least every
 * {@value #GATHER_MS} ms. A database that is away is looked for again and again, more and more
 * rarely; what has come meanwhile waits, as much of it as the queue takes. Never interrupted: H2
 * closes its file then.
 */
final class Writer {
  /** How long the first entry of a batch waits for others. */
  static final long GATHER_MS = 250;

  private static final Logger log = LoggerFactory.getLogger(Writer.class);
  private static final int BATCH = 500;
  private static final int VALID_SEC = 2;

  /** Classes of {@code SQLSTATE}. */
  private static final String DATA_EXCEPTION = "22";

  private static final String CONSTRAINT_VIOLATION = "23";
  private static final long LAST_RETRY_MS = 60_000;
  private static final long RETENTION_EVERY_MS = 3_600_000;

  /** An entry that is in the database, and perhaps not on its disk; then it is answered. */
  private record Committed(Entry entry, Runnable answer) {}

  private final Database database;
  private final HistoryConfig config;
  private final InstantSource clock;
  private final long firstRetryMs;
  private final BlockingQueue<Entry> queue;
  private final HistoryCounters counters;
  private final Thread thread;
  private final Deque<Entry> batch = new ArrayDeque<>();
  private final List<Committed> committed = new ArrayList<>();
  private @Nullable Connection connection;
  private boolean begun;
  private long nextRetentionMs;
  private volatile boolean available;
  private volatile Optional<String> trouble = Optional.empty();
  private volatile long closeByNanos;
  private volatile boolean closing;

  Writer(Database database, HistoryConfig config, InstantSource clock, Duration firstRetry) {
    this.database = database;
    this.config = config;
    this.clock = clock;
    this.firstRetryMs = firstRetry.toMillis();
    this.queue = new LinkedBlockingQueue<>(config.queueLimit());
    this.counters = new HistoryCounters(queue::size, () -> available);
    this.thread = Thread.ofPlatform().name("history").daemon().unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  HistoryCounters counters() {
    return counters;
  }

  /**
   * Leaves something to be written, and returns at once; the last quarter of the queue is for what
   * comes once. False: it was dropped. Any thread.
   */
  boolean offer(Entry entry) {
    if (closing) {
      counters.dropped(entry.kind(), "stopped");
      return false;
    }
    boolean givesWay =
        entry instanceof Entry.Measured && queue.remainingCapacity() < config.queueLimit() / 4;
    if (givesWay || !queue.offer(entry)) {
      counters.dropped(entry.kind(), "queue_full");
      return false;
    }
    return true;
  }

  /** Whether rows can be read. */
  boolean available() {
    return available;
  }

  /** What is wrong with the database, and what to do; empty: nothing. Any thread. */
  Optional<String> trouble() {
    return trouble;
  }

  /** Writes what is waiting, for at most so long, and closes the database. */
  void close(Duration atMost) {
    closeByNanos = System.nanoTime() + atMost.toNanos();
    closing = true;
    LockSupport.unpark(thread);
    boolean interrupted = false;
    try {
      thread.join(atMost);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (thread.isAlive()) {
      LogLine.event("history.not_closed").with("waiting", queue.size()).warn(log);
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    long retryMs = firstRetryMs;
    while (!closing || mayGoOn()) {
      try {
        @Nullable Connection open = connection;
        if (open == null) {
          open = open();
        }
        gather();
        if (isPending()) {
          write(open);
        }
        retain(open);
        settled();
        retryMs = firstRetryMs;
      } catch (SQLException | RuntimeException failed) {
        failed(failed);
        if (closing) {
          break;
        }
        LockSupport.parkNanos(this, TimeUnit.MILLISECONDS.toNanos(retryMs));
        retryMs = Math.min(2 * retryMs, LAST_RETRY_MS);
      }
    }
    end();
  }

  /** While closing: there is something to write, and time for it. */
  private boolean mayGoOn() {
    return System.nanoTime() < closeByNanos && (isPending() || !queue.isEmpty());
  }

  /** Something was taken from the queue and is not on the disk. */
  private boolean isPending() {
    return !batch.isEmpty() || !committed.isEmpty();
  }

  private Connection open() throws SQLException {
    Connection open = database.openWriter();
    try {
      if (!begun) {
        Recorder recorder = new Recorder(open);
        Sql.inTransaction(open, recorder::closeLeftOpen);
        begun = true;
      }
    } catch (SQLException | RuntimeException failed) {
      Database.close(open, failed);
      throw failed;
    }
    connection = open;
    if (trouble.isEmpty()) {
      settled();
    }
    return open;
  }

  /** It takes entries; after a failure one that opens has yet to show that. */
  private void settled() {
    if (!available) {
      available = true;
      trouble = Optional.empty();
      LogLine.event("history.opened").info(log);
    }
  }

  private void failed(Exception failure) {
    String advice = database.advice(failure);
    if (!trouble.equals(Optional.of(advice))) {
      LogLine line = LogLine.event("history.unavailable").with("advice", advice);
      if (failure instanceof SQLException) {
        line.warn(log);
      } else {
        line.error(log, failure);
      }
    }
    trouble = Optional.of(advice);
    disconnect();
  }

  private void disconnect() {
    available = false;
    @Nullable Connection open = connection;
    connection = null;
    if (open != null) {
      try {
        open.close();
      } catch (SQLException gone) {
        LogLine.event("history.close_failed").with("cause", gone).debug(log);
      }
    }
  }

  /** Waits for an entry, and then a moment for more; what was not written before comes first. */
  private void gather() {
    if (isPending()) {
      return;
    }
    @Nullable Entry first = poll(GATHER_MS);
    long endNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(GATHER_MS);
    for (@Nullable Entry next = first; next != null; ) {
      batch.add(next);
      long leftMs = TimeUnit.NANOSECONDS.toMillis(endNanos - System.nanoTime());
      boolean urgent = next instanceof Entry.Awaited;
      if (batch.size() >= BATCH || (urgent && queue.isEmpty())) {
        return;
      }
      next = poll(closing ? 0 : Math.max(0, leftMs));
    }
  }

  private @Nullable Entry poll(long waitMs) {
    try {
      return queue.poll(waitMs, TimeUnit.MILLISECONDS);
    } catch (InterruptedException unexpected) {
      // Nobody has a reason to; the flag would harm the database's file.
      return null;
    }
  }

  private void write(Connection open) throws SQLException {
    // What was committed before a failure comes first, and is not applied again.
    force(open);
    if (!batch.isEmpty()) {
      commit(open);
      force(open);
    }
  }

  private void commit(Connection open) throws SQLException {
    Recorder recorder = new Recorder(open);
    List<Committed> applied = new ArrayList<>();
    try {
      Sql.inTransaction(
          open,
          () -> {
            for (Entry entry : batch) {
              applied.add(new Committed(entry, recorder.apply(entry)));
            }
          });
    } catch (SQLException | RuntimeException failed) {
      if (!isOfAnEntry(open, failed)) {
        throw failed;
      }
      commitSingly(open, recorder);
      return;
    }
    batch.clear();
    committed.addAll(applied);
  }

  /** One of the batch is not to be written: it is found and dropped, the others are not. */
  private void commitSingly(Connection open, Recorder recorder) throws SQLException {
    while (!batch.isEmpty()) {
      Entry entry = batch.getFirst();
      List<Runnable> answer = new ArrayList<>();
      try {
        Sql.inTransaction(open, () -> answer.add(recorder.apply(entry)));
      } catch (SQLException | RuntimeException failed) {
        if (!isOfAnEntry(open, failed)) {
          throw failed;
        }
        batch.removeFirst();
        refuse(entry, failed);
        continue;
      }
      batch.removeFirst();
      committed.add(new Committed(entry, answer.getFirst()));
    }
  }

  /**
   * Whether it is an entry's value or rule that was broken, or a fault of ours about it. All else,
   * such as a full disk or a missing right, is the database's trouble, whatever the connection
   * says.
   */
  private static boolean isOfAnEntry(Connection open, Exception failure) throws SQLException {
    if (failure instanceof SQLException refused) {
      String state = String.valueOf(refused.getSQLState());
      if (!state.startsWith(DATA_EXCEPTION) && !state.startsWith(CONSTRAINT_VIOLATION)) {
        return false;
      }
    }
    return open.isValid(VALID_SEC);
  }

  /** Brings what was committed to the disk, and says so. */
  private void force(Connection open) throws SQLException {
    if (committed.isEmpty()) {
      return;
    }
    database.force(open);
    settled();
    List<Committed> written = List.copyOf(committed);
    committed.clear();
    for (Committed one : written) {
      counters.written(one.entry().kind());
      one.answer().run();
    }
  }

  private void refuse(Entry entry, Exception cause) {
    counters.dropped(entry.kind(), "refused");
    LogLine.event("history.refused")
        .with("kind", entry.kind())
        .with("cause", String.valueOf(cause.getMessage()))
        .warn(log);
    if (entry instanceof Entry.Awaited awaited) {
      awaited.done().completeExceptionally(cause);
    }
  }

  private void retain(Connection open) throws SQLException {
    long nowMs = clock.millis();
    if (closing || nowMs < nextRetentionMs) {
      return;
    }
    long beforeMs = nowMs - Duration.ofDays(config.retentionDays()).toMillis();
    if (Retention.step(open, beforeMs) == 0) {
      nextRetentionMs = nowMs + RETENTION_EVERY_MS;
    }
  }

  private void end() {
    for (Committed one : committed) {
      counters.written(one.entry().kind());
      tellOfTheStop(one.entry());
    }
    List<Entry> lost = new ArrayList<>(batch);
    queue.drainTo(lost);
    for (Entry entry : lost) {
      counters.dropped(entry.kind(), "stopped");
      tellOfTheStop(entry);
    }
    disconnect();
    LogLine.event("history.closed").with("dropped", counters.dropped()).info(log);
  }

  private static void tellOfTheStop(Entry entry) {
    if (entry instanceof Entry.Awaited awaited) {
      awaited
          .done()
          .completeExceptionally(new HistoryUnavailableException("the server is stopping"));
    }
  }
}
