package dev.parley.admin.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the file holds after {@code kill -9}, and who may use it. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class SuddenEndTest {
  private static final Logger log = LoggerFactory.getLogger(SuddenEndTest.class);

  @TempDir private Path directory;

  private History open() {
    return History.open(
        new HistoryConfig(new HistoryPlace.File(directory), 30, 1000),
        InstantSource.system(),
        Duration.ofMillis(50));
  }

  /** Waits until the history has said what is wrong, or that nothing is. */
  private static void awaitTrouble(History history, boolean wanted) {
    while (history.trouble().isPresent() != wanted) {
      Thread.onSpinWait();
    }
  }

  private static List<ObjectNode> rows(History history, Listing listing) {
    return history
        .written()
        .thenCompose(done -> history.find(HistoryQuery.of(listing, 1)))
        .toCompletableFuture()
        .join()
        .rows();
  }

  @Test
  void shouldLoseAtMostASecondWhenItIsKilled() throws Exception {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                KilledWriter.class.getName(),
                directory.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    int kept = -1;
    int told = -1;
    long toldAtMs = 0;
    boolean killed = false;
    try (BufferedReader lines = child.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] words = line.split(" ", -1);
        if (words[0].equals("told")) {
          told = Integer.parseInt(words[1]);
          toldAtMs = Long.parseLong(words[2]);
        } else if (words[0].equals("kept")) {
          kept = Integer.parseInt(words[1]);
        }
        // In the midst of a batch.
        if (!killed && kept >= 599 && told >= kept + 60) {
          try (History second = open()) {
            awaitTrouble(second, true);
            assertTrue(second.trouble().orElseThrow().contains("open in another process"));
          }
          // Unlike destroyForcibly(), it leaves what the child has said.
          killed = true;
          new ProcessBuilder("kill", "-9", Long.toString(child.pid())).start().waitFor();
        }
      }
    } finally {
      child.destroyForcibly();
    }
    assertEquals(137, child.waitFor());
    try (History history = open()) {
      ObjectNode last = rows(history, Listing.EVENTS).getFirst();
      int survived = last.at("/details/n").asInt();
      long survivedAtMs = java.time.Instant.parse(last.path("at").asText()).toEpochMilli();
      log.info("told {}, survived {}, lost {} ms", told, survived, toldAtMs - survivedAtMs);
      assertTrue(survived >= kept, "kept " + kept + ", survived " + survived);
      assertTrue(toldAtMs - survivedAtMs <= 1000, "lost " + (toldAtMs - survivedAtMs) + " ms");
      ObjectNode visit = rows(history, Listing.VISITS).getFirst();
      assertEquals("server_stopped", visit.path("leaveReason").asText());
      assertEquals(last.path("at"), visit.path("leftAt"));
    }
  }

  @Test
  void shouldLeaveADamagedFileAloneUntilItIsPutAside() throws Exception {
    Path file = directory.resolve("history.mv.db");
    byte[] damaged =
        "this is no database, and 4096 bytes of it "
            .repeat(200)
            .getBytes(StandardCharsets.US_ASCII);
    Files.write(file, damaged);
    try (History history = open()) {
      awaitTrouble(history, true);
      String advice = history.trouble().orElseThrow();
      assertTrue(advice.contains("damaged") && advice.contains("mv " + file), advice);
      assertTrue(
          history
              .find(HistoryQuery.of(Listing.VISITS, 1))
              .toCompletableFuture()
              .isCompletedExceptionally());
      assertEquals(-1, java.util.Arrays.mismatch(damaged, Files.readAllBytes(file)));
      // Waits for its moment.
      new Happenings(history, "r", "rm_1").joined("pa_1", "ann", System.currentTimeMillis());
      Files.move(file, directory.resolve("history.damaged"));
      awaitTrouble(history, false);
      assertEquals("ann", rows(history, Listing.VISITS).getFirst().path("identity").asText());
    }
  }

  @Test
  void shouldNoticeDamageInTheMidst() throws Exception {
    Path file = directory.resolve("history.mv.db");
    try (History history = open()) {
      new Happenings(history, "r", "rm_1").joined("pa_1", "ann", System.currentTimeMillis());
      assertEquals(1, rows(history, Listing.VISITS).size());
    }
    byte[] whole = Files.readAllBytes(file);
    byte[] half = java.util.Arrays.copyOf(whole, whole.length);
    java.util.Arrays.fill(half, 0, half.length * 3 / 4, (byte) 0x5a);
    Files.write(file, half);
    try (History history = open()) {
      awaitTrouble(history, true);
      assertTrue(
          history.trouble().orElseThrow().contains("damaged"), history.trouble().orElseThrow());
      assertEquals(-1, java.util.Arrays.mismatch(half, Files.readAllBytes(file)));
    }
  }

  @Test
  void shouldDropAndCountWhatItCannotTakeAndStopAllTheSame() throws Exception {
    Path noDirectory = Files.writeString(directory.resolve("file"), "in the way");
    History history =
        History.open(
            new HistoryConfig(new HistoryPlace.File(noDirectory.resolve("below")), 30, 10),
            InstantSource.system(),
            Duration.ofMillis(50));
    awaitTrouble(history, true);
    Happenings room = new Happenings(history, "r", "rm_1");
    for (int i = 0; i < 30; i++) {
      room.joined("pa_" + i, "ann", i);
    }
    assertEquals(20, history.dropped());
    assertTrue(history.written().toCompletableFuture().isCompletedExceptionally());
    history.close();
    assertEquals(30, history.dropped(), "the others wait for nothing any more");
    room.joined("pa_late", "ann", 1);
    assertEquals(31, history.dropped());
  }
}
