package dev.parley.core.sdp;

import dev.parley.core.api.MediaKind;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Writes the minimal offer of a client: one bundle, DTLS {@code actpass} (RFC 9429 section 5.2.1).
 */
public final class SdpOfferWriter {
  private static final String PROTOCOL = "UDP/TLS/RTP/SAVPF";

  private final OfferParameters offer;
  private final SdpText text;
  private int nextMid;

  private SdpOfferWriter(OfferParameters offer) {
    this.offer = offer;
    this.text = new SdpText(offer.local());
  }

  /** Lines end with CRLF. */
  public static String write(OfferParameters offer) {
    return new SdpOfferWriter(offer).write();
  }

  private String write() {
    int sections = offer.sends().size() + offer.audioSlots() + offer.videoSlots();
    text.attribute(
        "group",
        "BUNDLE "
            + IntStream.range(0, sections)
                .mapToObj(Integer::toString)
                .collect(Collectors.joining(" ")));
    text.attribute("extmap-allow-mixed");
    for (OfferParameters.SendSection send : offer.sends()) {
      section(send.kind(), Optional.of(send));
    }
    for (int i = 0; i < offer.audioSlots(); i++) {
      section(MediaKind.AUDIO, Optional.empty());
    }
    for (int i = 0; i < offer.videoSlots(); i++) {
      section(MediaKind.VIDEO, Optional.empty());
    }
    return text.toString();
  }

  private void section(MediaKind kind, Optional<OfferParameters.SendSection> send) {
    boolean audio = kind == MediaKind.AUDIO;
    LocalParameters local = offer.local();
    List<Codec> codecs = audio ? offer.audioCodecs() : offer.videoCodecs();
    text.open(
        audio ? "audio" : "video",
        PROTOCOL,
        codecs.stream()
            .flatMap(c ->
                IntStream.concat(IntStream.of(c.payloadType()), c.rtxPayloadType().stream())
                    .boxed())
            .map(String::valueOf)
            .toList(),
        local.candidates());
    // An offer repeats the transport, so that a refused first section costs nothing.
    text.transport(local, Setup.ACTPASS);
    text.candidates(local);
    text.attribute("mid", nextMid++);
    for (ExtensionMap extension : audio ? offer.audioExtensions() : offer.videoExtensions()) {
      text.attribute("extmap", extension.argument());
    }
    text.attribute(send.isPresent() ? "sendonly" : "recvonly");
    text.attribute("rtcp-mux");
    text.attribute("rtcp-rsize");
    for (Codec c : codecs) {
      text.codec(
          c.payloadType(), c.name(), c.clockRate(), c.channels(), c.fmtp(), c.rtcpFeedback());
      c.rtxPayloadType().ifPresent(rtx -> text.rtx(rtx, c.payloadType(), c.clockRate()));
    }
    send.ifPresent(this::streams);
  }

  private void streams(OfferParameters.SendSection send) {
    String cname = " cname:" + offer.local().cname();
    if (!send.rids().isEmpty()) {
      send.rids().forEach(rid -> text.attribute("rid", rid + " send"));
      text.attribute("simulcast", "send " + String.join(";", send.rids()));
    } else if (send.rtxSsrc().isPresent()) {
      long rtx = send.rtxSsrc().getAsLong();
      text.attribute("ssrc-group", "FID " + send.ssrc() + " " + rtx);
      text.attribute("ssrc", send.ssrc() + cname);
      text.attribute("ssrc", rtx + cname);
    } else {
      text.attribute("ssrc", send.ssrc() + cname);
    }
  }
}
