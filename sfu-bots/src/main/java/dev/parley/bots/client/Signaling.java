package dev.parley.bots.client;

import dev.parley.core.api.MediaRoom.TrackPublication;
import dev.parley.core.ice.IceCredentials;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** How an offer reaches a server and its answer comes back. Any thread. */
public interface Signaling {
  /**
   * Joins.
   *
   * @return fails when the server refuses; the message says why
   */
  CompletionStage<Joined> join(Offer offer);

  /**
   * What a client says of itself.
   *
   * @param participantId unique in the room
   * @param sdp the offer
   * @param tracks what is published from the start; empty for a viewer
   */
  record Offer(String participantId, String sdp, List<TrackPublication> tracks) {
    public Offer {
      tracks = List.copyOf(tracks);
    }
  }

  /** A place in the room. */
  interface Joined {
    String answerSdp();

    /** The relays that came with the answer. */
    default List<RelayOffer> relays() {
      return List.of();
    }

    /** Gives the place up. Returns at once. */
    void leave();
  }

  /** A place whose ICE can be restarted. */
  interface Restartable extends Joined {
    /**
     * Restarts ICE with these credentials of the client.
     *
     * @return the server's, or fails when it refuses; the message says why
     */
    CompletionStage<IceCredentials> restartIce(IceCredentials local);
  }
}
