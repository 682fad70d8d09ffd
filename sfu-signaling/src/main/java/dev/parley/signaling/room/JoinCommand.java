package dev.parley.signaling.room;

import dev.parley.core.api.ViewWish;
import dev.parley.signaling.token.Grants;
import dev.parley.signaling.wire.Request;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A wish to enter a room.
 *
 * @param session who asks, for the log
 * @param room the room's name; it is opened when nobody is in it
 * @param sdp the offer; without one the member has no media
 * @param staysWithoutMedia false removes the participant when its media closes (WHIP, WHEP)
 * @param view the first wish, when the participant has no way to send one
 */
public record JoinCommand(
    String session,
    String room,
    String identity,
    String displayName,
    Map<String, String> attributes,
    Grants grants,
    Optional<String> sdp,
    List<Request.TrackOffer> tracks,
    boolean staysWithoutMedia,
    Optional<ViewWish> view,
    Keys keys) {
  /**
   * What is looked at at the door besides the token.
   *
   * @param address the network address; empty: not known
   * @param invited an operator moves it here: password and lock do not count
   */
  public record Keys(
      Optional<String> password, Optional<String> admitToken, String address, boolean invited) {
    public static final Keys NONE = new Keys(Optional.empty(), Optional.empty(), "", false);
  }

  public JoinCommand {
    attributes = Map.copyOf(attributes);
    tracks = List.copyOf(tracks);
  }
}
