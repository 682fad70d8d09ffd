package dev.parley.signaling.token;

import dev.parley.signaling.wire.Refusal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a token is worth. */
public sealed interface TokenVerdict {
  /**
   * A valid token's claims.
   *
   * @param identity {@code sub}: who it is; connections are counted by it
   * @param name the display name, when the token gives one
   * @param attributes what the token says of the person, for other members to see
   * @param rooms the only rooms it opens, exact names or {@code prefix*}; empty opens all
   * @param validity until when; empty for somebody who came without a token
   */
  record Granted(
      String identity,
      Optional<String> name,
      Map<String, String> attributes,
      List<String> rooms,
      Grants grants,
      Optional<Validity> validity)
      implements TokenVerdict {
    public static final int MAX_ROOMS = 32;
    public static final int MAX_ATTRIBUTES = 32;

    /** In UTF-16 units, as the next one. */
    public static final int MAX_ATTRIBUTE_NAME = 64;

    public static final int MAX_ATTRIBUTE = 256;

    public Granted {
      attributes = Map.copyOf(attributes);
      rooms = List.copyOf(rooms);
    }

    /** Somebody without a token, in development: every room, and may moderate. */
    public static Granted anonymous(String identity) {
      return new Granted(
          identity, Optional.empty(), Map.of(), List.of(), Grants.DEVELOPMENT, Optional.empty());
    }

    /** What others see of the person: what the token says wins over what the client says. */
    public Map<String, String> describe(Map<String, String> said) {
      Map<String, String> all = new HashMap<>(said);
      all.putAll(attributes);
      return all;
    }

    public boolean opens(String wanted) {
      return rooms.isEmpty() || rooms.stream().anyMatch(room -> matches(room, wanted));
    }

    private static boolean matches(String room, String wanted) {
      return room.endsWith("*")
          ? wanted.startsWith(room.substring(0, room.length() - 1))
          : wanted.equals(room);
    }
  }

  /**
   * The times of a token.
   *
   * @param expiresAtSec {@code exp}, in seconds since 1970
   * @param lifetimeSec from its issue, or from the check where it does not say, to {@code exp}
   */
  record Validity(long expiresAtSec, long lifetimeSec) {}

  record Denied(Refusal refusal) implements TokenVerdict {}
}
