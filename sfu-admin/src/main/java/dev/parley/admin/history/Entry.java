package dev.parley.admin.history;

import dev.parley.admin.audit.AuditEntry;
import dev.parley.admin.quality.QualityMinute;
import dev.parley.admin.quality.VisitRef;
import dev.parley.signaling.room.RoomEvent;
import java.util.concurrent.CompletableFuture;

/** Something for the writer to do, in the order of its queue. */
sealed interface Entry {
  /** For counters. */
  String kind();

  /** What somebody waits for; never completed exceptionally on the room thread. */
  sealed interface Awaited extends Entry {
    CompletableFuture<?> done();
  }

  record Happened(RoomEvent event) implements Entry {
    @Override
    public String kind() {
      return "event";
    }
  }

  record Audited(AuditEntry audit) implements Entry {
    @Override
    public String kind() {
      return "audit";
    }
  }

  record Measured(VisitRef visit, QualityMinute minute) implements Entry {
    @Override
    public String kind() {
      return "minute";
    }
  }

  /** A report of the connection check, as JSON text. */
  record Report(String reportId, long atMs, String body, CompletableFuture<String> done)
      implements Awaited {
    @Override
    public String kind() {
      return "report";
    }
  }

  /** One person's rows are removed; says how many. */
  record Forget(String identity, CompletableFuture<Integer> done) implements Awaited {
    @Override
    public String kind() {
      return "forget";
    }
  }

  /** Everything before is written. */
  record Mark(CompletableFuture<Boolean> done) implements Awaited {
    @Override
    public String kind() {
      return "mark";
    }
  }
}
