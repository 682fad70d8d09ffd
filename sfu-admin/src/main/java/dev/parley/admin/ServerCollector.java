package dev.parley.admin;

import dev.parley.core.api.MediaServer;
import dev.parley.signaling.Operator;
import dev.parley.signaling.SignalingState;
import io.prometheus.client.Collector;
import io.prometheus.client.CounterMetricFamily;
import io.prometheus.client.GaugeMetricFamily;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

/** How the server does, as Prometheus families. A scrape waits for no worker. */
final class ServerCollector extends Collector {
  private static final String VERSION = version();

  private final MediaServer media;
  private final SignalingState signaling;
  private final Operator operator;
  private final Supplier<MediaServer.Readiness> readiness;

  ServerCollector(
      MediaServer media,
      SignalingState signaling,
      Operator operator,
      Supplier<MediaServer.Readiness> readiness) {
    this.media = media;
    this.signaling = signaling;
    this.operator = operator;
    this.readiness = readiness;
  }

  private static String version() {
    try (InputStream in =
        Objects.requireNonNull(
            ServerCollector.class.getResourceAsStream("version.txt"),
            "version.txt is not in the jar")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  @Override
  public List<MetricFamilySamples> collect() {
    List<MetricFamilySamples> families = new ArrayList<>();
    families.add(
        new GaugeMetricFamily(
                "sfu_build_info", "1, with the version and the JDK", List.of("version", "jdk"))
            .addMetric(List.of(VERSION, Runtime.version().toString()), 1));
    MediaServer.Readiness state = readiness.get();
    boolean ready = state.reasons().isEmpty();
    families.add(gauge("sfu_ready", "1 while clients can be served, as in /readyz", ready ? 1 : 0));
    families.add(
        gauge(
            "sfu_readiness_reasons",
            "Reasons why clients cannot be served, as in /readyz",
            state.reasons().size()));
    families.add(
        gauge(
            "sfu_readiness_warnings",
            "What somebody should look at, as in /readyz",
            state.warnings().size()));
    families.add(
        gauge("sfu_draining", "1 while nobody new is let in", operator.draining() ? 1 : 0));
    families.add(
        gauge(
            "sfu_tls_certificate_expiry_timestamp_seconds",
            "When the certificate of the HTTPS port ends, since 1970; 0: there is no such port",
            signaling.certificateEnds().map(Instant::getEpochSecond).orElse(0L)));
    addWorkers(families);
    return families;
  }

  private void addWorkers(List<MetricFamilySamples> families) {
    List<String> label = List.of("worker");
    CounterMetricFamily busy =
        new CounterMetricFamily(
            "sfu_worker_busy_seconds",
            "Processor time of each worker's thread; it sleeps while nothing is to be done",
            label);
    GaugeMetricFamily silent =
        new GaugeMetricFamily(
            "sfu_worker_silent_seconds",
            "Time since each worker's thread had a turn, every 10 ms when all is well",
            label);
    GaugeMetricFamily sessions =
        new GaugeMetricFamily(
            "sfu_worker_sessions", "Sessions whose media each worker carries", label);
    GaugeMetricFamily share =
        new GaugeMetricFamily(
            "sfu_worker_load_ratio",
            "Of its time in the last 2 s, the share that each worker was busy; 1: it never gets done",
            label);
    GaugeMetricFamily full =
        new GaugeMetricFamily(
            "sfu_worker_full", "1 while the worker lets nobody new in, for want of time", label);
    GaugeMetricFamily shedding =
        new GaugeMetricFamily(
            "sfu_worker_shedding_level",
            "How much video each worker leaves out for want of time: 0, nothing, to 6, all of it",
            label);
    for (MediaServer.WorkerLoad load : media.workerLoads()) {
      List<String> worker = List.of(Integer.toString(load.worker()));
      busy.addMetric(worker, load.busySec());
      silent.addMetric(worker, load.silentSec());
      sessions.addMetric(worker, load.sessions());
      share.addMetric(worker, load.load());
      full.addMetric(worker, load.full() ? 1 : 0);
      shedding.addMetric(worker, load.shedding());
    }
    families.add(busy);
    families.add(silent);
    families.add(sessions);
    families.add(share);
    families.add(full);
    families.add(shedding);
  }

  private static MetricFamilySamples gauge(String name, String help, double value) {
    return new GaugeMetricFamily(name, help, value);
  }
}
