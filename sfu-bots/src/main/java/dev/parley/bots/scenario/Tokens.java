package dev.parley.bots.scenario;

import java.util.List;
import java.util.Optional;

/** How bots get their join tokens. */
public sealed interface Tokens {
  /** They bring none. */
  record None() implements Tokens {}

  /** Each bot signs one of its own (HS256); see docs/tokens.md. */
  record Signed(String secret, Optional<String> kid, String issuer) implements Tokens {
    @Override
    public String toString() {
      return "Signed[…]";
    }
  }

  /** Finished ones, used in turn; at least one. */
  record Finished(List<String> tokens) implements Tokens {
    public Finished {
      tokens = List.copyOf(tokens);
    }

    @Override
    public String toString() {
      return "Finished[" + tokens.size() + "]";
    }
  }
}
