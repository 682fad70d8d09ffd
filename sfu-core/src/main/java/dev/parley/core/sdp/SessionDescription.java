package dev.parley.core.sdp;

import java.util.List;
import java.util.Optional;

/**
 * An offer or an answer (RFC 8866, RFC 9429).
 *
 * @param sessionId of {@code o=}: a number that need not fit in 64 bits; likewise {@code
 *     sessionVersion}
 * @param bundles the BUNDLE groups (RFC 9143), each a list of MIDs; none when there is no group
 * @param extmapAllowMixed as said for the whole session
 * @param media the sections, in order
 */
public record SessionDescription(
    String sessionId,
    String sessionVersion,
    boolean iceLite,
    boolean extmapAllowMixed,
    List<List<String>> bundles,
    List<MediaDescription> media) {

  public SessionDescription {
    bundles = List.copyOf(bundles);
    media = List.copyOf(media);
  }

  /** The MIDs of the first bundle; empty when there is none. */
  public List<String> bundle() {
    return bundles.isEmpty() ? List.of() : bundles.getFirst();
  }

  public Optional<MediaDescription> section(String mid) {
    return media.stream().filter(m -> !mid.isEmpty() && m.mid().equals(mid)).findFirst();
  }

  /**
   * The section that speaks for the transport of the bundle: the first one of the group that is not
   * rejected (RFC 9143 section 7), or without a group the first section that is not rejected.
   */
  public Optional<MediaDescription> tagged() {
    return bundles.isEmpty()
        ? media.stream().filter(m -> !m.rejected()).findFirst()
        : bundle().stream()
            .flatMap(mid -> section(mid).stream())
            .filter(m -> !m.rejected())
            .findFirst();
  }
}
