package dev.parley.signaling.room;

import dev.parley.core.api.MediaSession;
import dev.parley.signaling.observe.LogLine;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executor;

/** Carries one participant's media reports from the engine's worker to the room thread. */
record MediaReports(Seat seat, Rooms rooms, Executor roomThread) implements MediaSession.Listener {
  @Override
  public void onSlots(List<MediaSession.SlotChange> changes) {
    roomThread.execute(() -> rooms.slotsChanged(seat, changes));
  }

  @Override
  public void onLayers(String mid, List<String> active) {
    roomThread.execute(() -> rooms.layersChanged(seat, mid, active));
  }

  @Override
  public void onState(MediaSession.State state, MediaSession.StateDetail detail) {
    roomThread.execute(() -> {
      switch (state) {
        case ICE_CONNECTED, CONNECTED, INTERRUPTED -> {
          LogLine progress = Rooms.line("media." + state.name().toLowerCase(Locale.ROOT), seat);
          detail.remoteAddress().ifPresent(remote -> progress.with("remote", remote));
          rooms.mediaProgress(seat, progress);
        }
        case CLOSED -> rooms.mediaClosed(seat, detail.reason());
      }
    });
  }

  @Override
  public void onFirstPacket(String trackId) {
    roomThread.execute(() ->
        rooms.mediaProgress(seat, Rooms.line("media.first_packet", seat).with("track", trackId)));
  }
}
