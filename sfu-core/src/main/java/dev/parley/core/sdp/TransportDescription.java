package dev.parley.core.sdp;

import java.util.List;
import java.util.Optional;

/**
 * What a section says of ICE and DTLS, taken from the session where the section is silent (RFC
 * 8839, RFC 8842). In a bundle only the tagged section need say it: see {@link
 * SessionDescription#tagged()}.
 *
 * @param endOfCandidates no more candidates follow (RFC 8840)
 */
public record TransportDescription(
    Optional<String> iceUfrag,
    Optional<String> icePwd,
    List<Fingerprint> fingerprints,
    Optional<Setup> setup,
    List<Candidate> candidates,
    boolean endOfCandidates) {
  public TransportDescription {
    fingerprints = List.copyOf(fingerprints);
    candidates = List.copyOf(candidates);
  }
}
