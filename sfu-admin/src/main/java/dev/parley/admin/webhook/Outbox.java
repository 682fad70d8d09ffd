package dev.parley.admin.webhook;

import dev.parley.signaling.observe.LogLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.h2.mvstore.Cursor;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.type.LongDataType;
import org.h2.mvstore.type.StringDataType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The events that were or are to be sent, by number, and what became of each for each endpoint: in
 * a file that is at most half a second behind, or in memory. The file is written by a thread of its
 * own. Webhook thread.
 */
final class Outbox implements AutoCloseable {
  static final String FILE = "webhooks.mv";

  private static final Logger log = LoggerFactory.getLogger(Outbox.class);
  private static final int COMMIT_EVERY_MS = 300;
  private static final int COMPACT_MS = 200;
  private static final String DELIVERIES = "deliveries.";
  private static final String LAST = "lastNumber";

  private final MVStore store;
  private final MVMap<Long, OutboxEvent> events;
  private final MVMap<String, String> notes;
  private final Map<String, MVMap<Long, Delivery>> deliveries = new LinkedHashMap<>();

  /** How many endpoints an event waits for. */
  private final Map<Long, Integer> waiting = new HashMap<>();

  private Outbox(MVStore store, Collection<String> endpoints) {
    this.store = store;
    this.events = store.openMap("events", builder(new OutboxEvent.Stored()));
    this.notes =
        store.openMap(
            "notes",
            new MVMap.Builder<String, String>()
                .keyType(StringDataType.INSTANCE)
                .valueType(StringDataType.INSTANCE));
    for (String endpoint : endpoints) {
      MVMap<Long, Delivery> map =
          store.openMap(DELIVERIES + endpoint, builder(new Delivery.Stored()));
      deliveries.put(endpoint, map);
      recount(map);
    }
    removeUnknown();
  }

  private static <V> MVMap.Builder<Long, V> builder(org.h2.mvstore.type.DataType<V> values) {
    return new MVMap.Builder<Long, V>().keyType(LongDataType.INSTANCE).valueType(values);
  }

  /**
   * Opens it with what an earlier process has left. A file that cannot be read is set aside.
   *
   * @param directory is made when there is none; empty: nothing is kept
   * @throws IOException when the file cannot be written, or another process has it
   */
  static Outbox open(Optional<Path> directory, Collection<String> endpoints) throws IOException {
    if (directory.isEmpty()) {
      return new Outbox(new MVStore.Builder().open(), endpoints);
    }
    Files.createDirectories(directory.get());
    Path file = directory.get().resolve(FILE);
    try {
      return new Outbox(store(file), endpoints);
    } catch (MVStoreException unusable) {
      if (unusable.getErrorCode() != DataUtils.ERROR_FILE_CORRUPT
          && unusable.getErrorCode() != DataUtils.ERROR_UNSUPPORTED_FORMAT) {
        throw new IOException(file + ": " + unusable.getMessage(), unusable);
      }
      Path aside = directory.get().resolve(FILE + ".unreadable");
      Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
      LogLine.event("webhook.outbox_unreadable").with("aside", aside).error(log, unusable);
      return new Outbox(store(file), endpoints);
    }
  }

  private static MVStore store(Path file) throws IOException {
    if (!Files.exists(file)) {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
    MVStore store =
        new MVStore.Builder()
            .fileName(file.toString())
            .backgroundExceptionHandler((thread, broken) ->
                LogLine.event("webhook.outbox_failed").with("file", file).error(log, broken))
            .open();
    store.setAutoCommitDelay(COMMIT_EVERY_MS);
    return store;
  }

  /** After a kill between two writes a delivery may be without its event. */
  private void recount(MVMap<Long, Delivery> map) {
    List<Long> orphans = new ArrayList<>();
    for (Cursor<Long, Delivery> all = map.cursor(null); all.hasNext(); ) {
      long number = all.next();
      if (!events.containsKey(number)) {
        orphans.add(number);
      } else if (all.getValue().pending()) {
        waiting.merge(number, 1, Integer::sum);
      }
    }
    orphans.forEach(map::remove);
  }

  /** Endpoints that are configured no more. */
  private void removeUnknown() {
    for (String name : List.copyOf(store.getMapNames())) {
      if (name.startsWith(DELIVERIES)
          && !deliveries.containsKey(name.substring(DELIVERIES.length()))) {
        LogLine.event("webhook.forgotten")
            .with("webhook", name.substring(DELIVERIES.length()))
            .warn(log);
        store.removeMap(name);
      }
    }
  }

  /** The greatest number that was ever given; 0: none. */
  long lastNumber() {
    long noted = Long.parseLong(notes.getOrDefault(LAST, "0"));
    @Nullable Long last = events.lastKey();
    return last == null ? noted : Math.max(noted, last);
  }

  /** Keeps an event for endpoints that it shall be sent to. */
  void add(long number, OutboxEvent event, Collection<String> endpoints, long nowMs) {
    events.put(number, event);
    endpoints.forEach(endpoint -> put(endpoint, number, Delivery.queued(nowMs)));
  }

  Optional<OutboxEvent> event(long number) {
    return Optional.ofNullable(events.get(number));
  }

  Optional<Delivery> delivery(String endpoint, long number) {
    return Optional.ofNullable(map(endpoint).get(number));
  }

  void put(String endpoint, long number, Delivery delivery) {
    @Nullable Delivery before = map(endpoint).put(number, delivery);
    boolean waited = before != null && before.pending();
    if (delivery.pending() != waited) {
      waiting.merge(number, delivery.pending() ? 1 : -1, Integer::sum);
      waiting.remove(number, 0);
    }
  }

  /**
   * Walks through an endpoint's deliveries in order.
   *
   * @param after the number behind which to begin
   * @param visitor says whether to go on
   */
  void walk(String endpoint, long after, BiFunction<Long, Delivery, Boolean> visitor) {
    for (Cursor<Long, Delivery> all = map(endpoint).cursor(after + 1); all.hasNext(); ) {
      long number = all.next();
      if (!visitor.apply(number, all.getValue())) {
        return;
      }
    }
  }

  /** What was noted under a name, also by an earlier process. */
  Optional<String> note(String name) {
    return Optional.ofNullable(notes.get(name));
  }

  void note(String name, String text) {
    notes.put(name, text);
  }

  int size() {
    return events.size();
  }

  /**
   * Removes the oldest events that wait for nobody.
   *
   * @param beforeMs those that happened earlier
   * @param besides as many more
   */
  void expire(long beforeMs, int besides) {
    int more = besides;
    List<Long> gone = new ArrayList<>();
    int idle = events.size() - waiting.size();
    for (Cursor<Long, OutboxEvent> all = events.cursor(null); idle > 0 && all.hasNext(); ) {
      long number = all.next();
      if (all.getValue().atMs() >= beforeMs && more == 0) {
        break;
      }
      if (!waiting.containsKey(number)) {
        idle--;
        more -= all.getValue().atMs() >= beforeMs ? 1 : 0;
        gone.add(number);
      }
    }
    if (!gone.isEmpty()) {
      notes.put(LAST, Long.toString(lastNumber()));
    }
    for (long number : gone) {
      events.remove(number);
      deliveries.values().forEach(map -> map.remove(number));
    }
  }

  private MVMap<Long, Delivery> map(String endpoint) {
    @Nullable MVMap<Long, Delivery> map = deliveries.get(endpoint);
    if (map == null) {
      throw new IllegalArgumentException("no endpoint " + endpoint);
    }
    return map;
  }

  /** Writes what is not written yet. */
  @Override
  public void close() {
    store.close(COMPACT_MS);
  }
}
