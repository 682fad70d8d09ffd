package dev.parley.admin.quality;

import dev.parley.core.api.MediaRoom;
import dev.parley.core.api.MediaServer;
import dev.parley.core.api.WorkerSample;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Media that carries nothing. */
final class NoEngine implements MediaServer {
  @Override
  public MediaRoom openRoom(String roomId, MediaRoom.Listener listener) {
    throw new AssertionError(
        "samples are judged without an engine, yet a room was opened: " + roomId);
  }

  @Override
  public MediaRoom openEchoRoom(String roomId, MediaRoom.Listener listener) {
    throw new AssertionError(
        "samples are judged without an engine, yet a room was opened: " + roomId);
  }

  @Override
  public List<Metric> metrics() {
    return List.of();
  }

  @Override
  public CompletionStage<List<WorkerSample>> samples() {
    return CompletableFuture.completedFuture(List.of());
  }

  @Override
  public CompletionStage<Map<String, Object>> snapshot() {
    return CompletableFuture.completedFuture(Map.of());
  }

  @Override
  public List<AnnouncedAddress> announcedAddresses() {
    return List.of();
  }

  @Override
  public void close() {}
}
