package dev.parley.core.sdp;

import java.util.List;

/**
 * What this side says of itself in a description.
 *
 * @param fingerprint upper-case hexadecimal with colons, of the algorithm, for instance {@code
 *     sha-256}
 * @param candidates all there are, best first; none for a client that lets itself be found
 * @param cname names this side in RTCP (RFC 7022)
 * @param sessionId of {@code o=}: digits, at most 2^63 - 1
 * @param sessionVersion of {@code o=}: grows with each description of a session
 */
public record LocalParameters(
    String iceUfrag,
    String icePwd,
    String fingerprintAlgorithm,
    String fingerprint,
    List<Candidate> candidates,
    String cname,
    String sessionId,
    long sessionVersion) {
  public LocalParameters {
    candidates = List.copyOf(candidates);
  }

  /** Without the password, which has no place in a log. */
  @Override
  public String toString() {
    return "LocalParameters[iceUfrag=%s, sessionId=%s, sessionVersion=%d]"
        .formatted(iceUfrag, sessionId, sessionVersion);
  }
}
