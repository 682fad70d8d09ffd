package dev.parley.core.sdp;

import dev.parley.core.api.MediaKind;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * One section ({@code m=} line and what follows) as it takes effect: attributes given for the whole
 * session are merged in.
 *
 * @param line of the {@code m=}, from 1
 * @param kind {@code APPLICATION} for everything that is neither audio nor video
 * @param mediaType the first word of {@code m=}, verbatim
 * @param formats the last words of {@code m=}, verbatim; for RTP the payload types
 * @param mid empty when the section has none
 * @param codecs in the author's order of preference; RTX, RED and the like are entries too
 * @param msids {@code stream track} (RFC 8830)
 * @param sctpPort present for a data channel section (RFC 8841)
 */
public record MediaDescription(
    int line,
    MediaKind kind,
    String mediaType,
    int port,
    String protocol,
    List<String> formats,
    String mid,
    Direction direction,
    List<Codec> codecs,
    List<ExtensionMap> extensions,
    boolean extmapAllowMixed,
    TransportDescription transport,
    boolean rtcpMux,
    boolean rtcpReducedSize,
    boolean bundleOnly,
    List<SsrcInfo> ssrcs,
    List<SsrcGroup> ssrcGroups,
    List<Rid> rids,
    Optional<Simulcast> simulcast,
    List<String> msids,
    OptionalInt sctpPort,
    OptionalLong maxMessageSize) {

  public MediaDescription {
    formats = List.copyOf(formats);
    codecs = List.copyOf(codecs);
    extensions = List.copyOf(extensions);
    ssrcs = List.copyOf(ssrcs);
    ssrcGroups = List.copyOf(ssrcGroups);
    rids = List.copyOf(rids);
    msids = List.copyOf(msids);
  }

  /** Port 0 says so, unless the section only lives in its bundle (RFC 9143 section 6). */
  public boolean rejected() {
    return port == 0 && !bundleOnly;
  }

  /** RTP over DTLS-SRTP; RFC 9429 section 5.1.2 wants the older profile names taken as well. */
  public boolean rtp() {
    return isRtp(protocol);
  }

  static boolean isRtp(String protocol) {
    return switch (protocol) {
      case "UDP/TLS/RTP/SAVPF",
          "UDP/TLS/RTP/SAVP",
          "TCP/DTLS/RTP/SAVPF",
          "TCP/DTLS/RTP/SAVP",
          "RTP/SAVPF",
          "RTP/SAVP",
          "RTP/AVPF",
          "RTP/AVP" ->
          true;
      default -> false;
    };
  }

  public Optional<String> iceUfrag() {
    return transport.iceUfrag();
  }

  public Optional<String> icePwd() {
    return transport.icePwd();
  }

  public List<Fingerprint> fingerprints() {
    return transport.fingerprints();
  }

  public Optional<Setup> setup() {
    return transport.setup();
  }

  public List<Candidate> candidates() {
    return transport.candidates();
  }
}
