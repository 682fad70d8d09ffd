package dev.parley.signaling;

import dev.parley.signaling.observe.SignalingCounters;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** What an operator may see of the front end. Any thread. */
public interface SignalingState {
  /** Whether clients are being accepted. */
  boolean isRunning();

  SignalingCounters counters();

  /** Rooms open now. */
  int openRooms();

  /** Participants in all rooms. */
  int participants();

  /** When the certificate of the TLS port ends; empty: there is no such port. */
  default Optional<Instant> certificateEnds() {
    return Optional.empty();
  }

  /** Every room with its participants and tracks, as JSON-like maps. */
  CompletionStage<List<Map<String, Object>>> rooms();
}
