package dev.parley.core.room;

import dev.parley.core.common.HotPath;
import dev.parley.core.rtp.RtpPacket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Which section a participant's SSRC belongs to (RFC 8843 section 9.2). A stream names its section
 * by the MID extension only for its first packets, so the answer is latched; an announced SSRC
 * needs no extension; a payload type that only one section has decides where nothing else does.
 */
final class SsrcTable {
  /** More streams than any browser sends; a flood of SSRCs replaces the oldest. */
  private static final int MOST = 64;

  private final int[] ssrcs = new int[MOST];
  private final int[] sections = new int[MOST];
  private int size;
  private int oldest;
  private SendSection[] known = {};
  private byte[][] mids = {};

  /** Takes the sections of a further answer; what is latched follows its section by the MID. */
  void sections(List<SendSection> all) {
    int kept = 0;
    for (int i = 0; i < size; i++) {
      int section = indexOf(all, known[sections[i]].mid());
      if (section >= 0) {
        ssrcs[kept] = ssrcs[i];
        sections[kept++] = section;
      }
    }
    size = kept;
    oldest = 0;
    known = all.toArray(new SendSection[0]);
    mids = new byte[known.length][];
    for (int i = 0; i < known.length; i++) {
      mids[i] = known[i].mid().getBytes(StandardCharsets.UTF_8);
    }
  }

  private static int indexOf(List<SendSection> all, String mid) {
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).mid().equals(mid)) {
        return i;
      }
    }
    return -1;
  }

  /** The index of the packet's section, or -1. */
  @HotPath
  int section(RtpPacket packet) {
    int ssrc = packet.ssrc();
    for (int i = 0; i < size; i++) {
      if (ssrcs[i] == ssrc) {
        return sections[i];
      }
    }
    return latch(packet, ssrc);
  }

  private int latch(RtpPacket packet, int ssrc) {
    int found = byMid(packet);
    for (int i = 0; found < 0 && i < known.length; i++) {
      if (known[i].ssrcs().contains(ssrc)) {
        found = i;
      }
    }
    if (found < 0) {
      found = byPayloadType(packet.payloadType());
    }
    if (found >= 0) {
      if (size < MOST) {
        ssrcs[size] = ssrc;
        sections[size++] = found;
      } else {
        ssrcs[oldest] = ssrc;
        sections[oldest] = found;
        oldest = (oldest + 1) % MOST;
      }
    }
    return found;
  }

  private int byMid(RtpPacket packet) {
    for (int i = 0; i < known.length; i++) {
      int at = packet.extension(known[i].midId());
      if (at >= 0) {
        byte[] b = packet.bytes();
        int from = at >>> 8;
        int to = from + (at & 0xff);
        for (int m = 0; m < mids.length; m++) {
          if (Arrays.equals(b, from, to, mids[m], 0, mids[m].length)) {
            return m;
          }
        }
        return -1;
      }
    }
    return -1;
  }

  private int byPayloadType(int payloadType) {
    int found = -1;
    for (int i = 0; i < known.length; i++) {
      if (known[i].formats().stream().anyMatch(f -> f.payloadType() == payloadType)) {
        if (found >= 0) {
          return -1;
        }
        found = i;
      }
    }
    return found;
  }
}
