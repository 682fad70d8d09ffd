package dev.parley.core.sdp;

import dev.parley.core.api.MediaException;
import dev.parley.core.api.MediaException.Code;
import java.util.List;
import java.util.Optional;

/**
 * The one transport of an offer. It is told by the tagged section (RFC 9143 section 7); what other
 * sections say of it must be the same.
 */
record OfferTransport(String iceUfrag, String icePwd, List<Fingerprint> fingerprints) {

  /**
   * Checks and reads what the accepted sections say.
   *
   * @param accepted at least one
   * @throws MediaException {@code SDP_UNSUPPORTED}, {@code SDP_INVALID}
   */
  static OfferTransport of(SessionDescription offer, List<MediaDescription> accepted) {
    MediaDescription tagged = offer.tagged().orElse(accepted.getFirst());
    if (offer.iceLite()) {
      throw unsupported("the offer is ice-lite, and so is the server: nobody would check the path");
    }
    for (MediaDescription media : accepted) {
      if (!media.rtcpMux() && !tagged.rtcpMux()) {
        throw unsupported("the section on line %d lacks a=rtcp-mux".formatted(media.line()));
      }
      same(tagged, media, "ice-ufrag", tagged.iceUfrag(), media.iceUfrag());
      same(tagged, media, "ice-pwd", tagged.icePwd(), media.icePwd());
      same(tagged, media, "fingerprint", known(tagged), known(media));
      same(tagged, media, "setup", tagged.setup(), media.setup());
    }
    // RFC 4145 section 4.1: without the attribute an offerer is active.
    Setup setup = tagged.setup().orElse(Setup.ACTIVE);
    if (setup == Setup.PASSIVE || setup == Setup.HOLDCONN) {
      throw unsupported(
          "a=setup:%s: the server is passive, offer actpass or active".formatted(setup.wireName()));
    }
    return new OfferTransport(
        tagged.iceUfrag().orElseThrow(() -> missing("a=ice-ufrag", tagged)),
        tagged.icePwd().orElseThrow(() -> missing("a=ice-pwd", tagged)),
        strong(tagged));
  }

  private static Optional<List<Fingerprint>> known(MediaDescription media) {
    return media.fingerprints().isEmpty() ? Optional.empty() : Optional.of(media.fingerprints());
  }

  private static void same(
      MediaDescription tagged, MediaDescription media, String what, Optional<?> a, Optional<?> b) {
    if (b.isPresent() && !b.equals(a)) {
      throw new MediaException(
          Code.SDP_INVALID,
          "a=%s of the section on line %d differs from that on line %d, but they share a transport"
              .formatted(what, media.line(), tagged.line()));
    }
  }

  /** SHA-1 and weaker can be forged, so they prove nothing. */
  private static List<Fingerprint> strong(MediaDescription tagged) {
    if (tagged.fingerprints().isEmpty()) {
      throw missing("a=fingerprint", tagged);
    }
    List<Fingerprint> strong = tagged.fingerprints().stream().filter(Fingerprint::strong).toList();
    if (strong.isEmpty()) {
      throw unsupported(
          "a=fingerprint:%s: offer sha-256, sha-384 or sha-512"
              .formatted(tagged.fingerprints().getFirst().algorithm()));
    }
    return strong;
  }

  private static MediaException missing(String attribute, MediaDescription tagged) {
    return new MediaException(
        Code.SDP_INVALID,
        "the section on line %d, which speaks for the transport, lacks %s"
            .formatted(tagged.line(), attribute));
  }

  private static MediaException unsupported(String message) {
    return new MediaException(Code.SDP_UNSUPPORTED, message);
  }
}
