package dev.parley.core.api;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** The media of one room. Any thread. */
public interface MediaRoom {
  String id();

  /**
   * Why nobody new should come in: there is no processor time left for more media. Asked before
   * {@link #join}, which refuses nobody for that, since who is inside and only begins anew must not
   * be turned away.
   */
  default Optional<MediaException> full() {
    return Optional.empty();
  }

  /**
   * Answers a participant's offer and opens its transport.
   *
   * @return fails with {@link MediaException}: {@code SDP_INVALID}, {@code SDP_UNSUPPORTED}, {@code
   *     NO_COMMON_CODEC}, {@code SLOT_LIMIT}, {@code ROOM_ENDED}
   */
  CompletionStage<MediaSession> join(JoinOffer offer, MediaSession.Listener listener);

  /**
   * Takes a session of another room over: the same transport, keys and slots, whose numbers go on,
   * with a new CSRC. Others in the room it leaves see it go; here it begins as after a join, with
   * the whole view and {@code tracks} published, but without an offer.
   *
   * <p>After success the old session is dead: its commands are refused and its listener hears
   * nothing more, no {@code CLOSED} either. The new listener hears what happens from then on; the
   * states that were told before are not told again. When the command is refused the session stays
   * where it was. Should the room end just while the session arrives, it is closed and the old
   * listener hears it.
   *
   * @param session of the same server
   * @param participantId unique in this room
   * @param tracks what is published here, in sections of the session's last answer
   * @return fails with {@link MediaException}: {@code BAD_REQUEST} when the id is taken, a track
   *     fits no section or the session is none of this server, {@code NOT_IN_ROOM} when the session
   *     is closed or was adopted already, {@code ROOM_ENDED}
   */
  CompletionStage<MediaSession> adopt(
      MediaSession session,
      String participantId,
      List<TrackPublication> tracks,
      MediaSession.Listener listener);

  /** Closes every session of the room, with reason {@code room_ended}. */
  void close();

  /** Called on the worker where the room began; must return at once. */
  interface Listener {
    /** The loudest talkers, loudest first; at most twice a second, only on change. */
    void onSpeakers(List<SpeakerLevel> speakers);
  }

  /** {@code level} runs from 0 (silence) to 1. */
  record SpeakerLevel(String participantId, double level) {}

  /**
   * What a participant brings.
   *
   * @param participantId unique in the room
   * @param sdp the offer (RFC 8866); at most {@code limits.sdpBytes}
   * @param tracks what is published from the start; sections offered without a track are published
   *     later by {@link MediaSession#publish}
   */
  record JoinOffer(String participantId, String sdp, List<TrackPublication> tracks) {}

  /**
   * A track and the section (by its MID) that carries it. {@code trackId} is unique in the room.
   */
  record TrackPublication(String mid, String trackId, TrackSource source, boolean muted) {}
}
