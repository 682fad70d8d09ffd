package dev.parley.core.sdp;

import dev.parley.core.api.MediaException;
import dev.parley.core.api.MediaException.Code;
import dev.parley.core.api.MediaKind;
import dev.parley.core.api.MediaSession;
import dev.parley.core.sdp.NegotiatedSection.Rejection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Decides section by section what is taken. The sections of one offer share a transport, so they
 * share one table of payload types and one of extension ids (RFC 9143 section 9.1, RFC 8859): one
 * negotiator serves one offer.
 */
final class SectionNegotiator {
  /** A one-byte header extension (RFC 8285 section 4.2) holds no longer MID. */
  private static final int MAX_MID = 16;

  private static final int LAST_ONE_BYTE_ID = 14;
  private static final int LAST_TWO_BYTE_ID = 255;

  private final AnswerPolicy policy;
  private final SlotSsrcs ssrcs;
  private final CodecNegotiator payloadTypes;
  private final Map<Integer, String> uriOf = new HashMap<>();
  private final Map<String, Integer> idOf = new HashMap<>();
  private final Map<MediaKind, Integer> slots = new HashMap<>();
  private final Set<Long> slotSsrcs = new HashSet<>();

  SectionNegotiator(AnswerPolicy policy, SlotSsrcs ssrcs) {
    this.policy = policy;
    this.ssrcs = ssrcs;
    this.payloadTypes = new CodecNegotiator(policy);
  }

  /**
   * @param bundled whether the section shares the transport
   */
  NegotiatedSection negotiate(MediaDescription offered, boolean bundled) {
    if (offered.rejected()) {
      return NegotiatedSection.rejected(offered, Rejection.STOPPED);
    } else if (offered.kind() == MediaKind.APPLICATION) {
      return NegotiatedSection.rejected(offered, Rejection.NOT_MEDIA);
    } else if (!offered.rtp()) {
      return NegotiatedSection.rejected(offered, Rejection.PROTOCOL);
    } else if (!bundled) {
      return NegotiatedSection.rejected(offered, Rejection.NOT_BUNDLED);
    }
    boolean transportCc =
        offered.extensions().stream()
            .anyMatch(
                e -> e.uri().equals(HeaderExtensions.TRANSPORT_WIDE_CC) && usable(offered, e));
    List<NegotiatedCodec> codecs = payloadTypes.negotiate(offered, transportCc);
    if (codecs.isEmpty()) {
      return NegotiatedSection.rejected(offered, Rejection.NO_COMMON_CODEC);
    }
    if (offered.mid().isEmpty() || offered.mid().length() > MAX_MID) {
      throw new MediaException(
          Code.SDP_UNSUPPORTED,
          "the section on line %d needs an a=mid of 1 to %d characters"
              .formatted(offered.line(), MAX_MID));
    }
    return accept(offered, codecs);
  }

  private NegotiatedSection accept(MediaDescription offered, List<NegotiatedCodec> codecs) {
    MediaSession.Direction direction =
        switch (offered.direction()) {
          // Slots are the only sections the server sends in, so a sendrecv one is only received.
          case SENDRECV, SENDONLY -> MediaSession.Direction.SEND;
          case RECVONLY -> MediaSession.Direction.RECEIVE;
          case INACTIVE -> MediaSession.Direction.REJECTED;
        };
    boolean slot = direction == MediaSession.Direction.RECEIVE;
    boolean sends = direction == MediaSession.Direction.SEND;
    Map<Long, Long> rtx = sends ? rtxSsrcs(offered) : Map.of();
    List<Long> announced = sends ? primarySsrcs(offered, rtx) : List.of();
    Map<String, Integer> extensions = extensions(offered, codecs);
    OfferedLayers layers = new OfferedLayers(offered, policy.maxLayers());
    // Also where nothing flows now: Chromium keeps to what the last answer took.
    List<String> rids =
        !slot && extensions.containsKey(HeaderExtensions.RID) ? layers.rids(codecs) : List.of();
    return new NegotiatedSection(
        offered.mid(),
        offered.kind(),
        direction,
        Optional.empty(),
        codecs,
        extensions,
        announced,
        rtx,
        rids,
        rids.isEmpty() ? layers.ssrcs(announced) : List.of(),
        slot ? slotSsrc(offered) : 0,
        slot && codecs.getFirst().rtxPayloadType() != 0
            ? distinct(offered, ssrcs.rtxSsrcOf(offered.mid()))
            : 0);
  }

  private Map<String, Integer> extensions(MediaDescription offered, List<NegotiatedCodec> codecs) {
    Map<String, Integer> extensions = new LinkedHashMap<>();
    for (AnswerPolicy.ExtensionRule rule : policy.extensions()) {
      if (rule.takes(offered, codecs)) {
        offered.extensions().stream()
            .filter(e -> e.uri().equals(rule.uri()) && usable(offered, e))
            .findFirst()
            .ifPresent(e -> extensions.put(e.uri(), id(offered, e)));
      }
    }
    return extensions;
  }

  /**
   * Can the extension be sent where the media flow, and does its id fit a header that is allowed?
   */
  private static boolean usable(MediaDescription offered, ExtensionMap extension) {
    Direction direction = extension.direction().orElse(Direction.SENDRECV);
    boolean fits =
        switch (offered.direction()) {
          case SENDRECV, SENDONLY -> direction.sends();
          case RECVONLY -> direction.receives();
          case INACTIVE -> direction != Direction.INACTIVE;
        };
    int id = extension.id();
    boolean twoByte = offered.extmapAllowMixed() && id > LAST_ONE_BYTE_ID + 1;
    return fits && (id <= LAST_ONE_BYTE_ID || (twoByte && id <= LAST_TWO_BYTE_ID));
  }

  private int id(MediaDescription offered, ExtensionMap extension) {
    String uri = uriOf.getOrDefault(extension.id(), extension.uri());
    int id = idOf.getOrDefault(extension.uri(), extension.id());
    if (!uri.equals(extension.uri()) || id != extension.id()) {
      throw new MediaException(
          Code.SDP_INVALID,
          "the section on line %d maps extension %s to %d, but another section of the bundle maps %s to %d"
              .formatted(offered.line(), extension.uri(), extension.id(), uri, id));
    }
    uriOf.put(id, uri);
    idOf.put(uri, id);
    return id;
  }

  private static Map<Long, Long> rtxSsrcs(MediaDescription offered) {
    Map<Long, Long> rtx = new LinkedHashMap<>();
    for (SsrcGroup group : offered.ssrcGroups()) {
      if (group.semantics().equals("FID") && group.ssrcs().size() == 2) {
        rtx.put(group.ssrcs().get(0), group.ssrcs().get(1));
      }
    }
    return rtx;
  }

  private static List<Long> primarySsrcs(MediaDescription offered, Map<Long, Long> rtx) {
    return offered.ssrcs().stream().map(SsrcInfo::ssrc).filter(s -> !rtx.containsValue(s)).toList();
  }

  private long slotSsrc(MediaDescription offered) {
    int count = slots.merge(offered.kind(), 1, Integer::sum);
    int most = policy.maxSlots(offered.kind());
    if (count > most) {
      throw new MediaException(
          Code.SLOT_LIMIT,
          "more than %d receiving %s sections; the one on line %d is too many"
              .formatted(most, offered.mediaType(), offered.line()));
    }
    return distinct(offered, ssrcs.ssrcOf(offered.mid()));
  }

  private long distinct(MediaDescription offered, long ssrc) {
    if (ssrc < 1 || ssrc > 0xffff_ffffL || !slotSsrcs.add(ssrc)) {
      throw new IllegalStateException(
          "slot %s got the SSRC %d, which is out of range or taken".formatted(offered.mid(), ssrc));
    }
    return ssrc;
  }
}
