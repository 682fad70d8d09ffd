package dev.parley.core.api;

import java.util.List;

/**
 * Does nothing about anything: for those who learn all they need from packets, and to be extended
 * by those who listen to one or two events.
 */
public class SilentListener implements MediaSession.Listener {
  @Override
  public void onSlots(List<MediaSession.SlotChange> changes) {}

  @Override
  public void onLayers(String mid, List<String> active) {}

  @Override
  public void onState(MediaSession.State state, MediaSession.StateDetail detail) {}

  @Override
  public void onQuality(int level) {}

  @Override
  public void onFirstPacket(String trackId) {}
}
