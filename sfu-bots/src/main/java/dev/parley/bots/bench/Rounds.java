package dev.parley.bots.bench;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * Measurements of one thing, less those that say nothing of the server.
 *
 * @param accepted those that figures are made of
 * @param all how many there were
 * @param reasons why the others say nothing
 */
record Rounds<T>(List<T> accepted, int all, List<String> reasons) {
  Rounds {
    accepted = List.copyOf(accepted);
    reasons = List.copyOf(reasons);
  }

  /** {@code refusals}: the reasons for which a round says nothing; none: it does. */
  static <T> Rounds<T> of(List<T> all, Function<T, List<String>> refusals) {
    List<T> accepted = new ArrayList<>();
    Set<String> reasons = new LinkedHashSet<>();
    for (T round : all) {
      List<String> why = refusals.apply(round);
      if (why.isEmpty()) {
        accepted.add(round);
      }
      reasons.addAll(why);
    }
    return new Rounds<>(accepted, all.size(), List.copyOf(reasons));
  }

  /** Why no figure is given: there were reasons in half of the rounds or more. */
  List<String> refusals() {
    return 2 * accepted.size() > all ? List.of() : reasons;
  }

  /** How many rounds are not in the figures, and why. */
  List<String> notes() {
    int left = all - accepted.size();
    return left == 0
        ? List.of()
        : List.of(
            "left out of the figures: %d of %d rounds: %s"
                .formatted(left, all, String.join("; ", reasons)));
  }

  /** Only where there are no refusals. */
  Spread spread(ToDoubleFunction<T> figure) {
    return Spread.of(accepted, figure);
  }
}
