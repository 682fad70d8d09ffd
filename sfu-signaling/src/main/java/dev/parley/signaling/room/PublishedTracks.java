package dev.parley.signaling.room;

import dev.parley.core.api.MediaRoom;
import dev.parley.core.api.MediaSession;
import dev.parley.core.api.TrackSource;
import dev.parley.signaling.wire.ErrorCode;
import dev.parley.signaling.wire.Event;
import dev.parley.signaling.wire.Refusal;
import dev.parley.signaling.wire.Request;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Microphone, camera and screen on and off. One section carries one track at a time, one
 * participant has one track of each source at a time, and every activation has an id of its own.
 * Room thread.
 */
final class PublishedTracks {
  static final Refusal NO_MEDIA =
      Refusal.of(
          ErrorCode.BAD_REQUEST, "there is no media connection: leave, then join with an sdp");

  private final Ids ids;
  private final Executor roomThread;

  PublishedTracks(Ids ids, Executor roomThread) {
    this.ids = ids;
    this.roomThread = roomThread;
  }

  void update(Seat seat, Request.TrackUpdate update, Consumer<Outcome<Optional<String>>> reply) {
    Participant participant = seat.participant();
    Optional<MediaSession> media = participant.media();
    if (media.isEmpty()) {
      reply.accept(Outcome.refused(NO_MEDIA));
      return;
    }
    Optional<Participant.Track> current = participant.track(update.mid());
    if (!update.active().orElse(true)) {
      current.ifPresent(track -> {
        participant.removeTrack(track.mid());
        media.get().unpublish(track.trackId());
        tellUnpublished(seat, track, "stopped");
      });
      reply.accept(Outcome.done(current.map(Participant.Track::trackId)));
      return;
    }
    Optional<TrackSource> source = update.source().or(() -> current.map(Participant.Track::source));
    if (source.isEmpty()) {
      reply.accept(
          Outcome.refused(Refusal.badField("source", "a source, since this track is new")));
      return;
    }
    if (!participant.grants().publish().contains(source.get())) {
      reply.accept(
          Outcome.refused(
              Refusal.of(
                  ErrorCode.FORBIDDEN,
                  "you may not publish " + source.get().wireName() + " here")));
      return;
    }
    boolean taken =
        participant.tracks().stream()
            .anyMatch(track -> track.source() == source.get() && !track.mid().equals(update.mid()));
    if (taken) {
      reply.accept(
          Outcome.refused(
              Refusal.badField("source", "a source of which no other track is active")));
      return;
    }
    if (current.isPresent() && current.get().source() == source.get()) {
      change(seat, media.get(), current.get(), update);
      reply.accept(Outcome.done(Optional.of(current.get().trackId())));
    } else {
      publish(seat, media.get(), current, fresh(update, source.get()), reply);
    }
  }

  private void change(
      Seat seat, MediaSession media, Participant.Track before, Request.TrackUpdate update) {
    Participant.Track after =
        new Participant.Track(
            before.trackId(),
            before.mid(),
            before.source(),
            update.muted().orElse(before.muted()),
            update.label().orElse(before.label()),
            update.width().orElse(before.width()),
            update.height().orElse(before.height()));
    Participant participant = seat.participant();
    participant.put(after);
    if (after.muted() != before.muted()) {
      media.mute(after.trackId(), after.muted());
      seat.room()
          .tellOthers(
              participant, new Event.TrackMuted(participant.id, after.trackId(), after.muted()));
    }
    if (!after.label().equals(before.label())) {
      seat.room().tellOthers(participant, new Event.ParticipantUpdated(participant.info()));
    }
  }

  private void publish(
      Seat seat,
      MediaSession media,
      Optional<Participant.Track> replaced,
      Participant.Track track,
      Consumer<Outcome<Optional<String>>> reply) {
    MediaOutcome.of(
        () -> media.publish(publication(track)).thenApply(nothing -> track),
        roomThread,
        outcome -> {
          switch (outcome) {
            case Outcome.Refused<Participant.Track>(Refusal refusal) ->
                reply.accept(Outcome.refused(refusal));
            case Outcome.Done<Participant.Track>(Participant.Track published) -> {
              Participant participant = seat.participant();
              if (!seat.isTaken() || participant.media().isEmpty()) {
                reply.accept(Outcome.refused(NO_MEDIA));
                return;
              }
              participant.put(published);
              reply.accept(Outcome.done(Optional.of(published.trackId())));
              replaced.ifPresent(old -> tellUnpublished(seat, old, "replaced"));
              seat.room()
                  .tellOthers(
                      participant, new Event.TrackPublished(participant.id, published.info()));
            }
          }
        });
  }

  private Participant.Track fresh(Request.TrackUpdate update, TrackSource source) {
    return new Participant.Track(
        ids.track(),
        update.mid(),
        source,
        update.muted().orElse(false),
        update.label().orElse(""),
        update.width().orElse(0),
        update.height().orElse(0));
  }

  static MediaRoom.TrackPublication publication(Participant.Track track) {
    return new MediaRoom.TrackPublication(
        track.mid(), track.trackId(), track.source(), track.muted());
  }

  static void tellUnpublished(Seat seat, Participant.Track track, String reason) {
    Participant participant = seat.participant();
    seat.room()
        .tellOthers(
            participant, new Event.TrackUnpublished(participant.id, track.trackId(), reason));
  }
}
