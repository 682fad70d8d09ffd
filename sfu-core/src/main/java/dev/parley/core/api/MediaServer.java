package dev.parley.core.api;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** The media engine: workers, their sockets and rooms. Any thread. */
public interface MediaServer extends AutoCloseable {
  /**
   * Opens a room on the least loaded worker.
   *
   * @param roomId unique among the open rooms
   * @throws MediaException {@code DRAINING} after {@link #close()}
   */
  MediaRoom openRoom(String roomId, MediaRoom.Listener listener);

  /**
   * Opens a room that shows and plays to each participant what it sends itself, and nobody else.
   *
   * @param roomId unique among the open rooms
   * @throws MediaException {@code DRAINING} after {@link #close()}
   */
  MediaRoom openEchoRoom(String roomId, MediaRoom.Listener listener);

  /** Totals since start, one entry a counter and a drop reason, summed over the workers. */
  List<Metric> metrics();

  /** The state of every worker, room, participant, track and slot, as JSON-like maps. */
  CompletionStage<Map<String, Object>> snapshot();

  /** The UDP addresses announced in every answer, for instance {@code 192.0.2.1:10000}. */
  List<String> announcedAddresses();

  /** Who takes TCP connections that speak TURN; empty when this server relays nothing. */
  default Optional<RelayStreams> relayStreams() {
    return Optional.empty();
  }

  /** Closes every room and socket. Returns when the workers have stopped. */
  @Override
  void close();

  /** A total. {@code dropReason} says which of the two families it belongs to. */
  record Metric(String id, String sentence, boolean dropReason, long total) {}
}
