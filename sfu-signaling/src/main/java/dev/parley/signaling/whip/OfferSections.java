package dev.parley.signaling.whip;

import dev.parley.core.api.MediaKind;
import dev.parley.core.api.TrackSource;
import dev.parley.signaling.wire.Request;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The sections of an offer that send something: just enough of SDP (RFC 8866) to say what a WHIP
 * client, which cannot say so itself, is publishing. The media engine parses the offer in full.
 */
final class OfferSections {
  private record Section(MediaKind kind, String mid) {}

  private OfferSections() {}

  /**
   * The first audio is the microphone, the second the sound of the screen; the first video is the
   * camera, the second the screen. What comes after is left unpublished.
   *
   * @return nothing when this is no offer with a MID in each section
   */
  static Optional<List<Request.TrackOffer>> tracks(String sdp) {
    if (!sdp.startsWith("v=0")) {
      return Optional.empty();
    }
    List<Section> sending = new ArrayList<>();
    String[] sections = sdp.split("\r?\nm=", -1);
    for (int i = 1; i < sections.length; i++) {
      List<String> lines = sections[i].lines().toList();
      String mid = "";
      boolean sends = true;
      for (String line : lines) {
        if (line.startsWith("a=mid:")) {
          mid = line.substring("a=mid:".length()).strip();
        }
        sends &= !line.equals("a=recvonly") && !line.equals("a=inactive");
      }
      if (mid.isEmpty()) {
        return Optional.empty();
      }
      if (sends && sections[i].startsWith("audio ")) {
        sending.add(new Section(MediaKind.AUDIO, mid));
      } else if (sends && sections[i].startsWith("video ")) {
        sending.add(new Section(MediaKind.VIDEO, mid));
      }
    }
    return sections.length < 2 ? Optional.empty() : Optional.of(named(sending));
  }

  private static List<Request.TrackOffer> named(List<Section> sending) {
    Set<TrackSource> free =
        EnumSet.of(
            TrackSource.MICROPHONE,
            TrackSource.CAMERA,
            TrackSource.SCREEN,
            TrackSource.SCREEN_AUDIO);
    List<Request.TrackOffer> tracks = new ArrayList<>();
    for (Section section : sending) {
      free.stream()
          .filter(source -> source.kind() == section.kind())
          .findFirst()
          .ifPresent(source -> {
            free.remove(source);
            tracks.add(new Request.TrackOffer(section.mid(), source, false, ""));
          });
    }
    return tracks;
  }
}
