package dev.parley.signaling.rules;

import java.util.OptionalLong;

/** Departures by the session's timer and each one's own limit, whichever comes first. */
public final class TimedDepartures implements Departures {
  private final SessionTimer timer;
  private final VisitClock visits;
  private final int guestSlotSec;

  /**
   * @param guestSlotSec as in {@link RoomSettings}
   */
  public TimedDepartures(SessionTimer timer, VisitClock visits, int guestSlotSec) {
    this.timer = timer;
    this.visits = visits;
    this.guestSlotSec = guestSlotSec;
  }

  @Override
  public OptionalLong endsMs(String key) {
    OptionalLong session = timer.departureMs();
    OptionalLong visit = visits.endsMs(key);
    return session.isPresent() && visit.isPresent()
        ? OptionalLong.of(Math.min(session.getAsLong(), visit.getAsLong()))
        : session.isPresent() ? session : visit;
  }

  @Override
  public int visitSec() {
    return guestSlotSec;
  }
}
