package dev.parley.core.api;

import java.util.List;
import java.util.Optional;

/**
 * What a participant wants to see and hear.
 *
 * @param layout {@code NONE} receives no video
 * @param video wishes in the order of importance; sources without a wish follow as slots are left
 * @param defaultHeight height in pixels for sources without a wish of their own; 0: no limit
 * @param maxVideo the most video slots to fill; 0: no video
 * @param audio false is <em>deafen</em>
 * @param onlyParticipantId shows and plays this participant alone (a WHEP viewer of one person)
 */
public record ViewWish(
    Layout layout,
    List<VideoWish> video,
    int defaultHeight,
    int maxVideo,
    boolean audio,
    Optional<String> onlyParticipantId) {
  /** Every slot filled by the server's own choice. */
  public static final ViewWish AUTO =
      new ViewWish(Layout.GRID, List.of(), 0, Integer.MAX_VALUE, true, Optional.empty());

  public ViewWish {
    video = List.copyOf(video);
  }

  /** The same in another room: without the wishes that name people of this one. */
  public ViewWish elsewhere() {
    return new ViewWish(layout, List.of(), defaultHeight, maxVideo, audio, Optional.empty());
  }

  public enum Layout {
    GRID,
    SPEAKER,
    NONE
  }

  /** {@code width} and {@code height} in CSS pixels times the device's pixel ratio. */
  public record VideoWish(
      String participantId,
      TrackSource source,
      int width,
      int height,
      int priority,
      boolean pinned) {}
}
