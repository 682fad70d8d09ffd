package dev.parley.core.api;

import java.util.List;
import java.util.concurrent.CompletionStage;

/** The media of one room. Any thread. */
public interface MediaRoom {
  String id();

  /**
   * Answers a participant's offer and opens its transport.
   *
   * @return fails with {@link MediaException}: {@code SDP_INVALID}, {@code SDP_UNSUPPORTED}, {@code
   *     NO_COMMON_CODEC}, {@code SLOT_LIMIT}, {@code ROOM_ENDED}
   */
  CompletionStage<MediaSession> join(JoinOffer offer, MediaSession.Listener listener);

  /** Closes every session of the room, with reason {@code room_ended}. */
  void close();

  /** Called on the room's worker; must return at once. */
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
