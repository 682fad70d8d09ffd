package dev.parley.core.room;

import dev.parley.core.api.MediaKind;
import dev.parley.core.publisher.PublishedTrack;
import java.util.List;

/**
 * A section in which the participant may publish.
 *
 * @param midId the id of the MID header extension, 0 when it was not negotiated
 * @param formats what it may carry, preferred first; never empty
 * @param ssrcs the SSRCs the offer announced; may be empty
 */
public record SendSection(
    String mid,
    MediaKind kind,
    int midId,
    List<PublishedTrack.Format> formats,
    List<Integer> ssrcs) {
  public SendSection {
    formats = List.copyOf(formats);
    ssrcs = List.copyOf(ssrcs);
  }
}
