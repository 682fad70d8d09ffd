package dev.parley.signaling.session;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** One WebSocket's count in the {@link ConnectionLedger}, given back exactly once. Any thread. */
final class LedgerEntry {
  private final ConnectionLedger ledger;
  private final String identity;
  private final AtomicBoolean held = new AtomicBoolean(true);

  /** For a connection that the ledger has just entered. */
  LedgerEntry(ConnectionLedger ledger, String identity) {
    this.ledger = ledger;
    this.identity = identity;
  }

  void release() {
    if (held.compareAndSet(true, false)) {
      ledger.remove(identity);
    }
  }

  /** The same count for the socket that takes over, unless it was given back. */
  Optional<LedgerEntry> handOver() {
    return held.compareAndSet(true, false)
        ? Optional.of(new LedgerEntry(ledger, identity))
        : Optional.empty();
  }
}
