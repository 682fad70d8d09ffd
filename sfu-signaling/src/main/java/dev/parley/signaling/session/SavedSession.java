package dev.parley.signaling.session;

import java.util.List;

/**
 * What outlives the process of the session of somebody who came without a token: enough to know the
 * person again, and nothing that would let a reader of it pass as that person.
 *
 * @param tokenHashes SHA-256 of each resume token that is good, in Base64
 */
public record SavedSession(String sessionId, String identity, List<String> tokenHashes) {
  /**
   * @throws IllegalArgumentException when a hash is none
   */
  public SavedSession {
    tokenHashes = List.copyOf(tokenHashes);
    tokenHashes.forEach(ResumeToken::ofHash);
  }
}
