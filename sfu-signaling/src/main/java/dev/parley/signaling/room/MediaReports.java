package dev.parley.signaling.room;

import dev.parley.core.api.MediaSession;
import dev.parley.signaling.observe.CallCounters.JoinFailure;
import dev.parley.signaling.observe.LogLine;
import dev.parley.signaling.wire.Event;
import dev.parley.signaling.wire.EventFrame;
import dev.parley.signaling.wire.LeaveReason;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries one participant's media reports from the engine's worker to the room thread, and does
 * there what follows from them.
 */
record MediaReports(Seat seat, Rooms rooms, Executor roomThread) implements MediaSession.Listener {
  private static final Logger log = LoggerFactory.getLogger(MediaReports.class);

  @Override
  public void onSlots(List<MediaSession.SlotChange> changes) {
    roomThread.execute(() -> tell(new Event.Slots(changes)));
  }

  @Override
  public void onLayers(String mid, List<String> active) {
    roomThread.execute(() -> tell(new Event.Layers(mid, active)));
  }

  @Override
  public void onState(MediaSession.State state, MediaSession.StateDetail detail) {
    long nowNanos = rooms.nowNanos();
    roomThread.execute(() -> {
      if (state == MediaSession.State.ICE_CONNECTED) {
        seat.participant().steps().iceConnected(nowNanos);
      } else if (state == MediaSession.State.CONNECTED
          && seat.participant().steps().connected(nowNanos)
          && seat.isTaken()) {
        seat.room().report(RoomEvent.Type.PARTICIPANT_CONNECTED, Rooms.details(seat.participant()));
      }
      switch (state) {
        case ICE_CONNECTED, CONNECTED, INTERRUPTED -> {
          LogLine progress = Rooms.line("media." + state.name().toLowerCase(Locale.ROOT), seat);
          detail.remoteAddress().ifPresent(remote -> progress.with("remote", remote));
          progress(progress);
        }
        case CLOSED -> closed(detail.reason());
      }
    });
  }

  @Override
  public void onPair(MediaSession.Pair pair) {
    roomThread.execute(() ->
        progress(
            Rooms.line("media.pair", seat)
                .with("type", pair.type())
                .with("transport", pair.transport())
                .with("family", pair.family())
                .with("remote", pair.remoteAddress())));
  }

  @Override
  public void onFirstPacket(String trackId) {
    long nowNanos = rooms.nowNanos();
    roomThread.execute(() -> {
      seat.participant().steps().firstPacket(nowNanos);
      progress(Rooms.line("media.first_packet", seat).with("track", trackId));
    });
  }

  @Override
  public void onQuality(int level) {
    roomThread.execute(() -> {
      if (seat.isTaken()) {
        seat.room().qualities.set(seat.participant().id, level);
        rooms.settle(seat.room());
      }
    });
  }

  private void tell(Event event) {
    seat.participant().deliver(EventFrame.of(event));
  }

  private void progress(LogLine line) {
    if (seat.isTaken()) {
      line.info(log);
    }
  }

  /** The media of a participant is gone though nobody asked for it. */
  void closed(String reason) {
    Participant participant = seat.participant();
    participant.steps().ended(JoinFailure.of(reason));
    switch (participant.phase()) {
      case GONE -> {}
      case ENTERING -> participant.mediaClosedEarly(reason);
      case INSIDE -> {
        Rooms.line("media.closed", seat).with("reason", reason).info(log);
        leaveCause(reason).ifPresent(participant::mediaEnded);
        if (participant.command.staysWithoutMedia()) {
          for (Participant.Track track : participant.tracks()) {
            PublishedTracks.tellUnpublished(seat, track, reason);
          }
          participant.forgetMedia();
          tell(
              new Event.ServerNotice(
                  "info",
                  "rejoin",
                  "The media connection ended (" + reason + "): join again with an sdp."));
        } else {
          rooms.expel(seat, leaveReason(reason), "");
        }
      }
    }
  }

  private static Optional<String> leaveCause(String mediaReason) {
    return switch (mediaReason) {
      case "consent_expired" -> Optional.of("connection_lost");
      case "ice_timeout", "dtls_failed", "fingerprint_mismatch", "internal" ->
          Optional.of("media_failed");
      default -> Optional.empty();
    };
  }

  private static LeaveReason leaveReason(String mediaReason) {
    return switch (mediaReason) {
      case "ice_timeout", "consent_expired" -> LeaveReason.TIMEOUT;
      case "room_ended" -> LeaveReason.ROOM_ENDED;
      case "dtls_closed" -> LeaveReason.LEFT;
      default -> LeaveReason.DISCONNECTED;
    };
  }
}
