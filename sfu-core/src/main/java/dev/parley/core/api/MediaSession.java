package dev.parley.core.api;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** One participant's media in one room: one PeerConnection. Any thread. */
public interface MediaSession {
  String participantId();

  /**
   * The number that stands as CSRC in every packet of this participant. From 1; unique in the room.
   */
  int csrc();

  /** The answer to the last offer; its generation counts ICE restarts, too. */
  Answer answer();

  /**
   * Answers an offer that adds sections; the transport and the existing slots stay.
   *
   * @param gen the generation of the answer that the offer builds on
   * @return fails with {@link MediaException}: {@code STALE_GENERATION}, {@code SDP_INVALID},
   *     {@code SDP_UNSUPPORTED}, {@code SLOT_LIMIT}
   */
  CompletionStage<Answer> negotiate(int gen, String sdp);

  /**
   * Restarts ICE (RFC 8445 section 9): checks may be made with new credentials, and the first valid
   * one with them ends the old. DTLS, SRTP and the slots go on. Until then both are valid, and
   * media goes where it went. Another restart takes the place of one that was not used yet.
   *
   * @param gen the generation that the client knows; a restart makes the next one, as an answer
   *     does
   * @param ufrag and {@code pwd}: the client's new credentials (RFC 8839 section 5.4)
   * @return fails with {@link MediaException}: {@code STALE_GENERATION}, {@code BAD_REQUEST} for
   *     credentials that are malformed or those in use, {@code NOT_IN_ROOM}
   */
  CompletionStage<LocalIce> restartIce(int gen, String ufrag, String pwd);

  /**
   * Takes note of a client's candidates. An ICE-lite server needs none, as it learns the addresses
   * from the checks, so they are only looked at.
   *
   * @param gen the generation that the candidates belong to
   * @param candidates {@code candidate:…} (RFC 8839 section 5.1); an empty one says that no more
   *     follow
   * @return fails with {@link MediaException}: {@code STALE_GENERATION}, {@code BAD_REQUEST},
   *     {@code NOT_IN_ROOM}
   */
  CompletionStage<Void> remoteCandidates(int gen, List<String> candidates);

  /**
   * Publishes a track in a section, or replaces what it carried; subscribers ask for a key frame.
   *
   * @return fails with {@link MediaException} {@code BAD_REQUEST} when no sending section has this
   *     MID or its kind does not fit the source
   */
  CompletionStage<Void> publish(MediaRoom.TrackPublication track);

  /** Mutes or un-mutes what is published; an unknown track is ignored. */
  void mute(String trackId, boolean muted);

  void unpublish(String trackId);

  /** The whole wish; the last one wins. */
  void view(ViewWish wish);

  /** This session's state as JSON-like maps. */
  CompletionStage<Map<String, Object>> snapshot();

  /**
   * Begins to write down what goes by.
   *
   * @return fails with {@link MediaException}: {@code BAD_REQUEST} while another capture of this
   *     session goes on, {@code NOT_IN_ROOM}
   */
  CompletionStage<PacketCapture> capture(PacketCapture.Bounds bounds);

  /** Closes the transport and frees the slots of others. Idempotent. */
  void close();

  /**
   * What the server said to an offer.
   *
   * @param sdp the answer (RFC 8866, RFC 9429) with every candidate
   * @param gen grows by one with each answer and each ICE restart, from 1
   * @param sections every section, in the order of the offer
   */
  record Answer(String sdp, int gen, List<Section> sections) {
    public Answer {
      sections = List.copyOf(sections);
    }
  }

  /**
   * What the server said to an ICE restart.
   *
   * @param gen the new generation
   * @param candidates all of them, each {@code candidate:…} as in the answer
   */
  record LocalIce(int gen, String ufrag, String pwd, List<String> candidates) {
    public LocalIce {
      candidates = List.copyOf(candidates);
    }

    /** Without the password, which has no place in a log. */
    @Override
    public String toString() {
      return "LocalIce[gen=" + gen + ", ufrag=" + ufrag + "]";
    }
  }

  /** A section of the answer as the participant sees it. */
  record Section(String mid, MediaKind kind, Direction direction) {}

  enum Direction {
    /** The participant may publish here. */
    SEND,
    /** A slot: the server shows tracks of others here. */
    RECEIVE,
    /** Not accepted. */
    REJECTED
  }

  /**
   * Called on the session's worker, which may be another one than that of others in the room; must
   * return at once.
   */
  interface Listener {
    void onSlots(List<SlotChange> changes);

    /**
     * The encodings of what this participant publishes in a section that somebody needs; the others
     * may rest.
     *
     * @param active RIDs as offered; numbers from {@code "0"} where none were
     */
    void onLayers(String mid, List<String> active);

    /**
     * In order; {@code ICE_CONNECTED} comes once, {@code CONNECTED} again after each {@code
     * INTERRUPTED}, and {@code CLOSED} is always the last.
     */
    void onState(State state, StateDetail detail);

    /** The pair that media takes has been selected, or is another one from now on. */
    default void onPair(Pair pair) {}

    /**
     * How good the connection is, from 0 (nothing gets through) to 5, when that has changed; at
     * most every two seconds, but 0 at once.
     */
    void onQuality(int level);

    /** The first RTP packet of a published track arrived. */
    void onFirstPacket(String trackId);
  }

  enum State {
    /** The first valid ICE check arrived. */
    ICE_CONNECTED,
    /** DTLS is done and media may flow; or it may flow again. */
    CONNECTED,
    /**
     * The client fell silent, consent to send to it has expired (RFC 7675), and nothing is sent.
     * Its tracks stay published. A valid check brings it back, also after an ICE restart; without
     * one it is closed after a grace.
     */
    INTERRUPTED,
    /** ICE consent, DTLS or an invariant failed; {@link StateDetail#reason()} says which. */
    CLOSED
  }

  /**
   * What is known of a state.
   *
   * @param reason for CLOSED: {@code closed ice_timeout consent_expired dtls_failed
   *     fingerprint_mismatch dtls_closed room_ended internal}; else empty
   * @param remoteAddress the selected remote address, when there is one
   */
  record StateDetail(String reason, Optional<String> remoteAddress) {}

  /**
   * The selected pair of candidates.
   *
   * @param type of the client's candidate: {@code host srflx prflx relay}
   * @param transport what carries its packets: {@code udp tcp turn-udp turn-tcp turn-tls}
   * @param family {@code ipv4} or {@code ipv6}
   * @param remoteAddress the client's
   */
  record Pair(String type, String transport, String family, String remoteAddress) {}

  /**
   * What a slot shows from now on. The optional fields are present unless the slot is empty.
   *
   * @param csrc the source's number, 0 when empty
   */
  record SlotChange(
      String mid,
      SlotState state,
      Optional<String> participantId,
      Optional<String> trackId,
      Optional<TrackSource> source,
      int csrc,
      SlotReason reason) {}

  enum SlotState {
    LIVE,
    PAUSED,
    EMPTY
  }

  enum SlotReason {
    SPEAKER,
    VIEW,
    BANDWIDTH,
    /** The server has no processor time for it. */
    SERVER,
    MUTED,
    LEFT
  }
}
