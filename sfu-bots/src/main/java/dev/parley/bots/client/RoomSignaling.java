package dev.parley.bots.client;

import dev.parley.core.api.MediaRoom;
import dev.parley.core.api.MediaRoom.JoinOffer;
import dev.parley.core.api.MediaSession;
import dev.parley.core.api.SilentListener;
import dev.parley.core.ice.IceCredentials;
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
            new JoinOffer(offer.participantId(), offer.sdp(), offer.tracks()), new SilentListener())
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
}
