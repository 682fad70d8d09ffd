package dev.parley.core.room;

import dev.parley.core.api.MediaKind;
import dev.parley.core.publisher.PublishedTrack;
import java.util.List;
import java.util.Map;

/**
 * A section in which the participant may publish.
 *
 * @param ids of the header extensions that say where a stream belongs
 * @param formats what it may carry, preferred first; never empty
 * @param rids the simulcast encodings as offered; empty for a single stream
 * @param ssrcs the SSRCs the offer announced, without those of retransmissions; those of simulcast
 *     encodings without RIDs in their order; may be empty
 * @param rtxSsrcs announced SSRC to that of its retransmissions; may be empty
 */
public record SendSection(
    String mid,
    MediaKind kind,
    Ids ids,
    List<PublishedTrack.Format> formats,
    List<String> rids,
    List<Integer> ssrcs,
    Map<Integer, Integer> rtxSsrcs) {

  /** Extension ids, 0 for what was not negotiated. */
  public record Ids(int mid, int rid, int repairedRid, int transportWide) {}

  public SendSection {
    formats = List.copyOf(formats);
    rids = List.copyOf(rids);
    ssrcs = List.copyOf(ssrcs);
    rtxSsrcs = Map.copyOf(rtxSsrcs);
  }

  /** The layers' names towards the participant. */
  List<String> layerNames() {
    return rids.isEmpty()
        ? java.util.stream.IntStream.range(0, layers()).mapToObj(Integer::toString).toList()
        : rids;
  }

  /** In how many streams a track may come here; at least 1. */
  int layers() {
    return rids.isEmpty() ? Math.max(1, kind == MediaKind.VIDEO ? ssrcs.size() : 1) : rids.size();
  }
}
