package dev.parley.admin.rest;

import dev.parley.admin.quality.QualityWatch;
import dev.parley.core.api.MediaServer;
import dev.parley.signaling.Operator;
import dev.parley.signaling.SignalingState;
import io.vertx.core.Future;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** {@code /v1/server}. */
final class ServerOperations {
  private final Operator operator;
  private final SignalingState signaling;
  private final MediaServer media;
  private final QualityWatch quality;
  private final Supplier<MediaServer.Readiness> readiness;

  ServerOperations(
      Operator operator,
      SignalingState signaling,
      MediaServer media,
      QualityWatch quality,
      Supplier<MediaServer.Readiness> readiness) {
    this.operator = operator;
    this.signaling = signaling;
    this.media = media;
    this.quality = quality;
    this.readiness = readiness;
  }

  List<Operation> all() {
    return List.of(
        Operation.get("/v1/server", call -> Future.succeededFuture(Answer.ok(view()))),
        Operation.post(
            "/v1/server:drain",
            call ->
                call.checked(() -> {
                  operator.drain();
                  return Future.succeededFuture(Answer.DONE);
                })),
        Operation.post(
            "/v1/server:resume",
            call ->
                call.checked(() -> {
                  operator.resume();
                  return Future.succeededFuture(Answer.DONE);
                })));
  }

  private Map<String, Object> view() {
    MediaServer.Readiness state = readiness.get();
    Runtime process = Runtime.getRuntime();
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("ready", state.reasons().isEmpty());
    map.put("reasons", state.reasons());
    map.put("warnings", state.warnings());
    map.put("draining", operator.draining());
    map.put("rooms", signaling.openRooms());
    map.put("participants", signaling.participants());
    map.put("sessions", signaling.counters().openSessions());
    map.put("connections", signaling.counters().openConnections());
    map.put("load", QualityViews.of(quality.load()));
    map.put("uptimeSec", ManagementFactory.getRuntimeMXBean().getUptime() / 1000);
    map.put("processors", process.availableProcessors());
    map.put("loadAverage", ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    map.put("heapUsedBytes", process.totalMemory() - process.freeMemory());
    map.put("heapMaxBytes", process.maxMemory());
    map.put(
        "mediaAddresses",
        media.announcedAddresses().stream()
            .map(MediaServer.AnnouncedAddress::address)
            .distinct()
            .toList());
    return map;
  }
}
