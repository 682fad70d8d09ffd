package dev.parley.admin.rest;

import dev.parley.admin.quality.Blame;
import dev.parley.admin.quality.Cause;
import dev.parley.admin.quality.Diagnosis;
import dev.parley.admin.quality.Finding;
import dev.parley.admin.quality.QualityMinute;
import dev.parley.admin.quality.QualitySample;
import dev.parley.admin.quality.ServerLoad;
import dev.parley.core.api.MediaSample;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What is known of calls' quality as JSON-like maps: times as text, losses in percent. */
final class QualityViews {
  private QualityViews() {}

  static Map<String, Object> of(ServerLoad load) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("cpu", rounded(load.cpu(), 1000));
    map.put("pressure", rounded(load.pressure(), 1000));
    map.put("stress", rounded(load.stress(), 1000));
    map.put("overloaded", load.overloaded());
    map.put("forwardingP99Ms", rounded(load.forwardingP99Ms(), 1000));
    map.put(
        "workers",
        load.workers().stream()
            .map(worker -> {
              Map<String, Object> one = new LinkedHashMap<>();
              one.put("worker", worker.worker());
              one.put("busy", rounded(worker.busy(), 1000));
              one.put("waitMs", rounded(worker.waitMs(), 100));
              return one;
            })
            .toList());
    return map;
  }

  static Map<String, Object> of(QualitySample sample) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("at", time(sample.atMs()));
    map.put("level", sample.level());
    map.put("lossDownPercent", percent(sample.lossDown()));
    map.put("lossUpPercent", percent(sample.lossUp()));
    map.put("roundTripMs", Math.round(sample.roundTripMs()));
    map.put("jitterMs", Math.round(sample.jitterMs()));
    map.put("estimateBps", known(sample.estimateBps()));
    map.put("sentBps", sample.sentBps());
    map.put("wantedBps", sample.wantedBps());
    map.put("receivedBps", sample.receivedBps());
    map.put("frozenMs", sample.frozenMs());
    map.put("path", sample.path());
    map.put("causes", sample.blames().stream().map(Blame::text).toList());
    return map;
  }

  static Map<String, Object> of(QualityMinute minute) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("at", time(minute.atMs()));
    map.put("seconds", minute.seconds());
    map.put("poorSeconds", minute.poorSeconds());
    map.put("levelLeast", minute.levelLeast());
    map.put("levelMean", rounded(minute.levelMean(), 10));
    map.put("lossDownPercent", percent(minute.lossDown()));
    map.put("lossDownMostPercent", percent(minute.lossDownMost()));
    map.put("lossUpPercent", percent(minute.lossUp()));
    map.put("lossUpMostPercent", percent(minute.lossUpMost()));
    map.put("roundTripMs", Math.round(minute.roundTripMs()));
    map.put("roundTripMostMs", Math.round(minute.roundTripMostMs()));
    map.put("jitterMs", Math.round(minute.jitterMs()));
    map.put("estimateBps", known(minute.estimateBps()));
    map.put("sentBps", minute.sentBps());
    map.put("wantedBps", minute.wantedBps());
    map.put("receivedBps", minute.receivedBps());
    map.put("frozenMs", minute.frozenMs());
    map.put("switches", minute.switches());
    map.put("path", minute.path());
    map.put("causeSeconds", new TreeMap<>(minute.causeSeconds()));
    return map;
  }

  static Map<String, Object> of(Diagnosis diagnosis) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("verdict", diagnosis.verdict().wireName());
    map.put("seconds", diagnosis.seconds());
    map.put("poorSeconds", diagnosis.poorSeconds());
    map.put("findings", diagnosis.findings().stream().map(QualityViews::of).toList());
    return map;
  }

  private static Map<String, Object> of(Finding finding) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("cause", finding.blame().cause().wireName());
    finding.blame().participantId().ifPresent(id -> map.put("participantId", id));
    finding.blame().theirs().map(Cause::wireName).ifPresent(theirs -> map.put("theirs", theirs));
    map.put("seconds", finding.seconds());
    map.put("sharePercent", finding.sharePercent());
    map.put("values", new TreeMap<>(finding.values()));
    map.put("text", finding.text());
    return map;
  }

  static Map<String, Object> of(MediaSample.Switch change) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("at", time(change.atMs()));
    map.put("mid", change.mid());
    map.put("participantId", change.participantId());
    map.put("source", change.source().wireName());
    map.put("from", picture(change.from()));
    map.put("to", picture(change.to()));
    map.put("reason", change.reason());
    map.put("estimateBps", known(change.estimateBps()));
    return map;
  }

  private static @Nullable Map<String, Object> picture(MediaSample.Picture picture) {
    if (picture.equals(MediaSample.Picture.NONE)) {
      return null;
    }
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("spatial", picture.spatial());
    map.put("temporal", picture.temporal());
    map.put("height", picture.height());
    return map;
  }

  static Map<String, Object> of(String viewerId, MediaSample.Shown shown) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("viewerId", viewerId);
    map.put("participantId", shown.participantId());
    map.put("mid", shown.mid());
    map.put("source", shown.source().wireName());
    map.put("state", shown.live() ? "live" : "paused");
    map.put("picture", picture(shown.quality()));
    map.put("reason", shown.reason());
    return map;
  }

  static List<Map<String, Object>> samples(List<QualitySample> samples) {
    return samples.stream().map(QualityViews::of).toList();
  }

  static String time(long atMs) {
    return Instant.ofEpochMilli(atMs).toString();
  }

  private static @Nullable Long known(long bitsPerSecond) {
    return bitsPerSecond < 0 ? null : bitsPerSecond;
  }

  private static double percent(double share) {
    return rounded(share * 100, 10);
  }

  private static double rounded(double value, int unit) {
    return Math.round(value * unit) / (double) unit;
  }
}
