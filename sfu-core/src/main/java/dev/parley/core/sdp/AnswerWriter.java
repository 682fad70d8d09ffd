package dev.parley.core.sdp;

import dev.parley.core.api.MediaSession;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes an answer. The candidates stand in the tagged section; ICE credentials, fingerprint and
 * setup in every open one. RFC 9143 section 7.1.3 wants those in the tagged section alone, but
 * Firefox 153 crashes when another section of the bundle lacks them.
 */
final class AnswerWriter {
  private final SessionDescription offer;
  private final LocalParameters local;
  private final SdpText text;

  private AnswerWriter(SessionDescription offer, LocalParameters local) {
    this.offer = offer;
    this.local = local;
    this.text = new SdpText(local);
  }

  /**
   * @param sections one for each of the offer; at least one is accepted
   */
  static String write(
      SessionDescription offer, List<NegotiatedSection> sections, LocalParameters local) {
    AnswerWriter writer = new AnswerWriter(offer, local);
    List<String> accepted =
        sections.stream().filter(NegotiatedSection::accepted).map(NegotiatedSection::mid).toList();
    List<String> bundle = offer.bundle().stream().filter(accepted::contains).toList();
    writer.session(bundle);
    String tagged = bundle.isEmpty() ? accepted.getFirst() : bundle.getFirst();
    for (int i = 0; i < sections.size(); i++) {
      NegotiatedSection section = sections.get(i);
      MediaDescription offered = offer.media().get(i);
      if (section.accepted()) {
        writer.accepted(offered, section, section.mid().equals(tagged));
      } else {
        writer.rejected(offered);
      }
    }
    return writer.text.toString();
  }

  private void session(List<String> bundle) {
    text.attribute("ice-lite");
    if (!bundle.isEmpty()) {
      text.attribute("group", "BUNDLE " + String.join(" ", bundle));
    }
    if (offer.extmapAllowMixed()) {
      text.attribute("extmap-allow-mixed");
    }
  }

  private void rejected(MediaDescription offered) {
    text.closed(offered.mediaType(), offered.protocol(), offered.formats());
    if (!offered.mid().isEmpty()) {
      text.attribute("mid", offered.mid());
    }
    text.attribute(Direction.INACTIVE.wireName());
  }

  private void accepted(MediaDescription offered, NegotiatedSection section, boolean tagged) {
    List<String> formats = new ArrayList<>();
    for (NegotiatedCodec codec : section.codecs()) {
      formats.add(Integer.toString(codec.payloadType()));
      if (codec.rtxPayloadType() != 0) {
        formats.add(Integer.toString(codec.rtxPayloadType()));
      }
    }
    text.open(offered.mediaType(), offered.protocol(), formats, local.candidates());
    text.transport(local, Setup.PASSIVE);
    if (tagged) {
      text.candidates(local);
      text.attribute("end-of-candidates");
    }
    text.attribute("mid", section.mid());
    extensions(offered, section);
    text.attribute(direction(section).wireName());
    text.attribute("rtcp-mux");
    if (offered.rtcpReducedSize()) {
      text.attribute("rtcp-rsize");
    }
    String stream = "slot-" + section.mid();
    if (section.slotSsrc() != 0) {
      // A stream of its own for every slot: a shared one would make browsers synchronise them.
      text.attribute("msid", stream + " " + stream);
    }
    for (NegotiatedCodec codec : section.codecs()) {
      text.codec(
          codec.payloadType(),
          codec.name(),
          codec.clockRate(),
          codec.channels(),
          codec.fmtp(),
          codec.rtcpFeedback());
      if (codec.rtxPayloadType() != 0) {
        text.rtx(codec.rtxPayloadType(), codec.payloadType(), codec.clockRate());
      }
    }
    if (section.slotSsrc() != 0) {
      ssrcs(section);
    }
    if (!section.rids().isEmpty()) {
      section.rids().forEach(rid -> text.attribute("rid", rid + " recv"));
      text.attribute("simulcast", OfferedLayers.received(offered, section.rids()));
    }
  }

  private void ssrcs(NegotiatedSection slot) {
    String cname = " cname:" + local.cname();
    if (slot.slotRtxSsrc() != 0) {
      text.attribute("ssrc-group", "FID " + slot.slotSsrc() + " " + slot.slotRtxSsrc());
    }
    text.attribute("ssrc", slot.slotSsrc() + cname);
    if (slot.slotRtxSsrc() != 0) {
      text.attribute("ssrc", slot.slotRtxSsrc() + cname);
    }
  }

  private void extensions(MediaDescription offered, NegotiatedSection section) {
    for (ExtensionMap extension : offered.extensions()) {
      Integer id = section.extensions().get(extension.uri());
      if (id != null && id == extension.id()) {
        text.attribute(
            "extmap",
            new ExtensionMap(id, extension.direction().map(Direction::reversed), extension.uri())
                .argument());
      }
    }
    if (offered.extmapAllowMixed() && !offer.extmapAllowMixed()) {
      text.attribute("extmap-allow-mixed");
    }
  }

  /** As the server sees it. */
  private static Direction direction(NegotiatedSection section) {
    MediaSession.Direction seen = section.direction();
    return switch (seen) {
      case SEND -> Direction.RECVONLY;
      case RECEIVE -> Direction.SENDONLY;
      case REJECTED -> Direction.INACTIVE;
    };
  }
}
