package dev.parley.core.sdp;

import java.util.ArrayList;
import java.util.List;

/** The simulcast layers of an offered section, by RID (RFC 8853) or by SSRC (RFC 5576). */
final class OfferedLayers {
  /** A one-byte header extension (RFC 8285 section 4.2) holds no longer RID. */
  private static final int MAX_RID = 16;

  private final MediaDescription offered;
  private final int most;

  /**
   * @param most further layers are not taken
   */
  OfferedLayers(MediaDescription offered, int most) {
    this.offered = offered;
    this.most = most;
  }

  /**
   * The RIDs that the section would send, in its order; of alternatives the first that is
   * described.
   *
   * @param codecs as answered; a RID for other payload types alone is left out
   */
  List<String> rids(List<NegotiatedCodec> codecs) {
    List<String> rids = new ArrayList<>();
    for (List<Simulcast.Alternative> layer :
        offered.simulcast().map(Simulcast::send).orElse(List.of())) {
      layer.stream()
          .map(Simulcast.Alternative::rid)
          .filter(rid -> isSent(rid, codecs))
          .findFirst()
          .filter(rid -> !rids.contains(rid) && rids.size() < most)
          .ifPresent(rids::add);
    }
    return rids;
  }

  private boolean isSent(String id, List<NegotiatedCodec> codecs) {
    return id.length() <= MAX_RID
        && offered.rids().stream()
            .anyMatch(rid ->
                rid.id().equals(id)
                    && rid.sent()
                    && (rid.payloadTypes().isEmpty()
                        || codecs.stream()
                            .anyMatch(c -> rid.payloadTypes().contains(c.payloadType()))));
  }

  /**
   * The argument of {@code a=simulcast} that takes these RIDs. What starts paused stays paused:
   * without the mark Chromium would switch on a layer that its page has switched off.
   */
  static String received(MediaDescription offered, List<String> rids) {
    List<String> layers = new ArrayList<>();
    for (String rid : rids) {
      boolean paused =
          offered.simulcast().stream()
              .flatMap(s -> s.send().stream())
              .flatMap(List::stream)
              .anyMatch(a -> a.rid().equals(rid) && a.paused());
      layers.add(paused ? "~" + rid : rid);
    }
    return "recv " + String.join(";", layers);
  }

  /**
   * The members of the first {@code SIM} group, in its order, or nothing.
   *
   * @param announced the SSRCs of media in the section; others are no layers
   */
  List<Long> ssrcs(List<Long> announced) {
    return offered.ssrcGroups().stream()
        .filter(g -> g.semantics().equals("SIM"))
        .map(g -> g.ssrcs().stream().distinct().filter(announced::contains).limit(most).toList())
        .filter(layers -> layers.size() > 1)
        .findFirst()
        .orElse(List.of());
  }
}
