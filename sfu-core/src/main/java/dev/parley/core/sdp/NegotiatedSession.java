package dev.parley.core.sdp;

import java.util.List;

/**
 * An answered offer.
 *
 * @param answerSdp RFC 8866, lines end with CRLF
 * @param remoteUfrag of the one transport
 * @param remoteFingerprints at least one; each is SHA-256 or longer, and the peer's certificate
 *     must match one of them (RFC 8122 section 5)
 * @param remoteSetup always {@link Setup#ACTIVE}: the participant starts DTLS
 * @param sections in the order of the offer, one for each of its sections
 */
public record NegotiatedSession(
    String answerSdp,
    String remoteUfrag,
    String remotePwd,
    List<Fingerprint> remoteFingerprints,
    Setup remoteSetup,
    List<NegotiatedSection> sections) {
  public NegotiatedSession {
    remoteFingerprints = List.copyOf(remoteFingerprints);
    sections = List.copyOf(sections);
  }

  /** Without the password and the answer, which have no place in a log. */
  @Override
  public String toString() {
    return "NegotiatedSession[remoteUfrag=%s, sections=%s]".formatted(remoteUfrag, sections);
  }
}
