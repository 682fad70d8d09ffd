package dev.parley.core.room;

import dev.parley.core.api.MediaKind;
import dev.parley.core.api.MediaSample;
import dev.parley.core.api.MediaSession.SlotState;
import dev.parley.core.bwe.Estimator;
import dev.parley.core.common.PeerAddress;
import dev.parley.core.subscriber.Choice;
import dev.parley.core.transport.Transport;
import java.util.ArrayList;
import java.util.List;

/** Reads what is measured of one participant. Worker's thread only. */
final class Sampling {
  private Sampling() {}

  static MediaSample of(Participant participant, Transport transport, long nowNanos, long atMs) {
    Estimator estimator = transport.estimator();
    PeerAddress remote = transport.remote();
    long packets = 0;
    long lost = 0;
    long received = 0;
    double jitterMs = participant.audioJitter().millis(nowNanos);
    for (Publication p : participant.published()) {
      packets += p.track().packetsReceived();
      lost += p.track().packetsLost();
      received += p.track().payloadBytesReceived();
      if (p.source().kind() == MediaKind.AUDIO) {
        jitterMs = Math.max(jitterMs, p.track().jitterMs(nowNanos));
      }
    }
    Bandwidth bandwidth = participant.bandwidth();
    return new MediaSample(
        participant.roomId(),
        participant.id(),
        atMs,
        participant.connected(),
        remote == null ? "" : remote.pathKind(),
        participant.qualityLevel(),
        participant.roundTripNanos() / 1e6,
        jitterMs,
        estimator.loss(),
        packets,
        lost,
        received,
        participant.slots().payloadBytesSent(),
        estimator.known() ? estimator.targetBitsPerSecond() : MediaSample.UNKNOWN,
        bandwidth.usedBitsPerSecond(),
        bandwidth.wantedBitsPerSecond(),
        shown(participant.slots()),
        bandwidth.switches());
  }

  private static List<MediaSample.Shown> shown(SlotBoard slots) {
    List<MediaSample.Shown> all = new ArrayList<>();
    slots.each(shown -> {
      Publication source = shown.publication;
      if (source == null) {
        return;
      }
      Choice choice = shown.subscription == null ? null : shown.subscription.choice();
      all.add(
          new MediaSample.Shown(
              shown.slot.mid(),
              source.owner().id(),
              source.source(),
              shown.told == SlotState.LIVE,
              shown.picture,
              choice == null ? "" : SwitchLog.nameOf(choice.reason())));
    });
    return all;
  }
}
