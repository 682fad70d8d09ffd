package dev.parley.core.room;

import dev.parley.core.common.HotPath;
import dev.parley.core.publisher.PublishedTrack;
import dev.parley.core.rtp.RtpPacket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * Which section and layer a participant's SSRC belongs to, and whether it repeats packets of
 * another (RFC 8843 section 9.2, RFC 8852). A stream names itself by MID and RID only in its first
 * packets, so the answer is latched; an announced SSRC needs no extension; a payload type that only
 * one section has decides where nothing else does.
 */
final class SsrcTable {
  static final int UNKNOWN = -1;

  /** More streams than any browser sends; a flood of SSRCs replaces the oldest. */
  private static final int MOST = 64;

  private static final int RTX = 1;
  private static final int LAYER_SHIFT = 1;
  private static final int SECTION_SHIFT = 8;

  private final int[] ssrcs = new int[MOST];
  private final int[] streams = new int[MOST];
  private int size;
  private int oldest;
  private SendSection[] known = {};

  /** Takes the sections of a further answer; what is latched follows its section by the MID. */
  void sections(List<SendSection> all) {
    int kept = 0;
    for (int i = 0; i < size; i++) {
      int section = indexOf(all, known[section(streams[i])].mid());
      if (section >= 0) {
        ssrcs[kept] = ssrcs[i];
        streams[kept++] = section << SECTION_SHIFT | streams[i] & (1 << SECTION_SHIFT) - 1;
      }
    }
    size = kept;
    oldest = 0;
    known = all.toArray(new SendSection[0]);
  }

  private static int indexOf(List<SendSection> all, String mid) {
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).mid().equals(mid)) {
        return i;
      }
    }
    return -1;
  }

  /** What the packet's stream is, for the three methods below; or {@link #UNKNOWN}. */
  @HotPath
  int stream(RtpPacket packet) {
    int ssrc = packet.ssrc();
    for (int i = 0; i < size; i++) {
      if (ssrcs[i] == ssrc) {
        return streams[i];
      }
    }
    return latch(packet, ssrc);
  }

  @HotPath
  static int section(int stream) {
    return stream >> SECTION_SHIFT;
  }

  @HotPath
  static int layer(int stream) {
    return (stream & (1 << SECTION_SHIFT) - 1) >> LAYER_SHIFT;
  }

  @HotPath
  static boolean repeats(int stream) {
    return (stream & RTX) != 0;
  }

  private int latch(RtpPacket packet, int ssrc) {
    int section = sectionOf(packet, ssrc);
    if (section < 0) {
      return UNKNOWN;
    }
    SendSection of = known[section];
    boolean repeats =
        of.rtxSsrcs().containsValue(ssrc)
            || of.formats().stream()
                .anyMatch(
                    f -> f.rtxPayloadType() != 0 && f.rtxPayloadType() == packet.payloadType());
    int layer = layerOf(packet, ssrc, of, repeats);
    if (layer < 0) {
      return UNKNOWN;
    }
    int stream = section << SECTION_SHIFT | layer << LAYER_SHIFT | (repeats ? RTX : 0);
    if (size < MOST) {
      ssrcs[size] = ssrc;
      streams[size++] = stream;
    } else {
      ssrcs[oldest] = ssrc;
      streams[oldest] = stream;
      oldest = (oldest + 1) % MOST;
    }
    return stream;
  }

  private int sectionOf(RtpPacket packet, int ssrc) {
    for (SendSection section : known) {
      String mid = text(packet, section.ids().mid());
      if (!mid.isEmpty()) {
        return indexOf(List.of(known), mid);
      }
    }
    for (int i = 0; i < known.length; i++) {
      if (known[i].ssrcs().contains(ssrc) || known[i].rtxSsrcs().containsValue(ssrc)) {
        return i;
      }
    }
    int found = -1;
    for (int i = 0; i < known.length; i++) {
      if (known[i].formats().stream().anyMatch(f -> carries(f, packet.payloadType()))) {
        if (found >= 0) {
          return -1;
        }
        found = i;
      }
    }
    return found;
  }

  private static boolean carries(PublishedTrack.Format format, int payloadType) {
    return format.payloadType() == payloadType
        || (format.rtxPayloadType() != 0 && format.rtxPayloadType() == payloadType);
  }

  private static int layerOf(RtpPacket packet, int ssrc, SendSection of, boolean repeats) {
    if (of.layers() == 1) {
      return 0;
    }
    if (!of.rids().isEmpty()) {
      String rid = text(packet, repeats ? of.ids().repairedRid() : of.ids().rid());
      if (!rid.isEmpty()) {
        return of.rids().indexOf(rid);
      }
    }
    int primary = ssrc;
    for (Map.Entry<Integer, Integer> pair : of.rtxSsrcs().entrySet()) {
      if (pair.getValue() == ssrc) {
        primary = pair.getKey();
      }
    }
    int at = of.ssrcs().indexOf(primary);
    return at < of.layers() ? at : -1;
  }

  /** The extension as text, empty when the packet has none. */
  private static String text(RtpPacket packet, int id) {
    int at = packet.extension(id);
    return at < 0 ? "" : new String(packet.bytes(), at >>> 8, at & 0xff, StandardCharsets.UTF_8);
  }
}
