package dev.parley.signaling.token;

import dev.parley.signaling.wire.Refusal;
import java.util.Optional;

/** What a token is worth. */
public sealed interface TokenVerdict {
  /**
   * A valid token's claims.
   *
   * @param identity {@code sub}: who it is; connections are counted by it
   * @param name the display name, when the token gives one
   * @param room the only room it opens, when restricted
   */
  record Granted(String identity, Optional<String> name, Optional<String> room)
      implements TokenVerdict {
    public boolean opens(String wanted) {
      return room.isEmpty() || room.get().equals(wanted);
    }
  }

  record Denied(Refusal refusal) implements TokenVerdict {}
}
