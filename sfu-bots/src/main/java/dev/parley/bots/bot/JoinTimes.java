package dev.parley.bots.bot;

import dev.parley.bots.client.ClientLoop;
import dev.parley.bots.client.JoinPhase;
import dev.parley.bots.client.LightClient;
import dev.parley.bots.measure.Measurements;
import dev.parley.bots.measure.Metric;

/** Measures a bot's way in, phase by phase. Loop's thread only. */
final class JoinTimes {
  private final ClientLoop loop;
  private final Measurements measured;
  private long beginNanos;
  private long phaseNanos;
  private long waitedNanos;
  private boolean picturesDue;
  private boolean pictured;
  private boolean stopped;

  JoinTimes(ClientLoop loop, Measurements measured) {
    this.loop = loop;
    this.measured = measured;
  }

  void begin() {
    beginNanos = loop.nowNanos();
    phaseNanos = beginNanos;
    measured.count(Metric.BOTS_STARTED, 1);
  }

  /** The phase ends here, and the next begins. */
  void phase(Metric metric) {
    long now = loop.nowNanos();
    measured.time(metric, now - phaseNanos);
    phaseNanos = now;
  }

  /** The next phase begins here; what was before it is measured elsewhere. */
  void goOn() {
    phaseNanos = loop.nowNanos();
  }

  /** Waited in line for so long, which is no part of the way in. */
  void waited(long nanos) {
    waitedNanos += nanos;
    measured.time(Metric.QUEUE_WAIT, nanos);
  }

  /** How long the way in has taken until now, without the time in line. */
  long onTheWayNanos() {
    return loop.nowNanos() - beginNanos - waitedNanos;
  }

  /** Others have a camera on: a picture is due as soon as there is media. */
  void picturesDue() {
    picturesDue = true;
  }

  /** Follows the client from its answer on; {@code onMedia} is told when media may flow. */
  void follow(LightClient client, Runnable onMedia) {
    on(client, JoinPhase.ICE, () -> phase(Metric.JOIN_ICE));
    on(
        client,
        JoinPhase.DTLS,
        () -> {
          phase(Metric.JOIN_DTLS);
          measured.time(Metric.JOIN_TOTAL, phaseNanos - beginNanos - waitedNanos);
          measured.count(Metric.BOTS_JOINED, 1);
          onMedia.run();
        });
    on(
        client,
        JoinPhase.FIRST_PACKET,
        () -> {
          if (picturesDue) {
            phase(Metric.JOIN_FIRST_PACKET);
          }
        });
    on(
        client,
        JoinPhase.FIRST_KEY_FRAME,
        () -> {
          pictured = true;
          if (picturesDue) {
            phase(Metric.JOIN_FIRST_PICTURE);
          }
        });
  }

  private void on(LightClient client, JoinPhase phase, Runnable reached) {
    var unused =
        client
            .reached(phase)
            .whenComplete((nanos, e) -> {
              if (e == null && !stopped) {
                reached.run();
              }
            });
  }

  /** Whether there has been a whole picture. */
  boolean pictured() {
    return pictured;
  }

  /** The visit is over: what the client reaches now does not count. */
  void stop() {
    stopped = true;
  }
}
