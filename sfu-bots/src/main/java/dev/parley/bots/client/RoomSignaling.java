package dev.parley.bots.client;

import dev.parley.core.api.MediaRoom;
import dev.parley.core.api.MediaRoom.JoinOffer;
import dev.parley.core.api.MediaSession;
import dev.parley.core.api.MediaSession.SlotChange;
import dev.parley.core.api.MediaSession.State;
import dev.parley.core.api.MediaSession.StateDetail;
import dev.parley.core.ice.IceCredentials;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Joins a room of a media server in the same process. */
public final class RoomSignaling implements Signaling {
  private final MediaRoom room;

  public RoomSignaling(MediaRoom room) {
    this.room = room;
  }

  @Override
  public CompletionStage<Joined> join(Offer offer) {
    return room.join(
            new JoinOffer(offer.participantId(), offer.sdp(), offer.tracks()), new Silent())
        .thenApply(InRoom::new);
  }

  private record InRoom(MediaSession session) implements Restartable {
    @Override
    public CompletionStage<IceCredentials> restartIce(IceCredentials local) {
      return session
          .restartIce(session.answer().gen(), local.ufrag(), local.pwd())
          .thenApply(ice -> new IceCredentials(ice.ufrag(), ice.pwd()));
    }

    @Override
    public String answerSdp() {
      return session.answer().sdp();
    }

    @Override
    public void leave() {
      session.close();
    }
  }

  /** A light client learns everything from its packets. */
  private static final class Silent implements MediaSession.Listener {
    @Override
    public void onSlots(List<SlotChange> changes) {}

    @Override
    public void onLayers(String mid, List<String> active) {}

    @Override
    public void onState(State state, StateDetail detail) {}

    @Override
    public void onQuality(int level) {}

    @Override
    public void onFirstPacket(String trackId) {}
  }
}
